#include "session/heartbeat.hpp"

#include <gtest/gtest.h>

namespace intent::session::heartbeat_test {
namespace {

using namespace std::chrono_literals;
using Due = Heartbeat::Due;
constexpr Time start{1000s};

Heartbeat running(Duration interval) {
    Heartbeat heartbeat{Schedule{}};
    heartbeat.start(interval, start);
    return heartbeat;
}

TEST(Heartbeat, beats_at_the_given_time_and_then_every_interval) {
    Heartbeat heartbeat = running(1s);
    EXPECT_EQ(heartbeat.on_time(start - 1ms, false), Due::nothing);
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(heartbeat.next_wake(), start + i * 1s);
        EXPECT_EQ(heartbeat.on_time(start + i * 1s, false), Due::beat);
        EXPECT_EQ(heartbeat.on_time(start + i * 1s, false), Due::nothing);
        EXPECT_TRUE(heartbeat.on_ack(start + i * 1s + 20ms));
    }
}

TEST(Heartbeat, a_timer_that_is_a_little_late_does_not_shift_the_beats) {
    Heartbeat heartbeat = running(1s);
    EXPECT_EQ(heartbeat.on_time(start + 30ms, false), Due::beat);
    EXPECT_EQ(heartbeat.next_wake(), start + 1s);
}

TEST(Heartbeat, a_late_beat_leaves_a_whole_interval_for_its_ack) {
    Heartbeat heartbeat = running(1s);
    EXPECT_EQ(heartbeat.on_time(start + 900ms, false), Due::beat);
    EXPECT_EQ(heartbeat.next_wake(), start + 1900ms);
}

TEST(Heartbeat, three_beats_without_an_ack_are_dead_when_the_fourth_is_due) {
    Heartbeat heartbeat = running(1s);
    EXPECT_EQ(heartbeat.on_time(start, false), Due::beat);
    EXPECT_EQ(heartbeat.on_time(start + 1s, false), Due::beat);
    EXPECT_EQ(heartbeat.on_time(start + 2s, false), Due::beat);
    EXPECT_EQ(heartbeat.on_time(start + 3s - 1ms, false), Due::nothing);
    EXPECT_EQ(heartbeat.on_time(start + 3s, false), Due::dead);
}

TEST(Heartbeat, case_029_an_ack_resets_the_count_of_misses) {
    Heartbeat heartbeat = running(1s);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(heartbeat.on_time(start + i * 1s, false), Due::beat);
    EXPECT_TRUE(heartbeat.on_ack(start + 2500ms));
    for (int i = 3; i < 6; ++i)
        EXPECT_EQ(heartbeat.on_time(start + i * 1s, false), Due::beat);
    EXPECT_EQ(heartbeat.on_time(start + 6s, false), Due::dead);
}

TEST(Heartbeat, no_miss_counts_while_bytes_are_unread) {
    Heartbeat heartbeat = running(1s);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(heartbeat.on_time(start + i * 1s, true), Due::beat);
    EXPECT_EQ(heartbeat.on_time(start + 100s, false), Due::beat);
    EXPECT_EQ(heartbeat.on_time(start + 101s, false), Due::beat);
    EXPECT_EQ(heartbeat.on_time(start + 102s, false), Due::dead);
}

TEST(Heartbeat, latency_is_measured_from_the_first_unacknowledged_beat) {
    Heartbeat heartbeat = running(1s);
    EXPECT_FALSE(heartbeat.latency());
    heartbeat.on_time(start, false);
    heartbeat.on_time(start + 1s, false);
    EXPECT_TRUE(heartbeat.on_ack(start + 1300ms));
    EXPECT_EQ(heartbeat.latency(), 1300ms);
    EXPECT_FALSE(heartbeat.on_ack(start + 1400ms)) << "nothing waits any more";
    EXPECT_EQ(heartbeat.latency(), 1300ms);
}

TEST(Heartbeat, case_029_a_latency_is_never_negative) {
    Heartbeat heartbeat = running(1s);
    heartbeat.on_time(start, false);
    EXPECT_TRUE(heartbeat.on_ack(start - 5s));
    EXPECT_EQ(heartbeat.latency(), 0s);
}

TEST(Heartbeat, a_frozen_process_sends_one_beat_and_waits_ten_seconds) {
    Heartbeat heartbeat = running(5s);
    for (int i = 0; i < 2; ++i)
        heartbeat.on_time(start + i * 5s, false);
    const Time thaw = start + 100s;
    EXPECT_EQ(heartbeat.on_time(thaw, false), Due::beat);
    EXPECT_EQ(heartbeat.on_time(thaw, false), Due::nothing) << "no burst";
    EXPECT_EQ(heartbeat.next_wake(), thaw + 5s);
    EXPECT_EQ(heartbeat.on_time(thaw + 5s, false), Due::beat) << "the probe is not over";
    EXPECT_EQ(heartbeat.on_time(thaw + 10s, false), Due::dead);
}

TEST(Heartbeat, an_ack_ends_the_probe) {
    Heartbeat heartbeat = running(41'250ms);
    heartbeat.on_time(start, false);
    const Time thaw = start + 8h;
    EXPECT_EQ(heartbeat.on_time(thaw, false), Due::beat);
    EXPECT_EQ(heartbeat.next_wake(), thaw + 10s);
    EXPECT_TRUE(heartbeat.on_ack(thaw + 1s));
    EXPECT_EQ(heartbeat.next_wake(), thaw + 41'250ms);
    EXPECT_EQ(heartbeat.on_time(thaw + 41'250ms, false), Due::beat);
}

TEST(Heartbeat, a_probe_waits_for_unread_bytes_and_for_a_second_freeze) {
    Heartbeat heartbeat = running(60s);
    const Time thaw = start + 1h;
    EXPECT_EQ(heartbeat.on_time(thaw, false), Due::beat);
    EXPECT_EQ(heartbeat.on_time(thaw + 10s, true), Due::nothing);
    EXPECT_EQ(heartbeat.next_wake(), thaw + 20s);
    EXPECT_EQ(heartbeat.on_time(thaw + 50s, false), Due::nothing) << "30 s late: frozen again";
    EXPECT_EQ(heartbeat.next_wake(), thaw + 60s);
    EXPECT_EQ(heartbeat.on_time(thaw + 60s, false), Due::dead);
}

TEST(Heartbeat, a_changed_interval_never_delays_the_next_beat) {
    Heartbeat heartbeat = running(40s);
    heartbeat.on_time(start, false);
    heartbeat.change(start + 1s, 2s);
    EXPECT_EQ(heartbeat.next_wake(), start + 3s);
    heartbeat.change(start + 1s, 60s);
    EXPECT_EQ(heartbeat.next_wake(), start + 3s);
    heartbeat.on_time(start + 3s, false);
    EXPECT_EQ(heartbeat.next_wake(), start + 63s);
}

TEST(Heartbeat, the_next_connection_starts_without_the_old_misses) {
    Heartbeat heartbeat = running(1s);
    for (int i = 0; i < 3; ++i)
        heartbeat.on_time(start + i * 1s, false);
    heartbeat.stop();
    EXPECT_FALSE(heartbeat.next_wake());
    EXPECT_EQ(heartbeat.on_time(start + 3s, false), Due::nothing);
    heartbeat.start(1s, start + 10s);
    EXPECT_EQ(heartbeat.on_time(start + 10s, false), Due::beat);
    EXPECT_EQ(heartbeat.on_time(start + 11s, false), Due::beat);
}

}  // namespace
}  // namespace intent::session::heartbeat_test
