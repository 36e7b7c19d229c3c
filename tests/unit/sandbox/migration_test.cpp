// Database files of older versions.
#include "sandbox/store/role_sets.hpp"
#include "sandbox/store/store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace intent::inline v0::sandbox::migration_test {
namespace {

/// A file as version 1 left it.
struct Migration : ::testing::Test {
    Migration() { Database(path).execute(test::content_of(INTENT_SOURCE_DIR "/tests/data/sandbox/schema-1.sql")); }

    const test::TemporaryFolder folder;
    const std::string path = folder.file("old.db");
};

int integer(Database& db, const std::string& sql) {
    auto row = db.query(sql);
    return row.step() ? static_cast<int>(row.integer(0)) : -1;
}

/// Tables and indexes with their columns, in an order of their own.
std::vector<std::string> shape(Database& db) {
    std::vector<std::string> lines;
    auto row = db.query(
        "SELECT m.type || ' ' || m.name || ' ' || coalesce(group_concat(c.name || ' ' || c.type || ' ' || "
        "c.\"notnull\" || ' ' || c.pk), '') FROM sqlite_master AS m LEFT JOIN pragma_table_info(m.name) AS c "
        "GROUP BY m.name ORDER BY 1");
    while (row.step())
        lines.push_back(row.text(0));
    return lines;
}

TEST_F(Migration, a_file_of_version_1_is_migrated_with_its_content) {
    Store store(path);
    EXPECT_EQ(integer(store.database(), "PRAGMA user_version"), Store::schema_version);
    EXPECT_EQ(store.account_by_email("bob@example.org")->password, "hash-of-bob");
    EXPECT_EQ(store.token_user("bot_token", {}), UserId{101});
    EXPECT_EQ(store.server(ServerId{201})->description, "of bob");
    EXPECT_EQ(store.server(ServerId{200})->member_count, 3);
    EXPECT_EQ(store.channel(ChannelId{300})->topic, "talk");
    const auto messages = store.all_messages(ChannelId{300});
    ASSERT_EQ(messages.size(), 3u);
    EXPECT_EQ(messages[0].content, "hello");
    EXPECT_EQ(messages[0].author.username, "alice");
    EXPECT_EQ(messages[1].author.avatar_url, "http://x/bot.png");
    EXPECT_EQ(messages[1].embeds.at(0).title, "t");
    EXPECT_TRUE(messages[2].edited_at);
    EXPECT_FALSE(messages[2].webhook_id);
}

TEST_F(Migration, members_may_do_what_they_could_do_before) {
    Store store(path);
    EXPECT_EQ(store.permissions(ServerId{200}, UserId{102}), everyone_permissions);
    EXPECT_EQ(store.permissions(ServerId{200}, UserId{101}), bots_permissions);
    EXPECT_EQ(store.permissions(ServerId{201}, UserId{101}), Permissions{});
    EXPECT_EQ(store.roles_of(ServerId{200}).size(), 2u);
    EXPECT_EQ(store.roles_of(ServerId{201}).size(), 1u) << "no bot, no role for bots";
    EXPECT_EQ(store.member(ServerId{200}, UserId{101})->roles.size(), 2u);
    EXPECT_EQ(store.max_id(), 403u) << "ids that the migration gave are not given again";
}

TEST_F(Migration, a_migrated_file_has_the_schema_of_a_new_one) {
    Store fresh(folder.file("new.db"));
    {
        Store store(path);
        EXPECT_EQ(shape(store.database()), shape(fresh.database()));
        EXPECT_EQ(integer(store.database(), "SELECT count(*) FROM pragma_foreign_key_check"), 0);
        store.remove_message(MessageId{400});
    }
    Store again(path);
    EXPECT_EQ(again.all_messages(ChannelId{300}).size(), 2u);
}

TEST_F(Migration, a_file_of_version_2_keeps_the_rows_of_its_channels) {
    const std::string newer = folder.file("newer.db");
    Database(newer).execute(test::content_of(INTENT_SOURCE_DIR "/tests/data/sandbox/schema-2.sql"));
    Store store(newer);
    EXPECT_EQ(integer(store.database(), "PRAGMA user_version"), Store::schema_version);
    EXPECT_EQ(integer(store.database(), "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    EXPECT_EQ(integer(store.database(), "PRAGMA foreign_keys"), 1);
    Store fresh(folder.file("new.db"));
    EXPECT_EQ(shape(store.database()), shape(fresh.database()));

    EXPECT_EQ(store.channel(ChannelId{300})->parent_id, ChannelId{302});
    EXPECT_EQ(store.channel(ChannelId{300})->topic, "talk");
    EXPECT_EQ(store.channels_of(ServerId{200}).size(), 2u);
    const auto messages = store.all_messages(ChannelId{300});
    ASSERT_EQ(messages.size(), 4u);
    EXPECT_EQ(messages[0].author.created_at, *parse_timestamp("2026-01-01T00:00:00Z"));
    EXPECT_EQ(messages[3].author.username, "ci");
    EXPECT_FALSE(messages[3].author.created_at) << "a webhook is not a user";
    EXPECT_EQ(store.invite("code_1")->channel_id, ChannelId{300});
    EXPECT_EQ(store.webhook(WebhookId{500})->enabled, true);
    store.remove_channel(ChannelId{300});
    EXPECT_TRUE(store.all_messages(ChannelId{300}).empty()) << "what hangs on a channel still goes with it";
    EXPECT_FALSE(store.webhook(WebhookId{500}));
    EXPECT_FALSE(store.invite("code_1")->channel_id);
}

TEST_F(Migration, a_failed_migration_leaves_the_file_unchanged) {
    Database(path).execute("CREATE TABLE webhooks (in_the_way)");
    const auto before = [&] {
        Database db(path);
        return shape(db);
    }();
    EXPECT_THROW(Store{path}, ConfigError);
    Database db(path);
    EXPECT_EQ(shape(db), before);
    EXPECT_EQ(integer(db, "PRAGMA user_version"), 1);
    EXPECT_EQ(integer(db, "SELECT count(*) FROM messages"), 3);
}

}  // namespace
}  // namespace intent::sandbox::migration_test
