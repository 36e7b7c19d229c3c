// What the user asks of the gateway, from the call to its end, in virtual time and without a gateway.
#include "client/commands/commands.hpp"

#include "codec/convert.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace intent::client::commands_test {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;
using session::CommandFailure;

constexpr ServerId server{5};
constexpr ServerId other{6};
constexpr ChannelId room{50};

std::string text_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const VoiceError& voice) {
        return "VoiceError " + std::to_string(voice.close_code());
    } catch (const GatewayError& gateway) {
        return "GatewayError " + std::to_string(gateway.close_code());
    } catch (const TimeoutError& timeout) {
        return std::string("TimeoutError ") + timeout.what();
    } catch (const NetworkError&) {
        return "NetworkError";
    } catch (const CancelledError&) {
        return "CancelledError";
    } catch (const ReplacedError&) {
        return "ReplacedError";
    } catch (const ConfigError&) {
        return "ConfigError";
    } catch (const UsageError&) {
        return "UsageError";
    }
}

class CommandsTest : public testing::Test {
protected:
    /// Notes an answer as "name: result".
    template <class T>
    Reply<T> reply(std::string name) {
        return [this, name](Answer<T> answer) {
            if (const auto* error = std::get_if<std::exception_ptr>(&answer)) {
                ended.push_back(name + ": " + text_of(*error));
                return;
            }
            std::string result = "done";
            if constexpr (std::is_same_v<T, std::string>) result = std::get<T>(answer);
            if constexpr (std::is_same_v<T, std::vector<raw::Member>>) {
                result.clear();
                for (const auto& member : std::get<T>(answer))
                    result += (result.empty() ? "" : " ") + member.user.id.str();
            }
            ended.push_back(name + ": " + result);
        };
    }
    void ask_members(const std::string& name, ServerId where = server, std::chrono::milliseconds timeout = 10s) {
        commands.members().request({.server_id = where}, timeout, reply<std::vector<raw::Member>>(name));
    }
    void join(const std::string& name, ServerId where = server, ChannelId channel = room) {
        commands.voice().join({where, channel, false, false}, 10s, reply<raw::VoiceServerUpdate>(name));
    }
    void offer(const std::string& name, ServerId where = server, ChannelId channel = room) {
        raw::VoiceSignal signal{.type = "offer"};
        signal.sdp = name;
        commands.offers().offer({where, channel}, signal, 10s, reply<std::string>(name));
    }
    void chunk(std::vector<std::uint64_t> users, std::optional<int> index = {}, std::optional<int> count = {},
               ServerId where = server) {
        raw::MembersChunk chunk{.server_id = where, .chunk_index = index, .chunk_count = count};
        for (const auto id : users) {
            raw::Member member;
            member.user.id = UserId{id};
            chunk.members.push_back(member);
        }
        commands.members().saw(chunk);
    }
    void fail(session::CommandId id, CommandFailure why, int close_code = 0) {
        commands.on_failed({id, why, "text", close_code});
    }
    void advance(std::chrono::milliseconds span) {
        now += span;
        while (!timers.empty() && timers.begin()->first <= now) {
            auto due = timers.extract(timers.begin());
            due.mapped()();
        }
    }

    Lines sent;   ///< "id json"
    Lines ended;  ///< answers, in order
    Lines complaints;
    std::chrono::milliseconds now{};
    std::multimap<std::chrono::milliseconds, std::function<void()>> timers;
    Commands commands{{
        .send =
            [this](session::CommandId id, codec::Opcode, const codec::Bytes& data) {
                sent.push_back(std::to_string(id) + " " + *codec::msgpack_to_json(data));
            },
        .after = [this](std::chrono::milliseconds delay,
                        std::function<void()> work) { timers.emplace(now + delay, std::move(work)); },
        .report_error = [this](const std::exception_ptr& error,
                               const std::string& where) { complaints.push_back(where + ": " + text_of(error)); },
    }};
};

TEST_F(CommandsTest, a_presence_ends_when_it_is_sent_or_replaced) {
    commands.presence({.status = "idle"}, reply<Done>("first"));
    commands.presence({.status = "dnd", .afk = true}, reply<Done>("second"));
    EXPECT_EQ(sent, (Lines{R"(1 {"status":"idle","afk":false})", R"(2 {"status":"dnd","afk":true})"}));
    EXPECT_EQ(ended, Lines{});
    fail(1, CommandFailure::superseded);
    commands.on_sent(2);
    EXPECT_EQ(ended, (Lines{"first: done", "second: done"}));
}

TEST_F(CommandsTest, a_refusal_after_the_end_is_reported) {
    commands.presence({.status = "idle"}, reply<Done>("presence"));
    commands.on_sent(1);
    fail(1, CommandFailure::refused, 4002);
    EXPECT_EQ(ended, (Lines{"presence: done"}));
    EXPECT_EQ(complaints, (Lines{"presence update: GatewayError 4002"}));
    fail(0, CommandFailure::refused, 4014);
    EXPECT_EQ(complaints.back(), "voice state: VoiceError 4014");
}

TEST_F(CommandsTest, a_command_that_cannot_be_sent_is_an_error_of_the_call) {
    commands.signal({.type = "offer"}, reply<Done>("large"));
    commands.signal({.type = "offer"}, reply<Done>("many"));
    commands.signal({.type = "offer"}, reply<Done>("stopped"));
    fail(1, CommandFailure::too_large);
    fail(2, CommandFailure::queue_full);
    fail(3, CommandFailure::stopped);
    EXPECT_EQ(ended, (Lines{"large: ConfigError", "many: NetworkError", "stopped: CancelledError"}));
}

TEST_F(CommandsTest, members_in_one_chunk) {
    ask_members("all");
    EXPECT_EQ(sent, (Lines{R"(1 {"server_id":"5","limit":1000})"}));
    commands.on_sent(1);
    EXPECT_TRUE(commands.members().wants());
    chunk({7, 8});
    EXPECT_EQ(ended, (Lines{"all: 7 8"}));
    EXPECT_FALSE(commands.members().wants());
    advance(1h);
    EXPECT_EQ(ended.size(), 1u);
}

TEST_F(CommandsTest, members_in_repeated_chunks_of_any_order) {
    ask_members("all");
    commands.on_sent(1);
    chunk({3}, 2, 3);
    chunk({1}, 0, 3);
    chunk({1}, 0, 3);
    chunk({9}, 0, 1, other);
    EXPECT_EQ(ended, Lines{});
    chunk({2}, 1, 3);
    EXPECT_EQ(ended, (Lines{"all: 1 2 3"}));
}

TEST_F(CommandsTest, chunks_may_be_counted_from_one) {
    ask_members("all");
    commands.on_sent(1);
    chunk({1}, 1, 2);
    EXPECT_EQ(ended, Lines{});
    chunk({2}, 2, 2);
    EXPECT_EQ(ended, (Lines{"all: 1 2"}));
}

TEST_F(CommandsTest, two_requests_for_one_server_run_one_after_the_other) {
    ask_members("first");
    ask_members("second");
    ask_members("elsewhere", other);
    EXPECT_EQ(sent.size(), 2u);
    commands.on_sent(1);
    commands.on_sent(2);
    chunk({4}, {}, {}, other);
    chunk({1});
    EXPECT_EQ(ended, (Lines{"elsewhere: 4", "first: 1"}));
    ASSERT_EQ(sent.size(), 3u);
    commands.on_sent(3);
    chunk({2});
    EXPECT_EQ(ended.back(), "second: 2");
}

TEST_F(CommandsTest, an_unanswered_request_times_out_and_the_next_one_is_sent) {
    ask_members("first", server, 1s);
    ask_members("second");
    advance(1h);
    EXPECT_EQ(ended, Lines{}) << "the time runs from the sending";
    commands.on_sent(1);
    chunk({1}, 0, 2);
    advance(999ms);
    EXPECT_EQ(ended, Lines{});
    advance(1ms);
    EXPECT_EQ(ended, (Lines{"first: TimeoutError member request: server 5 sent only 1 of 2 chunks within 1000 ms"}));
    EXPECT_EQ(sent.size(), 2u);
}

TEST_F(CommandsTest, a_request_whose_session_ends_fails_and_the_next_one_waits_for_the_new_one) {
    ask_members("cut");
    ask_members("next");
    commands.on_sent(1);
    commands.on_disconnected(true);
    EXPECT_EQ(ended, Lines{}) << "the rest is replayed";
    commands.on_disconnected(false);
    EXPECT_EQ(ended, (Lines{"cut: NetworkError"}));
    EXPECT_EQ(sent.size(), 2u);
    fail(2, CommandFailure::offline);
    commands.on_new_session();
    EXPECT_EQ(sent.size(), 3u);
    commands.on_sent(3);
    chunk({7});
    EXPECT_EQ(ended, (Lines{"cut: NetworkError", "next: 7"}));
}

TEST_F(CommandsTest, a_request_while_offline_is_sent_when_the_session_is_resumed) {
    ask_members("replayed");
    fail(1, CommandFailure::offline);
    commands.on_disconnected(true);
    EXPECT_EQ(sent.size(), 1u);
    commands.on_resumed();
    commands.on_resumed();
    EXPECT_EQ(sent.size(), 2u);
    commands.on_sent(2);
    advance(9s);
    chunk({7});
    EXPECT_EQ(ended, (Lines{"replayed: 7"}));
}

TEST_F(CommandsTest, a_request_waits_for_a_session_until_its_timeout_at_most) {
    ask_members("late", server, 10s);
    fail(1, CommandFailure::offline);
    advance(6s);
    commands.on_new_session();
    fail(2, CommandFailure::offline);
    advance(3999ms);
    EXPECT_EQ(ended, Lines{});
    advance(1ms);
    EXPECT_EQ(ended, (Lines{"late: TimeoutError member request: the session was not ready within 10000 ms"}));
    commands.on_new_session();
    EXPECT_EQ(sent.size(), 2u);
}

TEST_F(CommandsTest, the_timeout_of_a_queued_request_starts_when_it_is_sent) {
    ask_members("first", server, 10s);
    fail(1, CommandFailure::offline);
    advance(9s);
    commands.on_resumed();
    commands.on_sent(2);
    advance(9s);
    EXPECT_EQ(ended, Lines{});
    advance(1s);
    EXPECT_EQ(ended, (Lines{"first: TimeoutError member request: server 5 did not answer within 10000 ms"}));
}

TEST_F(CommandsTest, requests_for_one_server_are_bounded) {
    for (int i = 0; i < 1'000; ++i)
        ask_members("kept");
    ask_members("refused");
    ask_members("elsewhere", other);
    EXPECT_EQ(ended, (Lines{"refused: NetworkError"}));
}

TEST_F(CommandsTest, a_request_that_the_server_cannot_decode_fails) {
    ask_members("bad");
    commands.on_sent(1);
    fail(1, CommandFailure::refused, 4002);
    EXPECT_EQ(ended, (Lines{"bad: GatewayError 4002"}));
    EXPECT_EQ(complaints, Lines{});
}

TEST_F(CommandsTest, a_join_ends_with_the_voice_server) {
    join("join");
    EXPECT_EQ(sent, (Lines{R"(1 {"server_id":"5","channel_id":"50","self_mute":false,"self_deaf":false})"}));
    commands.on_sent(1);
    commands.voice().saw({.server_id = other, .channel_id = room, .endpoint = {}, .token = {}});
    EXPECT_EQ(ended, Lines{});
    commands.voice().saw({.server_id = server, .channel_id = room, .endpoint = {}, .token = {}});
    EXPECT_EQ(ended, (Lines{"join: done"}));
}

TEST_F(CommandsTest, a_refused_join_fails_alone) {
    join("refused");
    join("other", other);
    commands.on_sent(1);
    commands.on_sent(2);
    fail(1, CommandFailure::refused, 4015);
    EXPECT_EQ(ended, (Lines{"refused: VoiceError 4015"}));
    EXPECT_EQ(complaints, Lines{});
    commands.voice().mute(server, true, false, reply<Done>("mute"));
    EXPECT_EQ(ended.back(), "mute: UsageError");
}

TEST_F(CommandsTest, an_unanswered_join_times_out) {
    join("late");
    advance(1h);
    EXPECT_EQ(ended, Lines{});
    commands.on_sent(1);
    advance(10s);
    EXPECT_EQ(ended, (Lines{"late: TimeoutError voice: server 5 did not answer the join of channel 50 within 10000 "
                            "ms"}));
}

TEST_F(CommandsTest, a_join_is_not_repeated_in_a_new_session_but_a_queued_one_is_sent) {
    join("sent");
    commands.on_sent(1);
    join("waiting", other);
    commands.on_new_session();
    EXPECT_EQ(ended, (Lines{"sent: NetworkError"}));
    EXPECT_EQ(sent.size(), 2u);
    commands.on_sent(2);
    commands.voice().saw({.server_id = other, .channel_id = room, .endpoint = {}, .token = {}});
    EXPECT_EQ(ended.back(), "waiting: done");
}

TEST_F(CommandsTest, mute_sends_the_whole_state_and_a_queued_join) {
    join("join");
    commands.voice().mute(server, true, true, reply<Done>("mute"));
    EXPECT_EQ(sent.back(), R"(2 {"server_id":"5","channel_id":"50","self_mute":true,"self_deaf":true})");
    fail(1, CommandFailure::superseded);
    EXPECT_EQ(ended, Lines{});
    commands.on_sent(2);
    EXPECT_EQ(ended, (Lines{"mute: done"}));
    commands.voice().saw({.server_id = server, .channel_id = room, .endpoint = {}, .token = {}});
    EXPECT_EQ(ended.back(), "join: done");
}

TEST_F(CommandsTest, leaving_and_moving_replace_a_join) {
    join("first");
    join("second", server, ChannelId{51});
    EXPECT_EQ(ended, (Lines{"first: ReplacedError"}));
    commands.voice().leave(server, reply<Done>("leave"));
    EXPECT_EQ(ended.back(), "second: ReplacedError");
    EXPECT_EQ(sent.back(), R"(3 {"server_id":"5","channel_id":null,"self_mute":false,"self_deaf":false})");
    commands.on_sent(3);
    EXPECT_EQ(ended.back(), "leave: done");
    EXPECT_FALSE(commands.voice().wants());
}

TEST_F(CommandsTest, moves_by_the_server_are_remembered) {
    join("join");
    commands.on_sent(1);
    commands.voice().saw({.server_id = server, .channel_id = room, .endpoint = {}, .token = {}});
    commands.voice().saw_own({.user_id = {1}, .server_id = server, .channel_id = ChannelId{52}});
    commands.voice().mute(server, true, false, reply<Done>("mute"));
    EXPECT_EQ(sent.back(), R"(2 {"server_id":"5","channel_id":"52","self_mute":true,"self_deaf":false})");
    commands.on_sent(2);
    commands.voice().saw_own({.user_id = {1}, .server_id = server});
    commands.voice().mute(server, true, false, reply<Done>("too late"));
    EXPECT_EQ(ended.back(), "too late: UsageError");
}

TEST_F(CommandsTest, an_offer_ends_with_the_answer_to_it) {
    EXPECT_EQ(commands.offers().saw_answer("to nothing"), std::nullopt);
    offer("one");
    EXPECT_EQ(sent, (Lines{R"(1 {"type":"offer","sdp":"one"})"}));
    EXPECT_TRUE(commands.offers().wants());
    EXPECT_EQ(commands.offers().saw_answer("too early"), std::nullopt);
    commands.on_sent(1);
    EXPECT_EQ(commands.offers().saw_answer("sdp"), (VoicePlace{server, room}));
    EXPECT_EQ(ended, (Lines{"one: sdp"}));
    EXPECT_FALSE(commands.offers().wants());
    advance(1h);
    EXPECT_EQ(ended.size(), 1u);
}

TEST_F(CommandsTest, offers_run_one_after_the_other_because_an_answer_does_not_name_its_own) {
    offer("one");
    offer("two", other, ChannelId{60});
    commands.on_sent(1);
    EXPECT_EQ(sent.size(), 1u);
    advance(9s);
    commands.offers().saw_answer("first");
    ASSERT_EQ(sent.size(), 2u);
    commands.on_sent(2);
    advance(9s);
    EXPECT_EQ(commands.offers().saw_answer("second"), (VoicePlace{other, ChannelId{60}}));
    EXPECT_EQ(ended, (Lines{"one: first", "two: second"}));
}

TEST_F(CommandsTest, an_unanswered_offer_times_out_and_the_next_one_is_sent) {
    offer("one");
    offer("two", other);
    advance(1h);
    EXPECT_EQ(ended, Lines{}) << "the time runs from the sending";
    commands.on_sent(1);
    advance(10s);
    EXPECT_EQ(ended, (Lines{"one: TimeoutError voice offer: server 5 did not answer the offer for channel 50 within "
                            "10000 ms"}));
    EXPECT_EQ(sent.size(), 2u);
}

TEST_F(CommandsTest, leaving_and_moving_replace_an_offer) {
    join("join");
    commands.on_sent(1);
    commands.voice().saw({.server_id = server, .channel_id = room, .endpoint = {}, .token = {}});
    offer("one");
    offer("two", other);
    commands.on_sent(2);
    join("again");
    EXPECT_EQ(ended, (Lines{"join: done"})) << "the same channel";
    join("elsewhere", server, ChannelId{51});
    EXPECT_EQ(ended, (Lines{"join: done", "again: ReplacedError", "one: ReplacedError"}));
    EXPECT_EQ(commands.offers().saw_answer("to the offer that is gone"), std::nullopt);
    commands.voice().leave(other, reply<Done>("leave"));
    EXPECT_EQ(ended.back(), "two: ReplacedError");
    EXPECT_FALSE(commands.offers().wants());
}

TEST_F(CommandsTest, a_refused_offer_fails_alone) {
    offer("refused");
    offer("next", other);
    commands.on_sent(1);
    fail(1, CommandFailure::refused, 4014);
    EXPECT_EQ(ended, (Lines{"refused: VoiceError 4014"}));
    EXPECT_EQ(complaints, Lines{});
    fail(2, CommandFailure::too_large);
    EXPECT_EQ(ended.back(), "next: ConfigError");
}

TEST_F(CommandsTest, an_offer_ends_with_its_session_and_with_its_place_in_the_channel) {
    join("join");
    commands.on_sent(1);
    commands.voice().saw({.server_id = server, .channel_id = room, .endpoint = {}, .token = {}});
    offer("removed");
    commands.on_sent(2);
    commands.voice().saw_own({.user_id = {1}, .server_id = server});
    EXPECT_EQ(ended.back(), "removed: VoiceError 0");
    offer("cut");
    offer("waiting", other);
    commands.on_new_session();
    EXPECT_EQ(ended, (Lines{"join: done", "removed: VoiceError 0", "cut: NetworkError", "waiting: NetworkError"}));
}

TEST_F(CommandsTest, offers_are_bounded) {
    for (int i = 0; i < 1'000; ++i)
        offer("kept");
    offer("refused");
    EXPECT_EQ(ended, (Lines{"refused: NetworkError"}));
}

TEST_F(CommandsTest, the_channel_is_known_while_there_is_only_one) {
    EXPECT_EQ(commands.voice().only_channel(), std::nullopt);
    join("join");
    EXPECT_EQ(commands.voice().only_channel(), (VoicePlace{server, room}));
    join("second", other, ChannelId{60});
    EXPECT_EQ(commands.voice().only_channel(), std::nullopt);
    commands.voice().leave(server, reply<Done>("leave"));
    EXPECT_EQ(commands.voice().only_channel(), (VoicePlace{other, ChannelId{60}}));
}

TEST_F(CommandsTest, a_stop_ends_everything_once_and_for_all) {
    ask_members("members");
    ask_members("next");
    join("join");
    offer("offer");
    commands.on_sent(1);
    commands.on_stopped({session::StopReason::by_user, 0, "stopped"});
    EXPECT_EQ(ended, (Lines{"join: CancelledError", "offer: CancelledError", "members: CancelledError",
                            "next: CancelledError"}));
    ended.clear();
    ask_members("after");
    join("after too");
    commands.presence({.status = "idle"}, reply<Done>("and this"));
    EXPECT_EQ(ended, (Lines{"after: CancelledError", "after too: CancelledError", "and this: CancelledError"}));
    EXPECT_EQ(sent.size(), 3u);
}

}  // namespace
}  // namespace intent::client::commands_test
