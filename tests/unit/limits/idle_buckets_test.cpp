// Buckets without requests are evicted when that loses nothing.
#include "tests/support/limits_script.hpp"

#include <gtest/gtest.h>

#include <string>

namespace intent::inline v0::limits::sim::idle_buckets_test {
namespace {

/// Lets time pass while another route is in use: each request may evict idle buckets.
void pass_with_traffic(Script& script, Duration duration) {
    for (const Time end = script.now + duration; script.now < end; script.pass(1s)) {
        const auto id = 1'000'000 + static_cast<RequestId>(script.now.time_since_epoch().count());
        script.submit(id, "GET /users/@me");
        script.answer(id, 200);
    }
}

TEST(IdleBuckets, a_bucket_is_evicted_after_its_window_and_two_idle_minutes) {
    Script script;
    for (RequestId id = 1; id <= 50; ++id) {
        const auto path = "/channels/" + std::to_string(id) + "/messages";
        script.submit(2 * id, "POST " + path);
        script.answer(2 * id, 200, script.limits(5, 4, 5s, "ch:" + std::to_string(id)));
        script.submit(2 * id + 1, "PATCH " + path + "/1");  // two routes in one bucket
        script.answer(2 * id + 1, 200, script.limits(5, 3, 5s, "ch:" + std::to_string(id)));
        script.pass(100ms);  // the token's own limit
    }
    EXPECT_EQ(script.limiter.bucket_count(), 50u);
    pass_with_traffic(script, 110s);
    EXPECT_EQ(script.limiter.bucket_count(), 51u);
    pass_with_traffic(script, 60s);
    EXPECT_EQ(script.limiter.bucket_count(), 1u);
}

TEST(IdleBuckets, a_used_up_bucket_stays_until_its_window_ends) {
    Script script;
    script.submit(1, "POST /servers");
    script.answer(1, 201, script.limits(1, 0, 600s, "servers"));
    pass_with_traffic(script, 590s);
    EXPECT_EQ(script.limiter.route_limits(script.now, "POST /servers").remaining, 0u);
    EXPECT_EQ(script.submit(2, "POST /servers"), "");
    EXPECT_EQ(script.pass(15s), "+2");
}

TEST(IdleBuckets, a_bucket_with_requests_left_is_not_unknown_again_before_it_is_evicted) {
    Script script;
    script.submit(1, "GET /servers/7");
    script.answer(1, 200, script.limits(100, 99, 60s, "server:7"));
    pass_with_traffic(script, 50s);
    EXPECT_EQ(script.submit(2, "GET /servers/7"), "+2");
    EXPECT_EQ(script.submit(3, "GET /servers/7"), "+3");
}

}  // namespace
}  // namespace intent::limits::sim::idle_buckets_test
