// What fills and empties the caches: fetched channels, events, answers; and what is looked up in them.
#include "tests/support/client_world.hpp"
#include "tests/support/scripted_gateway.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace intent::caches_test {
namespace {

using namespace std::chrono_literals;

/// A client of a sandbox, with the times that its caches were complete.
struct World {
    explicit World(const std::function<void(ClientOptions&)>& change = {}) : client(options(change)), diary(client) {
        client.on([this](const ChannelsReady& event) { complete.add(event); });
    }
    ClientOptions options(const std::function<void(ClientOptions&)>& change) const {
        auto options = test::options_for(sandbox);
        options.fetch_channels = true;
        if (change) change(options);
        return options;
    }
    /// Requests for the channels of a server so far.
    std::size_t fetches() const {
        const auto entries = sandbox.journal();
        return static_cast<std::size_t>(std::ranges::count_if(entries, [](const sandbox::Entry& entry) {
            return entry.kind == "request" && entry.method == "GET" && entry.path.starts_with("/servers/") &&
                   entry.path.ends_with("/channels");
        }));
    }
    ServerId join_new_server(const std::string& name) {
        const ServerId server = sandbox.create_server("alice", name);
        sandbox.create_channel("alice", server, "first");
        sandbox.create_channel("alice", server, "second");
        sandbox.add_member(server, "bot");
        return server;
    }

    Sandbox sandbox;
    test::Recorder<ChannelsReady> complete;
    Client client;
    test::Diary diary;
};

TEST(Caches, after_ready_the_channels_of_every_server_are_cached) {
    World world;
    for (int i = 0; i < 5; ++i)
        world.join_new_server("Server " + std::to_string(i));
    std::vector<std::string> order;
    world.client.on([&](const Ready&) { order.emplace_back("ready"); });
    world.client.on([&](const ChannelsReady&) { order.emplace_back("channels"); });
    world.client.start();
    ASSERT_TRUE(world.complete.wait_count(1));
    const ChannelsReady event = world.complete.all().front();
    EXPECT_EQ(event.servers, 6u);
    EXPECT_TRUE(event.failed.empty());
    EXPECT_EQ(world.fetches(), 6u) << "one request for each server";
    EXPECT_GE(world.client.channels().size(), 11u);
    EXPECT_EQ(world.client.channels().get(world.sandbox.general())->name, "general");
    world.client.stop();
    EXPECT_EQ(order, (std::vector<std::string>{"ready", "channels"}));
}

TEST(Caches, a_new_server_is_fetched_a_resumed_session_is_not_and_a_new_session_is) {
    World world;
    world.client.start();
    ASSERT_TRUE(world.complete.wait_count(1));
    world.join_new_server("New");
    ASSERT_TRUE(world.complete.wait_count(2));
    EXPECT_EQ(world.complete.all().back().servers, 1u);
    EXPECT_EQ(world.fetches(), 2u);

    world.sandbox.drop_connections();
    ASSERT_TRUE(world.diary.life().wait_contains("resumed"));
    world.sandbox.say("alice", world.sandbox.general(), "after");
    ASSERT_TRUE(world.diary.messages().wait_contains("after"));
    EXPECT_EQ(world.fetches(), 2u);
    EXPECT_GE(world.client.channels().size(), 3u);

    world.sandbox.drop_connections();
    world.sandbox.forget_sessions();
    ASSERT_TRUE(world.complete.wait_count(3));
    EXPECT_EQ(world.complete.all().back().servers, 2u);
    EXPECT_EQ(world.fetches(), 4u);
}

TEST(Caches, what_a_gap_lost_can_be_fetched_channel_by_channel) {
    World world;
    test::Recorder<std::string> found;
    Client& client = world.client;
    client.on([&client, &found](Gap) -> task<> {
        co_await client.wait_for<ChannelsReady>([](const ChannelsReady&) { return true; }, 30s);
        for (const Channel& channel : client.channels().all()) {
            const auto missed = co_await channel.messages(PageOptions{}.limit(20));
            for (const Message& message : missed)
                found.add(channel.name + ": " + message.content);
        }
        found.add("end");
    });
    client.start();
    ASSERT_TRUE(world.complete.wait_count(1));
    const ServerId server = world.join_new_server("New");
    ASSERT_TRUE(world.complete.wait_count(2));
    world.sandbox.drop_connections();
    world.sandbox.forget_sessions();
    const ChannelId meanwhile = world.sandbox.create_channel("alice", server, "meanwhile");
    world.sandbox.say("alice", world.sandbox.general(), "missed");
    world.sandbox.say("alice", meanwhile, "missed as well");
    ASSERT_TRUE(found.wait_contains("end"));
    EXPECT_TRUE(found.wait_contains("general: missed"));
    EXPECT_TRUE(found.wait_contains("meanwhile: missed as well"));
    EXPECT_EQ(world.diary.errors().count(), 0u);
}

TEST(Caches, channels_of_the_last_session_stay_until_those_of_the_new_one_are_fetched) {
    World world;
    test::Recorder<std::size_t> at_gap;
    world.client.on([&](const Gap&) { at_gap.add(world.client.channels().size()); });
    world.client.start();
    ASSERT_TRUE(world.complete.wait_count(1));
    const auto before = world.client.channels().size();
    world.sandbox.drop_connections();
    world.sandbox.forget_sessions();
    ASSERT_TRUE(at_gap.wait_count(1));
    EXPECT_EQ(at_gap.all().front(), before);
}

TEST(Caches, case_151_servers_that_refuse_are_reported_and_the_others_are_complete) {
    World world;
    const ServerId refused = world.join_new_server("Refused");
    world.join_new_server("Open");
    world.sandbox.fault(sandbox::fault::status(403).path("/servers/" + refused.str() + "/channels").always());
    world.client.start();
    ASSERT_TRUE(world.complete.wait_count(1));
    const ChannelsReady event = world.complete.all().front();
    EXPECT_EQ(event.servers, 2u);
    EXPECT_EQ(event.failed, std::vector<ServerId>{refused});
    EXPECT_NE(event.error.find("403"), std::string::npos) << event.error;
    EXPECT_EQ(world.diary.errors().count(), 0u);
}

TEST(Caches, case_151_a_refused_token_ends_the_fetch_quietly) {
    World world;
    for (int i = 0; i < 9; ++i)
        world.join_new_server("Server " + std::to_string(i));
    world.sandbox.fault(sandbox::fault::status(401).path("/servers/*/channels").always());
    world.client.start();
    ASSERT_TRUE(world.complete.wait_count(1));
    EXPECT_EQ(world.complete.all().front().failed.size(), 10u);
    EXPECT_LE(world.fetches(), 4u);
    EXPECT_EQ(world.diary.errors().count(), 0u);
}

TEST(Caches, case_151_a_stop_ends_the_fetch_quietly) {
    World world;
    world.join_new_server("Other");
    world.sandbox.fault(sandbox::fault::stall().path("/servers/*/channels").always());
    world.client.start();
    ASSERT_TRUE(world.diary.wait_ready());
    ASSERT_TRUE(test::eventually([&] { return world.sandbox.journal().size() > 2; }));
    world.client.stop();
    EXPECT_EQ(world.complete.count(), 0u);
    EXPECT_EQ(world.diary.errors().count(), 0u);
}

TEST(Caches, nothing_is_fetched_if_disabled_or_if_the_cache_is_off) {
    for (const bool by_option : {true, false}) {
        World world([&](ClientOptions& options) {
            if (by_option)
                options.fetch_channels = false;
            else
                options.caches.channels = 0;
        });
        world.client.start();
        ASSERT_TRUE(world.diary.wait_ready());
        world.join_new_server("New");
        world.sandbox.say("alice", world.sandbox.general(), "the end");
        ASSERT_TRUE(world.diary.messages().wait_contains("the end"));
        world.client.rest().get_servers().get();
        EXPECT_EQ(world.fetches(), 0u);
        EXPECT_EQ(world.complete.count(), 0u);
    }
}

TEST(Caches, cached_objects_are_looked_up_and_others_are_requested) {
    World world;
    Client& client = world.client;
    client.start();
    ASSERT_TRUE(world.complete.wait_count(1));
    const auto sent = world.sandbox.requests();
    EXPECT_EQ(client.channel(world.sandbox.general()).get().name, "general");
    EXPECT_EQ(client.server(world.sandbox.server()).get().name, "Sandbox");
    EXPECT_EQ(world.sandbox.requests(), sent) << "both are in the caches";

    const UserId alice = world.sandbox.user_id("alice");
    EXPECT_EQ(client.member(world.sandbox.server(), alice).get().user.username, "alice");
    EXPECT_EQ(world.sandbox.requests(), sent + 1);
    EXPECT_EQ(client.member(world.sandbox.server(), alice).get().user.username, "alice");
    EXPECT_EQ(world.sandbox.requests(), sent + 1) << "the answer has filled the cache";
    EXPECT_THROW(client.channel(ChannelId{4711}).get(), NotFoundError);

    const auto before = world.sandbox.requests();
    EXPECT_EQ(client.user(world.sandbox.user_id("bot")).get().username, "bot");
    EXPECT_EQ(world.sandbox.requests(), before) << "Ready has the bot's user";
    world.sandbox.add_user("carol");
    EXPECT_EQ(client.user(world.sandbox.user_id("carol")).get().username, "carol");
    const auto after = world.sandbox.requests();
    EXPECT_EQ(client.user(world.sandbox.user_id("carol")).get().username, "carol");
    EXPECT_EQ(world.sandbox.requests(), after) << "the answer has filled the cache";
    EXPECT_THROW(client.user(UserId{4711}).get(), NotFoundError);

    test::Recorder<std::string> places;
    client.on([&places](MessageCreate event) -> task<> {
        const Channel channel = co_await event.message.channel();
        const Server server = co_await event.message.server();
        places.add(server.name + " #" + channel.name);
    });
    world.sandbox.say("alice", world.sandbox.general(), "where am I?");
    ASSERT_TRUE(places.wait_count(1));
    EXPECT_EQ(places.all().front(), "Sandbox #general");
}

TEST(Caches, uncached_objects_are_requested_each_time) {
    World world([](ClientOptions& options) { options.caches = {.servers = 0, .channels = 0, .members = 0}; });
    world.client.start();
    ASSERT_TRUE(world.diary.wait_ready());
    const auto sent = world.sandbox.requests();
    EXPECT_EQ(world.client.channel(world.sandbox.general()).get().name, "general");
    EXPECT_EQ(world.client.server(world.sandbox.server()).get().name, "Sandbox");
    EXPECT_EQ(world.sandbox.requests(), sent + 2);
    Message of_nobody;
    EXPECT_THROW(of_nobody.channel().get(), UsageError);
    EXPECT_THROW(of_nobody.server().get(), UsageError);
}

TEST(Caches, joining_a_channel_without_voice_fails_and_keeps_the_connection) {
    World world;
    world.client.start();
    ASSERT_TRUE(world.complete.wait_count(1));
    try {
        world.client.join_voice(world.sandbox.server(), world.sandbox.general()).get();
        ADD_FAILURE();
    } catch (const ConfigError& error) {
        EXPECT_EQ(std::string(error.what()), "join_voice: channel_id: channel " + world.sandbox.general().str() +
                                                 " is a text channel (type 0); only a voice channel (type 1) can be "
                                                 "joined");
    }
    const ServerId other = world.join_new_server("Other");
    ASSERT_TRUE(world.complete.wait_count(2));
    EXPECT_THROW(world.client.join_voice(other, world.sandbox.general()).get(), ConfigError);
    world.sandbox.say("alice", world.sandbox.general(), "still here");
    ASSERT_TRUE(world.diary.messages().wait_contains("still here"));
    EXPECT_EQ(world.diary.life().all(), std::vector<std::string>{"ready bot"});
}

// ---- against a REST API whose answers the test times ----

std::string channel_json(int id, const std::string& name) {
    return R"({"id":")" + std::to_string(id) + R"(","server_id":"5","name":")" + name + R"(","type":0,"position":0})";
}

/// A gateway with server 5, whose REST answers wait until the test gives them.
struct Timed {
    Timed() {
        gateway.servers = R"([{"id":"5","name":"five","owner_id":"9"}])";
        gateway.rest = [this](const net::ServerRequest&, std::function<void(net::ServerResponse)> respond) {
            held = std::move(respond);
        };
    }
    /// Waits for the next request, sends the events, and then answers what was true before them.
    void answer(std::size_t requests, const std::string& json, const std::function<void()>& events = {}) {
        ASSERT_TRUE(gateway.requests.wait_count(requests));
        gateway.say([this, json, events] {
            if (events) events();
            gateway.dispatch("TYPING_START", R"({"channel_id":"1","user_id":"1","timestamp":1})");
        });
        ASSERT_TRUE(typing.wait_count(requests)) << "the events have arrived";
        gateway.say([this, json] { held({200, {{"content-type", "application/json"}}, json}); });
    }

    test::ScriptedGateway gateway;
    std::function<void(net::ServerResponse)> held;  // of the gateway's thread
    test::Recorder<int> typing;
};

TEST(Caches, case_150_events_during_a_fetch_are_not_overwritten_by_its_answer) {
    Timed world;
    Client client(world.gateway.options());
    client.on([&](const TypingStart&) { world.typing.add(1); });
    test::Recorder<int> complete;
    client.on([&](const ChannelsReady&) { complete.add(1); });
    client.start();
    world.answer(
        1, "[" + channel_json(1, "old") + "," + channel_json(2, "deleted") + "," + channel_json(3, "same") + "]", [&] {
            world.gateway.dispatch("CHANNEL_UPDATE", R"({"channel":)" + channel_json(1, "renamed") + "}");
            world.gateway.dispatch("CHANNEL_DELETE", R"({"channel_id":"2","server_id":"5"})");
            world.gateway.dispatch("CHANNEL_CREATE", R"({"channel":)" + channel_json(4, "created") + "}");
        });
    ASSERT_TRUE(complete.wait_count(1));
    EXPECT_EQ(client.channels().get(ChannelId{1})->name, "renamed");
    EXPECT_FALSE(client.channels().get(ChannelId{2}));
    EXPECT_EQ(client.channels().get(ChannelId{3})->name, "same");
    EXPECT_EQ(client.channels().get(ChannelId{4})->name, "created");
}

TEST(Caches, case_150_events_during_any_call_are_not_overwritten_by_its_answer) {
    Timed world;
    auto options = world.gateway.options();
    options.fetch_channels = false;
    Client client(options);
    client.on([&](const TypingStart&) { world.typing.add(1); });
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    auto channel = client.rest().get_channel(ChannelId{1});
    world.answer(1, channel_json(1, "old"),
                 [&] { world.gateway.dispatch("CHANNEL_DELETE", R"({"channel_id":"1","server_id":"5"})"); });
    EXPECT_EQ(channel.get().name, "old") << "the call ends with what was answered";
    EXPECT_FALSE(client.channels().get(ChannelId{1})) << "the cache knows better";

    auto members = client.rest().get_members(ServerId{5});
    world.answer(2, R"([{"server_id":"5","user":{"id":"7","username":"gone"},"joined_at":"2024-01-15T12:00:00Z"}])",
                 [&] { world.gateway.dispatch("MEMBER_REMOVE", R"({"server_id":"5","user_id":"7"})"); });
    EXPECT_EQ(members.get().size(), 1u);
    EXPECT_EQ(client.members().size(), 0u);

    auto again = client.rest().get_channel(ChannelId{3});
    world.answer(3, channel_json(3, "of an untouched channel"));
    again.get();
    EXPECT_TRUE(client.channels().get(ChannelId{3}));
}

TEST(Caches, voice_states_follow_their_events) {
    test::ScriptedGateway gateway;
    Client client(gateway.options());
    test::Diary diary(client);
    test::Recorder<std::string> moves;
    const auto place = [](const std::optional<raw::VoiceState>& state) {
        return state && state->channel_id ? state->channel_id->str() : std::string("-");
    };
    client.on([&](const VoiceStateUpdate& event) { moves.add(place(event.before) + ">" + place(event.state)); });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto state = [&](int user, const std::string& channel, bool muted = false) {
        gateway.dispatch("VOICE_STATE_UPDATE",
                         R"({"user_id":")" + std::to_string(user) + R"(","server_id":"5","channel_id":)" + channel +
                             R"(,"session_id":"v","self_mute":)" + (muted ? "true" : "false") + "}");
    };
    gateway.say([&] {
        state(1, R"("50")");
        state(2, R"("50")");
        state(1, R"("51")", true);
        state(2, "null");
        state(3, R"("52")");
        state(4, R"("53")");
    });
    ASSERT_TRUE(moves.wait_count(6));
    EXPECT_EQ(moves.all(), (std::vector<std::string>{"->50", "->50", "50>51", "50>-", "->52", "->53"}));
    EXPECT_EQ(client.voice_states().size(), 3u);
    const auto one = client.voice_states().get({ServerId{5}, UserId{1}});
    ASSERT_TRUE(one);
    EXPECT_EQ(one->channel_id, ChannelId{51});
    EXPECT_EQ(one->user_id, UserId{1});
    EXPECT_TRUE(one->self_mute);
    EXPECT_EQ(one->session_id, "v");
    EXPECT_FALSE(client.voice_states().get({ServerId{5}, UserId{2}}));

    gateway.say([&] {
        gateway.dispatch("CHANNEL_DELETE", R"({"channel_id":"52","server_id":"5"})");
        gateway.dispatch("MEMBER_REMOVE", R"({"server_id":"5","user_id":"4"})");
    });
    EXPECT_TRUE(test::eventually([&] { return client.voice_states().size() == 1; }));
    gateway.say([&] { gateway.dispatch("SERVER_DELETE", R"({"server_id":"5"})"); });
    EXPECT_TRUE(test::eventually([&] { return client.voice_states().size() == 0; }));
    gateway.say([&] {
        state(1, R"("50")");
        gateway.session_id = "s2";
        gateway.send_ready();
    });
    ASSERT_TRUE(diary.wait_ready(2));
    EXPECT_EQ(client.voice_states().size(), 0u) << "a new session knows nothing of them";
}

}  // namespace
}  // namespace intent::caches_test
