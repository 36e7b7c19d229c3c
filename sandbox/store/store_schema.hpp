// Opening a database file: is it ours, can we read it, and has it today's tables.
#pragma once

#include "sandbox/store/sqlite.hpp"

#include <optional>
#include <string>

namespace intent::sandbox {

/// Makes the tables of a new file and brings those of an older version up to date (Store's constructor says what is
/// refused).
void prepare_schema(Database& db, const std::string& path);

/// What the database holds besides the tables and indexes of its version, or lacks; unset if it is exactly what the
/// sandbox makes. A trigger or a view would run whatever it likes. Nothing of the database is run or changed.
///
/// Errors: SqliteError.
std::optional<std::string> schema_problem(Database& db);

/// Marks a SQLite file as ours (`PRAGMA application_id`): "Intn".
inline constexpr int application_id = 0x496e746e;

}  // namespace intent::sandbox
