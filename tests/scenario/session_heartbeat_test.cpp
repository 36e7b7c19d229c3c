// Heartbeats of a complete session (protocol §5).
#include "tests/support/session_script.hpp"

namespace intent::test::session_heartbeat_test {
namespace {

using session::State;

TEST(SessionHeartbeat, case_026_three_unacknowledged_beats_end_the_connection_and_resume) {
    Driver driver;
    driver.to_ready("s1", 10'000);
    driver.event(42);
    EXPECT_EQ(driver.advance(20s), (Lines{"send heartbeat 42", "send heartbeat 42"}));
    EXPECT_EQ(driver.advance(10s - 1ms), Lines{});
    EXPECT_EQ(driver.advance(1ms), (Lines{"abort", "disconnected 1006 will resume", "reconnecting 1"}));
    EXPECT_LE(*driver.until_wake(), 1'250ms);
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 42"}));
}

TEST(SessionHeartbeat, case_032_the_miss_count_belongs_to_one_connection) {
    Driver driver;
    driver.to_ready("s1", 10'000);
    driver.advance(25s);
    driver.closed(1006);
    driver.reopen();
    driver.resumed(1);
    EXPECT_EQ(driver.advance(10s), (Lines{"send heartbeat 1"}));
    EXPECT_EQ(driver.state(), State::ready);
}

TEST(SessionHeartbeat, case_028_no_miss_counts_while_bytes_are_unread) {
    Driver driver;
    driver.to_ready("s1", 1'000);
    driver.machine.on_backlog(true);
    EXPECT_EQ(driver.advance(40s).size(), 40u);
    EXPECT_EQ(driver.state(), State::ready);
    driver.machine.on_backlog(false);
    driver.advance(3s);
    EXPECT_EQ(driver.state(), State::waiting);
}

TEST(SessionHeartbeat, case_029_a_late_ack_counts_and_shows_in_the_latency) {
    Driver driver;
    driver.to_ready("s1", 10'000);
    driver.advance(29s);
    EXPECT_EQ(driver.ack(), Lines{});
    EXPECT_EQ(driver.machine.latency(), 29s);
    EXPECT_EQ(driver.ack(), Lines{}) << "doubled";
    EXPECT_EQ(driver.machine.counters().unasked_acks, 1u);
    EXPECT_EQ(driver.advance(1s), (Lines{"send heartbeat null"}));
}

TEST(SessionHeartbeat, case_029_an_ack_with_data_and_one_before_any_beat_are_harmless) {
    Driver driver;
    driver.to_awaiting_ready();
    EXPECT_EQ(driver.ack(), Lines{});
    driver.ready("s1", 10'000);
    EXPECT_EQ(driver.receive(codec::Opcode::heartbeat_ack, R"({"x":[1,2]})"), Lines{});
    EXPECT_TRUE(driver.machine.latency());
}

TEST(SessionHeartbeat, case_030_a_quiet_server_that_acknowledges_stays_connected) {
    Driver driver;
    driver.to_ready("s1", 10'000);
    for (int i = 0; i < 500; ++i) {
        driver.ack();
        EXPECT_EQ(driver.advance(10s), (Lines{"send heartbeat null"}));
    }
    EXPECT_EQ(driver.state(), State::ready);
}

TEST(SessionHeartbeat, case_031_a_heartbeat_request_is_answered_at_once_and_expects_no_ack) {
    Driver driver;
    driver.to_ready("s1", 10'000);
    driver.ack();
    driver.event(7);
    driver.advance(2s);
    EXPECT_EQ(driver.receive(codec::Opcode::heartbeat), (Lines{"send heartbeat 7"}));
    EXPECT_EQ(driver.until_wake(), 8s) << "the schedule stays";
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(driver.advance(i == 0 ? 8s : 10s), (Lines{"send heartbeat 7"}));
    }
    EXPECT_EQ(driver.state(), State::ready) << "the answer was no fourth beat";
}

TEST(SessionHeartbeat, case_031_a_flood_of_requests_gets_a_few_answers_a_second) {
    Driver driver;
    driver.to_ready("s1", 40'000);
    std::size_t answers = 0;
    for (int i = 0; i < 1'000; ++i)
        answers += driver.receive(codec::Opcode::heartbeat).size();
    EXPECT_EQ(answers, 3u);
    driver.advance(1s);
    EXPECT_EQ(driver.receive(codec::Opcode::heartbeat).size(), 1u);
    EXPECT_EQ(driver.machine.counters().heartbeat_requests, 1'001u);
}

TEST(SessionHeartbeat, case_031_answers_to_requests_never_exceed_the_send_limit) {
    Driver driver;  // the invariants count the frames
    driver.to_ready("s1", 40'000);
    for (int i = 0; i < 3'000; ++i) {
        driver.receive(codec::Opcode::heartbeat);
        if (i % 20 == 0) driver.ack();
        driver.advance(50ms);
    }
    EXPECT_EQ(driver.state(), State::ready);
}

TEST(SessionHeartbeat, case_136_a_frozen_process_sends_one_beat_and_waits_ten_seconds_for_its_ack) {
    Driver driver;
    driver.to_ready("s1", 10'000);
    driver.ack();
    driver.now += 8h;
    EXPECT_EQ(driver.tick(), (Lines{"send heartbeat null"}));
    EXPECT_EQ(driver.tick(), Lines{});
    EXPECT_EQ(driver.advance(9s), Lines{});
    EXPECT_EQ(driver.ack(), Lines{});
    EXPECT_EQ(driver.advance(1s), (Lines{"send heartbeat null"}));
    EXPECT_EQ(driver.state(), State::ready);

    Driver dead;
    dead.to_ready("s1", 60'000);
    dead.now += 8h;
    dead.tick();
    EXPECT_EQ(dead.advance(10s), (Lines{"abort", "disconnected 1006 will resume", "reconnecting 1"}));
}

TEST(SessionHeartbeat, case_136_a_suspended_computer_sends_one_beat_and_waits_ten_seconds_for_its_ack) {
    Driver dead;
    dead.to_ready("s1", 40'000);
    dead.ack();
    dead.advance(15s);
    Driver alive = dead;
    EXPECT_EQ(dead.suspended(), (Lines{"send heartbeat null"}));
    EXPECT_EQ(dead.until_wake(), 10s);
    EXPECT_EQ(dead.wake(), (Lines{"abort", "disconnected 1006 will resume", "reconnecting 1"}));

    alive.suspended();
    alive.advance(9s);
    alive.ack();
    EXPECT_EQ(alive.advance(30s), Lines{});
    EXPECT_EQ(alive.advance(2s), (Lines{"send heartbeat null"}));
    EXPECT_EQ(alive.state(), State::ready);

    Driver backing_off;
    backing_off.start();
    backing_off.fail();
    EXPECT_EQ(backing_off.suspended(), Lines{}) << "there is no connection to ask for";
}

TEST(SessionHeartbeat, case_137_acks_that_waited_while_the_process_was_frozen_count) {
    Driver driver;
    driver.to_ready("s1", 10'000);
    driver.advance(20s);
    driver.now += 15s;
    driver.machine.on_backlog(true);
    EXPECT_EQ(driver.tick(), (Lines{"send heartbeat null"})) << "read before judging";
    driver.ack();
    driver.ack();
    driver.machine.on_backlog(false);
    EXPECT_EQ(driver.advance(10s), (Lines{"send heartbeat null"}));
    EXPECT_EQ(driver.state(), State::ready);
}

TEST(SessionHeartbeat, case_033_the_first_beat_of_a_new_session_has_no_number) {
    Driver driver;
    driver.to_ready("");
    driver.event(42);
    driver.closed(1006);
    driver.reopen();
    EXPECT_EQ(driver.ready(""), (Lines{"ready", "lost", "send heartbeat null"}));
}

TEST(SessionHeartbeat, a_resume_without_hello_keeps_the_sessions_interval) {
    Driver driver;
    driver.to_ready("s1", 7'000);
    driver.event(3);
    driver.closed(1006);
    driver.reopen();
    EXPECT_EQ(driver.resumed(4), (Lines{"resumed 0", "deliver RESUMED 4", "send heartbeat 4"}));
    EXPECT_EQ(driver.until_wake(), 7s);
}

TEST(SessionHeartbeat, early_and_repeated_calls_of_on_time_do_nothing) {
    Driver driver;
    driver.to_ready("s1", 10'000);
    for (int i = 0; i < 100; ++i) {
        driver.now += 99ms;
        EXPECT_EQ(driver.tick(), Lines{});
    }
}

}  // namespace
}  // namespace intent::test::session_heartbeat_test
