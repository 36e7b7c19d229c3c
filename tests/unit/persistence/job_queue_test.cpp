#include "persistence/job_queue.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace intent::persistence::job_queue_test {
namespace {

using namespace std::chrono_literals;

const Timestamp start = *parse_timestamp("2026-01-01T00:00:00Z");

std::vector<detail::StoredJob> jobs(std::int64_t first, std::int64_t last) {
    std::vector<detail::StoredJob> list;
    for (auto id = first; id <= last; ++id)
        list.push_back({id, start, "x"});
    return list;
}

std::vector<std::int64_t> ids(const std::vector<detail::StoredJob>& list) {
    std::vector<std::int64_t> numbers;
    for (const auto& job : list)
        numbers.push_back(job.id);
    return numbers;
}

using Ids = std::vector<std::int64_t>;

TEST(JobQueue, starts_each_job_once_and_at_most_eight_at_a_time) {
    JobQueue queue;
    EXPECT_EQ(ids(queue.start(jobs(1, 10), start)), (Ids{1, 2, 3, 4, 5, 6, 7, 8}));
    EXPECT_EQ(ids(queue.start(jobs(1, 10), start)), Ids{});
    queue.finish(3);
    EXPECT_EQ(ids(queue.start(jobs(1, 10), start)), Ids{3}) << "the table has removed it, the machine does not know";
    queue.finish(4);
    EXPECT_EQ(ids(queue.start(jobs(5, 10), start)), Ids{9});
}

TEST(JobQueue, a_failed_job_waits_twice_as_long_each_time_up_to_an_hour) {
    JobQueue queue;
    Timestamp now = start;
    for (const auto delay : {1min, 2min, 4min, 8min, 16min, 32min, 60min, 60min}) {
        EXPECT_EQ(queue.start(jobs(1, 1), now).size(), 1u);
        queue.fail(1, now);
        EXPECT_EQ(queue.next_sleep(now), now + delay);
        EXPECT_EQ(queue.start(jobs(1, 1), now + delay - 1us).size(), 0u);
        queue.end_sleep(now + delay);
        now += delay;
    }
    queue.forget(1);
    EXPECT_EQ(queue.next_sleep(now), std::nullopt);
}

TEST(JobQueue, a_job_that_is_done_but_not_removed_does_not_run_again) {
    JobQueue queue;
    queue.start(jobs(1, 1), start);
    queue.put_aside(1);
    EXPECT_EQ(queue.start(jobs(1, 1), start + 24h * 365).size(), 0u);
    EXPECT_EQ(queue.next_sleep(start), std::nullopt);
}

TEST(JobQueue, jobs_that_wait_for_a_retry_hide_no_others) {
    JobQueue queue;
    for (std::int64_t id = 1; id <= 20; ++id) {
        queue.start(jobs(id, id), start);
        queue.fail(id, start);
    }
    ASSERT_GE(queue.wanted(), 28u);
    EXPECT_EQ(ids(queue.start(jobs(1, 28), start)), (Ids{21, 22, 23, 24, 25, 26, 27, 28}));
}

TEST(JobQueue, sleeps_only_for_a_moment_that_no_other_sleep_precedes) {
    JobQueue queue;
    queue.expect(std::nullopt);
    EXPECT_EQ(queue.next_sleep(start), std::nullopt);
    queue.expect(start + 2h);
    queue.expect(start + 3h);
    EXPECT_EQ(queue.next_sleep(start), start + 2h);
    queue.expect(start + 4h);
    EXPECT_EQ(queue.next_sleep(start), std::nullopt);
    queue.expect(start + 1h);
    EXPECT_EQ(queue.next_sleep(start), start + 1h);
    queue.end_sleep(start + 1h);
    queue.expect(start + 5h);
    EXPECT_EQ(queue.next_sleep(start), std::nullopt);
    queue.end_sleep(start + 2h);
    queue.expect(start + 5h);
    EXPECT_EQ(queue.next_sleep(start), start + 5h);
}

TEST(JobQueue, the_table_keeps_jobs_by_queue_and_time) {
    Store store(":memory:", false);
    const auto tea = add_job(store, "a", start + 2h, "tea");
    const auto milk = add_job(store, "a", start + 1h, "milk");
    add_job(store, "b", start, "other");
    EXPECT_EQ(ids(all_jobs(store, "a")), (Ids{milk, tea}));
    EXPECT_EQ(ids(due_jobs(store, "a", start + 1h, 9)), Ids{milk});
    EXPECT_EQ(ids(due_jobs(store, "a", start + 2h, 1)), Ids{milk});
    EXPECT_EQ(next_job(store, "a", start + 1h), start + 2h);
    EXPECT_EQ(next_job(store, "a", start + 2h), std::nullopt);
    EXPECT_FALSE(remove_job(store, "b", tea));
    EXPECT_TRUE(remove_job(store, "a", tea));
    EXPECT_FALSE(remove_job(store, "a", tea));
    EXPECT_GT(add_job(store, "a", start, "again"), tea) << "ids are never used again";
}

}  // namespace
}  // namespace intent::persistence::job_queue_test
