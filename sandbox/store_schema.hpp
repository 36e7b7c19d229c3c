// Opening a database file: is it ours, can we read it, does it have today's tables.
#pragma once

#include "sandbox/sqlite.hpp"

#include <string>

namespace intent::sandbox {

/// Makes the tables of a new file and checks those of an old one (Store's constructor says what is refused).
void prepare_schema(Database& db, const std::string& path);

/// Marks a SQLite file as ours (`PRAGMA application_id`): "Intn".
inline constexpr int application_id = 0x496e746e;

}  // namespace intent::sandbox
