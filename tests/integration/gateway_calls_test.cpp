// Presence, voice and member requests against a gateway that answers them (protocol §4, §13).
#include "codec/convert.hpp"
#include "tests/support/client_world.hpp"
#include "tests/support/scripted_gateway.hpp"

#include <intent/attempt.hpp>
#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace intent::gateway_calls_test {
namespace {

using namespace std::chrono_literals;
using codec::Opcode;

constexpr ServerId server{5};
constexpr ChannelId room{50};

const std::string presence = R"(10 {"status":"idle","afk":true})";

std::string member(int id) {
    return R"({"user":{"id":")" + std::to_string(id) + R"(","username":"user_)" + std::to_string(id) +
           R"("},"joined_at":"2024-01-15T12:00:00Z"})";
}

class GatewayCalls : public testing::TestWithParam<int> {
protected:
    ClientOptions options() const {
        auto options = gateway.options();
        options.handler_threads = GetParam();
        return options;
    }
    test::ScriptedGateway gateway;
};

TEST_P(GatewayCalls, members_come_in_chunks_and_fill_the_caches) {
    gateway.answer = [this](Opcode op, const std::string&) {
        if (op != Opcode::request_members) return;
        gateway.dispatch("MEMBERS_CHUNK",
                         R"({"server_id":"5","members":[)" + member(8) + R"(],"chunk_index":1,"chunk_count":2})");
        gateway.dispatch("GUILD_MEMBERS_CHUNK", R"({"server_id":"5","members":[)" + member(6) + "," + member(7) +
                                                    R"(],"chunk_index":0,"chunk_count":2})");
    };
    test::Recorder<std::string> names;
    test::Recorder<UserId> removed;
    Client client(options());
    client.on([&](Ready) -> task<> {
        const auto members = co_await client.request_members(MemberQuery{server}.query("user").limit(10));
        for (const Member& one : members)
            names.add(one.user.username + (one.client().alive() ? "" : " of nobody"));
        names.add("end");
    });
    client.start();
    ASSERT_TRUE(names.wait_contains("end"));
    EXPECT_EQ(names.all(), (std::vector<std::string>{"user_6", "user_7", "user_8", "end"}));
    EXPECT_TRUE(gateway.commands.wait_contains(R"(7 {"server_id":"5","query":"user","limit":10})"));
    EXPECT_EQ(client.members().size(), 3u);
    EXPECT_EQ(client.members().get({server, UserId{7}})->user.username, "user_7");
    EXPECT_TRUE(client.users().get(UserId{8}));

    client.on([&](const MemberRemove& event) {
        if (event.member) removed.add(event.member->user.id);
    });
    gateway.say([this] { gateway.dispatch("MEMBER_REMOVE", R"({"server_id":"5","user_id":"7"})"); });
    ASSERT_TRUE(removed.wait_contains(UserId{7}));
    EXPECT_EQ(client.members().size(), 2u);
    gateway.say([this] { gateway.dispatch("SERVER_DELETE", R"({"server_id":"5"})"); });
    EXPECT_TRUE(test::eventually([&] { return client.members().size() == 0; }));
}

TEST_P(GatewayCalls, unanswered_and_unacceptable_commands_are_clear_errors) {
    Client client(options());
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    try {
        client.request_members(MemberQuery{server}.timeout(20ms)).get();
        ADD_FAILURE();
    } catch (const TimeoutError& error) {
        EXPECT_STREQ(error.what(), "member request: server 5 did not answer within 20 ms");
    }
    EXPECT_THROW(client.join_voice(server, room, VoiceOptions{}.timeout(20ms)).get(), TimeoutError);
    EXPECT_THROW(client.request_members(MemberQuery{server}.limit(0)).get(), ConfigError);
    EXPECT_THROW(client.request_members(MemberQuery{server}.limit(1001)).get(), ConfigError);
    EXPECT_THROW(client.request_members(MemberQuery{server}.query(std::string(101, 'x'))).get(), ConfigError);
    EXPECT_THROW(client.request_members(MemberQuery{server}.query("caf\xe9")).get(), ConfigError);
    EXPECT_THROW(client.request_members(ServerId{}).get(), ConfigError);
    EXPECT_THROW(client.join_voice(server, ChannelId{}).get(), ConfigError);
    EXPECT_THROW(client.update_presence(PresenceStatus::unknown).get(), ConfigError);
    EXPECT_THROW(client.mute(ServerId{6}).get(), UsageError);
    EXPECT_THROW(client.send_voice_signal(VoiceAnswer{std::string(70'000, 'x')}).get(), ConfigError);
    EXPECT_THROW(client.send_voice_signal(VoiceIce{"\xff"}).get(), ConfigError);
    EXPECT_EQ(gateway.commands.count(), 3u) << "identify, op 7, op 4";
}

TEST(GatewaySessions, a_presence_set_before_the_start_is_shown_in_each_session_once) {
    test::ScriptedGateway gateway;
    gateway.resumable = false;
    Client client(gateway.options());
    test::Diary diary(client);
    auto early = client.update_presence(Presence{PresenceStatus::idle}.afk());
    client.start();
    early.get();
    ASSERT_TRUE(gateway.commands.wait_count(2));
    gateway.say([&gateway] { gateway.close(4000); });
    ASSERT_TRUE(diary.wait_ready(2));
    ASSERT_TRUE(gateway.commands.wait_count(4));
    EXPECT_EQ(gateway.commands.all(), (std::vector<std::string>{"identify", presence, "identify", presence}));
}

TEST_P(GatewayCalls, joining_voice_returns_what_the_negotiation_needs) {
    gateway.answer = [this](Opcode op, const std::string&) {
        if (op == Opcode::voice_state_update) {
            gateway.dispatch("VOICE_STATE_UPDATE",
                             R"({"user_id":"1","server_id":"5","channel_id":"50","session_id":"v","self_mute":true})");
            gateway.dispatch("VOICE_SERVER_UPDATE",
                             R"({"server_id":"5","channel_id":"50","endpoint":"wss://sfu","token":"once",)"
                             R"("ice_servers":[{"urls":["stun:a"]}]})");
        } else if (op == Opcode::voice_signal) {
            gateway.send(Opcode::voice_signal, R"({"type":"answer","sdp":"theirs"})");
            gateway.send(Opcode::voice_signal, R"({"type":"speaking","user_id":"9","speaking":true})");
            gateway.send(Opcode::voice_signal, R"({"type":"answer"})");
            gateway.send(Opcode::voice_signal, R"({"type":"dance","steps":3})");
        }
    };
    test::Recorder<std::string> heard;
    Client client(options());
    test::Diary diary(client);
    client.on([&](const VoiceStateUpdate& event) { heard.add("state " + event.state.session_id); });
    client.on([&](const VoiceSignal& event) {
        if (const auto* answer = std::get_if<VoiceAnswer>(&event.message)) heard.add("answer " + answer->sdp);
        if (const auto* speaking = std::get_if<VoiceSpeaking>(&event.message))
            heard.add("speaking " + speaking->user_id.str());
        if (std::holds_alternative<std::monostate>(event.message))
            heard.add(event.type + " " + std::to_string(event.payload.size()));
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const VoiceServerUpdate update = client.join_voice(server, room, VoiceOptions{}.muted()).get();
    EXPECT_EQ(update.endpoint, "wss://sfu");
    client.send_voice_signal(VoiceOffer{"ours", update.token}).get();
    ASSERT_TRUE(heard.wait_count(4));
    EXPECT_EQ(heard.all(), (std::vector<std::string>{"state v", "answer theirs", "speaking 9", "dance 19"}));
    ASSERT_TRUE(diary.errors().wait_count(1));
    EXPECT_EQ(diary.errors().all().front(), "voice signal: sdp: missing");
    client.mute(server, VoiceOptions{}.deafened()).get();
    client.leave_voice(server).get();
    ASSERT_TRUE(gateway.commands.wait_count(5));
    EXPECT_EQ(gateway.commands.all(),
              (std::vector<std::string>{
                  "identify", R"(4 {"server_id":"5","channel_id":"50","self_mute":true,"self_deaf":false})",
                  R"(12 {"type":"offer","sdp":"ours","voice_token":"once"})",
                  R"(4 {"server_id":"5","channel_id":"50","self_mute":false,"self_deaf":true})",
                  R"(4 {"server_id":"5","channel_id":null,"self_mute":false,"self_deaf":false})"}));
}

TEST_P(GatewayCalls, a_voice_connection_is_joined_offered_and_answered_in_one_call) {
    gateway.answer = [this](Opcode op, const std::string&) {
        if (op == Opcode::voice_state_update) {
            gateway.dispatch("VOICE_SERVER_UPDATE",
                             R"({"server_id":"5","channel_id":"50","endpoint":"wss://sfu","token":"once"})");
        } else if (op == Opcode::voice_signal) {
            gateway.send(Opcode::voice_signal, R"({"type":"answer","sdp":"theirs"})");
            gateway.send(Opcode::voice_signal, R"({"type":"speaking","user_id":"9","speaking":true})");
        }
    };
    test::Recorder<std::string> heard;
    Client client(options());
    test::Diary diary(client);
    client.on([&](const VoiceSignal& signal) {
        heard.add(signal.type + " " + signal.server_id.str() + " " + signal.channel_id.str());
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto make_offer = [](const VoiceServerUpdate& voice) { return "to " + voice.endpoint; };
    const VoiceConnection connection = client.connect_voice(server, room, make_offer, VoiceOptions().deafened()).get();
    EXPECT_EQ(connection.server.endpoint, "wss://sfu");
    EXPECT_EQ(connection.answer.sdp, "theirs");
    ASSERT_TRUE(heard.wait_count(2));
    EXPECT_EQ(heard.all(), (std::vector<std::string>{"answer 5 50", "speaking 5 50"}));
    EXPECT_EQ(gateway.commands.all(),
              (std::vector<std::string>{"identify",
                                        R"(4 {"server_id":"5","channel_id":"50","self_mute":false,"self_deaf":true})",
                                        R"(12 {"type":"offer","sdp":"to wss://sfu","voice_token":"once"})"}));

    const auto fail_later = [&client](const VoiceServerUpdate&) -> task<std::string> {
        co_await client.sleep_for(1ms);
        throw std::runtime_error("no device");
    };
    EXPECT_THROW(client.connect_voice(server, room, fail_later).get(), std::runtime_error);
    EXPECT_EQ(gateway.commands.count(), 4u) << "joined, and no offer";
    EXPECT_THROW(client.negotiate_voice({}, "\xff").get(), ConfigError);
    EXPECT_THROW(client.negotiate_voice({}, "sdp", 0ms).get(), ConfigError);
}

TEST_P(GatewayCalls, an_offer_without_an_answer_times_out) {
    Client client(options());
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    EXPECT_THROW(client.negotiate_voice({}, "sdp", 20ms).get(), TimeoutError);
}

TEST_P(GatewayCalls, a_replaced_join_is_an_error_of_its_call_only) {
    Client client(options());
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto join = [&client]() -> task<bool> {
        const auto joined = co_await attempt(client.join_voice(server, room));
        co_return joined.is<ReplacedError>();
    };
    auto joining = join();
    ASSERT_TRUE(gateway.commands.wait_count(2));
    client.leave_voice(server).get();
    EXPECT_TRUE(joining.get());
}

TEST(GatewayRefusals, case_071_a_refused_join_fails_alone_and_is_not_repeated) {
    test::ScriptedGateway gateway;
    gateway.answer = [&gateway](Opcode op, const std::string&) {
        if (op == Opcode::voice_state_update) gateway.close(4015);
    };
    Client client(gateway.options());
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    try {
        client.join_voice(server, room).get();
        ADD_FAILURE();
    } catch (const VoiceError& error) {
        EXPECT_EQ(error.close_code(), 4015);
    }
    ASSERT_TRUE(diary.life().wait_contains("resumed"));
    client.update_presence(Presence{PresenceStatus::idle}.afk()).get();
    ASSERT_TRUE(gateway.commands.wait_count(4));
    EXPECT_TRUE(gateway.commands.all().at(2).starts_with("resume s1 "));
    EXPECT_EQ(gateway.commands.all().at(3), presence);
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST(GatewayRefusals, case_070_a_command_that_the_server_cannot_decode_is_reported_and_not_repeated) {
    test::ScriptedGateway gateway;
    gateway.answer = [&gateway](Opcode op, const std::string&) {
        if (op == Opcode::presence_update) gateway.close(4002);
    };
    test::Recorder<int> codes;
    Client client(gateway.options());
    test::Diary diary(client);
    client.on([&](const ErrorEvent& event) {
        try {
            event.raise();
        } catch (const GatewayError& error) {
            codes.add(error.close_code());
        }
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    client.update_presence(PresenceStatus::idle).get();
    ASSERT_TRUE(codes.wait_contains(4002));
    ASSERT_TRUE(diary.life().wait_contains("resumed"));
    client.send_voice_signal(VoiceAnswer{"after"}).get();
    ASSERT_TRUE(gateway.commands.wait_count(4));
    EXPECT_EQ(gateway.commands.all().at(3), R"(12 {"type":"answer","sdp":"after"})");
}

TEST_P(GatewayCalls, a_stop_ends_every_pending_command) {
    Client client(options());
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    auto members = client.request_members(server);
    auto join = client.join_voice(server, room);
    ASSERT_TRUE(gateway.commands.wait_count(3));
    client.stop();
    EXPECT_THROW(members.get(), CancelledError);
    EXPECT_THROW(join.get(), CancelledError);
}

INSTANTIATE_TEST_SUITE_P(Client, GatewayCalls, testing::Values(0, 1),
                         [](const auto& row) { return "threads_" + std::to_string(row.param); });

TEST(GatewayEvents, of_members_typing_and_presence_have_types) {
    test::Recorder<std::string> heard;
    test::ScriptedGateway gateway;
    Client client(gateway.options());
    client.on([&](const MemberAdd& event) { heard.add("added " + event.member.user.username); });
    client.on([&](const MemberRemove& event) { heard.add(event.member ? "removed, known" : "removed"); });
    client.on([&](const TypingStart& event) { heard.add("typing " + format_timestamp(event.timestamp)); });
    client.on([&](const PresenceUpdate& event) {
        heard.add(event.status_text + (event.status == PresenceStatus::unknown ? " unknown" : ""));
    });
    client.on([&](const MembersChunk& event) { heard.add("chunk " + std::to_string(event.members.size())); });
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    gateway.say([&] {
        gateway.dispatch("MEMBER_ADD", R"({"server_id":"5",)" + member(7).substr(1));
        gateway.dispatch("MEMBER_REMOVE", R"({"server_id":"5","user_id":"7"})");
        gateway.dispatch("MEMBER_REMOVE", R"({"server_id":"5","user_id":"7"})");
        gateway.dispatch("TYPING_START", R"({"channel_id":"1","user_id":"7","timestamp":1705320000})");
        gateway.dispatch("PRESENCE_UPDATE", R"({"user_id":"7","status":"dnd"})");
        gateway.dispatch("PRESENCE_UPDATE", R"({"user_id":"7","status":"asleep"})");
        gateway.dispatch("GUILD_MEMBERS_CHUNK", R"({"server_id":"5","members":[]})");
        gateway.dispatch("MEMBER_ADD", R"({"user":{"id":"1","username":"ada"}})");
    });
    ASSERT_TRUE(diary.errors().wait_count(1));
    EXPECT_EQ(diary.errors().all().front(), "MEMBER_ADD seq 8: server_id: missing");
    ASSERT_TRUE(heard.wait_count(7));
    EXPECT_EQ(heard.all(),
              (std::vector<std::string>{"added user_7", "removed, known", "removed", "typing 2024-01-15T12:00:00Z",
                                        "dnd", "asleep unknown", "chunk 0"}));
}

TEST(GatewayEvents, of_messages_include_the_previous_state_if_messages_are_cached) {
    const auto message = [](const std::string& content) {
        return R"({"message":{"id":"1","channel_id":"2","author":{"id":"3","username":"ada"},"content":")" + content +
               R"(","created_at":"2024-01-15T12:00:00Z"}})";
    };
    for (const std::size_t limit : {std::size_t{0}, std::size_t{10}}) {
        test::Recorder<std::string> heard;
        test::ScriptedGateway gateway;
        auto options = gateway.options();
        options.caches.messages = limit;
        Client client(options);
        client.on([&](const MessageUpdate& event) { heard.add(event.before ? event.before->content : "unknown"); });
        client.on([&](const MessageDelete& event) { heard.add(event.message ? event.message->content : "unknown"); });
        test::Diary diary(client);
        client.start();
        ASSERT_TRUE(diary.wait_ready());
        gateway.say([&] {
            gateway.dispatch("MESSAGE_CREATE", message("one"));
            gateway.dispatch("MESSAGE_UPDATE", message("two"));
            gateway.dispatch("MESSAGE_DELETE", R"({"id":"1","channel_id":"2"})");
            gateway.dispatch("MESSAGE_DELETE", R"({"id":"1","channel_id":"2"})");
        });
        ASSERT_TRUE(heard.wait_count(3));
        EXPECT_EQ(heard.all(), limit == 0 ? (std::vector<std::string>{"unknown", "unknown", "unknown"})
                                          : (std::vector<std::string>{"one", "two", "unknown"}));
        EXPECT_EQ(client.messages().size(), 0u);
    }
}

TEST(GatewayEvents, have_one_list_of_names_and_one_shape) {
    for (const auto name : {"MEMBER_ADD", "TYPING_START", "VOICE_SERVER_UPDATE", "MEMBERS_CHUNK", "RESUMED"}) {
        const auto names = event_names();
        EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
    }
    const auto shape = [](const char* name, const char* json) {
        return RawEvent{name, 1, *codec::json_to_msgpack(json)}.canonical_json();
    };
    EXPECT_EQ(shape("TYPING_START", R"({"x":1,"timestamp":1705320000,"user_id":7,"channel_id":1})"),
              R"({"channel_id":"1","user_id":"7","timestamp":1705320000})");
    EXPECT_EQ(shape("READY", R"({"x":1})"), R"({"x":1})");
    EXPECT_THROW(shape("MEMBER_REMOVE", "{}"), DecodeError);
}

}  // namespace
}  // namespace intent::gateway_calls_test
