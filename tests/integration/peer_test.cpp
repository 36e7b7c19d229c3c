// The SDK against a platform that shares no code with it: somebody else's bytes, judged by what the peer noted.
#include "tests/support/client_world.hpp"
#include "tests/support/peer_process.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace intent::peer_test {
namespace {

using test::Peer;

ClientOptions options_for(const Peer& peer) {
    ClientOptions options;
    options.token = peer.token;
    options.gateway_url = peer.gateway;
    options.rest_url = peer.rest;
    options.log = nullptr;
    return options;
}

std::vector<std::string> numbers(int from, int to) {
    std::vector<std::string> list;
    for (int i = from; i <= to; ++i)
        list.push_back("number " + std::to_string(i));
    list.emplace_back("the end");
    return list;
}

/// A client at a peer that plays a script, until its end.
class Play {
public:
    explicit Play(std::vector<std::string> arguments) : peer(std::move(arguments)), client(options_for(peer)) {}

    /// False if the script's end does not come.
    bool to_the_end() {
        client.start();
        return diary.messages().wait_contains("the end");
    }

    /// Stops the client and checks how the peer saw it go.
    void expect_clean_stop() {
        const auto before = peer.records("close").size();
        client.stop();
        ASSERT_TRUE(peer.wait_records("close", before + 1));
        EXPECT_EQ(Peer::number(peer.records("close").back(), "code"), 1000);
    }

    Peer peer;
    Client client;
    test::Diary diary{client};
};

TEST(ForeignPeer, identify_and_heartbeat_follow_the_protocol) {
    Play play({"--heartbeat-interval", "100"});
    play.client.start();
    ASSERT_TRUE(play.diary.wait_ready());
    ASSERT_TRUE(play.peer.wait_records("frame", 3, 1));
    const auto frames = play.peer.records("frame");
    const auto& identify = frames.at(0);
    EXPECT_EQ(Peer::number(identify, "op"), 2);
    const auto& data = identify.at("d").as_object();
    EXPECT_EQ(Peer::text(data, "token"), play.peer.token);
    EXPECT_FALSE(data.contains("intents"));
    EXPECT_TRUE(data.contains("properties"));
    EXPECT_EQ(Peer::text(frames.at(1), "hex"), "82a26f7001a164c0");
    EXPECT_EQ(play.peer.records("frame", 2).size(), 1u);

    play.peer.tell(R"({"op":1,"d":null})");
    play.peer.tell(R"({"ping":true})");
    EXPECT_TRUE(play.peer.wait_records("pong", 1));
    play.peer.tell(R"({"dispatch":"MESSAGE_DELETE","d":{"id":"1","channel_id":"2"}})");
    const auto seen_sequence = [&] {
        const auto beats = play.peer.records("frame", 1);
        return std::ranges::any_of(beats, [](const auto& beat) { return beat.at("d") == 1; });
    };
    EXPECT_TRUE(test::eventually(seen_sequence));
    EXPECT_EQ(play.diary.errors().count(), 0u);
    play.expect_clean_stop();
}

TEST(ForeignPeer, intents_are_sent_if_set_even_to_0) {
    const Peer peer({"--lifecycle", "newer"});
    for (const std::uint32_t intents : {0u, 0x7fu}) {
        auto options = options_for(peer);
        options.intents = intents;
        Client client(options);
        test::Diary diary(client);
        client.start();
        ASSERT_TRUE(diary.wait_ready());
        client.stop();
        EXPECT_EQ(peer.records("frame", 2).back().at("d").as_object().at("intents"), intents);
    }
}

TEST(ForeignPeer, case_037_041_043_events_in_every_shape_are_read) {
    for (const char* lifecycle : {"today", "newer"}) {
        SCOPED_TRACE(lifecycle);
        Play play({"--script", "events", "--lifecycle", lifecycle});
        test::Recorder<std::string> seen;
        auto& client = play.client;
        client.on([&](const MessageCreate& event) {
            const auto& message = event.message;
            if (message.content != "written wide" && message.attachments.empty()) return;
            seen.add(message.content + " " + message.id.str() + " " + message.author.username +
                     (message.webhook_id ? " by webhook " + message.webhook_id->str() : ""));
            if (!message.attachments.empty()) seen.add("attachment " + std::to_string(message.attachments[0].size));
            if (!message.embeds.empty()) seen.add("embed " + message.embeds[0].title.value_or("none"));
        });
        client.on([&](const MessageUpdate& event) {
            seen.add("update " + format_timestamp(event.message.created_at) + " " +
                     event.message.author.avatar_url.value_or("none") + (event.message.edited_at ? " edited" : ""));
        });
        client.on([&](const ServerCreate& event) { seen.add("server " + event.server.name); });
        client.on([&](const ServerDelete& event) {
            seen.add("server gone " + (event.server ? event.server->name : std::string("unknown")));
        });
        client.on([&](const ChannelCreate& event) {
            seen.add("channel of type " + std::to_string(static_cast<int>(event.channel.type)));
        });
        client.on([&](const MessageDelete& event) { seen.add("delete " + event.id.str()); });
        client.on([&](const RawEvent& event) {
            if (event.name == "POLL_CLOSED") seen.add(event.json());
        });
        ASSERT_TRUE(play.to_the_end());
        play.expect_clean_stop();

        EXPECT_EQ(play.diary.messages().all(),
                  (std::vector<std::string>{"wrapped", "flat", "rich \U0001F389", "written wide", "the end"}));
        ASSERT_EQ(play.diary.errors().count(), 1u);
        const auto error = play.diary.errors().all().front();
        EXPECT_NE(error.find("message.author"), std::string::npos) << error;
        EXPECT_TRUE(seen.wait_contains("update 2024-01-15T12:00:00.123456Z https://example.invalid/a.png edited"));
        EXPECT_TRUE(seen.wait_contains("attachment 12345678901"));
        EXPECT_TRUE(seen.wait_contains("embed title"));
        EXPECT_TRUE(seen.wait_contains("written wide 18446744073709551615 alice"));
        EXPECT_TRUE(seen.wait_contains("server Second"));
        EXPECT_TRUE(seen.wait_contains("server gone Second"));
        EXPECT_TRUE(seen.wait_contains("channel of type 13"));
        EXPECT_TRUE(seen.wait_contains("delete 4999"));
        const auto json = seen.wait_value([](const auto& line) { return line.starts_with("{"); });
        ASSERT_TRUE(json);
        EXPECT_NE(json->find(R"("nested":[{"deep":{"deeper":[null,true]}}])"), std::string::npos) << *json;
        EXPECT_EQ(play.diary.life().all().size(), 2u);  // ready, and the disconnect at the stop
    }
}

/// Scripts that break the connection; each is played to its end once, with what must have come of it.
struct Broken {
    const char* script;
    std::vector<std::string> messages;
    std::vector<std::string> life;
    std::size_t identifies = 1;
    std::size_t resumes = 1;
    int code = 1006;  // how the first connection ended
    std::vector<std::string> more = {};

    friend std::ostream& operator<<(std::ostream& out, const Broken& broken) { return out << broken.script; }
};

class BrokenConnection : public testing::TestWithParam<Broken> {};

TEST_P(BrokenConnection, case_023_026_045_055_059_069_is_repaired) {
    const auto& expected = GetParam();
    std::vector<std::string> arguments{"--script", expected.script, "--lifecycle", "newer"};
    arguments.insert(arguments.end(), expected.more.begin(), expected.more.end());
    Play play(arguments);
    ASSERT_TRUE(play.to_the_end());
    play.expect_clean_stop();
    EXPECT_EQ(play.diary.messages().all(), expected.messages);
    auto life = play.diary.life().all();
    life.pop_back();  // the disconnect at the stop
    EXPECT_EQ(life, expected.life);
    EXPECT_EQ(play.peer.records("frame", 2).size(), expected.identifies);
    EXPECT_EQ(play.peer.records("frame", 5).size(), expected.resumes);
    EXPECT_EQ(Peer::number(play.peer.records("close").front(), "code"), expected.code);
    EXPECT_EQ(play.diary.errors().count(), 0u);

    // At most one Identify or Resume in 5 s, and nothing after a close of ours (protocol §5).
    std::vector<std::int64_t> openings;
    for (const auto& frame : play.peer.records("frame")) {
        const auto op = Peer::number(frame, "op");
        if (op == 2 || op == 5) openings.push_back(Peer::number(frame, "at"));
    }
    for (std::size_t i = 1; i < openings.size(); ++i)
        EXPECT_GE(openings[i] - openings[i - 1], 4900);
}

INSTANTIATE_TEST_SUITE_P(
    ForeignPeer, BrokenConnection,
    testing::Values(
        Broken{"resume", numbers(1, 10), {"ready peer_bot", "disconnect 1006 resumable", "reconnecting 1", "resumed"}},
        Broken{"invalid_session",
               {"number 1", "number 2", "number 3", "number 4", "number 5", "the end"},
               {"ready peer_bot", "disconnect 1006 resumable", "reconnecting 1", "disconnect 4000", "reconnecting 2",
                "ready peer_bot", "gap"},
               2},
        Broken{"reconnect",
               numbers(1, 10),
               {"ready peer_bot", "disconnect 4000 resumable", "reconnecting 1", "resumed"},
               1,
               1,
               4000},
        Broken{"silent_acks",
               {"the end"},
               {"ready peer_bot", "disconnect 1006 resumable", "reconnecting 1", "resumed"},
               1,
               1,
               1006,
               {"--heartbeat-interval", "150"}},
        Broken{"close",
               numbers(1, 10),
               {"ready peer_bot", "disconnect 4008 resumable", "reconnecting 1", "resumed"},
               1,
               1,
               4008,
               {"--code", "4008"}}),
    [](const auto& row) { return std::string(row.param.script); });

TEST(ForeignPeer, a_ready_of_three_mebibytes_is_accepted) {
    Play play({"--script", "large_ready"});
    ASSERT_TRUE(play.to_the_end());
    EXPECT_EQ(play.client.servers().size(), 3000u);
    play.expect_clean_stop();
}

TEST(ForeignPeer, calls_and_errors_of_its_api_are_understood) {
    for (const char* lists : {"plain", "wrapped"}) {
        SCOPED_TRACE(lists);
        Play play({"--lists", lists});
        play.client.start();
        ASSERT_TRUE(play.diary.wait_ready());
        auto& rest = play.client.rest();
        EXPECT_EQ(rest.get_current_user().get().username, "peer_bot");
        const auto servers = rest.get_servers().get();
        ASSERT_EQ(servers.size(), 1u);
        const auto channels = servers[0].channels().get();
        ASSERT_EQ(channels.size(), 1u);
        const auto& channel = channels[0];
        const Message made = channel.send(MessageBody("hello \U0001F389").embed(Embed().title("t"))).get();
        EXPECT_EQ(made.content, "hello \U0001F389");
        EXPECT_EQ(made.embeds.at(0).title, "t");
        EXPECT_EQ(made.edit("changed").get().content, "changed");
        EXPECT_EQ(channel.messages(PageOptions().limit(5)).get().at(0).content, "changed");
        made.remove().get();
        try {
            rest.get_message(channel.id, made.id).get();
            ADD_FAILURE() << "no error";
        } catch (const NotFoundError& error) {
            EXPECT_EQ(error.code(), "NOT_FOUND");
            EXPECT_EQ(error.server_message(), "Not found");
        }
        EXPECT_TRUE(play.diary.messages().wait_contains("hello \U0001F389"));
        const auto request = play.peer.records("request").at(0);
        EXPECT_EQ(Peer::text(request, "authorization"), "Bearer " + play.peer.token);
        EXPECT_EQ(Peer::text(request, "agent").rfind("intent-cpp/", 0), 0u);
        play.expect_clean_stop();
    }
}

TEST(ForeignPeer, a_burst_earns_no_429) {
    Play play({});
    play.client.start();
    ASSERT_TRUE(play.diary.wait_ready());
    std::vector<task<Message>> sending;
    std::vector<std::string> sent;
    for (int i = 0; i < 8; ++i) {
        sent.push_back("number " + std::to_string(i));
        sending.push_back(play.client.rest().create_message(ChannelId{play.peer.channel}, sent.back()));
    }
    for (auto& one : sending)
        one.get();
    ASSERT_TRUE(play.diary.messages().wait_count(sent.size()));
    EXPECT_EQ(play.diary.messages().all(), sent);
    for (const auto& request : play.peer.records("request"))
        EXPECT_NE(Peer::number(request, "status"), 429);
}

}  // namespace
}  // namespace intent::peer_test
