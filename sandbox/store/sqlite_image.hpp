// A whole database as the bytes of a SQLite file, and back.
#pragma once

#include "sandbox/store/sqlite.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace intent::sandbox {

/// Errors: SqliteError.
std::string image_of(Database& db);

/// Opens, in memory, what the bytes hold. Nothing of it has been looked at when this returns.
///
/// Errors: SqliteError.
std::unique_ptr<Database> open_image(std::string_view bytes);

/// Replaces all that `to` holds by what `from` holds, at once or not at all.
///
/// Errors: SqliteError.
void copy_database(Database& from, Database& to);

}  // namespace intent::sandbox
