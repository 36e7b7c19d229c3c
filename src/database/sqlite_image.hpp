// Converts a database to the bytes of a SQLite file and back.
#pragma once

#include "database/sqlite.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace intent::database {

/// Errors: SqliteError.
std::string image_of(Database& db);

/// Opens the bytes of a SQLite file as a database in memory. Does not validate its content.
///
/// Errors: SqliteError.
std::unique_ptr<Database> open_image(std::string_view bytes);

/// Replaces the content of `to` with that of `from`, atomically.
///
/// Errors: SqliteError.
void copy_database(Database& from, Database& to);

}  // namespace intent::database
