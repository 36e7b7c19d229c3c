#include "session/send_limiter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <vector>

namespace intent::session::send_limiter_test {
namespace {

using namespace std::chrono_literals;
constexpr Time start{1000s};

// Sends commands as fast as the limiter allows, and heartbeats; returns the maximum number of frames in any 60 s.
std::size_t max_in_a_window(Duration interval, Time::duration span) {
    SendLimiter limiter{Schedule{}};
    limiter.keep_room(start, interval);
    std::deque<Time> window;
    std::size_t max = 0;
    const auto note = [&](Time at) {
        window.push_back(at);
        while (at - window.front() >= 60s)
            window.pop_front();
        max = std::max(max, window.size());
    };
    Time beat = start + interval;
    for (Time now = start; now < start + span; now += 10ms) {
        if (now >= beat) {
            note(now);
            beat += interval;
        }
        while (limiter.next_free() <= now) {
            limiter.on_sent(now);
            note(now);
        }
    }
    return max;
}

TEST(SendLimiter, commands_and_heartbeats_together_stay_within_120_in_any_60_s) {
    for (const auto interval : {1'200ms, 5'000ms, 41'250ms, 600'000ms}) {
        const std::size_t max = max_in_a_window(interval, 200s);
        EXPECT_LE(max, 120u) << interval.count();
        EXPECT_GE(max, 100u - 60'000u / static_cast<unsigned>(interval.count())) << interval.count();
    }
}

TEST(SendLimiter, very_short_intervals_leave_half_of_the_limit_to_commands) {
    SendLimiter limiter{Schedule{}};
    limiter.keep_room(start, 100ms);
    int sent = 0;
    for (; limiter.next_free() <= start; ++sent)
        limiter.on_sent(start);
    EXPECT_EQ(sent, 60);
    EXPECT_EQ(limiter.next_free(), start + 60s);
}

TEST(SendLimiter, beats_that_become_slower_keep_their_room_for_a_window) {
    SendLimiter limiter{Schedule{}};
    limiter.keep_room(start, 1'200ms);
    const auto commands_at = [&](Time now) {
        int sent = 0;
        for (; limiter.next_free() <= now && sent < 1000; ++sent)
            limiter.on_sent(now);
        return sent;
    };
    EXPECT_EQ(commands_at(start), 64);
    limiter.keep_room(start + 50s, 41'250ms);  // after 41 beats, which nobody has counted
    EXPECT_EQ(commands_at(start + 50s), 0);
    limiter.keep_room(start + 55s, 41'250ms);  // a new connection with the same interval
    EXPECT_EQ(commands_at(start + 60s), 64);
    EXPECT_EQ(limiter.next_free(), start + 110s);
    EXPECT_EQ(commands_at(start + 110s), 113 - 64);
    limiter.keep_room(start + 111s, 1'200ms);
    EXPECT_EQ(commands_at(start + 120s), 64 - (113 - 64)) << "faster beats take their room at once";
}

TEST(SendLimiter, answers_to_requests_may_use_the_spare_places_that_commands_leave) {
    SendLimiter limiter{Schedule{}};
    while (limiter.next_free() <= start)
        limiter.on_sent(start);
    int replies = 0;
    for (; limiter.fits_reply(start) && replies < 100; ++replies)
        limiter.on_sent(start);
    EXPECT_EQ(replies, 4);
    EXPECT_TRUE(limiter.fits_reply(start + 60s));
}

TEST(SendLimiter, new_connections_wait_when_the_window_is_full) {
    SendLimiter limiter{Schedule{}};
    while (limiter.next_free() <= start)
        limiter.on_sent(start);
    int openings = 0;
    Time now = start + 1s;
    for (; limiter.next_opening() <= now && openings < 100; now += 5s, ++openings) {
        limiter.on_sent(now);  // Identify or Resume
        limiter.on_sent(now);  // the first beat
    }
    EXPECT_EQ(openings, 2);
    EXPECT_EQ(limiter.next_opening(), start + 60s);
}

TEST(SendLimiter, new_connections_wait_also_under_a_very_small_limit) {
    for (std::size_t limit = 2; limit <= 12; ++limit) {
        Schedule schedule;
        schedule.send_limit = limit;
        SendLimiter limiter(schedule);
        for (std::size_t i = 0; i < limit; ++i)
            limiter.on_sent(start);
        EXPECT_EQ(limiter.next_opening(), start + 60s) << limit;
        EXPECT_EQ(limiter.next_free(), start + 60s) << limit;
    }
}

TEST(SendLimiter, after_use_up_room_returns_evenly) {
    SendLimiter limiter{Schedule{}};
    limiter.use_up(start);
    EXPECT_GT(limiter.next_free(), start);
    int sent = 0;
    for (; limiter.next_free() <= start + 6s; ++sent)
        limiter.on_sent(start + 6s);
    EXPECT_GE(sent, 8);
    EXPECT_LE(sent, 12);
}

TEST(SendLimiter, case_069_earlier_frames_still_count_after_use_up) {
    const Schedule schedule;
    SendLimiter limiter{schedule};
    std::vector<Time> sent;
    const auto fill = [&](Time now) {
        for (; limiter.next_free() <= now; sent.push_back(now))
            limiter.on_sent(now);
    };
    fill(start);
    limiter.use_up(start + 1s);
    for (auto now = start + 2s; now < start + 3min; now += 1s) {
        fill(now);
        const auto recent = std::count_if(sent.begin(), sent.end(), [&](Time at) { return now - at < 60s; });
        ASSERT_LE(static_cast<std::size_t>(recent), schedule.send_limit) << (now - start) / 1s << " s";
    }
    EXPECT_GT(sent.size(), 2 * schedule.send_limit);
}

}  // namespace
}  // namespace intent::session::send_limiter_test
