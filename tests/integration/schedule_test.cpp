// Jobs of a client and of scopes, in virtual time.
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>
#include <intent/scope.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace intent::schedule_test {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

class Jobs : public testing::Test {
protected:
    static ClientOptions options(const Sandbox& sandbox, int threads) {
        auto options = test::options_for(sandbox);
        options.clock = sandbox.clock();
        options.handler_threads = threads;
        return options;
    }

    void start() {
        begin = sandbox.clock().now();
        bot.start();
        sandbox.clock().settle();
    }

    /// A function that notes the time since the start, in minutes.
    auto note() {
        return [this] {
            noted.push_back(std::chrono::floor<std::chrono::minutes>(sandbox.clock().now() - begin).count());
        };
    }

    Sandbox sandbox{{.limits = false, .clock = TestClock(*parse_timestamp("2026-03-27T12:00:00Z"))}};  // a Friday
    Client bot{options(sandbox, 1)};
    test::Diary diary{bot};
    std::chrono::steady_clock::time_point begin{};
    std::vector<std::int64_t> noted;  // written by jobs, read while the clock stands still
};
using Minutes = std::vector<std::int64_t>;

TEST_F(Jobs, run_at_every_multiple_of_their_period) {
    start();
    Job job = bot.every(5min, note());
    EXPECT_EQ(job.next_run(), sandbox.clock().wall_time() + 5min);
    sandbox.advance(5min - 1ms);
    EXPECT_EQ(noted, Minutes{});
    sandbox.advance(1ms);
    EXPECT_EQ(noted, Minutes{5});
    EXPECT_EQ(job.next_run(), sandbox.clock().wall_time() + 5min);
    job = {};  // changes nothing
    sandbox.advance(16min);
    EXPECT_EQ(noted, (Minutes{5, 10, 15, 20}));
}

TEST_F(Jobs, start_with_the_client_and_continue_after_a_restart) {
    const Job every = bot.every(5min, note());
    const Job daily = bot.daily("00:00", "UTC", note());
    const Job once = bot.at(sandbox.clock().wall_time() + 30min, note());
    sandbox.advance(1h);
    EXPECT_EQ(every.next_run(), std::nullopt);
    EXPECT_EQ(noted, Minutes{});
    start();
    EXPECT_EQ(noted, Minutes{0}) << "the time that passed before the start";
    sandbox.advance(6min);
    EXPECT_EQ(noted, (Minutes{0, 5}));
    bot.stop();
    EXPECT_EQ(daily.next_run(), std::nullopt);
    sandbox.advance(4min);
    bot.start();
    sandbox.advance(6min);
    EXPECT_EQ(noted, (Minutes{0, 5, 15})) << "a period after the restart";
    EXPECT_EQ(daily.next_run(), parse_timestamp("2026-03-28T00:00:00Z"));
    EXPECT_EQ(diary.errors().all(), Texts{});
}

TEST_F(Jobs, run_daily_when_the_clocks_change) {
    start();
    Texts times;
    const DailyTime time("09:30", "Europe/Berlin");
    bot.daily(time, [&]() -> task<> {
        times.push_back(format_timestamp(bot.clock().wall_time()));
        co_return;
    });
    for (int day = 0; day < 3; ++day)
        sandbox.advance(24h);
    EXPECT_EQ(times, (Texts{"2026-03-28T08:30:00Z", "2026-03-29T07:30:00Z", "2026-03-30T07:30:00Z"}));
    sandbox.clock().advance_to(time.next_after(sandbox.clock().wall_time()));
    EXPECT_EQ(times.size(), 4u);
}

TEST_F(Jobs, run_on_weekdays) {
    start();
    using namespace std::chrono;
    bot.daily(DailyTime(13h, "UTC").on(Friday, Monday), note());
    bot.daily(14h, "UTC", note());
    sandbox.advance(4 * 24h);
    EXPECT_EQ(noted, (Minutes{60, 120, 1'560, 3'000, 4'380, 4'440}));
}

TEST_F(Jobs, never_run_twice_at_once) {
    start();
    Job job = bot.every(5min, [this]() -> task<> {
        note()();
        co_await bot.sleep_for(12min);
    });
    sandbox.advance(36min);
    EXPECT_EQ(noted, (Minutes{5, 20, 35})) << "at the regular times after the end of a run";
    job.cancel();
}

TEST_F(Jobs, that_throw_are_reported_under_their_name_and_run_again) {
    start();
    int runs = 0;
    bot.every(5min, [&] {
        ++runs;
        throw std::runtime_error("no disk");
    });
    bot.every(6min,
              [&]() -> task<> {
                  ++runs;
                  co_await bot.sleep_for(1s);
                  throw std::runtime_error("no paper");
              })
        .named("print");
    sandbox.advance(13min);
    EXPECT_EQ(runs, 4);
    EXPECT_EQ(diary.errors().all(),
              (Texts{"every 5m: no disk", "print: no paper", "every 5m: no disk", "print: no paper"}));
}

TEST_F(Jobs, run_once_at_a_time) {
    start();
    const auto now = sandbox.clock().wall_time();
    const auto kept = std::make_shared<int>(0);
    Job late = bot.at(now - 24h, note());
    Job job = bot.at(now + 30min, [note = note(), kept] { note(); });
    sandbox.clock().settle();
    EXPECT_EQ(noted, Minutes{0});
    EXPECT_EQ(job.next_run(), now + 30min);
    EXPECT_EQ(kept.use_count(), 2);
    sandbox.advance(24h);
    EXPECT_EQ(noted, (Minutes{0, 30}));
    EXPECT_EQ(job.next_run(), std::nullopt);
    EXPECT_EQ(kept.use_count(), 1) << "the captures of a job that has ended";
    bot.stop();
    start();
    EXPECT_EQ(noted.size(), 2u);
}

TEST_F(Jobs, run_once_after_a_delay) {
    Scope scope(bot);
    bot.after(2min, note());
    sandbox.advance(1h);
    EXPECT_EQ(noted, Minutes{}) << "before the start";
    start();
    Job job = scope.after(30min, note());
    EXPECT_EQ(job.next_run(), sandbox.clock().wall_time() + 30min);
    bot.after(40min, [] { throw std::runtime_error("no disk"); });
    sandbox.advance(24h);
    EXPECT_EQ(noted, (Minutes{2, 30}));
    EXPECT_EQ(job.next_run(), std::nullopt);
    EXPECT_EQ(diary.errors().all(), Texts{"after 40m: no disk"});
    bot.after(1min, note());
    bot.stop();
    sandbox.advance(1h);
    start();
    EXPECT_EQ(noted, (Minutes{2, 30, 0})) << "at once, because the delay has passed";
}

TEST_F(Jobs, can_be_cancelled_from_inside) {
    start();
    Job job;
    const auto kept = std::make_shared<int>(0);
    job = bot.every(5min, [&job, this, kept]() -> task<> {
        job.cancel();
        co_await bot.sleep_for(1min);
        ++*kept;
        note()();
    });
    sandbox.advance(1h);
    EXPECT_EQ(noted, Minutes{6}) << "the run goes on";
    EXPECT_EQ(*kept, 1);
    EXPECT_EQ(kept.use_count(), 1);
    EXPECT_EQ(job.next_run(), std::nullopt);
    job.cancel();
}

TEST_F(Jobs, end_with_their_scope) {
    start();
    struct Part {
        void tick() { ++ticks; }
        task<> wait() {
            const auto held = kept;
            co_await bot->sleep_for(1h);
            ++ticks;
        }
        Client* bot;
        std::shared_ptr<int> kept = std::make_shared<int>(0);
        int ticks = 0;
    } part{&bot};
    std::optional<Scope> scope(std::in_place, bot);
    scope->every(5min, &Part::tick, &part);
    Job waiting = scope->every(7min, &Part::wait, &part);
    scope->daily("09:30", "Europe/Berlin", &Part::tick, &part);
    scope->at(sandbox.clock().wall_time() + 1min, &Part::tick, &part);
    sandbox.advance(8min);
    EXPECT_EQ(part.ticks, 2);
    EXPECT_EQ(part.kept.use_count(), 2) << "a run waits";
    scope.reset();
    EXPECT_EQ(part.kept.use_count(), 1) << "its coroutine is gone";
    EXPECT_EQ(waiting.next_run(), std::nullopt);
    sandbox.advance(48h);
    EXPECT_EQ(part.ticks, 2);
    EXPECT_EQ(diary.errors().all(), Texts{});
}

TEST_F(Jobs, can_end_their_scope) {
    start();
    auto scope = std::make_unique<Scope>(bot);
    scope->every(5min, [&] {
        note()();
        scope.reset();
    });
    sandbox.advance(1h);
    EXPECT_EQ(noted, Minutes{5});
}

TEST_F(Jobs, of_a_scope_that_has_ended_do_not_run) {
    start();
    Scope scope(bot);
    scope.end();
    EXPECT_EQ(scope.every(5min, note()).next_run(), std::nullopt);
    sandbox.advance(1h);
    EXPECT_EQ(noted, Minutes{});
}

TEST_F(Jobs, end_quietly_when_the_client_stops) {
    start();
    bot.every(5min, [this]() -> task<> { co_await bot.sleep_for(1h); });
    sandbox.advance(6min);
    bot.stop();
    sandbox.advance(1h);
    EXPECT_EQ(diary.errors().all(), Texts{});
}

TEST_F(Jobs, are_released_with_the_client) {
    const auto kept = std::make_shared<int>(0);
    Job job;
    std::optional<Client> other(options(sandbox, 1));
    Scope scope(*other);
    job = other->every(5min, [kept] {});
    scope.every(5min, [kept] {});
    other->start();
    sandbox.advance(6min);
    EXPECT_EQ(kept.use_count(), 3);
    other.reset();
    EXPECT_EQ(kept.use_count(), 1);
    EXPECT_EQ(job.next_run(), std::nullopt);
    job.named("late").cancel();
    EXPECT_THROW(scope.every(5min, [] {}), UsageError);
}

TEST_F(Jobs, with_wrong_times_are_refused) {
    EXPECT_THROW(bot.every(0ms, [] {}), ConfigError);
    EXPECT_THROW(bot.daily("9.30", "UTC", [] {}), ConfigError);
    EXPECT_THROW(bot.daily("09:30", "Europe/Nowhere", [] {}), ConfigError);
    EXPECT_THROW(bot.daily(-1s, "UTC", [] {}), ConfigError);
    EXPECT_THROW(bot.after(-1ms, [] {}), ConfigError);
}

class ManyJobs : public Jobs, public testing::WithParamInterface<int> {};

TEST_P(ManyJobs, run_at_their_times) {
    std::atomic<int> runs = 0;
    Client other(options(sandbox, GetParam()));
    other.start();
    for (int i = 0; i < 10'000; ++i) {
        if (i % 2 == 0)
            other.daily(std::chrono::minutes(i % 1'440), "Asia/Kathmandu", [&] { ++runs; });
        else
            other.every(1h * (1 + i % 24), [&]() -> task<> {
                ++runs;
                co_return;
            });
    }
    sandbox.advance(24h);
    int expected = 5'000;
    for (int i = 1; i < 10'000; i += 2)
        expected += 24 / (1 + i % 24);
    EXPECT_EQ(runs, expected);
}

INSTANTIATE_TEST_SUITE_P(threads, ManyJobs, testing::Values(0, 1, 4));

}  // namespace
}  // namespace intent::schedule_test
