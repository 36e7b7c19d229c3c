#include "session/backoff.hpp"

#include <gtest/gtest.h>

#include <set>

namespace intent::session::backoff_test {
namespace {

TEST(Backoff, doubles_from_one_second_to_thirty_with_25_percent_jitter) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        text::Random random(seed);
        Backoff backoff(Schedule{});
        for (const int base : {1'000, 2'000, 4'000, 8'000, 16'000, 30'000, 30'000, 30'000}) {
            const Duration delay = backoff.next(random);
            EXPECT_GE(delay.count(), base * 3 / 4);
            EXPECT_LE(delay.count(), base * 5 / 4);
        }
    }
}

TEST(Backoff, spreads_many_clients_over_the_whole_range) {
    int early = 0;
    int late = 0;
    for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
        text::Random random(seed);
        const auto delay = Backoff(Schedule{}).next(random).count();
        early += delay < 850;
        late += delay > 1'150;
    }
    EXPECT_NEAR(early, 200, 60);
    EXPECT_NEAR(late, 200, 60);
}

TEST(Backoff, a_reset_restarts_at_one_second) {
    text::Random random(1);
    Backoff backoff(Schedule{});
    for (int i = 0; i < 6; ++i)
        backoff.next(random);
    backoff.reset();
    EXPECT_LE(backoff.next(random), Duration(1'250));
}

}  // namespace
}  // namespace intent::session::backoff_test
