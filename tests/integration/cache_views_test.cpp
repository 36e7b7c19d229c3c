// Searching the caches: functions of the bot run without a lock, while events change the caches.
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace intent::cache_views_test {
namespace {

class CacheViews : public testing::Test {
protected:
    CacheViews() : client(options(sandbox)) {
        client.on([this](const ChannelsReady&) { complete.add(1); });
    }
    static ClientOptions options(const Sandbox& sandbox) {
        auto options = test::options_for(sandbox);
        options.fetch_channels = true;
        return options;
    }
    void start(int channels) {
        for (int i = 0; i < channels; ++i)
            sandbox.create_channel("alice", sandbox.server(), "channel-" + std::to_string(i));
        client.start();
        ASSERT_TRUE(complete.wait_count(1));
    }

    Sandbox sandbox;
    test::Recorder<int> complete;
    Client client;
};

TEST_F(CacheViews, find_an_entry) {
    start(100);
    const auto found = client.channels().find([](const Channel& channel) { return channel.name == "channel-77"; });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "channel-77");
    EXPECT_TRUE(found->client().alive());
    EXPECT_EQ(client.channels().find([](const Channel&) { return false; }), std::nullopt);
    EXPECT_EQ(client.messages().find([](const Message&) { return true; }), std::nullopt) << "off";
    EXPECT_TRUE(client.users().find([](const User& user) { return user.username == "bot"; }));
}

TEST_F(CacheViews, visit_every_entry) {
    start(100);
    std::map<std::string, int> visits;
    client.channels().for_each([&](const Channel& channel) { ++visits[channel.name]; });
    EXPECT_EQ(visits.size(), client.channels().size());
    EXPECT_TRUE(std::ranges::all_of(visits, [](const auto& one) { return one.second == 1; }));
    EXPECT_EQ(client.voice_states().size(), 0u);
    client.voice_states().for_each([](const raw::VoiceState&) { FAIL(); });
}

TEST_F(CacheViews, of_a_server) {
    start(3);
    const ServerId other = sandbox.create_server("alice", "Other");
    sandbox.create_channel("alice", other, "elsewhere");
    sandbox.add_member(other, "bot");
    ASSERT_TRUE(complete.wait_count(2));
    EXPECT_EQ(client.channels().of(sandbox.server()).size(), 4u);
    const auto elsewhere = client.channels().of(other);
    EXPECT_TRUE(std::ranges::any_of(elsewhere, [](const Channel& channel) { return channel.name == "elsewhere"; }));
    EXPECT_TRUE(std::ranges::all_of(elsewhere, [&](const Channel& channel) { return channel.server_id == other; }));

    client.rest().get_members(sandbox.server()).get();
    const auto known = client.rest().get_members(other).get();
    const auto members = client.members().of(other);
    EXPECT_EQ(members.size(), known.size());
    EXPECT_TRUE(std::ranges::all_of(members, [&](const Member& member) { return member.server_id == other; }));
    client.rest().create_role(sandbox.server(), NewRole("mods")).get();
    EXPECT_EQ(client.roles().of(sandbox.server()).size(), 1u);
    EXPECT_TRUE(client.roles().of(other).empty());
    EXPECT_TRUE(client.channels().of(ServerId{1}).empty());
}

TEST_F(CacheViews, let_the_function_do_anything) {
    start(40);
    std::size_t visited = 0;
    client.channels().for_each([&](const Channel& channel) {
        ++visited;
        EXPECT_EQ(client.channels().get(channel.id), channel) << "the same cache, inside the visit";
        if (visited == 1) {
            EXPECT_EQ(client.channels().all().size(), client.channels().size());
            EXPECT_TRUE(client.channels().find([&](const Channel& other) { return other == channel; }));
            client.rest().get_channel(channel.id).get();  // adds to the cache from another thread
        }
    });
    EXPECT_EQ(visited, client.channels().size());
    int calls = 0;
    EXPECT_THROW(client.channels().for_each([&](const Channel&) {
        ++calls;
        throw std::runtime_error("enough");
    }),
                 std::runtime_error);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(client.channels().size(), visited) << "the cache is not locked";
}

TEST_F(CacheViews, visit_what_stays_exactly_once_while_events_change_the_cache) {
    start(150);
    std::vector<ChannelId> stay;
    for (const auto& channel : client.channels().all())
        stay.push_back(channel.id);
    std::atomic<bool> over = false;
    std::thread changes([&] {
        const auto alice = sandbox.user("alice");
        while (!over) {
            const auto temporary = sandbox.create_channel("alice", sandbox.server(), "temporary");
            alice.remove_channel(temporary);
        }
    });
    for (int round = 0; round < 200; ++round) {
        std::map<ChannelId, int> visits;
        client.channels().for_each([&](const Channel& channel) {
            ++visits[channel.id];
            client.channels().get(stay[static_cast<std::size_t>(round) % stay.size()]);  // changes the order of use
        });
        EXPECT_TRUE(std::ranges::all_of(stay, [&](ChannelId id) { return visits[id] == 1; })) << round;
    }
    over = true;
    changes.join();
}

TEST(CacheView, of_a_destroyed_client_is_empty) {
    Sandbox sandbox;
    std::optional<CacheView<Channel, ChannelId>> view;
    {
        Client client(test::options_for(sandbox));
        client.rest().get_channel(sandbox.general()).get();
        view = client.channels();
        EXPECT_TRUE(view->find([](const Channel&) { return true; }));
    }
    EXPECT_FALSE(view->find([](const Channel&) { return true; }));
    EXPECT_TRUE(view->of(sandbox.server()).empty());
    view->for_each([](const Channel&) { FAIL(); });
}

}  // namespace
}  // namespace intent::cache_views_test
