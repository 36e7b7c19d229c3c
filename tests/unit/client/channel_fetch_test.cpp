// Fetching the channels of every server, in virtual time and without REST.
#include "client/commands/channel_fetch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace intent::client::channel_fetch_test {
namespace {

using namespace std::chrono_literals;
using Channels = std::vector<raw::Channel>;

raw::Channel channel(std::uint64_t id, std::uint64_t server, std::string name = "c") {
    raw::Channel channel;
    channel.id = ChannelId{id};
    channel.server_id = ServerId{server};
    channel.name = std::move(name);
    return channel;
}

/// A fetch, the requests that it has made, and a clock that only this class moves.
class World {
public:
    Cache<raw::Channel> cache{1'000};
    Freshness freshness;
    std::vector<std::uint64_t> asked;  ///< servers, in order
    std::vector<ChannelsReady> complete;

    void ready(const std::vector<std::uint64_t>& ids) {
        freshness.new_session();
        std::vector<raw::Server> servers(ids.size());
        for (std::size_t i = 0; i < ids.size(); ++i)
            servers[i].id = ServerId{ids[i]};
        fetch.on_new_session(servers);
        advance(0s);
    }
    void joined(std::uint64_t server) {
        fetch.on_server(ServerId{server});
        advance(0s);
    }
    void left(std::uint64_t server) {
        freshness.gone(ServerId{server});
        cache.take_if([&](const raw::Channel& channel) { return channel.server_id.value == server; });
        fetch.on_server_gone(ServerId{server});
        advance(0s);
    }
    /// Answers the oldest open request for the server.
    void answer(std::uint64_t server, ChannelFetch::Answer answer) {
        const auto found = open.find(server);
        ASSERT_NE(found, open.end()) << "nobody asks for server " << server;
        const auto reply = std::move(found->second);
        open.erase(found);
        reply(std::move(answer));
        advance(0s);
    }
    void answer(std::uint64_t server, const Channels& channels = {}) { answer(server, ChannelFetch::Answer(channels)); }
    void event(const raw::Channel& channel) {
        freshness.changed(channel.id);
        cache.put(channel);
    }
    void deleted(std::uint64_t id) {
        freshness.changed(ChannelId{id});
        cache.take(ChannelId{id});
    }
    void advance(std::chrono::milliseconds span) {
        const auto end = now + span;
        while (!timers.empty() && timers.begin()->first <= end) {
            now = timers.begin()->first;
            const auto work = std::move(timers.begin()->second);
            timers.erase(timers.begin());
            work();
        }
        now = end;
    }
    std::string name(std::uint64_t id) {
        const auto found = cache.get(ChannelId{id});
        return found ? found->name : "-";
    }

    std::multimap<std::uint64_t, std::function<void(ChannelFetch::Answer)>> open;
    bool at_once = false;  ///< answers come before `get` returns

private:
    ChannelFetch::Port port() {
        ChannelFetch::Port port;
        port.get = [this](ServerId server, std::function<void(ChannelFetch::Answer)> reply) {
            asked.push_back(server.value);
            if (at_once) return reply(Channels{channel(server.value * 10, server.value)});
            open.emplace(server.value, std::move(reply));
        };
        port.after = [this](std::chrono::milliseconds delay, std::function<void()> work) {
            timers.emplace(now + delay, std::move(work));
        };
        port.complete = [this](ChannelsReady event) { complete.push_back(std::move(event)); };
        return port;
    }

    std::chrono::milliseconds now{};
    std::multimap<std::chrono::milliseconds, std::function<void()>> timers;

public:
    ChannelFetch fetch{port(), cache, freshness};
};

TEST(ChannelFetch, every_server_is_requested_once_and_the_end_is_reported_once) {
    World world;
    world.ready({1, 2});
    EXPECT_EQ(world.asked, (std::vector<std::uint64_t>{1, 2}));
    world.answer(1, {channel(10, 1), channel(11, 1)});
    EXPECT_TRUE(world.complete.empty());
    world.answer(2, {channel(20, 2)});
    ASSERT_EQ(world.complete.size(), 1u);
    EXPECT_EQ(world.complete[0].servers, 2u);
    EXPECT_TRUE(world.complete[0].failed.empty());
    EXPECT_EQ(world.cache.size(), 3u);
    world.advance(1h);
    EXPECT_EQ(world.complete.size(), 1u);
}

TEST(ChannelFetch, nothing_is_requested_inside_the_report_of_the_session) {
    World world;
    world.fetch.on_new_session({});
    EXPECT_TRUE(world.complete.empty());
    world.advance(0s);
    EXPECT_EQ(world.complete.size(), 1u) << "a bot without servers is complete as well";
}

TEST(ChannelFetch, at_most_four_requests_run_at_once_and_twenty_five_start_per_second) {
    World world;
    std::vector<std::uint64_t> servers;
    for (std::uint64_t id = 1; id <= 60; ++id)
        servers.push_back(id);
    world.ready(servers);
    EXPECT_EQ(world.asked.size(), ChannelFetch::at_a_time);
    std::vector<std::size_t> by_second;
    for (int second = 0; second < 3; ++second) {
        while (!world.open.empty())
            world.answer(world.open.begin()->first);
        by_second.push_back(world.asked.size());
        world.advance(1s);
    }
    EXPECT_EQ(by_second, (std::vector<std::size_t>{25, 50, 60}));
    ASSERT_EQ(world.complete.size(), 1u);
    EXPECT_EQ(world.complete[0].servers, 60u);
}

TEST(ChannelFetch, immediate_answers_do_not_nest) {
    World world;
    world.at_once = true;
    std::vector<std::uint64_t> servers;
    for (std::uint64_t id = 1; id <= 1'000; ++id)
        servers.push_back(id);
    world.ready(servers);
    world.advance(60s);
    ASSERT_EQ(world.complete.size(), 1u);
    EXPECT_EQ(world.complete[0].servers, 1'000u);
}

TEST(ChannelFetch, case_151_servers_that_fail_are_reported_and_the_others_are_complete) {
    World world;
    world.ready({1, 2, 3});
    world.answer(1, ChannelFetch::Failed{"403 missing access"});
    world.answer(2, {channel(20, 2)});
    world.answer(3, ChannelFetch::Failed{"no connection"});
    ASSERT_EQ(world.complete.size(), 1u);
    EXPECT_EQ(world.complete[0].servers, 1u);
    EXPECT_EQ(world.complete[0].failed, (std::vector<ServerId>{ServerId{1}, ServerId{3}}));
    EXPECT_EQ(world.complete[0].error, "403 missing access");
}

TEST(ChannelFetch, case_151_a_refused_token_ends_the_fetch) {
    World world;
    world.ready({1, 2, 3, 4, 5, 6, 7});
    world.answer(2, ChannelFetch::TokenRefused{"401"});
    EXPECT_EQ(world.asked.size(), 4u) << "nobody else is asked";
    ASSERT_EQ(world.complete.size(), 1u);
    EXPECT_EQ(world.complete[0].servers, 0u);
    EXPECT_EQ(world.complete[0].failed.size(), 7u);
    world.answer(1, {channel(10, 1)});  // of a request that was under way
    world.advance(1h);
    EXPECT_EQ(world.complete.size(), 1u);
}

TEST(ChannelFetch, case_151_a_stop_ends_the_fetch_silently) {
    World world;
    world.ready({1, 2, 3, 4, 5, 6, 7});
    for (const std::uint64_t server : {1, 2, 3, 4})
        world.answer(server, ChannelFetch::Stopped{});
    world.advance(1h);
    EXPECT_EQ(world.asked.size(), 4u);
    EXPECT_TRUE(world.complete.empty());
}

TEST(ChannelFetch, a_new_server_is_fetched_and_a_known_one_is_not) {
    World world;
    world.ready({1});
    world.joined(1);
    world.answer(1);
    world.joined(1);
    world.joined(2);
    EXPECT_EQ(world.asked, (std::vector<std::uint64_t>{1, 2}));
    world.answer(2, {channel(20, 2)});
    ASSERT_EQ(world.complete.size(), 2u);
    EXPECT_EQ(world.complete[1].servers, 1u);
}

TEST(ChannelFetch, a_server_that_leaves_is_skipped_and_fetched_when_it_returns) {
    World world;
    world.ready({1, 2});
    world.answer(1);
    world.left(2);
    ASSERT_EQ(world.complete.size(), 1u);
    EXPECT_TRUE(world.complete[0].failed.empty());
    world.joined(2);
    EXPECT_EQ(world.asked, (std::vector<std::uint64_t>{1, 2, 2}));
    world.answer(2, {channel(20, 2, "before it left")});
    EXPECT_EQ(world.name(20), "-") << "the first answer is older than the leave";
    world.answer(2, {channel(20, 2, "now")});
    EXPECT_EQ(world.name(20), "now");
    EXPECT_EQ(world.complete.size(), 2u);
}

TEST(ChannelFetch, case_150_events_during_a_fetch_are_not_overwritten_by_an_older_answer) {
    World world;
    world.ready({1});
    world.event(channel(10, 1, "renamed"));
    world.event(channel(11, 1, "created"));
    world.deleted(12);
    world.answer(1, {channel(10, 1, "old name"), channel(12, 1, "deleted"), channel(13, 1, "untouched")});
    EXPECT_EQ(world.name(10), "renamed");
    EXPECT_EQ(world.name(11), "created");
    EXPECT_EQ(world.name(12), "-");
    EXPECT_EQ(world.name(13), "untouched");
}

TEST(ChannelFetch, channels_of_the_last_session_stay_until_the_answer_arrives) {
    World world;
    world.cache.put(channel(10, 1, "kept"));
    world.cache.put(channel(11, 1, "deleted meanwhile"));
    world.cache.put(channel(12, 1, "renamed meanwhile"));
    world.cache.put(channel(20, 2, "of a server that failed"));
    world.cache.put(channel(30, 3, "of a server that is gone"));
    world.cache.put(channel(40, 0, "of no server"));
    world.ready({1, 2});
    EXPECT_EQ(world.cache.size(), 4u);
    EXPECT_EQ(world.name(30), "-");
    EXPECT_EQ(world.name(40), "-");
    world.answer(1, {channel(10, 1, "kept"), channel(12, 1, "new name")});
    EXPECT_EQ(world.name(10), "kept");
    EXPECT_EQ(world.name(11), "-");
    EXPECT_EQ(world.name(12), "new name");
    world.answer(2, ChannelFetch::Failed{"403"});
    EXPECT_EQ(world.name(20), "-");
}

TEST(ChannelFetch, a_new_session_starts_over_and_ignores_answers_of_the_last_one) {
    World world;
    world.ready({1, 2});
    world.ready({1, 3});
    EXPECT_EQ(world.asked, (std::vector<std::uint64_t>{1, 2, 1, 3}));
    world.answer(1, {channel(10, 1, "of the last session")});
    EXPECT_EQ(world.name(10), "-");
    world.answer(2);
    world.answer(1, {channel(10, 1, "of this session")});
    EXPECT_TRUE(world.complete.empty());
    world.answer(3);
    EXPECT_EQ(world.name(10), "of this session");
    ASSERT_EQ(world.complete.size(), 1u);
    EXPECT_EQ(world.complete[0].servers, 2u);
}

TEST(ChannelFetch, channels_of_another_server_in_an_answer_are_ignored) {
    World world;
    world.ready({1});
    world.answer(1, {channel(10, 2)});
    EXPECT_EQ(world.cache.size(), 0u);
}

}  // namespace
}  // namespace intent::client::channel_fetch_test
