#include "database/sqlite_image.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace intent::database {
namespace {

constexpr std::size_t write_version = 18;  ///< offsets in the file header; the value 2 means WAL mode
constexpr std::size_t read_version = 19;

}  // namespace

std::string image_of(Database& db) {
    // Serialize a copy in memory: recent changes of the file may still be in the write-ahead log.
    Database copy(":memory:");
    copy_database(db, copy);
    sqlite3_int64 size = 0;
    const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> bytes(
        sqlite3_serialize(copy.handle(), "main", &size, 0), &sqlite3_free);
    if (!bytes) throw SqliteError("out of memory", SQLITE_NOMEM);
    return {reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)};
}

std::unique_ptr<Database> open_image(std::string_view bytes) {
    auto db = std::make_unique<Database>(":memory:");
    auto* memory = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size()));
    if (memory == nullptr) throw SqliteError("out of memory", SQLITE_NOMEM);
    std::copy(bytes.begin(), bytes.end(), memory);
    // Databases in memory do not support WAL mode: mark the image as not WAL.
    if (bytes.size() > read_version) memory[write_version] = memory[read_version] = 1;
    const auto size = static_cast<sqlite3_int64>(bytes.size());
    const int code = sqlite3_deserialize(db->handle(), "main", memory, size, size,
                                         SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
    if (code != SQLITE_OK) throw SqliteError(sqlite3_errstr(code), code & 0xff);
    return db;
}

void copy_database(Database& from, Database& to) {
    sqlite3_backup* const backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (backup == nullptr) throw SqliteError(sqlite3_errmsg(to.handle()), sqlite3_errcode(to.handle()) & 0xff);
    // sqlite3_backup_finish does not report SQLITE_BUSY and SQLITE_LOCKED, so check the step's result too.
    const int step = sqlite3_backup_step(backup, -1);
    const int end = sqlite3_backup_finish(backup);
    if (end != SQLITE_OK) throw SqliteError(sqlite3_errmsg(to.handle()), end & 0xff);
    if (step != SQLITE_DONE) throw SqliteError(sqlite3_errstr(step), step & 0xff);
}

}  // namespace intent::database
