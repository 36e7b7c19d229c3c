// Which REST answers are new enough for the caches.
#include "client/cache/freshness.hpp"

#include <gtest/gtest.h>

namespace intent::client::freshness_test {
namespace {

raw::Channel channel(std::uint64_t id, std::uint64_t server = 1) {
    raw::Channel channel;
    channel.id = ChannelId{id};
    channel.server_id = ServerId{server};
    return channel;
}

raw::Member member(std::uint64_t server, std::uint64_t user) {
    raw::Member member;
    member.server_id = ServerId{server};
    member.user.id = UserId{user};
    return member;
}

TEST(Freshness, an_answer_is_stale_for_objects_that_changed_since_its_request) {
    Freshness freshness;
    freshness.changed(ChannelId{5});
    const UnderWay request(&freshness);
    EXPECT_TRUE(freshness.fresh(channel(5), request.mark())) << "changed before";
    freshness.changed(ChannelId{5});
    EXPECT_FALSE(freshness.fresh(channel(5), request.mark()));
    EXPECT_TRUE(freshness.fresh(channel(6), request.mark()));
    const UnderWay later(&freshness);
    EXPECT_TRUE(freshness.fresh(channel(5), later.mark()));
    EXPECT_FALSE(freshness.fresh(channel(5), request.mark()));
}

TEST(Freshness, ids_of_different_kinds_are_distinct) {
    Freshness freshness;
    const UnderWay request(&freshness);
    freshness.changed(ServerId{5});
    EXPECT_TRUE(freshness.fresh(channel(5), request.mark()));
    EXPECT_TRUE(freshness.fresh(channel(6, 5), request.mark())) << "an update of a server says nothing of its channels";
    freshness.changed(MemberId{ServerId{1}, UserId{2}});
    EXPECT_FALSE(freshness.fresh(member(1, 2), request.mark()));
    EXPECT_TRUE(freshness.fresh(member(2, 1), request.mark()));
}

TEST(Freshness, everything_of_a_removed_server_is_stale) {
    Freshness freshness;
    const UnderWay request(&freshness);
    freshness.gone(ServerId{1});
    raw::Server server;
    server.id = ServerId{1};
    raw::Role role;
    role.server_id = ServerId{1};
    EXPECT_FALSE(freshness.fresh(server, request.mark()));
    EXPECT_FALSE(freshness.fresh(channel(5, 1), request.mark()));
    EXPECT_FALSE(freshness.fresh(member(1, 9), request.mark()));
    EXPECT_FALSE(freshness.fresh(role, request.mark()));
    EXPECT_TRUE(freshness.fresh(channel(5, 2), request.mark()));
    const UnderWay after_it_came_back(&freshness);
    EXPECT_TRUE(freshness.fresh(channel(5, 1), after_it_came_back.mark()));
}

TEST(Freshness, every_answer_to_an_earlier_session_is_stale) {
    Freshness freshness;
    const UnderWay request(&freshness);
    freshness.new_session();
    EXPECT_FALSE(freshness.fresh(channel(5), request.mark()));
    const UnderWay later(&freshness);
    EXPECT_TRUE(freshness.fresh(channel(5), later.mark()));
}

TEST(Freshness, changes_are_dropped_with_the_last_request_and_between_overlapping_ones) {
    Freshness freshness;
    freshness.changed(ChannelId{1});
    EXPECT_EQ(freshness.remembered(), 0u) << "no request is under way";
    auto request = std::make_unique<UnderWay>(&freshness);
    for (std::uint64_t id = 1; id <= 100'000; ++id) {
        freshness.changed(ChannelId{id});
        if (id % 100 == 0) request = std::make_unique<UnderWay>(&freshness);  // the new one begins before the old ends
    }
    EXPECT_LE(freshness.remembered(), 2'048u);
    request.reset();
    EXPECT_EQ(freshness.remembered(), 0u);
}

}  // namespace
}  // namespace intent::client::freshness_test
