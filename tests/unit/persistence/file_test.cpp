// The file: migrations, backups, damage, and the bot's own tables.
#include "database/sqlite.hpp"
#include "tests/support/settings_failure.hpp"
#include "tests/support/temporary_folder.hpp"

#include <intent/errors.hpp>
#include <intent/settings.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace intent::settings_file_test {
namespace {

using test::failure;

const Setting<std::int64_t> coins("coins");
const Setting<std::string> note("note");
const UserId alice{1};
const UserId bob{2};

std::filesystem::perms mode_of(const std::string& path) { return std::filesystem::status(path).permissions(); }
constexpr auto owner_alone = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

TEST(SettingsFile, a_new_file_is_readable_by_its_owner_alone) {
    const test::TemporaryFolder folder;
    Settings settings(folder.file("db"));
    settings.set(coins, alice, 1);
    EXPECT_EQ(mode_of(folder.file("db")), owner_alone);
    EXPECT_EQ(mode_of(folder.file("db-wal")), owner_alone);
}

TEST(SettingsFile, a_second_user_of_the_file_is_refused_until_the_first_has_ended) {
    const test::TemporaryFolder folder;
    {
        Settings settings(folder.file("db"));
        const auto [fault, text] = failure([&] { Settings second(folder.file("db")); });
        EXPECT_EQ(fault, SettingsFault::busy);
        EXPECT_NE(text.find(": in use by process "), text.npos) << text;
    }
    Settings third(folder.file("db"));
}

TEST(SettingsFile, what_is_no_file_of_settings_is_refused) {
    const test::TemporaryFolder folder;
    EXPECT_THROW(Settings(""), ConfigError);
    EXPECT_EQ(failure([&] { Settings settings(folder.path()); }).first, SettingsFault::io);
    EXPECT_EQ(failure([&] { Settings settings(folder.file("no/such/folder")); }).first, SettingsFault::io);
    const auto [fault, text] = failure([&] { Settings settings(folder.write("text", std::string(5000, 'x'))); });
    EXPECT_EQ(fault, SettingsFault::damaged);
    EXPECT_NE(text.find("restore a backup"), text.npos) << text;
    EXPECT_EQ(test::content_of(folder.file("text")), std::string(5000, 'x'));
    database::Database(folder.file("other")).execute("PRAGMA application_id = 99; CREATE TABLE a (b)");
    EXPECT_EQ(failure([&] { Settings settings(folder.file("other")); }).first, SettingsFault::damaged);
}

TEST(SettingsFile, each_migration_runs_once_in_order) {
    const test::TemporaryFolder folder;
    std::vector<int> ran;
    const auto one = SettingsOptions().migration(1, "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1)");
    { Settings settings(folder.file("db"), one); }
    auto both = one;
    both.migration(3, [&](Settings::Transaction& t) {
        ran.push_back(3);
        t.set(note, global, std::to_string(t.database().row<int>("SELECT sum(x) FROM a").value()));
    });
    both.migration(2, [&](Settings::Transaction& t) {
        ran.push_back(2);
        EXPECT_EQ(t.database().run("INSERT INTO a VALUES (10), (20)"), 2);
    });
    for (int start = 0; start < 2; ++start) {
        Settings settings(folder.file("db"), both);
        EXPECT_EQ(ran, (std::vector<int>{2, 3}));
        EXPECT_EQ(settings.get(note), "31");
    }
    const auto [fault, text] = failure([&] { Settings settings(folder.file("db"), one); });
    EXPECT_EQ(fault, SettingsFault::newer);
    EXPECT_NE(text.find("tables of version 3, this one knows 1"), text.npos) << text;
}

TEST(SettingsFile, a_migration_that_fails_leaves_the_version_before_it) {
    const test::TemporaryFolder folder;
    const auto good = SettingsOptions().migration(1, "CREATE TABLE a (x INTEGER)");
    auto bad = good;
    bad.migration(2, "INSERT INTO a VALUES (1); INSERT INTO nowhere VALUES (1)");
    const auto [fault, text] = failure([&] { Settings settings(folder.file("db"), bad); });
    EXPECT_EQ(fault, SettingsFault::sql);
    EXPECT_EQ(text, folder.file("db") + ": migration 2: no such table: nowhere");
    Settings settings(folder.file("db"), good);
    EXPECT_EQ(settings.database().row<int>("SELECT count(*) FROM a"), 0);
}

TEST(SettingsFile, misnumbered_migrations_are_refused) {
    EXPECT_THROW(Settings(":memory:", SettingsOptions().migration(2, "SELECT 1")), ConfigError);
    EXPECT_THROW(Settings(":memory:", SettingsOptions().migration(0, "SELECT 1")), ConfigError);
    EXPECT_THROW(Settings(":memory:", SettingsOptions().migration(1, "SELECT 1").migration(1, "SELECT 1")),
                 ConfigError);
}

TEST(SettingsFile, a_file_of_a_newer_sdk_is_refused) {
    const test::TemporaryFolder folder;
    { Settings settings(folder.file("db")); }
    database::Database(folder.file("db")).execute("UPDATE intent_versions SET version = 99 WHERE part = 'intent'");
    EXPECT_EQ(failure([&] { Settings settings(folder.file("db")); }).first, SettingsFault::newer);
}

TEST(SettingsDatabase, binds_and_reads_typed_values) {
    Settings settings(":memory:", SettingsOptions().migration(1, "CREATE TABLE t (id INTEGER, a, b, c, d)"));
    auto db = settings.database();
    const std::string text = "x'; DROP TABLE t; --";
    const std::vector<std::string> list{"a", "b"};
    EXPECT_EQ(db.run("INSERT INTO t VALUES (?,?,?,?,?)", 1, text, 2.5, alice, list), 1);
    EXPECT_EQ(db.run("INSERT INTO t VALUES (?,?,?,?,?)", 2, "literal", std::nullopt, std::optional<int>(), true), 1);
    using Row = std::tuple<std::string, std::optional<double>, std::optional<UserId>>;
    EXPECT_EQ((db.rows<std::string, std::optional<double>, std::optional<UserId>>("SELECT a, b, c FROM t ORDER BY id")),
              (std::vector<Row>{{text, 2.5, alice}, {"literal", std::nullopt, std::nullopt}}));
    EXPECT_EQ(db.row<std::vector<std::string>>("SELECT d FROM t WHERE id = ?", 1), list);
    EXPECT_EQ(db.row<int>("SELECT id FROM t WHERE id = ?", 9), std::nullopt);
    EXPECT_EQ(db.run("UPDATE t SET a = ?", std::string_view("y")), 2);
    EXPECT_EQ(db.run("SELECT 1"), 0);
    EXPECT_EQ((db.rows<int>("DELETE FROM t RETURNING id").size()), 2u);
}

TEST(SettingsDatabase, refuses_what_does_not_fit) {
    Settings settings(":memory:", SettingsOptions().migration(1, "CREATE TABLE t (a UNIQUE)"));
    auto db = settings.database();
    db.run("INSERT INTO t VALUES ('x')");
    EXPECT_EQ(failure([&] { db.rows<int>("SELECT a FROM t"); }).second,
              "column 1: found the text \"x\", expected an integer from -2147483648 to 2147483647");
    EXPECT_THROW(db.run("INSERT INTO t VALUES (?)"), ConfigError);
    EXPECT_THROW(db.run("INSERT INTO t VALUES (?)", 1, 2), ConfigError);
    EXPECT_THROW((db.rows<int, int>("SELECT a FROM t")), ConfigError);
    for (const char* sql : {"INSERT INTO t VALUES ('x')", "SELECT * FROM nowhere", "nonsense", "", "BEGIN", "COMMIT",
                            "SAVEPOINT a", "ATTACH 'x' AS y", "DELETE FROM intent_settings",
                            "DROP TABLE Intent_Settings", "CREATE TABLE intent_mine (a)", "SELECT 1; SELECT 2"})
        EXPECT_EQ(failure([&] { db.run(sql); }).first, SettingsFault::sql) << sql;
    EXPECT_EQ(failure([&] { db.run("DELETE FROM intent_settings"); }).second,
              ":memory:: the table intent_settings is reserved");
    EXPECT_EQ(db.row<int>("SELECT count(*) FROM t"), 1);
    EXPECT_EQ(db.row<int>("SELECT count(*) FROM intent_settings"), 0) << "reading is allowed";
}

TEST(SettingsFile, a_full_disk_is_an_error_and_loses_nothing) {
    const test::TemporaryFolder folder;
    {
        Settings settings(folder.file("db"));
        settings.set(coins, alice, 5);
        settings.set(note, bob, "kept");
        settings.database().row<int>("PRAGMA max_page_count = 1");  // SQLite keeps the pages that exist
        const std::string large(1 << 20, 'x');
        EXPECT_EQ(failure([&] { settings.set(note, alice, large); }).first, SettingsFault::full);
        EXPECT_EQ(settings.find(note, alice), std::nullopt);
        EXPECT_EQ(failure([&] {
                      settings.transaction([&](Settings::Transaction& t) {
                          t.set(coins, alice, 6);
                          EXPECT_THROW(t.set(note, alice, large), SettingsError);
                          t.set(coins, alice, 7);  // the transaction is over, even if its function goes on
                      });
                  }).first,
                  SettingsFault::io);
        EXPECT_EQ(settings.get(coins, alice), 5);
        settings.database().row<int>("PRAGMA max_page_count = 100000");
        settings.set(note, alice, large);
        EXPECT_EQ(settings.get(note, alice), large);
    }
    Settings again(folder.file("db"));
    EXPECT_EQ(again.get(coins, alice), 5);
    EXPECT_EQ(again.get(note, bob), "kept");
}

TEST(SettingsFile, a_file_that_cannot_be_written_is_still_read) {
    const test::TemporaryFolder folder;
    Settings settings(folder.file("db"), SettingsOptions().cached_values(0));
    settings.set(coins, alice, 5);
    settings.database().run("PRAGMA query_only = 1");
    EXPECT_EQ(failure([&] { settings.set(coins, alice, 6); }).first, SettingsFault::read_only);
    EXPECT_EQ(settings.get(coins, alice), 5);
}

TEST(SettingsFile, a_damaged_page_is_an_error_and_the_rest_is_read) {
    const test::TemporaryFolder folder;
    {
        Settings settings(folder.file("db"));
        for (std::uint64_t id = 1; id <= 2000; ++id)
            settings.set(note, UserId{id}, std::string(100, 'x'));
    }
    std::string content = test::content_of(folder.file("db"));
    ASSERT_GT(content.size(), 100'000u);
    for (std::size_t at = content.size() / 2; at < content.size() / 2 + 8192; ++at)
        content[at] = '\xff';
    test::write_content(folder.file("db"), content);
    Settings settings(folder.file("db"));
    EXPECT_EQ(failure([&] { settings.all(note); }).first, SettingsFault::damaged);
    EXPECT_EQ(settings.get(note, UserId{1}), std::string(100, 'x'));
}

TEST(SettingsBackup, has_everything_that_is_committed_and_replaces_an_older_one) {
    const test::TemporaryFolder folder;
    for (const std::string& path : {folder.file("db"), std::string(":memory:")}) {
        Settings settings(path);
        settings.set(coins, alice, 5);
        settings.backup(folder.file("copy"));
        settings.set(coins, alice, 6);
        {
            Settings copy(folder.file("copy"));
            EXPECT_EQ(copy.get(coins, alice), 5);
        }
        EXPECT_EQ(mode_of(folder.file("copy")), owner_alone);
        settings.backup(folder.file("copy"));
        Settings copy(folder.file("copy"));
        EXPECT_EQ(copy.get(coins, alice), 6);
    }
    for (const char* left : {"copy.new", "copy.new-wal", "copy.new-shm", "copy.new-journal"})
        EXPECT_FALSE(std::filesystem::exists(folder.file(left))) << left;
}

TEST(SettingsBackup, refuses_its_own_file_and_keeps_the_old_copy_when_it_fails) {
    const test::TemporaryFolder folder;
    Settings settings(folder.file("db"));
    EXPECT_THROW(settings.backup(folder.file("db")), ConfigError);
    EXPECT_THROW(settings.backup(""), ConfigError);
    const Settings other(folder.file("other"));
    EXPECT_EQ(failure([&] { settings.backup(folder.file("other")); }).first, SettingsFault::busy);
    std::filesystem::create_directory(folder.file("taken"));
    EXPECT_EQ(failure([&] { settings.backup(folder.file("taken")); }).first, SettingsFault::io);
    EXPECT_FALSE(std::filesystem::exists(folder.file("taken.new")));
}

TEST(SettingsBackup, is_consistent_while_others_write) {
    const test::TemporaryFolder folder;
    Settings settings(folder.file("db"));
    for (std::uint64_t id = 10; id < 500; ++id)
        settings.set(note, UserId{id}, std::string(200, 'x'));
    settings.set(coins, alice, 0);
    settings.set(coins, bob, 0);
    std::atomic<bool> stop = false;
    std::thread writer([&] {
        while (!stop)
            settings.transaction([](Settings::Transaction& t) {
                t.add(coins, alice, -1);
                t.add(coins, bob, 1);
            });
    });
    for (int round = 0; round < 10; ++round) {
        const auto before = settings.get(coins, bob);
        settings.backup(folder.file("copy"));
        Settings copy(folder.file("copy"));
        EXPECT_EQ(copy.get(coins, alice) + copy.get(coins, bob), 0);
        EXPECT_GE(copy.get(coins, bob), before);
        EXPECT_EQ(copy.database().row<std::string>("PRAGMA integrity_check"), "ok");
    }
    stop = true;
    writer.join();
}

}  // namespace
}  // namespace intent::settings_file_test
