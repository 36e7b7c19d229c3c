#include "limits/retry_policy.hpp"

#include "text/random.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace intent::inline v0::limits::retry_policy_test {
namespace {

using namespace std::chrono_literals;

TEST(RetryPolicy, case_108_every_5xx_is_a_server_fault_and_every_other_status_but_429_final) {
    for (int status = 100; status < 1000; ++status) {
        const auto expected = status == 429                    ? Ending::rate_limited
                              : status >= 500 && status <= 599 ? Ending::server_fault
                                                               : Ending::final_answer;
        EXPECT_EQ(ending_of(status), expected) << status;
    }
}

TEST(RetryPolicy, only_post_and_unknown_methods_take_effect_twice) {
    for (const auto* method : {"GET", "HEAD", "PUT", "PATCH", "DELETE"})
        EXPECT_EQ(repeat_of(method), Repeat::harmless);
    for (const auto* method : {"POST", "", "get", "LINK"})
        EXPECT_EQ(repeat_of(method), Repeat::doubles);
}

struct Row {
    Ending ending;
    Repeat repeat;
    int retries;
};

TEST(RetryPolicy, the_number_of_retries_follows_the_table) {
    const std::vector<Row> table = {
        {Ending::final_answer, Repeat::harmless, 0}, {Ending::final_answer, Repeat::doubles, 0},
        {Ending::server_fault, Repeat::harmless, 3}, {Ending::server_fault, Repeat::doubles, 0},
        {Ending::nothing_sent, Repeat::harmless, 3}, {Ending::nothing_sent, Repeat::doubles, 3},
        {Ending::maybe_sent, Repeat::harmless, 3},   {Ending::maybe_sent, Repeat::doubles, 0},
        {Ending::unusable, Repeat::harmless, 0},     {Ending::unusable, Repeat::doubles, 0},
    };
    for (const auto& row : table) {
        for (int failures = 0; failures < 6; ++failures) {
            EXPECT_EQ(retry_delay(row.ending, row.repeat, failures, 0).has_value(), failures < row.retries);
        }
    }
}

TEST(RetryPolicy, case_108_waits_are_1_2_4_seconds_within_a_quarter) {
    text::Random random(7);
    for (int failures = 0; failures < 3; ++failures) {
        const Duration base = 1s * (1 << failures);
        auto min = Duration::max(), max = Duration::zero();
        for (int i = 0; i < 1000; ++i) {
            const auto delay = *retry_delay(Ending::server_fault, Repeat::harmless, failures, random.next());
            min = std::min(min, delay);
            max = std::max(max, delay);
        }
        EXPECT_GE(min, base * 3 / 4);
        EXPECT_LT(min, base * 77 / 100);
        EXPECT_LE(max, base * 5 / 4);
        EXPECT_GT(max, base * 123 / 100);
    }
}

TEST(RetryPolicy, the_hosts_pause_doubles_up_to_a_minute) {
    const std::vector<Duration> expected = {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s};
    for (int i = 0; i < int(expected.size()); ++i)
        EXPECT_EQ(host_delay(i), expected[std::size_t(i)]);
    EXPECT_EQ(host_delay(1'000'000), Duration(60s));
}

}  // namespace
}  // namespace intent::limits::retry_policy_test
