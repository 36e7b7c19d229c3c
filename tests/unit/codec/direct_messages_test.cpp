// Direct messages and end-to-end encryption (protocol §8, §16).
#include "codec/convert.hpp"
#include "tests/unit/codec/foreign.hpp"
#include "tests/unit/codec/samples.hpp"

#include <gtest/gtest.h>

namespace intent::codec::direct_messages_test {
namespace {

template <class T>
Result<T> read(const std::string& json, Notes* notes = nullptr) {
    return from_msgpack<T>(test::foreign_msgpack(json), notes);
}

template <class T>
std::string failure_of(const std::string& json) {
    const auto value = read<T>(json);
    return value ? "no failure" : value.failure().text();
}

const std::string bob = R"({"id":"7","username":"bob"})";

TEST(DirectMessages, case_162_a_channel_without_a_server_is_read_whether_fields_are_null_or_missing) {
    for (const std::string more : {R"(,"server_id":null,"name":null,"position":null,"topic":null)", ""}) {
        Notes notes;
        const auto channel =
            read<raw::Channel>(R"({"id":"5","type":3,"recipients":[)" + bob + R"(],"mls_initialized":true)" + more +
                                   R"(,"created_at":"2024-01-15T12:00:00Z"})",
                               &notes);
        ASSERT_TRUE(channel) << channel.failure().text();
        EXPECT_EQ(channel->type, ChannelType::direct);
        EXPECT_FALSE(channel->server_id);
        EXPECT_EQ(channel->name, "");
        EXPECT_EQ(channel->position, 0);
        ASSERT_EQ(channel->recipients.size(), 1u);
        EXPECT_EQ(channel->recipients[0].username, "bob");
        EXPECT_TRUE(channel->mls_initialized);
        EXPECT_EQ(notes.ignored_fields, 0u);
    }
}

TEST(DirectMessages, case_162_a_group_has_an_owner_and_perhaps_a_name) {
    const auto channel = read<raw::Channel>(R"({"id":"5","type":4,"server_id":null,"recipients":[)" + bob + "," + bob +
                                            R"(],"name":"us","icon_url":"https://i","owner_id":"7"})");
    ASSERT_TRUE(channel) << channel.failure().text();
    EXPECT_EQ(channel->type, ChannelType::group);
    EXPECT_EQ(channel->name, "us");
    EXPECT_EQ(channel->icon_url, "https://i");
    EXPECT_EQ(channel->owner_id, UserId{7});
    EXPECT_FALSE(channel->mls_initialized);
    EXPECT_TRUE(is_direct(channel->type));
}

TEST(DirectMessages, fields_that_one_kind_of_channel_does_not_have_are_not_written) {
    EXPECT_EQ(to_json(raw::Channel{.id = {5}, .server_id = {}, .name = "", .type = ChannelType::direct}),
              R"({"id":"5","server_id":null,"type":3,"recipients":[],"mls_initialized":false})");
    EXPECT_EQ(to_json(raw::Channel{.id = {5}, .server_id = {6}, .name = "general"}),
              R"({"id":"5","server_id":"6","name":"general","type":0,"position":0})");
}

TEST(DirectMessages, required_fields_of_a_channel_remain_required) {
    EXPECT_EQ(failure_of<raw::Channel>(R"({"id":"5","server_id":null})"), "type: missing");
    EXPECT_EQ(failure_of<raw::Channel>(R"({"type":3,"server_id":null})"), "id: missing");
    EXPECT_EQ(failure_of<raw::Channel>(R"({"id":"5","type":3,"server_id":"x"})"),
              "server_id: \"x\" is not a snowflake (decimal digits, at most 64 bits)");
    EXPECT_EQ(failure_of<raw::Channel>(R"({"id":"5","type":3,"recipients":[{}]})"), "recipients[0].id: missing");
}

TEST(DirectMessages, case_162_the_deletion_of_one_names_no_server) {
    for (const char* json : {R"({"channel_id":"5","server_id":null})", R"({"channel_id":"5"})"}) {
        const auto gone = read<raw::ChannelDelete>(json);
        ASSERT_TRUE(gone) << json;
        EXPECT_EQ(gone->channel_id, ChannelId{5});
        EXPECT_FALSE(gone->server_id);
        EXPECT_EQ(to_json(*gone), R"({"channel_id":"5","server_id":null})");
    }
}

TEST(DirectMessages, case_163_an_encrypted_message_has_ciphertext_and_no_content) {
    const auto message = read<raw::Message>(R"({"id":"1","channel_id":"5","author":)" + bob +
                                            R"(,"content":null,"mls_ciphertext":"AAEC",)"
                                            R"("created_at":"2024-01-15T12:00:00Z"})");
    ASSERT_TRUE(message) << message.failure().text();
    EXPECT_EQ(message->content, "");
    EXPECT_EQ(message->mls_ciphertext, "AAEC");
    EXPECT_EQ(failure_of<raw::Message>(R"({"id":"1","channel_id":"5","author":)" + bob +
                                       R"(,"created_at":"2024-01-15T12:00:00Z","mls_ciphertext":7})"),
              "no failure");
}

TEST(DirectMessages, case_164_events_of_encryption_are_read_with_and_without_what_may_be_missing) {
    const auto welcome = read<raw::MlsWelcome>(R"({"channel_id":"5","welcome":"AA","group_info":"BB","x":1})");
    ASSERT_TRUE(welcome);
    EXPECT_FALSE(welcome->ratchet_tree);

    const auto commit = read<raw::MlsCommit>(R"({"channel_id":5,"commit":"AA","group_epoch":18446744073709551615})");
    ASSERT_TRUE(commit);
    EXPECT_EQ(commit->group_epoch, ~std::uint64_t{0});
    EXPECT_FALSE(commit->committer_id);

    Notes notes;
    const auto odd = read<raw::MlsProposal>(
        R"({"channel_id":"5","proposal":"AA","proposal_ref":"BB","proposer_id":"7:phone"})", &notes);
    ASSERT_TRUE(odd) << odd.failure().text();
    EXPECT_FALSE(odd->proposer_id) << "a credential in place of an id is no reason to lose the event";
    EXPECT_EQ(notes.ignored_fields, 1u);

    EXPECT_EQ(failure_of<raw::MlsCommit>(R"({"channel_id":"5","group_epoch":1})"), "commit: missing");
    EXPECT_EQ(failure_of<raw::DeviceAdded>(R"({"client_id":"phone"})"), "user_id: missing");
    EXPECT_EQ(read<raw::MlsKeyPackagesLow>(R"({"client_id":"phone","remaining":9})")->remaining, 9);
}

}  // namespace
}  // namespace intent::codec::direct_messages_test
