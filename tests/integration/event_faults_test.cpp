// Events that are odd, repeated, poisonous or many, seen by a client's handlers and caches.
#include "codec/convert.hpp"
#include "tests/support/client_world.hpp"
#include "tests/support/raw_gateway.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace intent::event_faults_test {
namespace {

using namespace std::chrono_literals;

TEST(EventFaults, case_040_reserved_and_empty_event_names_raise_only_raw_events) {
    Sandbox sandbox;
    test::Recorder<std::string> raw;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.on([&](const RawEvent& event) { raw.add(event.name); });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const std::vector<std::string> names{"error", "disconnect", "reconnecting", "gap", "__proto__", "READY", "RESUMED"};
    for (const auto& name : names)
        sandbox.dispatch(name, R"({"message":"the name of something else"})");
    sandbox.say("alice", sandbox.general(), "the end");
    ASSERT_TRUE(raw.wait_contains("MESSAGE_CREATE"));
    ASSERT_TRUE(diary.messages().wait_contains("the end"));
    auto expected = names;
    expected.emplace_back("MESSAGE_CREATE");
    EXPECT_EQ(raw.all(), expected);
    EXPECT_EQ(diary.life().all(), std::vector<std::string>{"ready bot"});
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST(EventFaults, case_042_an_invalid_required_field_is_reported_and_an_optional_one_is_absent) {
    Sandbox sandbox;
    test::Recorder<std::uint64_t> raw;
    test::Recorder<std::string> edited;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.on([&](const RawEvent& event) { raw.add(event.seq); });
    client.on([&](const MessageCreate& event) { edited.add(event.message.edited_at ? "edited" : "never edited"); });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto send = [&](const std::string& author, const std::string& more) {
        sandbox.dispatch("MESSAGE_CREATE", R"({"message":{"id":"1","channel_id":"2","author":)" + author + more +
                                               R"(,"created_at":"2024-01-15T12:00:00Z"}})");
    };
    const std::string alice = R"({"id":"3","username":"alice"})";
    send("null", R"(,"content":"x")");
    send(alice, R"(,"content":null)");
    send(alice, R"(,"content":"good","edited_at":17.5)");
    ASSERT_TRUE(diary.messages().wait_contains("good"));
    EXPECT_EQ(diary.messages().all(), (std::vector<std::string>{"", "good"})) << "content nil is empty";
    ASSERT_EQ(diary.errors().count(), 1u);
    EXPECT_NE(diary.errors().all().front().find("message.author: expected a map, got nil"), std::string::npos)
        << diary.errors().all().front();
    ASSERT_TRUE(raw.wait_count(3));
    EXPECT_EQ(raw.all(), (std::vector<std::uint64_t>{1, 2, 3})) << "the sequence advances, raw listeners hear all";
    EXPECT_EQ(diary.life().all(), std::vector<std::string>{"ready bot"});
}

TEST(EventFaults, case_043_unknown_values_are_kept_unchanged) {
    Sandbox sandbox;
    test::Recorder<std::string> seen;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.on([&](const PresenceUpdate& event) {
        seen.add(event.status_text + (event.status == PresenceStatus::unknown ? " unknown" : " known"));
    });
    client.on([&](const ChannelCreate& event) { seen.add(std::to_string(static_cast<int>(event.channel.type))); });
    client.on([&](const VoiceSignal& event) { seen.add("voice " + event.type); });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.dispatch("PRESENCE_UPDATE", R"({"user_id":"1","status":"brb"})");
    sandbox.dispatch("CHANNEL_CREATE", R"({"id":"7","server_id":"1","name":"odd","type":13,"position":0})");
    sandbox.send_op(12, R"({"type":"x"})");
    ASSERT_TRUE(seen.wait_count(3));
    EXPECT_EQ(seen.all(), (std::vector<std::string>{"brb unknown", "13", "voice x"}));
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST(EventFaults, case_047_an_undecodable_event_is_not_replayed_after_a_cut) {
    Sandbox sandbox;
    std::atomic<int> thrown = 0;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.on([&](const MessageCreate& event) {
        if (event.message.content != "poison") return;
        ++thrown;
        throw std::runtime_error("cannot bear it");
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.dispatch("MESSAGE_CREATE", R"({"message":{"id":"1"}})");
    sandbox.say("alice", sandbox.general(), "poison");
    ASSERT_TRUE(diary.errors().wait_count(2));
    sandbox.drop_connections();
    sandbox.say("alice", sandbox.general(), "after");
    ASSERT_TRUE(diary.messages().wait_contains("after"));
    ASSERT_TRUE(diary.life().wait_contains("resumed"));
    EXPECT_EQ(diary.messages().all(), (std::vector<std::string>{"poison", "after"}));
    EXPECT_EQ(thrown, 1);
    EXPECT_EQ(diary.errors().count(), 2u);
    EXPECT_EQ(client.gauges().duplicates, 0u) << "the server was asked for nothing twice";
}

TEST(EventFaults, case_049_create_update_and_delete_of_a_message_stay_in_order_on_eight_threads) {
    Sandbox sandbox;
    auto options = test::options_for(sandbox);
    options.handler_threads = 8;
    test::Recorder<MessageId> gone;
    Client client(options);
    test::Diary diary(client);
    std::mutex mutex;
    std::map<MessageId, std::string> story;
    const auto note = [&](MessageId id, char what) {
        const std::lock_guard lock(mutex);
        story[id] += what;
    };
    client.on([&](const MessageCreate& event) { note(event.message.id, 'c'); });
    client.on([&](const MessageUpdate& event) { note(event.message.id, 'u'); });
    client.on([&](const MessageDelete& event) {
        note(event.id, 'd');
        gone.add(event.id);
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    std::vector<ChannelId> channels{sandbox.general()};
    for (int i = 0; i < 7; ++i)
        channels.push_back(sandbox.create_channel("alice", sandbox.server(), "c-" + std::to_string(i)));
    constexpr int rounds = 25;
    for (int i = 0; i < rounds; ++i) {
        for (const auto channel : channels) {
            const auto id = sandbox.say("alice", channel, "new");
            sandbox.edit("alice", channel, id, "changed");
            sandbox.remove("alice", channel, id);
        }
    }
    ASSERT_TRUE(gone.wait_count(rounds * channels.size()));
    const std::lock_guard lock(mutex);
    EXPECT_EQ(story.size(), rounds * channels.size());
    for (const auto& [id, events] : story)
        EXPECT_EQ(events, "cud") << id.str();
}

TEST(EventFaults, case_050_repeated_events_and_unknown_ids_are_normal) {
    Sandbox sandbox;
    auto options = test::options_for(sandbox);
    options.caches.messages = 100;
    test::Recorder<bool> known;
    Client client(options);
    test::Diary diary(client);
    client.on([&](const MessageDelete& event) { known.add(event.message.has_value()); });
    client.on([&](const ServerDelete& event) { known.add(event.server.has_value()); });
    client.on([&](const ChannelDelete& event) { known.add(event.channel.has_value()); });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto servers = client.servers().size();
    const auto id = sandbox.server().str();
    for (int i = 0; i < 3; ++i)
        sandbox.dispatch("SERVER_CREATE", R"({"server":{"id":")" + id + R"(","name":"Sandbox","owner_id":"1"}})");
    sandbox.dispatch("MESSAGE_DELETE", R"({"id":"4711","channel_id":"2"})");
    sandbox.dispatch("SERVER_DELETE", R"({"server_id":"4711"})");
    sandbox.dispatch("CHANNEL_DELETE", R"({"channel_id":"4711","server_id":"4711"})");
    sandbox.say("alice", sandbox.general(), "the end");
    ASSERT_TRUE(diary.messages().wait_contains("the end"));
    EXPECT_EQ(known.all(), (std::vector<bool>{false, false, false}));
    EXPECT_EQ(client.servers().size(), servers);
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST(EventFaults, case_051_a_hundred_thousand_waiters_end_once_each) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    constexpr std::size_t count = 100'000;
    std::vector<task<std::optional<MessageCreate>>> waiting;
    waiting.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const bool matches = i % 2 == 0;
        waiting.push_back(client.wait_for<MessageCreate>([matches](const auto&) { return matches; }, 1h));
    }
    sandbox.say("alice", sandbox.general(), "for half of them");
    ASSERT_TRUE(diary.messages().wait_count(1));
    for (std::size_t i = 0; i < count; i += 2)
        ASSERT_TRUE(waiting[i].get());
    client.stop();
    std::size_t cancelled = 0;
    for (std::size_t i = 1; i < count; i += 2) {
        try {
            static_cast<void>(waiting[i].get());
        } catch (const CancelledError&) {
            ++cancelled;
        }
    }
    EXPECT_EQ(cancelled, count / 2);
}

TEST(EventFaults, case_058_061_a_new_session_after_a_resume_rebuilds_the_caches) {
    std::atomic<int> connections = 0;
    const auto ready = [](const std::string& id, const std::string& servers) {
        return test::gateway_frame(codec::Opcode::ready, R"({"user":{"id":"1","username":"bot"},"servers":[)" +
                                                             servers + R"(],"session_id":")" + id +
                                                             R"(","heartbeat_interval":40000})");
    };
    const auto server = [](const std::string& id) {
        return R"({"id":")" + id + R"(","name":"server )" + id + R"(","owner_id":"5"})";
    };
    const auto channel = [](const std::string& id, const std::string& of, std::uint64_t seq) {
        return test::gateway_frame(
            codec::Opcode::dispatch,
            R"({"id":")" + id + R"(","server_id":")" + of + R"(","name":"c","type":0,"position":0})", "CHANNEL_CREATE",
            seq);
    };
    test::ScriptedPeer gateway([&](test::PeerConnection& connection) {
        const bool first = connections++ == 0;
        const auto opening = test::take_opening(connection);
        if (first) {
            connection.send(ready("s1", server("10") + "," + server("11") + "," + server("12")) +
                            channel("20", "10", 1) + channel("21", "11", 2) + channel("22", "12", 3) +
                            test::message_frame(4, "known"));
            connection.read_frame();
            connection.reset();
            return;
        }
        EXPECT_EQ(opening, codec::Opcode::resume);
        connection.send(ready("s2", server("12")) + test::message_frame(1, "from one"));
        test::serve(connection);
    });
    test::Recorder<std::string> removed;
    Client client(test::options_for(gateway.url()));
    test::Diary diary(client);
    client.on([&](const ServerDelete& event) { removed.add(event.id.str() + (event.resync ? " resync" : "")); });
    client.start();
    ASSERT_TRUE(diary.messages().wait_contains("known"));
    ASSERT_TRUE(diary.messages().wait_contains("from one")) << "a new session counts from 1";
    ASSERT_TRUE(removed.wait_count(2));
    auto gone = removed.all();
    std::sort(gone.begin(), gone.end());
    EXPECT_EQ(gone, (std::vector<std::string>{"10 resync", "11 resync"}));
    EXPECT_EQ(client.servers().size(), 1u);
    EXPECT_FALSE(client.channels().get(ChannelId{20}));
    EXPECT_FALSE(client.channels().get(ChannelId{21}));
    EXPECT_EQ(diary.life().all(), (std::vector<std::string>{"ready bot", "disconnect 1006 resumable", "reconnecting 1",
                                                            "ready bot", "gap"}));
}

TEST(EventFaults, case_057_two_cuts_in_a_replay_lose_nothing_and_repeat_nothing) {
    std::atomic<int> connections = 0;
    std::vector<std::string> openings;
    std::mutex mutex;
    test::ScriptedPeer gateway([&](test::PeerConnection& connection) {
        const int number = connections++;
        connection.accept_upgrade();
        if (const auto got = connection.read_frame()) {
            const codec::Bytes bytes(got->payload.begin(), got->payload.end());
            const auto frame = codec::peek_frame(bytes);
            const auto resume = codec::from_msgpack<raw::Resume>(frame->data);
            const std::lock_guard lock(mutex);
            openings.push_back(resume ? "resume " + std::to_string(resume->seq) : "identify");
        }
        if (number == 0) {
            connection.send(test::ready_frame(40'000) + test::message_frame(1, "1"));
        } else if (number < 3) {
            const auto from = static_cast<std::uint64_t>(number);
            connection.send(test::message_frame(from, std::to_string(from)) +
                            test::message_frame(from + 1, std::to_string(from + 1)));
        } else {
            connection.send(test::message_frame(4, "4") +
                            test::gateway_frame(codec::Opcode::dispatch, "{}", "RESUMED", 5) +
                            test::message_frame(6, "6"));
            return test::serve(connection);
        }
        connection.read_frame();  // its heartbeat: what was sent is read
        connection.reset();
    });
    Client client(test::options_for(gateway.url()));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.messages().wait_contains("6"));
    EXPECT_EQ(diary.messages().all(), (std::vector<std::string>{"1", "2", "3", "4", "6"}));
    const std::lock_guard lock(mutex);
    EXPECT_EQ(openings, (std::vector<std::string>{"identify", "resume 1", "resume 2", "resume 3"}));
}

}  // namespace
}  // namespace intent::event_faults_test
