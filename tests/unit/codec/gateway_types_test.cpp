// What the gateway's own frames mean (protocol §4, §7, §8, §13); that they read back is in roundtrip_test.cpp.
#include "codec/convert.hpp"
#include "tests/unit/codec/foreign.hpp"
#include "tests/unit/codec/samples.hpp"

#include <gtest/gtest.h>

namespace intent::codec::gateway_types_test {
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

TEST(GatewayTypes, typing_is_in_unix_seconds) {
    const auto typing = read<raw::TypingStart>(R"({"channel_id":"1","user_id":2,"timestamp":1705320000,"x":[1]})");
    ASSERT_TRUE(typing);
    EXPECT_EQ(typing->timestamp.value, test::at("2024-01-15T12:00:00Z"));
    EXPECT_EQ(to_json(*typing), R"({"channel_id":"1","user_id":"2","timestamp":1705320000})");
    EXPECT_EQ(*read<raw::TypingStart>(R"({"channel_id":"1","user_id":"2","timestamp":"2024-01-15T12:00:00Z"})"),
              *typing)
        << "text, which the protocol has for all other times";
    EXPECT_EQ(failure_of<raw::TypingStart>(R"({"channel_id":"1","user_id":"2"})"), "timestamp: missing");
    EXPECT_EQ(failure_of<raw::TypingStart>(R"({"channel_id":"1","user_id":"2","timestamp":{}})"),
              "timestamp: expected a timestamp, got a map");
}

TEST(GatewayTypes, an_added_member_names_its_server) {
    const auto added = read<raw::MemberAdd>(
        R"({"server_id":"5","user":{"id":"1","username":"ada","avatar":"a"},"joined_at":"2024-01-15T12:00:00Z"})");
    ASSERT_TRUE(added);
    EXPECT_EQ(added->server_id, ServerId{5});
    EXPECT_EQ(added->user.avatar_url, "a");
    EXPECT_EQ(failure_of<raw::MemberAdd>(R"({"user":{"id":"1","username":"ada"},"joined_at":"2024-01-15T12:00:00Z"})"),
              "server_id: missing");
    EXPECT_EQ(failure_of<raw::MemberRemove>(R"({"server_id":"5"})"), "user_id: missing");
}

TEST(GatewayTypes, members_of_a_chunk_inherit_its_server) {
    const std::string member = R"({"user":{"id":"1","username":"ada"},"joined_at":"2024-01-15T12:00:00Z"})";
    const auto chunk = read<raw::MembersChunk>(R"({"server_id":"5","members":[)" + member + "]}");
    ASSERT_TRUE(chunk);
    EXPECT_EQ(chunk->members.at(0).server_id, ServerId{5});
    EXPECT_EQ(chunk->chunk_index, std::nullopt);
    EXPECT_EQ(chunk->chunk_count, std::nullopt);
    Notes notes;
    const auto odd =
        read<raw::MembersChunk>(R"({"server_id":"5","members":null,"chunk_index":"x","not_found":true})", &notes);
    ASSERT_TRUE(odd);
    EXPECT_TRUE(odd->members.empty());
    EXPECT_EQ(notes.ignored_fields, 2u);
    EXPECT_EQ(failure_of<raw::MembersChunk>(R"({"server_id":"5","members":[{}]})"), "members[0].user: missing");
}

TEST(GatewayTypes, a_voice_state_may_have_no_channel) {
    for (const char* json :
         {R"({"user_id":"1","server_id":"2","channel_id":null})", R"({"user_id":"1","server_id":"2"})"}) {
        const auto state = read<raw::VoiceState>(json);
        ASSERT_TRUE(state) << json;
        EXPECT_EQ(state->channel_id, std::nullopt);
        EXPECT_FALSE(state->self_mute);
    }
    EXPECT_EQ(to_json(raw::VoiceStateRequest{.server_id = {1}}),
              R"({"server_id":"1","channel_id":null,"self_mute":false,"self_deaf":false})");
}

TEST(GatewayTypes, secrets_are_read_and_written_but_do_not_print) {
    const auto update = read<raw::VoiceServerUpdate>(
        R"({"server_id":"1","channel_id":"2","endpoint":"e","token":"t","ice_servers":[{"urls":["stun:x"],"credential":"c"}]})");
    ASSERT_TRUE(update);
    EXPECT_EQ(update->token.reveal(), "t");
    EXPECT_EQ(update->ice_servers.at(0).credential->reveal(), "c");
    static_assert(!std::is_convertible_v<Secret, std::string>);
    static_assert(!std::is_convertible_v<Secret, std::string_view>);
    EXPECT_EQ(failure_of<raw::VoiceServerUpdate>(R"({"server_id":"1","channel_id":"2","endpoint":"e","token":7})"),
              "token: expected text, got an integer");
}

TEST(GatewayTypes, requests_omit_unset_fields) {
    EXPECT_EQ(to_json(raw::MemberRequest{.server_id = {1}}), R"({"server_id":"1","limit":1000})");
    EXPECT_EQ(to_json(raw::PresenceRequest{.status = "online"}), R"({"status":"online","afk":false})");
    EXPECT_EQ(to_json(raw::VoiceSignal{.type = "answer", .sdp = "s"}), R"({"type":"answer","sdp":"s"})");
}

}  // namespace
}  // namespace intent::codec::gateway_types_test
