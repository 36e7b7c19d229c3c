// Opens a database file: checks that it is ours and readable, and migrates it to the current schema.
#pragma once

#include "sandbox/store/database.hpp"

#include <optional>
#include <string>

namespace intent::inline v0::sandbox {

/// Creates the tables of a new file, or migrates those of an older version. Errors: as Store's constructor.
void prepare_schema(Database& db, const std::string& path);

/// Describes how the schema differs from the tables and indexes of its version; unset if there is no difference. A
/// foreign trigger or view could run arbitrary SQL. This function runs and changes nothing in the database.
///
/// Errors: SqliteError.
std::optional<std::string> schema_problem(Database& db);

/// Identifies our SQLite files (`PRAGMA application_id`): "Intn".
inline constexpr int application_id = 0x496e746e;

}  // namespace intent::sandbox
