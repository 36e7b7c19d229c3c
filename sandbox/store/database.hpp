// The SQLite wrapper under the sandbox's own names.
#pragma once

#include "database/sqlite.hpp"
#include "database/sqlite_image.hpp"

namespace intent::inline v0::sandbox {

using database::copy_database;
using database::Database;
using database::image_of;
using database::open_image;
using database::SqliteError;
using database::Statement;
using database::Transaction;

}  // namespace intent::sandbox
