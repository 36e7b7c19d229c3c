#include "client/jobs/job_queue.hpp"

#include <intent/schedule.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace intent::client::job_queue_test {
namespace {

using namespace std::chrono_literals;
using Ids = std::vector<JobQueue::Id>;

class JobQueues : public testing::Test {
protected:
    /// Both clocks advance.
    void pass(std::chrono::milliseconds time) {
        now.steady += time;
        now.wall += time;
    }
    /// Advances to the next wake-up. Returns how long that took.
    net::Duration wake() {
        const auto wait = *queue.next_wake(now) - now.steady;
        now.steady += wait;
        now.wall += std::chrono::duration_cast<std::chrono::microseconds>(wait);
        return wait;
    }
    Ids due() { return queue.take_due(now); }

    static JobQueue::Times daily(std::string_view time) {
        return detail::plan_daily(DailyTime(time, "UTC")).times->when;
    }

    JobQueue queue;
    JobQueue::Moment now{net::Time(1'000h), *parse_timestamp("2026-01-01T09:00:00Z")};
};

TEST_F(JobQueues, plan_nothing_until_they_start) {
    queue.add(1, 5min, now);
    EXPECT_EQ(queue.next_wake(now), std::nullopt);
    EXPECT_EQ(queue.next_time(1, now), std::nullopt);
    pass(1h);
    EXPECT_EQ(due(), Ids{});
    queue.start(now);
    EXPECT_EQ(queue.next_wake(now), now.steady + 5min);
    EXPECT_EQ(queue.next_time(1, now), now.wall + 5min);
    queue.stop();
    EXPECT_EQ(queue.next_wake(now), std::nullopt);
    pass(1h);
    EXPECT_EQ(due(), Ids{});
}

TEST_F(JobQueues, keep_a_period_without_drift_and_skip_missed_times) {
    queue.start(now);
    queue.add(1, 5min, now);
    pass(5min - 1ms);
    EXPECT_EQ(due(), Ids{});
    pass(1ms);
    EXPECT_EQ(due(), Ids{1});
    EXPECT_EQ(due(), Ids{}) << "an extra call";
    pass(5min + 3s);
    EXPECT_EQ(due(), Ids{1}) << "late";
    EXPECT_EQ(wake(), 5min - 3s) << "the delay does not shift the period";
    EXPECT_EQ(due(), Ids{1});
    pass(23min);
    EXPECT_EQ(due(), Ids{1}) << "once for four times";
    EXPECT_EQ(wake(), 2min);
}

TEST_F(JobQueues, return_simultaneous_jobs_in_order_and_earlier_ones_first) {
    queue.start(now);
    queue.add(1, 3min, now);
    queue.add(2, Timestamp(now.wall + 1min), now);
    queue.add(3, 2min, now);
    queue.add(4, 3min, now);
    pass(3min);
    EXPECT_EQ(due(), (Ids{2, 3, 1, 4}));
    queue.remove(1);
    queue.remove(1);
    pass(3min);
    EXPECT_EQ(due(), (Ids{3, 4}));
}

TEST_F(JobQueues, run_a_date_once_and_again_after_a_restart_unless_it_is_removed) {
    queue.start(now);
    queue.add(1, Timestamp(now.wall - 24h), now);
    queue.add(2, Timestamp::min(), now);
    queue.add(3, Timestamp::max(), now);
    EXPECT_EQ(wake(), 0s) << "a date in the past is due at once";
    EXPECT_EQ(due(), (Ids{2, 1}));
    EXPECT_EQ(queue.next_time(1, now), std::nullopt);
    pass(24h);
    EXPECT_EQ(due(), Ids{});
    queue.remove(2);
    queue.start(now);
    EXPECT_EQ(due(), Ids{1});
    EXPECT_EQ(queue.next_wake(now), now.steady + JobQueue::max_wait) << "for the distant date";
}

TEST_F(JobQueues, measure_a_delay_from_its_addition_or_the_first_start) {
    queue.add(1, detail::JobDelay{5min}, now);
    pass(1h);
    queue.start(now);
    queue.add(2, detail::JobDelay{5min}, now);
    queue.add(3, detail::JobDelay{0ms}, now);
    EXPECT_EQ(due(), Ids{3});
    EXPECT_EQ(queue.next_time(3, now), std::nullopt);
    EXPECT_EQ(queue.next_time(2, now), now.wall + 5min);
    pass(5min);
    EXPECT_EQ(due(), (Ids{1, 2}));
    EXPECT_EQ(queue.next_wake(now), std::nullopt) << "once";
}

TEST_F(JobQueues, do_not_extend_a_delay_by_a_stop) {
    queue.start(now);
    queue.add(1, detail::JobDelay{5min}, now);
    queue.add(2, detail::JobDelay{2h}, now);
    pass(2min);
    queue.stop();
    pass(1h);
    EXPECT_EQ(due(), Ids{});
    queue.start(now);
    EXPECT_EQ(due(), Ids{1});
    EXPECT_EQ(wake(), 58min);
    EXPECT_EQ(due(), Ids{2});
}

TEST_F(JobQueues, notice_within_ten_minutes_that_the_wall_clock_went_forward) {
    queue.start(now);
    queue.add(1, daily("12:00"), now);
    EXPECT_EQ(wake(), 10min);
    EXPECT_EQ(due(), Ids{});
    now.wall += 48h;  // as after two days of suspension
    EXPECT_EQ(wake(), 0s);
    EXPECT_EQ(due(), Ids{1}) << "once for two days";
    EXPECT_EQ(queue.next_time(1, now), parse_timestamp("2026-01-03T12:00:00Z"));
}

TEST_F(JobQueues, do_not_repeat_a_date_if_the_wall_clock_goes_back) {
    queue.start(now);
    queue.add(1, daily("09:05"), now);
    queue.add(2, 10min, now);
    EXPECT_EQ(wake(), 5min);
    EXPECT_EQ(due(), Ids{1});
    now.wall -= 10min;
    pass(5min);
    EXPECT_EQ(due(), Ids{2}) << "periods do not follow the wall clock";
    pass(5min);
    EXPECT_EQ(due(), Ids{});
    EXPECT_EQ(queue.next_time(1, now), parse_timestamp("2026-01-02T09:05:00Z"));
}

TEST_F(JobQueues, wait_for_a_date_that_the_timer_reaches_too_early) {
    queue.start(now);
    queue.add(1, daily("09:05"), now);
    now.steady += 5min;
    now.wall += 5min - 2us;  // the system slows its clock down
    EXPECT_EQ(due(), Ids{});
    EXPECT_EQ(wake(), 2us);
    EXPECT_EQ(due(), Ids{1});
}

}  // namespace
}  // namespace intent::client::job_queue_test
