// Replaces the store of a running sandbox: snapshot, restore and reset.
#include "sandbox/base/problem.hpp"
#include "sandbox/host/host.hpp"
#include "sandbox/store/database.hpp"
#include "sandbox/store/store_schema.hpp"

#include <intent/errors.hpp>

namespace intent::inline v0::sandbox {
namespace {

constexpr std::uint16_t service_restart = 1012;

bool is_sound(Database& db) {
    auto check = db.query("PRAGMA integrity_check(1)");
    if (!check.step() || check.text(0) != "ok") return false;
    return !db.query("PRAGMA foreign_key_check").step();
}

Problem bad_snapshot(const std::string& why) { return {400, "BAD_SNAPSHOT", "snapshot: " + why}; }

/// Validates the bytes as a store of the sandbox and migrates it to the current schema.
std::unique_ptr<Database> checked_image(std::string_view bytes) {
    if (!bytes.starts_with(std::string_view("SQLite format 3\0", 16)))
        throw bad_snapshot("not a SQLite file; send the response of GET /snapshot");
    auto db = open_image(bytes);
    if (db->pragma("application_id") != application_id)
        throw bad_snapshot("this SQLite file belongs to another program; send the response of GET /snapshot");
    const auto version = db->pragma("user_version");
    if (version > Store::schema_version)
        throw bad_snapshot("written by a newer version (schema " + std::to_string(version) +
                           ", this version supports up to " + std::to_string(Store::schema_version) + ")");
    // Check the schema before any other access: triggers and expressions of the file run when their tables are used.
    if (const auto problem = schema_problem(*db)) throw bad_snapshot(*problem + "; send the response of GET /snapshot");
    if (!is_sound(*db)) throw bad_snapshot("the file is damaged");
    prepare_schema(*db, "");
    return db;
}

}  // namespace

std::string Host::snapshot() { return image_of(store_.database()); }

std::unique_ptr<Store> Host::tried_store(std::string_view bytes) {
    try {
        const auto image = checked_image(bytes);
        // A backup cannot change the page size of a store in memory or in WAL mode.
        if (image->pragma("page_size") != store_.database().pragma("page_size"))
            throw bad_snapshot(
                "its page size differs from that of the sandbox's store; send the response of GET /snapshot");
        auto tried = std::make_unique<Store>(std::move(*image));
        Platform(*tried, options_.dialect, [](const Event&) {}).seed(bots_, read_clock().system);
        return tried;
    } catch (const SqliteError& error) {
        throw bad_snapshot(std::string("the file is damaged: ") + error.what());
    } catch (const ConfigError& error) {
        std::string_view why = error.what();
        if (why.starts_with(": ")) why.remove_prefix(2);  // the path of an image is empty
        throw bad_snapshot("the file cannot be used: " + std::string(why));
    }
}

void Host::restore(std::string_view bytes) {
    const auto fresh = tried_store(bytes);
    replace_store(fresh->database());
}

void Host::reset() {
    faults_.clear();
    deliveries_.clear();
    stalled_.clear();
    later_.clear();
    if (!beginning_.empty()) {
        replace_store(*open_image(beginning_));
    } else {
        // The file existed before: start like a new store, but keep the tokens of the bots.
        auto bots = bots_;
        for (auto& bot : bots)
            if (bot.token.empty())
                if (const auto account = store_.account_by_name(bot.name))
                    bot.token = store_.token_of(account->user.id, read_clock().system).value_or("");
        Store empty{std::string()};
        Platform seeded(empty, options_.dialect, [](const Event&) {});
        seeded.seed(bots, read_clock().system);
        replace_store(empty.database());
    }
    journal_.clear();
}

void Host::replace_store(Database& by) {
    const std::string before = snapshot();
    try {
        copy_database(by, store_.database());
        platform_.reload(bots_, read_clock().system);
    } catch (...) {
        // Only the store has changed so far: sessions, counters and limits need no restoring.
        copy_database(*open_image(before), store_.database());
        platform_.reload(bots_, read_clock().system);
        throw;
    }
    perform(gateway_.start_over(clock_.now(), service_restart, "the sandbox's store is replaced"));
    traffic_ = {};
    api_.forget_limits();
    note_seed();
}

}  // namespace intent::sandbox
