// Options: the silence limit, and the reaction to skipped sequence numbers (protocol §5).
#include "tests/support/session_script.hpp"

#include <cstdint>

namespace intent::test::session_choices_test {
namespace {

using session::State;

session::Settings with_silence_limit(session::Duration limit) {
    session::Settings settings;
    settings.silence_limit = limit;
    return settings;
}

session::Settings resuming_over_gaps() {
    session::Settings settings;
    settings.at_gap = session::AtGap::resume;
    return settings;
}

// Lets this much time pass and acknowledges every heartbeat; stops when the socket ends.
Lines answered(Driver& driver, session::Time::duration span) {
    Lines all;
    const session::Time end = driver.now + span;
    while (driver.now < end && driver.socket_open()) {
        const auto wake = driver.machine.next_wake();
        for (const std::string& line : driver.advance(std::min(end, wake.value_or(end)) - driver.now)) {
            all.push_back(line);
            if (line.starts_with("send heartbeat") && driver.socket_open()) driver.ack();
        }
    }
    return all;
}

TEST(SessionChoices, case_030_a_connection_without_events_is_replaced_after_the_silence_limit_and_resumed) {
    Driver driver(with_silence_limit(60s));
    driver.to_ready("s1", 10'000);
    driver.ack();
    answered(driver, 30s);
    driver.event(7);
    const auto last = driver.now;
    const Lines lines = answered(driver, 5min);
    EXPECT_EQ(driver.now - last, 60s);
    ASSERT_GE(lines.size(), 3u);
    EXPECT_EQ(Lines(lines.end() - 3, lines.end()),
              (Lines{"close 4000", "disconnected 4000 will resume", "reconnecting 1"}));
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 7"}));
    driver.resumed(8);
    EXPECT_EQ(driver.event(9), (Lines{"deliver TEST 9"}));
}

TEST(SessionChoices, case_030_events_postpone_the_silence_limit_with_few_wake_ups) {
    Driver driver(with_silence_limit(60s));
    driver.to_ready("s1", 600'000);
    driver.ack();
    for (std::uint64_t seq = 1; seq <= 100; ++seq) {
        EXPECT_EQ(driver.advance(5s), Lines{});
        EXPECT_EQ(driver.event(seq), (Lines{"deliver TEST " + std::to_string(seq)}));
        EXPECT_GT(*driver.until_wake(), 0s);
    }
    EXPECT_EQ(driver.state(), State::ready);
    EXPECT_EQ(driver.advance(60s - 1ms), Lines{});
    EXPECT_EQ(driver.advance(1ms).front(), "close 4000");
}

TEST(SessionChoices, case_030_without_recent_acks_only_the_heartbeat_ends_the_connection) {
    Driver driver(with_silence_limit(60s));
    driver.to_ready("s1", 30'000);
    EXPECT_EQ(driver.advance(90s - 1ms), (Lines{"send heartbeat null", "send heartbeat null"}));
    EXPECT_EQ(driver.advance(1ms).front(), "abort") << "dead, not deaf";
}

TEST(SessionChoices, case_030_unread_bytes_and_a_frozen_process_do_not_count_as_silence) {
    Driver driver(with_silence_limit(60s));
    driver.to_ready("s1", 600'000);
    driver.ack();
    driver.machine.on_backlog(true);
    EXPECT_EQ(driver.advance(5min), Lines{});
    driver.machine.on_backlog(false);
    EXPECT_EQ(driver.event(1), (Lines{"deliver TEST 1"}));
    driver.now += 3min;
    EXPECT_EQ(driver.tick(), Lines{}) << "what came meanwhile lies unread";
    EXPECT_EQ(driver.event(2), (Lines{"deliver TEST 2"}));
    EXPECT_EQ(driver.advance(60s - 1ms), Lines{});
    EXPECT_EQ(driver.state(), State::ready);
}

TEST(SessionChoices, case_044_a_gap_is_filled_by_a_resume_from_the_number_before_it) {
    Driver driver(resuming_over_gaps());
    driver.to_ready("s1");
    driver.event(5);
    driver.ack();
    driver.advance(10s);
    EXPECT_EQ(driver.event(9), (Lines{"gap 5 9", "close 4000", "disconnected 4000 will resume", "reconnecting 1"}));
    EXPECT_EQ(driver.machine.seq(), 5u);
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 5"}));
    for (std::uint64_t seq = 6; seq <= 9; ++seq)
        EXPECT_EQ(driver.event(seq).front(), "deliver TEST " + std::to_string(seq));
    driver.resumed(10);
    EXPECT_EQ(driver.event(11), (Lines{"deliver TEST 11"}));
    EXPECT_EQ(driver.machine.counters().gaps, 1u);
    EXPECT_EQ(std::count(driver.log.begin(), driver.log.end(), "deliver TEST 9"), 1);
}

TEST(SessionChoices, case_044_a_gap_that_the_replay_does_not_fill_is_accepted) {
    Driver driver(resuming_over_gaps());
    driver.to_ready("s1");
    driver.event(5);
    driver.event(9);
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 5"}));
    EXPECT_EQ(driver.event(9), (Lines{"gap 5 9", "deliver TEST 9", "send heartbeat 9"}));
    EXPECT_EQ(driver.resumed(10), (Lines{"resumed 1", "deliver RESUMED 10"}));
    EXPECT_EQ(driver.state(), State::ready);
}

TEST(SessionChoices, case_044_without_a_session_id_a_gap_is_only_reported) {
    Driver driver(resuming_over_gaps());
    driver.to_ready("");
    driver.event(5);
    EXPECT_EQ(driver.event(9), (Lines{"gap 5 9", "deliver TEST 9"}));
    EXPECT_EQ(driver.state(), State::ready);
}

TEST(SessionChoices, case_044_repeated_gaps_cause_no_reconnect_storm) {
    Driver driver(resuming_over_gaps());  // the invariants measure the distance of Resumes
    driver.to_ready("s1");
    std::uint64_t seq = 1;
    driver.event(seq);
    const auto begin = driver.now;
    for (int i = 0; i < 20; ++i) {
        driver.event(seq += 10);
        driver.reopen();
        driver.event(seq);
        driver.resumed(++seq);
    }
    EXPECT_GT(driver.now - begin, 5min) << "the back-off grows without an acknowledged heartbeat";
}

}  // namespace
}  // namespace intent::test::session_choices_test
