// Voice channels and the signals in them (protocol §13).
#include "sandbox/platform/sdp.hpp"
#include "sandbox/store/role_sets.hpp"
#include "tests/unit/sandbox/gateway_commands_driver.hpp"

#include <boost/json/parse.hpp>

namespace intent::inline v0::sandbox::voice_test {
namespace {

using namespace std::chrono_literals;

/// `alice` on connection 1, `bob` on 2, `carol` on 3.
struct VoiceTest : GatewayCommandsTest {
    VoiceTest() {
        commands.set_voice_endpoint("ws://sandbox");
        up(1, "alice");
        up(2, "bob");
        up(3, "carol");
    }
    static std::string state(const std::string& who, const std::string& where, const std::string& session,
                             const std::string& mutes = R"("self_mute":false,"self_deaf":false,"server_mute":false)") {
        return R"(VOICE_STATE_UPDATE {"user_id":"<)" + who + R"(>","server_id":"<server>","channel_id":)" +
               (where.empty() ? "null" : "\"<" + where + ">\"") + R"(,"session_id":")" + session + "\"," + mutes +
               R"(,"server_deaf":false})";
    }
    void set_everyones(Permissions permissions) {
        platform.edit_role(id("alice"), server, everyone_role(server), {.permissions = permissions});
    }
    void set_roles(const std::string& who, std::vector<RoleId> roles) {
        platform.edit_member(id("alice"), server, id(who), {.roles = std::move(roles)});
    }
    /// A voice channel of another server, which alice and bob are in.
    ChannelId voice_elsewhere() {
        elsewhere = platform.create_server(id("alice"), {.name = "elsewhere"}, date).id;
        platform.add_member(elsewhere, id("bob"), date);
        return platform.create_channel(id("alice"), elsewhere, {.name = "den", .type = ChannelType::voice}, date).id;
    }
    void join_elsewhere(ConnectionId connection, std::optional<ChannelId> channel) {
        send(connection, R"({"op":4,"d":{"server_id":")" + elsewhere.str() + R"(","channel_id":)" +
                             (channel ? "\"" + channel->str() + "\"" : "null") +
                             R"(,"self_mute":false,"self_deaf":false}})");
    }
    /// Joins and returns the token of the VOICE_SERVER_UPDATE.
    std::string token(ConnectionId connection) {
        news(connection);
        join(connection, voice);
        const std::string line = news(connection).back();
        constexpr std::string_view name = "VOICE_SERVER_UPDATE ";
        EXPECT_EQ(line.rfind(name, 0), 0u) << line;
        const auto data = boost::json::parse(line.substr(name.size()));
        return std::string(data.at("token").as_string());
    }
    void offer(ConnectionId connection, const std::string& token, const std::string& sdp) {
        signal(connection,
               R"("type":"offer","sdp":")" + sdp + "\"" + (token.empty() ? "" : R"(,"voice_token":")" + token + "\""));
    }
    /// Both are in the room, have offered and have answered each other; nothing is left to hear.
    void connect_alice_and_bob() {
        offer(1, token(1), "a");
        offer(2, token(2), "b");
        signal(1, R"("type":"answer","sdp":"ab")");
        heard.clear();
    }

    ServerId elsewhere;
};

TEST_F(VoiceTest, joining_is_announced_and_only_the_participant_gets_the_voice_server) {
    join(1, voice);
    EXPECT_EQ(news(2), Lines{state("alice", "voice", "secret1")});
    const auto own = news(1);
    ASSERT_EQ(own.size(), 2u);
    EXPECT_EQ(own[0], state("alice", "voice", "secret1"));
    EXPECT_EQ(own[1], R"(VOICE_SERVER_UPDATE {"server_id":"<server>","channel_id":"<voice>","endpoint":"ws://sandbox",)"
                      R"("token":"secret2","ice_servers":[{"urls":["stun:127.0.0.1:3478"]},)"
                      R"({"urls":["turn:127.0.0.1:3478?transport=udp","turn:127.0.0.1:3478?transport=tcp"],)"
                      R"("username":"1767268800:<alice>","credential":")" +
                          std::string(own[1].substr(own[1].find("credential\":\"") + 13, 28)) + "\"}]}");
}

TEST_F(VoiceTest, muting_is_announced_without_a_new_voice_server) {
    join(1, voice);
    heard.clear();
    send(1, R"({"op":4,"d":{"server_id":")" + server.str() + R"(","channel_id":")" + voice.str() +
                R"(","self_mute":true,"self_deaf":false}})");
    const auto muted = state("alice", "voice", "secret1", R"("self_mute":true,"self_deaf":false,"server_mute":false)");
    EXPECT_EQ(news(1), Lines{muted});
    EXPECT_EQ(news(2), Lines{muted});
}

TEST_F(VoiceTest, joining_again_gives_a_new_token) {
    const auto first = token(1);
    EXPECT_NE(token(1), first);
    EXPECT_EQ(news(2).size(), 1u);
}

TEST_F(VoiceTest, moving_and_leaving_are_announced) {
    const auto other =
        platform.create_channel(id("alice"), server, {.name = "other", .type = ChannelType::voice}, date).id;
    names[other.str()] = "other";
    join(1, voice);
    heard.clear();
    join(1, other);
    EXPECT_EQ(news(2), Lines{state("alice", "other", "secret3")});
    EXPECT_EQ(commands.voice_states(server).size(), 1u);
    send(1, R"({"op":4,"d":{"server_id":")" + server.str() +
                R"(","channel_id":null,"self_mute":false,"self_deaf":false}})");
    EXPECT_EQ(news(2), Lines{state("alice", "", "secret3")});
    send(1, R"({"op":4,"d":{"server_id":")" + server.str() +
                R"(","channel_id":null,"self_mute":false,"self_deaf":false}})");
    EXPECT_TRUE(news(2).empty()) << "who is in none cannot leave";
}

TEST_F(VoiceTest, a_lost_participant_is_removed_after_15_seconds) {
    using namespace std::chrono_literals;
    join(1, voice);
    heard.clear();
    lose(1);
    EXPECT_EQ(news(2), Lines{presence("alice", "offline")});
    EXPECT_EQ(gateway.next_wake(), now + 15s);
    take(gateway.on_time(now + 14'999ms));
    EXPECT_TRUE(news(2).empty());
    take(gateway.on_time(now + 15s));
    EXPECT_EQ(news(2), Lines{state("alice", "", "secret1")});
    EXPECT_TRUE(commands.voice_states(server).empty());
    EXPECT_NE(gateway.next_wake(), now + 15s);
}

TEST_F(VoiceTest, a_participant_that_resumes_in_time_stays) {
    using namespace std::chrono_literals;
    join(1, voice);
    lose(1);
    now += 14'999ms;
    take(gateway.on_open(now, 9, "127.0.0.1"));
    send(9, R"({"op":5,"d":{"token":"alice","session_id":"s1","seq":0}})");
    now += 10s;
    heard.clear();
    take(gateway.on_time(now));
    EXPECT_TRUE(news(2).empty());
    EXPECT_EQ(commands.voice_states(server).size(), 1u);
}

TEST_F(VoiceTest, a_participant_that_joins_again_after_a_lost_session_stays) {
    using namespace std::chrono_literals;
    Gateway without({.resume = false}, directory, &faults, &commands);
    const auto identify = R"({"op":2,"d":{"token":"carol"}})";
    take(without.on_open(now, 1, "127.0.0.1"));
    take(without.on_message(now, 1, *codec::json_to_msgpack(identify), true));
    const auto joins = R"({"op":4,"d":{"server_id":")" + server.str() + R"(","channel_id":")" + voice.str() +
                       R"(","self_mute":false,"self_deaf":false}})";
    take(without.on_message(now, 1, *codec::json_to_msgpack(joins), true));
    ASSERT_EQ(commands.voice_states(server).size(), 1u);
    take(without.on_closed(now, 1, 1006));
    EXPECT_EQ(commands.voice_states(server).size(), 1u) << "it may be back in a moment";
    take(without.on_open(now, 2, "127.0.0.1"));
    take(without.on_message(now, 2, *codec::json_to_msgpack(identify), true));
    take(without.on_message(now, 2, *codec::json_to_msgpack(joins), true));
    take(without.on_time(now + 15s));
    EXPECT_EQ(commands.voice_states(server).size(), 1u);
    take(without.on_closed(now, 2, 1006));
    take(without.on_time(now + 15s));
    EXPECT_TRUE(commands.voice_states(server).empty());
}

TEST_F(VoiceTest, closing_the_session_leaves_at_once) {
    join(1, voice);
    heard.clear();
    lose(1, 1000);
    EXPECT_EQ(news(2), (Lines{presence("alice", "offline"), state("alice", "", "secret1")}));
}

TEST_F(VoiceTest, another_session_of_the_same_user_takes_over) {
    join(1, voice);
    up(4, "alice");
    join(4, voice);
    EXPECT_EQ(news(2), Lines{state("alice", "voice", "secret3")});
    lose(1, 1000);
    EXPECT_EQ(commands.voice_states(server).size(), 1u);
}

TEST_F(VoiceTest, joining_without_permission_closes_with_the_reason) {
    const auto refusal = [&](ConnectionId connection) { return news(connection).at(0); };
    join(1, platform.seed_channel());
    EXPECT_EQ(refusal(1), "close 4011 channel_id: not a voice channel of this server");
    heard.clear();
    join(2, ChannelId{7});
    EXPECT_EQ(refusal(2), "close 4011 channel_id: not a voice channel of this server");
    auto everyone = *store.role(RoleId{server.value});
    everyone.permissions = everyone.permissions.without(Permission::connect);
    store.update_role(everyone);
    heard.clear();
    join(3, voice);
    EXPECT_EQ(refusal(3), "close 4014 carol lacks CONNECT in #voice");
    platform.leave_server(id("bob"), server);
    up(4, "bob");
    join(4, voice);
    EXPECT_EQ(refusal(4), "close 4014 not a member of this server");
}

TEST_F(VoiceTest, the_26th_participant_is_refused) {
    for (ConnectionId i = 0; i < 25; ++i) {
        const std::string name = "p" + std::to_string(i);
        platform.add_user(name, std::nullopt, "", date);
        up(100 + i, name);
        join(100 + i, voice);
    }
    EXPECT_EQ(commands.voice_states(server).size(), 25u);
    heard.clear();
    join(1, voice);
    EXPECT_EQ(news(1).at(0), "close 4015 the voice channel is full: 25 participants");
    heard.clear();
    join(100, voice);
    EXPECT_EQ(news(100).size(), 1u) << "who is in it may join again";
}

TEST_F(VoiceTest, a_participant_without_the_permission_to_speak_is_muted) {
    auto everyone = *store.role(RoleId{server.value});
    everyone.permissions = everyone.permissions.without(Permission::speak);
    store.update_role(everyone);
    join(2, voice);
    EXPECT_EQ(news(3),
              Lines{state("bob", "voice", "secret1", R"("self_mute":false,"self_deaf":false,"server_mute":true)")});
}

TEST_F(VoiceTest, kicks_and_deleted_channels_remove_participants) {
    join(1, voice);
    join(2, voice);
    heard.clear();
    platform.kick_member(id("alice"), server, id("bob"));
    EXPECT_EQ(news(3).back(), state("bob", "", "secret3"));
    platform.delete_channel(id("alice"), voice);
    EXPECT_EQ(news(3).back(), state("alice", "", "secret1"));
    EXPECT_TRUE(commands.voice_states(server).empty());
}

TEST_F(VoiceTest, a_participant_that_loses_the_permission_is_removed) {
    join(1, voice);
    join(2, voice);
    heard.clear();
    set_everyones(everyone_permissions.without(Permission::connect));
    EXPECT_EQ(news(3), Lines{state("bob", "", "secret3")});
    EXPECT_EQ(commands.voice_states(server).size(), 1u) << "the owner may everything";

    const auto role = platform.create_role(id("alice"), server, {.name = "voice"}, date).id;
    set_roles("bob", {role});
    join(2, voice);
    set_roles("carol", {role});
    join(3, voice);
    heard.clear();
    set_roles("bob", {});
    EXPECT_EQ(news(3), Lines{state("bob", "", "secret5")});
    platform.delete_role(id("alice"), server, role);
    EXPECT_EQ(news(1), (Lines{state("bob", "", "secret5"), state("carol", "", "secret7")}));

    set_everyones(everyone_permissions);
    join(2, voice);
    heard.clear();
    set_everyones(everyone_permissions.without(Permission::view_channel));
    EXPECT_EQ(news(1), Lines{state("bob", "", "secret9")});
}

TEST_F(VoiceTest, a_changed_permission_to_speak_applies_at_once) {
    join(2, voice);
    heard.clear();
    set_everyones(everyone_permissions.without(Permission::speak));
    EXPECT_EQ(news(3),
              Lines{state("bob", "voice", "secret1", R"("self_mute":false,"self_deaf":false,"server_mute":true)")});
    set_everyones(everyone_permissions);
    EXPECT_EQ(news(3), Lines{state("bob", "voice", "secret1")});
    set_everyones(everyone_permissions);
    EXPECT_TRUE(news(3).empty());
}

TEST_F(VoiceTest, leaving_one_room_keeps_the_other) {
    const auto den = voice_elsewhere();
    join(1, voice);
    join(2, voice);
    join_elsewhere(2, den);
    join_elsewhere(2, std::nullopt);
    heard.clear();
    signal(2, R"("type":"ice","candidate":"c")");
    EXPECT_EQ(news(1), Lines{R"(12 {"type":"ice","candidate":"c","user_id":"<bob>"})"});
    EXPECT_TRUE(news(2).empty());
}

TEST_F(VoiceTest, a_session_that_loses_one_room_keeps_the_other) {
    const auto den = voice_elsewhere();
    join_elsewhere(1, den);
    join(2, voice);
    join_elsewhere(2, den);
    up(4, "bob");
    join(4, voice);
    heard.clear();
    signal(2, R"("type":"ice","candidate":"c")");
    EXPECT_EQ(news(1), Lines{R"(12 {"type":"ice","candidate":"c","user_id":"<bob>"})"});
    EXPECT_TRUE(news(2).empty());
}

TEST_F(VoiceTest, an_offer_in_an_empty_room_is_answered_without_media) {
    offer(1, token(1), R"(v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n)");
    EXPECT_EQ(news(1), Lines{R"(12 {"type":"answer","sdp":"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n)"
                             R"(m=audio 0 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\na=mid:0\r\n"})"});
}

TEST_F(VoiceTest, offers_and_answers_go_between_the_participants) {
    offer(1, token(1), "a");
    const auto bobs = token(2);
    heard.clear();
    offer(2, bobs, "b");
    EXPECT_EQ(news(1), Lines{R"(12 {"type":"renegotiate","sdp":"b","reason":"participant_joined","user_id":"<bob>"})"});
    signal(1, R"("type":"answer","sdp":"ab")");
    EXPECT_EQ(news(2), Lines{R"(12 {"type":"answer","sdp":"ab","user_id":"<alice>"})"});
    signal(1, R"("type":"answer","sdp":"nobody asked")");
    EXPECT_TRUE(news(2).empty());
    EXPECT_TRUE(news(3).empty()) << "not in the room";
}

TEST_F(VoiceTest, later_offers_need_no_token_and_are_track_updates) {
    connect_alice_and_bob();
    offer(1, "", "a2");
    EXPECT_EQ(news(2), Lines{R"(12 {"type":"renegotiate","sdp":"a2","reason":"track_update","user_id":"<alice>"})"});
}

TEST_F(VoiceTest, candidates_and_speaking_go_to_the_others_in_the_room) {
    connect_alice_and_bob();
    signal(1, R"("type":"ice","candidate":"c","sdp_mid":"0","sdp_mline_index":0)");
    EXPECT_EQ(news(2),
              Lines{R"(12 {"type":"ice","candidate":"c","sdp_mid":"0","sdp_mline_index":0,"user_id":"<alice>"})"});
    signal(2, R"("type":"speaking","speaking":true)");
    EXPECT_EQ(news(1), Lines{R"(12 {"type":"speaking","user_id":"<bob>","speaking":true})"});
    EXPECT_TRUE(news(2).empty());
    EXPECT_TRUE(news(3).empty());
}

TEST_F(VoiceTest, a_token_is_good_for_one_offer_within_60_seconds) {
    const auto used = token(1);
    offer(1, used, "a");
    heard.clear();
    offer(1, used, "a");
    EXPECT_EQ(news(1), Lines{"close 4014 voice_token: unknown, used, or older than 60 s"});
    const auto old = token(2);
    now += 60s;
    offer(2, old, "b");
    EXPECT_EQ(news(2).back(), "close 4014 voice_token: unknown, used, or older than 60 s");
}

TEST_F(VoiceTest, an_offer_needs_its_own_token) {
    const auto alices = token(1);
    token(2);
    offer(2, alices, "b");
    EXPECT_EQ(news(2).back(), "close 4014 voice_token: unknown, used, or older than 60 s");
    offer(1, "", "a");
    EXPECT_EQ(news(1).back(), "close 4014 voice_token: required in the first offer (from VOICE_SERVER_UPDATE)");
    signal(3, R"("type":"ice","candidate":"c")");
    EXPECT_EQ(news(3).back(), "close 4011 Voice Signal before joining a voice channel (opcode 4)");
}

TEST(Sdp, a_declining_answer_refuses_every_media_in_order) {
    EXPECT_EQ(declining_answer("v=0\nm=audio 9 RTP/AVP 0\na=mid:x\nm=video 1 RTP/AVP 1 2\n"),
              "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
              "m=audio 0 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\na=mid:x\r\n"
              "m=video 0 RTP/AVP 1 2\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n");
    EXPECT_EQ(declining_answer("m="),
              "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
              "m= 0\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n");
}

}  // namespace
}  // namespace intent::sandbox::voice_test
