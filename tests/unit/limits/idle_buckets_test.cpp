// What is still known of a bucket that nobody has used for a while.
#include "tests/support/limits_script.hpp"

#include <gtest/gtest.h>

#include <string>

namespace intent::limits::sim::idle_buckets_test {
namespace {

constexpr const char* get_server = "GET /servers/7";

/// Time for idle buckets to be made small, while other routes are in use.
void let_rest(Script& script) {
    for (Ticket ticket = 1001; ticket <= 1004; ++ticket) {
        script.pass(1s);
        script.submit(ticket, "GET /somewhere/" + std::to_string(ticket));
        script.answer(ticket, 200);
    }
}

TEST(IdleBuckets, one_that_is_used_up_stays_so_until_its_window_ends) {
    Script script;
    script.submit(1, get_server);
    script.answer(1, 200, script.limits(100, 0, 60s, "server:7"));
    let_rest(script);
    const auto limits = script.limiter.route_limits(script.now, get_server);
    EXPECT_EQ(limits.limit, 100u);
    EXPECT_EQ(limits.remaining, 0u);
    EXPECT_EQ(limits.queued, 0u);
    EXPECT_EQ(script.submit(2, get_server), "");
    EXPECT_EQ(script.limiter.route_limits(script.now, get_server).queued, 1u);
    EXPECT_EQ(script.pass(50s), "");
    EXPECT_EQ(script.pass(10s), "+2");
}

TEST(IdleBuckets, one_that_has_room_lets_several_through_at_once) {
    Script script;
    script.submit(1, get_server);
    script.answer(1, 200, script.limits(100, 99, 60s, "server:7"));
    let_rest(script);
    EXPECT_EQ(script.submit(2, get_server), "+2");
    EXPECT_EQ(script.submit(3, get_server), "+3");
}

TEST(IdleBuckets, the_server_s_name_for_one_is_known_when_another_route_turns_out_to_share_it) {
    Script script;
    script.submit(1, get_server);
    script.answer(1, 200, script.limits(100, 0, 60s, "shared"));
    let_rest(script);
    const auto before = script.limiter.bucket_count();
    EXPECT_EQ(script.submit(2, "GET /servers/7/roles"), "+2");
    script.answer(2, 200, script.limits(100, 0, 56s, "shared"));
    EXPECT_EQ(script.limiter.bucket_count(), before);
    EXPECT_EQ(script.submit(3, get_server), "");
    EXPECT_EQ(script.submit(4, "GET /servers/7/roles"), "");
    EXPECT_EQ(script.limiter.route_limits(script.now, get_server).queued, 2u);
}

TEST(IdleBuckets, a_route_of_the_same_family_finds_one_that_the_server_has_not_named) {
    Script script;
    script.submit(1, post_message);
    auto headers = script.limits(5, 0, 5s);
    std::erase_if(headers, [](const auto& header) { return header.first == "x-ratelimit-bucket"; });
    script.answer(1, 200, headers);
    let_rest(script);
    EXPECT_EQ(script.submit(2, "PATCH /channels/7/messages/9"), "") << "its common bucket is used up";
    EXPECT_EQ(script.pass(2s), "+2");
}

TEST(IdleBuckets, they_are_forgotten_whether_they_are_small_or_not) {
    Script script;
    for (Ticket ticket = 1; ticket <= 50; ++ticket) {
        const auto path = "/channels/" + std::to_string(ticket) + "/messages";
        script.submit(2 * ticket, "POST " + path);
        script.answer(2 * ticket, 200, script.limits(5, 4, 5s, "ch:" + std::to_string(ticket)));
        script.submit(2 * ticket + 1, "PATCH " + path + "/1");  // two routes in one bucket
        script.answer(2 * ticket + 1, 200, script.limits(5, 3, 5s, "ch:" + std::to_string(ticket)));
        script.pass(100ms);  // the token's own limit
    }
    EXPECT_EQ(script.limiter.bucket_count(), 50u);
    script.pass(150s);
    for (Ticket ticket = 1001; ticket <= 1100; ++ticket) {
        script.submit(ticket, get_server);
        script.answer(ticket, 200, script.limits(100, 99, 60s, "server:7"));
        script.pass(2s);
    }
    EXPECT_EQ(script.limiter.bucket_count(), 1u);
}

}  // namespace
}  // namespace intent::limits::sim::idle_buckets_test
