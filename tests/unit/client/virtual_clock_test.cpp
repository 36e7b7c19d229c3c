// The clock that tests advance: its timers, its work, and what is on its way between two ends.
#include "net/virtual_clock.hpp"

#include "net/loop.hpp"
#include "net/transit.hpp"
#include "tests/support/waiting.hpp"

#include <intent/clock.hpp>
#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace intent::net {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

constexpr Timestamp noon = std::chrono::sys_days{std::chrono::year{2030} / 1 / 1} + 12h;

class OnVirtualClock : public testing::Test {
protected:
    OnVirtualClock() { loop.start(); }

    void note(const std::string& what) {
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(clock->elapsed());
        lines.add(what + " " + std::to_string(ms.count()));
    }
    void arm(Timer& timer, std::chrono::milliseconds delay, const std::string& name) {
        timer.arm(clock->now() + delay, [this, name] { note(name); });
    }
    bool advance(Duration step) { return !clock->advance_and_wait(step, test::long_enough).has_value(); }
    bool is_busy() { return clock->advance_and_wait(1ms, 20ms).has_value(); }

    const std::shared_ptr<VirtualClock> clock = std::make_shared<VirtualClock>(noon);
    test::Recorder<std::string> lines;
    Loop loop{{}, clock};
};

TEST_F(OnVirtualClock, timers_fire_at_their_time_and_in_order) {
    Timer a(loop), b(loop), c(loop), d(loop);
    arm(a, 30ms, "a");
    arm(b, 10ms, "b");
    arm(c, 10ms, "c");
    arm(d, 31ms, "d");
    EXPECT_TRUE(advance(30ms));
    EXPECT_EQ(lines.all(), (Lines{"b 10", "c 10", "a 30"}));
    EXPECT_EQ(clock->elapsed(), 30ms);
}

TEST_F(OnVirtualClock, a_timer_set_by_a_timer_fires_in_the_same_advance) {
    Timer first(loop), second(loop);
    first.arm(clock->now() + 10ms, [&] { arm(second, 15ms, "second"); });
    EXPECT_TRUE(advance(1h));
    EXPECT_EQ(lines.all(), Lines{"second 25"});
}

TEST_F(OnVirtualClock, a_due_timer_fires_without_an_advance) {
    Timer timer(loop);
    arm(timer, 0ms, "now");
    EXPECT_TRUE(lines.wait_contains("now 0"));
}

TEST_F(OnVirtualClock, cancelled_replaced_and_destroyed_timers_do_not_fire) {
    Timer a(loop), b(loop);
    auto c = std::make_unique<Timer>(loop);
    arm(a, 10ms, "cancelled");
    arm(b, 10ms, "replaced");
    arm(*c, 10ms, "destroyed");
    a.cancel();
    arm(b, 20ms, "b");
    c.reset();
    EXPECT_TRUE(advance(1h));
    EXPECT_EQ(lines.all(), Lines{"b 20"});
}

TEST_F(OnVirtualClock, the_next_timer_waits_for_everything_that_the_last_one_caused) {
    Timer first(loop), second(loop);
    first.arm(clock->now() + 10ms, [&] { loop.post([&] { loop.post([&] { note("posted"); }); }); });
    arm(second, 11ms, "second");
    EXPECT_TRUE(advance(20ms));
    EXPECT_EQ(lines.all(), (Lines{"posted 10", "second 11"}));
}

TEST_F(OnVirtualClock, stands_still_while_there_is_work) {
    Timer timer(loop);
    arm(timer, 10ms, "fired");
    clock->begin(Work::request);
    EXPECT_EQ(clock->advance_and_wait(1h, 20ms), "1 request without an answer");
    EXPECT_EQ(clock->elapsed(), 0ms) << "an abandoned advance has no effect later";
    clock->end(Work::request);
    EXPECT_EQ(lines.all(), Lines{});
    EXPECT_TRUE(advance(10ms));
    EXPECT_EQ(lines.all(), Lines{"fired 10"});
}

TEST_F(OnVirtualClock, work_of_a_stopped_loop_ends) {
    Loop other({}, clock);  // not started
    other.post([&] { note("never"); });
    EXPECT_TRUE(is_busy());
    other.stop();
    EXPECT_TRUE(advance(1ms));
    EXPECT_EQ(lines.all(), Lines{});
}

TEST_F(OnVirtualClock, seeds_repeat_and_differ) {
    VirtualClock same(noon);
    const auto first = clock->next_seed();
    EXPECT_EQ(first, same.next_seed());
    EXPECT_NE(first, same.next_seed());
}

TEST_F(OnVirtualClock, messages_on_their_way_are_work_until_they_are_handled) {
    using End = Transit::End;
    const auto transit = Transit::open(clock, Work::connection);
    EXPECT_EQ(Transit::find(clock, transit->number()), transit);
    EXPECT_EQ(Transit::find(clock, "4711x"), nullptr);
    EXPECT_TRUE(is_busy()) << "it is being opened";
    transit->join();
    transit->handled(End::client);
    EXPECT_TRUE(advance(1ms));

    transit->sent(End::client);
    transit->sent(End::client);
    transit->handled(End::server);
    EXPECT_TRUE(is_busy());
    transit->handled(End::server);
    EXPECT_TRUE(advance(1ms));

    transit->sent(End::server);
    transit->hold(End::client, true);
    EXPECT_TRUE(advance(1ms)) << "nobody reads before the clock moves";
    transit->hold(End::client, false);
    EXPECT_TRUE(is_busy());
    transit->handled(End::client);

    transit->ended(End::server);
    transit->sent(End::client);
    EXPECT_EQ(clock->busy(), "1 message or close on its way, or connection being opened")
        << "the close, not the message to an end that does not listen any more";
    transit->gone(End::client);
    EXPECT_TRUE(is_busy()) << "the server has not noticed the end";
    transit->gone(End::server);
    EXPECT_TRUE(advance(1ms));
}

TEST_F(OnVirtualClock, only_unsent_messages_to_a_stranger_are_work) {
    const auto transit = Transit::open_to_stranger(clock, Work::connection);
    transit->sent(Transit::End::server);
    EXPECT_TRUE(is_busy());
    transit->written();
    EXPECT_TRUE(advance(1ms));
    transit->sent(Transit::End::server);
    transit->gone(Transit::End::server);
    EXPECT_TRUE(advance(1ms));
}

TEST(TestClocks, begin_at_the_given_time_and_move_only_forward) {
    TestClock clock(noon);
    const auto begin = clock.now();
    clock.advance(90min);
    EXPECT_EQ(clock.wall_time(), noon + 90min);
    EXPECT_EQ(clock.now(), begin + 90min);
    clock.advance_to(noon + 2h);
    EXPECT_EQ(clock.wall_time(), noon + 2h);
    EXPECT_THROW(clock.advance_to(noon), ConfigError);
    EXPECT_THROW(clock.advance(-1ms), ConfigError);
    EXPECT_TRUE(clock.is_test_clock());
    const Clock copy = clock;
    clock.advance(1s);
    EXPECT_EQ(copy.wall_time(), clock.wall_time());
    EXPECT_FALSE(Clock().is_test_clock());
}

}  // namespace
}  // namespace intent::net
