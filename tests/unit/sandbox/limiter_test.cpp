#include "sandbox/rest/limiter.hpp"

#include <gtest/gtest.h>

namespace intent::inline v0::sandbox::limiter_test {
namespace {

using namespace std::chrono_literals;

constexpr LimitRule five_in_five{5, 5s};
constexpr LimitRule posts{5, 5s, LimitRule::Refill::steady};

struct LimiterTest : ::testing::Test {
    LimitVerdict take(const LimitRule& rule = five_in_five, std::string_view bucket = "b",
                      std::string_view owner = "bot") {
        return limiter.take(now, owner, bucket, rule);
    }
    void spend(int count, const LimitRule& rule = five_in_five) {
        for (int i = 0; i < count; ++i)
            ASSERT_TRUE(take(rule).allowed);
    }

    Limiter limiter;
    Limiter::Time now{};
};

TEST_F(LimiterTest, a_bucket_counts_down_and_reports_its_reset) {
    const auto first = take();
    EXPECT_TRUE(first.allowed);
    EXPECT_EQ(first.limit, 5);
    EXPECT_EQ(first.remaining, 4);
    EXPECT_EQ(first.reset, 5000ms);
    now += 2s;
    const auto second = take();
    EXPECT_EQ(second.remaining, 3);
    EXPECT_EQ(second.reset, 3000ms);
}

TEST_F(LimiterTest, a_fixed_window_starts_with_its_first_request_and_refills_completely) {
    spend(1);
    now += 4s;
    spend(4);
    const auto refused = take();
    EXPECT_FALSE(refused.allowed);
    EXPECT_FALSE(refused.global);
    EXPECT_EQ(refused.remaining, 0);
    EXPECT_EQ(refused.retry_after, 1000ms);
    now += 999ms;
    EXPECT_FALSE(take().allowed);
    now += 1ms;
    const auto after = take();
    EXPECT_TRUE(after.allowed);
    EXPECT_EQ(after.remaining, 4);
}

TEST_F(LimiterTest, posts_refill_one_per_second_after_the_burst) {
    spend(5, posts);
    const auto refused = take(posts);
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.retry_after, 1000ms);
    EXPECT_EQ(refused.reset, 5000ms);
    now += 1s;
    EXPECT_EQ(take(posts).remaining, 0);
    EXPECT_FALSE(take(posts).allowed);
    now += 2500ms;
    EXPECT_EQ(take(posts).remaining, 1);
    EXPECT_TRUE(take(posts).allowed);
    EXPECT_EQ(take(posts).retry_after, 500ms);
}

TEST_F(LimiterTest, a_client_that_waits_as_reported_is_never_refused) {
    for (const auto& rule : {five_in_five, posts}) {
        for (int i = 0; i < 200; ++i) {
            const auto verdict = take(rule, rule.refill == LimitRule::Refill::steady ? "s" : "w");
            if (verdict.allowed) {
                now += 137us;
                continue;
            }
            now += verdict.retry_after;
            EXPECT_TRUE(take(rule, rule.refill == LimitRule::Refill::steady ? "s" : "w").allowed) << i;
        }
    }
}

TEST_F(LimiterTest, buckets_and_owners_are_independent) {
    spend(5);
    EXPECT_FALSE(take().allowed);
    EXPECT_TRUE(take(five_in_five, "other").allowed);
    EXPECT_TRUE(take(five_in_five, "b", "somebody else").allowed);
}

TEST_F(LimiterTest, the_global_window_slides_over_all_buckets_of_an_owner) {
    for (int i = 0; i < 25; ++i)
        ASSERT_TRUE(take({}, "").allowed);
    now += 600ms;
    for (int i = 0; i < 25; ++i)
        ASSERT_TRUE(take(five_in_five, std::to_string(i)).allowed);
    const auto refused = take(five_in_five, "fresh");
    EXPECT_FALSE(refused.allowed);
    EXPECT_TRUE(refused.global);
    EXPECT_EQ(refused.retry_after, 400ms);
    EXPECT_TRUE(take({}, "", "somebody else").allowed);
    now += 400ms;
    // The refused request took nothing from its bucket.
    EXPECT_EQ(take(five_in_five, "fresh").remaining, 4);
}

TEST_F(LimiterTest, a_request_refused_by_its_bucket_does_not_count_globally) {
    spend(5);
    for (int i = 0; i < 100; ++i)
        EXPECT_FALSE(take().global);
    EXPECT_EQ(take({}, "").remaining, 44);
}

TEST_F(LimiterTest, a_route_without_a_bucket_reports_the_global_limit) {
    const auto verdict = take({}, "");
    EXPECT_EQ(verdict.limit, 50);
    EXPECT_EQ(verdict.remaining, 49);
    EXPECT_FALSE(verdict.global);
}

TEST_F(LimiterTest, two_limits_on_the_same_requests_both_apply) {
    const LimitRule both{.limit = 5, .window = 2s, .long_limit = 12, .long_window = 60s};
    for (int window = 0; window < 2; ++window) {
        spend(5, both);
        const auto refused = take(both);
        EXPECT_EQ(refused.limit, 5);
        EXPECT_EQ(refused.retry_after, 2000ms);
        now += 2s;
    }
    EXPECT_EQ(take(both).remaining, 1) << "of the 12, which are nearer to their end than the 5";
    EXPECT_TRUE(take(both).allowed);
    const auto refused = take(both);
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.limit, 12);
    EXPECT_EQ(refused.retry_after, 56s);
    now += 56s;
    EXPECT_EQ(take(both).limit, 5);
}

TEST_F(LimiterTest, idle_buckets_are_forgotten) {
    for (int i = 0; i < 20'000; ++i) {
        take(five_in_five, std::to_string(i), std::to_string(i));
        now += 10ms;
    }
    EXPECT_LT(limiter.size(), 3000u);
}

}  // namespace
}  // namespace intent::sandbox::limiter_test
