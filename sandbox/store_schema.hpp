// Opening a database file: is it ours, can we read it, and has it today's tables.
#pragma once

#include "sandbox/sqlite.hpp"

#include <string>

namespace intent::sandbox {

/// Makes the tables of a new file and brings those of an older version up to date (Store's constructor says what is
/// refused).
void prepare_schema(Database& db, const std::string& path);

/// Whether the tables of today's version are there with their columns; the file's own word for it is not believed.
///
/// Errors: SqliteError.
bool has_all_tables(Database& db);

/// Marks a SQLite file as ours (`PRAGMA application_id`): "Intn".
inline constexpr int application_id = 0x496e746e;

}  // namespace intent::sandbox
