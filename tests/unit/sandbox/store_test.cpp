#include "sandbox/store/store.hpp"

#include "sandbox/store/database.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace intent::inline v0::sandbox::store_test {
namespace {

const Timestamp start = *parse_timestamp("2026-01-01T00:00:00Z");

/// A path that is free, and whose files go with it.
class TemporaryFile {
public:
    TemporaryFile() {
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        path_ = std::filesystem::path(::testing::TempDir()) / (std::string("intent_sandbox_") + test->name() + ".db");
        remove();
    }
    ~TemporaryFile() { remove(); }
    std::string str() const { return path_.string(); }

private:
    void remove() {
        for (const auto* suffix : {"", "-wal", "-shm", ".lock"})
            std::filesystem::remove(path_.string() + suffix);
    }
    std::filesystem::path path_;
};

Account person(std::uint64_t id, std::string name) {
    return {.user = {.id = UserId{id}, .username = name, .display_name = name, .created_at = start},
            .is_bot = false,
            .password = "hash"};
}

void fill(Store& store) {
    store.add_user(person(1, "alice"), "a@example.org");
    store.add_user(person(2, "bob"), std::nullopt);
    store.add_server(
        {.id = ServerId{10}, .name = "One", .owner_id = UserId{1}, .description = "d", .created_at = start});
    store.add_member(ServerId{10}, UserId{1}, start);
    store.add_member(ServerId{10}, UserId{2}, start);
    store.add_channel({.id = ChannelId{20},
                       .server_id = ServerId{10},
                       .name = "general",
                       .topic = "t",
                       .position = 1,
                       .created_at = start});
    store.add_channel(
        {.id = ChannelId{21}, .server_id = ServerId{10}, .name = "first", .position = 0, .created_at = start});
}

raw::Message message(std::uint64_t id, std::string content = "hi") {
    return {.id = MessageId{id},
            .channel_id = ChannelId{20},
            .author = {.id = UserId{1}, .username = "alice", .display_name = "alice", .created_at = start},
            .content = std::move(content),
            .created_at = start};
}

std::vector<std::uint64_t> ids(const std::vector<raw::Message>& messages) {
    std::vector<std::uint64_t> result;
    for (const auto& each : messages)
        result.push_back(each.id.value);
    return result;
}

std::string refusal(const std::string& path) {
    try {
        Store store(path);
        return "";
    } catch (const ConfigError& error) {
        return error.what();
    }
}

TEST(Store, rows_are_read_as_they_were_written) {
    Store store("");
    fill(store);
    EXPECT_EQ(store.account_by_name("alice")->user, person(1, "alice").user);
    EXPECT_EQ(store.account_by_email("a@example.org")->password, "hash");
    EXPECT_FALSE(store.account(UserId{3}));
    const auto server = store.server(ServerId{10});
    EXPECT_EQ(server->member_count, 2);
    EXPECT_EQ(server->description, "d");
    EXPECT_EQ(server->created_at, start);
    const auto channels = store.channels_of(ServerId{10});
    ASSERT_EQ(channels.size(), 2u);
    EXPECT_EQ(channels[0].name, "first");
    EXPECT_EQ(channels[1].topic, "t");
    EXPECT_EQ(store.max_id(), 21u);
}

TEST(Store, a_message_keeps_text_embeds_and_times) {
    Store store("");
    fill(store);
    raw::Message full = message(100, std::string("nul \0 and \xf0\x9f\x98\x80", 14));
    full.embeds = {{.title = "t", .color = 7, .fields = {{.name = "n", .value = "v", .is_inline = true}}}};
    store.add_message(full);
    EXPECT_EQ(*store.message(MessageId{100}), full);
    full.content = "edited";
    full.embeds.clear();
    full.edited_at = start + std::chrono::microseconds(1);
    store.update_message(full);
    EXPECT_EQ(*store.message(MessageId{100}), full);
}

TEST(Store, pages_are_newest_first) {
    Store store("");
    fill(store);
    for (std::uint64_t id = 100; id < 110; ++id)
        store.add_message(message(id));
    using Ids = std::vector<std::uint64_t>;
    const ChannelId channel{20};
    EXPECT_EQ(ids(store.messages(channel, {.limit = 3})), (Ids{109, 108, 107}));
    EXPECT_EQ(ids(store.messages(channel, {.limit = 3, .before = MessageId{107}})), (Ids{106, 105, 104}));
    EXPECT_EQ(ids(store.messages(channel, {.limit = 3, .after = MessageId{101}})), (Ids{104, 103, 102}));
    EXPECT_EQ(ids(store.messages(channel, {.limit = 9, .before = MessageId{104}, .after = MessageId{101}})),
              (Ids{103, 102}));
    EXPECT_EQ(ids(store.messages(channel, {.limit = 2, .before = MessageId{~std::uint64_t{0}}})), (Ids{109, 108}));
    EXPECT_TRUE(store.messages(channel, {.after = MessageId{~std::uint64_t{0}}}).empty());
    EXPECT_EQ(store.all_messages(channel).front().id, MessageId{100});
}

TEST(Store, deleting_a_server_deletes_its_channels_messages_and_members) {
    Store store("");
    fill(store);
    store.add_message(message(100));
    store.remove_server(ServerId{10});
    EXPECT_FALSE(store.channel(ChannelId{20}));
    EXPECT_FALSE(store.message(MessageId{100}));
    EXPECT_FALSE(store.is_member(ServerId{10}, UserId{1}));
    EXPECT_TRUE(store.account(UserId{1}));
}

TEST(Store, members_are_added_and_removed) {
    Store store("");
    fill(store);
    EXPECT_FALSE(store.add_member(ServerId{10}, UserId{2}, start));
    EXPECT_TRUE(store.remove_member(ServerId{10}, UserId{2}));
    EXPECT_FALSE(store.remove_member(ServerId{10}, UserId{2}));
    EXPECT_TRUE(store.servers_of(UserId{2}).empty());
    EXPECT_EQ(store.members(ServerId{10}), std::vector{UserId{1}});
}

TEST(Store, tokens_expire) {
    Store store("");
    fill(store);
    store.add_token("short", UserId{1}, start, start + std::chrono::hours(1));
    store.add_token("ever", UserId{2}, start, std::nullopt);
    EXPECT_EQ(store.token_user("short", start), UserId{1});
    EXPECT_EQ(store.token_user("short", start + std::chrono::hours(1)), std::nullopt);
    EXPECT_EQ(store.token_user("ever", start + std::chrono::years(9)), UserId{2});
    EXPECT_EQ(store.token_user("Ever", start), std::nullopt);
    store.add_token("shorter", UserId{1}, start, start + std::chrono::minutes(1));
    EXPECT_EQ(store.token_of(UserId{1}, start), "short");
    store.remove_token("short");
    EXPECT_EQ(store.token_of(UserId{1}, start), "shorter");
}

TEST(Store, a_file_keeps_everything_and_is_readable_only_by_its_owner) {
    const TemporaryFile file;
    {
        Store store(file.str());
        fill(store);
        store.add_message(message(100));
        store.add_token("t", UserId{1}, start, std::nullopt);
    }
    using std::filesystem::perms;
    const auto mode = std::filesystem::status(file.str()).permissions();
    EXPECT_EQ(mode & (perms::group_all | perms::others_all), perms::none);
    Store again(file.str());
    EXPECT_EQ(*again.message(MessageId{100}), message(100));
    EXPECT_EQ(again.token_user("t", start), UserId{1});
    EXPECT_EQ(again.max_id(), 100u);
}

TEST(Store, a_file_of_a_newer_version_is_refused) {
    const TemporaryFile file;
    {
        Store store(file.str());
        store.database().execute("PRAGMA user_version = 4");
    }
    EXPECT_EQ(
        refusal(file.str()),
        file.str() +
            ": written by a newer version (schema 4, this version supports up to 3); use that version or a new file");
}

TEST(Store, a_database_of_another_program_is_refused_and_unchanged) {
    const TemporaryFile file;
    {
        Database other(file.str());
        other.execute("CREATE TABLE theirs (x)");
    }
    EXPECT_NE(refusal(file.str()).find("belongs to another program"), std::string::npos);
    Database other(file.str());
    auto tables = other.query("SELECT count(*) FROM sqlite_master");
    ASSERT_TRUE(tables.step());
    EXPECT_EQ(tables.integer(0), 1);
}

TEST(Store, a_file_that_is_not_a_database_is_refused_and_unchanged) {
    const TemporaryFile file;
    const std::string text(5000, 'x');
    std::ofstream(file.str()) << text;
    EXPECT_NE(refusal(file.str()).find("not a SQLite database"), std::string::npos);
    std::ifstream stream(file.str());
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), text);
}

TEST(Store, a_copy_into_a_locked_file_fails) {
    const TemporaryFile file;
    Store source("");
    fill(source);
    Store target(file.str());
    target.database().execute("PRAGMA busy_timeout = 1");
    Database other(file.str());
    other.execute("BEGIN IMMEDIATE");
    EXPECT_THROW(copy_database(source.database(), target.database()), SqliteError);
    other.execute("ROLLBACK");
    EXPECT_FALSE(target.account_by_name("alice"));
    copy_database(source.database(), target.database());
    EXPECT_TRUE(target.account_by_name("alice"));
}

TEST(Store, a_file_whose_version_is_negative_is_refused) {
    const TemporaryFile file;
    Store(file.str()).database().execute("PRAGMA user_version = -1");
    EXPECT_NE(refusal(file.str()).find("its schema version is -1"), std::string::npos);
}

TEST(Store, a_path_that_cannot_be_opened_is_named) {
    EXPECT_EQ(refusal("/nowhere/at/all.db").rfind("/nowhere/at/all.db: cannot be opened as database: ", 0), 0u);
    EXPECT_NE(refusal(::testing::TempDir()), "");
}

}  // namespace
}  // namespace intent::sandbox::store_test
