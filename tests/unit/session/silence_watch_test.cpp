#include "session/silence_watch.hpp"

#include <gtest/gtest.h>

namespace intent::session::silence_watch_test {
namespace {

using namespace std::chrono_literals;
using Due = SilenceWatch::Due;
constexpr Time start{1000s};

SilenceWatch opened(std::optional<Duration> silence_limit = {}) {
    SilenceWatch watch{Schedule{}, silence_limit};
    watch.start(start);
    return watch;
}

Due check(SilenceWatch& watch, Time now) { return watch.on_time(now, false, true); }

TEST(SilenceWatch, a_missing_answer_is_due_at_the_deadline) {
    SilenceWatch watch = opened();
    EXPECT_EQ(watch.next_wake(), start + 20s);
    EXPECT_EQ(check(watch, start + 20s - 1ms), Due::nothing);
    EXPECT_EQ(check(watch, start + 20s), Due::no_answer);
}

TEST(SilenceWatch, unread_bytes_and_a_late_check_extend_the_deadline_of_the_answer) {
    SilenceWatch unread = opened();
    EXPECT_EQ(unread.on_time(start + 20s, true, true), Due::nothing);
    EXPECT_EQ(unread.next_wake(), start + 22s);
    EXPECT_EQ(check(unread, start + 22s), Due::no_answer);
    SilenceWatch frozen = opened();
    EXPECT_EQ(check(frozen, start + 31s), Due::nothing);
    EXPECT_EQ(frozen.next_wake(), start + 33s);
}

TEST(SilenceWatch, without_a_silence_limit_a_session_that_is_up_has_no_deadline) {
    SilenceWatch watch = opened();
    watch.on_up();
    watch.on_event(start + 1s);
    EXPECT_FALSE(watch.next_wake());
    EXPECT_EQ(check(watch, start + 24h), Due::nothing);
}

TEST(SilenceWatch, a_replay_is_over_when_no_event_has_arrived_for_a_while) {
    SilenceWatch watch = opened();
    watch.on_replay_started(start + 1s);
    watch.on_replayed(start + 1s);
    watch.on_replayed(start + 2s);
    EXPECT_EQ(watch.next_wake(), start + 4s);
    EXPECT_EQ(watch.on_time(start + 4s, true, true), Due::nothing) << "events may be unread";
    EXPECT_EQ(check(watch, start + 6s), Due::replay_over);
    EXPECT_FALSE(watch.next_wake());
}

TEST(SilenceWatch, a_replay_is_over_at_its_deadline_even_while_events_arrive) {
    SilenceWatch watch = opened();
    watch.on_replay_started(start);
    for (Time now = start; now < start + 20s; now += 1s) {
        watch.on_replayed(now);
        EXPECT_EQ(check(watch, now), Due::nothing);
    }
    EXPECT_EQ(check(watch, start + 20s), Due::replay_over);
}

TEST(SilenceWatch, events_postpone_the_silence_limit) {
    SilenceWatch watch = opened(60s);
    watch.on_up();
    watch.on_event(start);
    EXPECT_EQ(watch.next_wake(), start + 60s);
    watch.on_event(start + 50s);
    EXPECT_EQ(check(watch, start + 60s), Due::nothing);
    EXPECT_EQ(watch.next_wake(), start + 110s);
    EXPECT_EQ(check(watch, start + 110s), Due::no_events);
}

TEST(SilenceWatch, the_silence_limit_also_applies_after_a_resume_without_events) {
    SilenceWatch watch = opened(60s);
    watch.on_replay_started(start + 1s);
    watch.on_up();
    EXPECT_EQ(check(watch, start + 61s), Due::no_events);
}

TEST(SilenceWatch, missing_acks_unread_bytes_and_a_late_check_extend_the_silence_limit) {
    const auto silent = [] {
        SilenceWatch watch = opened(60s);
        watch.on_up();
        watch.on_event(start);
        return watch;
    };
    SilenceWatch unacknowledged = silent(), unread = silent(), frozen = silent();
    EXPECT_EQ(unacknowledged.on_time(start + 60s, false, false), Due::nothing);
    EXPECT_EQ(check(unacknowledged, start + 70s), Due::no_events);
    EXPECT_EQ(unread.on_time(start + 60s, true, true), Due::nothing);
    EXPECT_EQ(check(unread, start + 70s), Due::no_events);
    EXPECT_EQ(check(frozen, start + 71s), Due::nothing);
    EXPECT_EQ(check(frozen, start + 81s), Due::no_events);
}

TEST(SilenceWatch, stop_clears_every_deadline) {
    SilenceWatch watch = opened(60s);
    watch.on_replay_started(start);
    watch.on_replayed(start);
    watch.stop();
    EXPECT_FALSE(watch.next_wake());
    EXPECT_EQ(check(watch, start + 24h), Due::nothing);
}

}  // namespace
}  // namespace intent::session::silence_watch_test
