// Sessions that end, continue, or are lost (protocol §5).
#include "tests/support/session_script.hpp"

namespace intent::test::session_resume_test {
namespace {

using codec::Opcode;
using session::State;

session::Settings saved(std::string id, std::uint64_t seq) {
    session::Settings settings;
    settings.saved = session::SavedSession{std::move(id), seq};
    return settings;
}

// Ready as s1 at number 42, then cut; the next socket is open and has sent its Resume.
Driver resuming(std::uint64_t seq = 42) {
    Driver driver;
    driver.to_ready("s1");
    driver.event(seq);
    driver.ack();
    driver.advance(10s);
    driver.closed(1006);
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 " + std::to_string(seq)}));
    EXPECT_EQ(driver.state(), State::awaiting_resumed);
    return driver;
}

TEST(SessionResume, case_052_resume_after_a_cut_continues_from_the_last_sequence) {
    Driver driver;
    driver.to_ready("s1");
    driver.event(42);
    driver.advance(10s);
    EXPECT_EQ(driver.closed(1006), (Lines{"disconnected 1006 will resume", "reconnecting 1"}));
    driver.wake();
    EXPECT_EQ(driver.open(), (Lines{"send resume s1 42"}));
    EXPECT_TRUE(driver.find<session::SendFrame>()->secret);
    EXPECT_EQ(driver.event(43).front(), "deliver TEST 43");
    EXPECT_EQ(driver.event(44), (Lines{"deliver TEST 44"}));
    EXPECT_EQ(driver.resumed(45), (Lines{"resumed 2", "deliver RESUMED 45"}));
    EXPECT_EQ(driver.state(), State::ready);
    EXPECT_EQ(driver.event(46), (Lines{"deliver TEST 46"}));
    EXPECT_EQ(driver.machine.session_id(), "s1");
}

TEST(SessionResume, case_053_without_session_ids_the_client_identifies_and_reports_the_loss_with_its_span) {
    Driver driver;
    driver.to_ready("");
    driver.event(1);
    const auto last = driver.now;
    driver.advance(10s);
    EXPECT_EQ(driver.closed(1006), (Lines{"disconnected 1006", "reconnecting 1"}));
    EXPECT_FALSE(driver.machine.seq());
    EXPECT_EQ(driver.reopen(), (Lines{"send identify"}));
    EXPECT_EQ(driver.ready("", 5'000), (Lines{"ready", "lost", "send heartbeat null"}));
    const auto* lost = driver.find<session::SessionLost>();
    EXPECT_EQ(lost->from, last);
    EXPECT_EQ(lost->to, driver.now);
    EXPECT_FALSE(lost->reason.empty());
    EXPECT_EQ(driver.event(1), (Lines{"deliver TEST 1"})) << "a new session counts from 1";
}

TEST(SessionResume, case_053_a_later_ready_event_with_an_id_enables_the_resume) {
    Driver driver;
    driver.to_ready("");
    driver.ready_event(1, "s9");
    driver.closed(1006);
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s9 1"}));
}

TEST(SessionResume, case_045_events_of_an_overlapping_replay_are_delivered_once) {
    Driver driver = resuming(42);
    driver.event(40);
    EXPECT_EQ(driver.event(41), Lines{});
    EXPECT_EQ(driver.event(42), Lines{});
    EXPECT_EQ(driver.event(43), (Lines{"deliver TEST 43"}));
    EXPECT_EQ(driver.resumed(44), (Lines{"resumed 1", "deliver RESUMED 44"}));
}

TEST(SessionResume, case_054_a_resumed_event_without_a_number_or_with_an_old_one_also_ends_the_replay) {
    Driver unnumbered = resuming();
    unnumbered.event(43);
    EXPECT_EQ(unnumbered.receive(Opcode::dispatch, "{}", "RESUMED"), (Lines{"resumed 1", "deliver RESUMED"}));

    Driver old = resuming();
    old.event(43);
    EXPECT_EQ(old.resumed(43), (Lines{"resumed 1"}));
    EXPECT_EQ(old.state(), State::ready);
}

TEST(SessionResume, case_054_without_a_resumed_event_the_replay_ends_when_no_more_events_arrive) {
    Driver driver = resuming();
    driver.event(43);
    driver.advance(1s);
    driver.event(44);
    driver.ack();
    EXPECT_EQ(driver.state(), State::replaying) << "an ACK may come in the middle of a replay";
    EXPECT_EQ(driver.advance(2s), (Lines{"resumed 2"}));
    EXPECT_EQ(driver.state(), State::ready);
    EXPECT_EQ(driver.resumed(45), (Lines{"deliver RESUMED 45"})) << "reported once";
}

TEST(SessionResume, case_057_a_replay_without_resumed_does_not_prove_completeness) {
    Driver driver = resuming();
    const auto before_the_cut = driver.machine.complete_until();
    ASSERT_TRUE(before_the_cut);
    driver.event(43);
    driver.advance(3s);
    ASSERT_EQ(driver.state(), State::ready);
    driver.event(44);  // perhaps of the replay, and then older than it looks
    EXPECT_EQ(driver.machine.complete_until(), before_the_cut);
    driver.closed(1006);
    driver.reopen();
    driver.receive(codec::Opcode::invalid_session, "false");
    driver.reopen();
    driver.ready("s2");
    const auto* lost = driver.find<session::SessionLost>();
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->from, before_the_cut);
}

TEST(SessionResume, case_057_an_acknowledged_heartbeat_after_a_replay_proves_that_it_is_complete) {
    Driver driver = resuming();
    driver.event(43);
    driver.ack();  // of the beat that went out with the replay's first event
    const auto before_the_cut = driver.machine.complete_until();
    EXPECT_EQ(driver.advance(3s), (Lines{"resumed 1"}));
    EXPECT_EQ(driver.advance(40s), (Lines{"send heartbeat 43"}));
    const auto beat = driver.machine.complete_until();
    EXPECT_EQ(beat, before_the_cut) << "sent is not answered";
    driver.advance(1s);
    driver.ack();
    ASSERT_TRUE(driver.machine.complete_until());
    EXPECT_GT(*driver.machine.complete_until(), *before_the_cut);
    EXPECT_LT(*driver.machine.complete_until(), driver.now);
}

TEST(SessionResume, case_054_without_a_resumed_event_live_traffic_cannot_extend_the_replay_indefinitely) {
    Driver driver = resuming();
    std::uint64_t seq = 43;
    Lines ends;
    for (int i = 0; i < 30; ++i) {
        driver.event(seq++);
        for (const std::string& line : driver.advance(1s))
            if (line.starts_with("resumed")) ends.push_back(line);
    }
    EXPECT_EQ(ends, (Lines{"resumed 20"}));
}

TEST(SessionResume, a_replay_with_unread_bytes_is_not_over) {
    Driver driver = resuming();
    driver.event(43);
    driver.machine.on_backlog(true);
    driver.advance(60s);
    EXPECT_EQ(driver.state(), State::replaying);
    driver.machine.on_backlog(false);
    driver.event(44);
    EXPECT_EQ(driver.resumed(45), (Lines{"resumed 2", "deliver RESUMED 45"}));
}

TEST(SessionResume, case_057_a_cut_in_the_middle_of_a_replay_resumes_from_the_last_accepted_number) {
    Driver driver = resuming(42);
    driver.event(43);
    driver.event(44);
    driver.closed(1006);
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 44"}));
    driver.event(44);
    driver.event(45);
    driver.resumed(46);
    const auto handed_out = [&](const std::string& line) {
        return std::count(driver.log.begin(), driver.log.end(), line);
    };
    for (const char* line : {"deliver TEST 43", "deliver TEST 44", "deliver TEST 45"})
        EXPECT_EQ(handed_out(line), 1);
}

TEST(SessionResume, a_resume_without_an_answer_closes_after_twenty_seconds) {
    Driver driver = resuming();
    driver.hello(5'000);
    Lines lines;
    for (int i = 0; i < 20; ++i) {
        for (const std::string& line : driver.advance(1s))
            lines.push_back(line);
        if (driver.socket_open()) driver.ack();
    }
    ASSERT_GE(lines.size(), 3u);
    EXPECT_EQ(Lines(lines.end() - 3, lines.end()),
              (Lines{"close 4000", "disconnected 4000 will resume", "reconnecting 2"}));
}

TEST(SessionResume, case_056_three_resumes_without_any_event_are_followed_by_identify) {
    Driver driver = resuming();
    EXPECT_EQ(driver.closed(1006), (Lines{"disconnected 1006 will resume", "reconnecting 2"}));
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 42"}));
    EXPECT_EQ(driver.receive(Opcode::invalid_session, "true"),
              (Lines{"close 4000", "disconnected 4000 will resume", "reconnecting 3"}));
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 42"}));
    EXPECT_EQ(driver.closed(1005), (Lines{"disconnected 1005", "reconnecting 4"}));
    EXPECT_EQ(driver.reopen(), (Lines{"send identify"}));
    EXPECT_EQ(driver.ready("s2", 5'000), (Lines{"ready", "lost", "send heartbeat null"}));
}

TEST(SessionResume, an_event_resets_the_count_of_resumes) {
    Driver driver = resuming();
    std::uint64_t seq = 43;
    for (int i = 0; i < 10; ++i) {
        driver.event(seq);
        driver.closed(1006);
        EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 " + std::to_string(seq)}));
        ++seq;
    }
}

TEST(SessionResume, case_002_attempts_that_never_opened_do_not_count_as_resumes) {
    Driver driver = resuming();
    driver.closed(1006);
    for (int i = 0; i < 10; ++i) {
        driver.wake();
        driver.fail();
    }
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 42"}));
}

TEST(SessionResume, case_058_a_full_ready_in_answer_to_a_resume_is_a_new_session) {
    Driver event = resuming(42);
    EXPECT_EQ(event.ready_event(1, "s2", 5'000), (Lines{"ready", "lost", "deliver READY 1", "send heartbeat 1"}));
    EXPECT_EQ(event.machine.seq(), 1u);
    EXPECT_EQ(event.machine.session_id(), "s2");
    EXPECT_EQ(event.event(2), (Lines{"deliver TEST 2"}));

    Driver op3 = resuming(42);
    EXPECT_EQ(op3.ready("s2", 5'000), (Lines{"ready", "lost", "send heartbeat null"}));
    EXPECT_FALSE(op3.machine.seq());
}

// Frames may be delayed and get lost with the connection: only an ACK proves what has arrived.
TEST(SessionResume, a_loss_begins_at_the_last_acknowledged_heartbeat_before_the_first_cut) {
    Driver driver;
    driver.to_ready("s1");
    driver.ack();
    driver.advance(driver.machine.heartbeat_interval().value());
    const auto beat = driver.now;
    ASSERT_EQ(driver.log.back(), "send heartbeat null");
    driver.advance(3s);
    driver.ack();
    driver.event(1);
    driver.advance(7s);
    driver.event(2);
    driver.closed(1006);
    driver.reopen();
    driver.hello(5'000);
    driver.event(3);
    driver.receive(Opcode::invalid_session, "false");
    driver.reopen();
    driver.ready("s2");
    ASSERT_TRUE(driver.find<session::SessionLost>());
    EXPECT_EQ(driver.find<session::SessionLost>()->from, beat);
}

TEST(SessionResume, an_ack_proves_completeness_up_to_its_own_heartbeat_only) {
    Driver driver;
    driver.to_ready("s1");
    driver.ack();
    const auto interval = driver.machine.heartbeat_interval().value();
    driver.machine.on_backlog(true);  // nothing is read for two intervals
    driver.advance(interval);
    const auto first = driver.now;
    driver.advance(interval);
    driver.machine.on_backlog(false);
    driver.ack();
    EXPECT_EQ(driver.machine.complete_until(), first);
    driver.advance(interval);
    const auto third = driver.now;
    driver.ack();  // of the second
    EXPECT_EQ(driver.machine.complete_until(), first);
    driver.ack();
    EXPECT_EQ(driver.machine.complete_until(), third);
}

TEST(SessionResume, without_an_acknowledged_heartbeat_a_loss_begins_at_the_identify) {
    Driver driver;
    driver.to_awaiting_ready();
    const auto opened = driver.now;
    driver.advance(3s);
    driver.ready("s1");
    driver.event(1);
    driver.advance(1s);
    driver.closed(1006);
    driver.reopen();
    driver.receive(Opcode::invalid_session, "false");
    driver.reopen();
    driver.ready("s2");
    ASSERT_TRUE(driver.find<session::SessionLost>());
    EXPECT_EQ(driver.find<session::SessionLost>()->from, opened);
}

TEST(SessionResume, case_052_a_resume_with_nothing_to_replay_is_confirmed_by_the_ack_of_a_heartbeat) {
    Driver driver;
    driver.to_ready("s1", 5'000);
    driver.event(1);
    driver.ack();
    driver.closed(1006);
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 1"}));
    EXPECT_EQ(driver.advance(2s), (Lines{"send heartbeat 1"}));
    EXPECT_EQ(driver.ack(), (Lines{"resumed 0"}));
    EXPECT_EQ(driver.state(), State::ready);
    EXPECT_EQ(driver.advance(5s), (Lines{"send heartbeat 1"})) << "by the session's interval, without a pause";
    for (int i = 0; i < 100; ++i) {
        driver.ack();
        driver.advance(5s);
    }
    EXPECT_EQ(driver.state(), State::ready) << "a bot may be quiet";
    EXPECT_EQ(driver.event(2), (Lines{"deliver TEST 2"}));
}

TEST(SessionResume, after_a_hello_an_ack_does_not_confirm_a_resume) {
    Driver driver = resuming();
    driver.hello(5'000);
    driver.advance(6s);
    driver.ack();
    EXPECT_EQ(driver.state(), State::awaiting_resumed) << "such a server acknowledges without a session too";
    const Lines rest = driver.advance(14s);
    EXPECT_NE(std::find(rest.begin(), rest.end(), "close 4000"), rest.end());
}

TEST(SessionResume, case_056_acks_without_any_event_do_not_hide_a_server_that_has_lost_the_session) {
    Driver driver = resuming();
    for (int i = 0; i < 2; ++i) {
        driver.advance(2s);
        EXPECT_EQ(driver.ack(), (Lines{"resumed 0"}));
        driver.closed(1006);
        EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 42"}));
    }
    driver.advance(2s);
    driver.ack();
    driver.closed(1006);
    EXPECT_EQ(driver.reopen(), (Lines{"send identify"}));
}

TEST(SessionResume, case_055_a_refused_resume_waits_and_identifies_again) {
    Driver driver = resuming();
    EXPECT_EQ(driver.receive(Opcode::invalid_session, "false"),
              (Lines{"close 4000", "disconnected 4000", "reconnecting 2"}));
    EXPECT_GE(*driver.until_wake(), 5s) << "the pacing is above the random 1-5 s";
    EXPECT_EQ(driver.reopen(), (Lines{"send identify"}));
    EXPECT_EQ(driver.ready("s2", 5'000), (Lines{"ready", "lost", "send heartbeat null"}));
}

TEST(SessionResume, case_055_an_invalid_session_on_a_live_session_waits_one_to_five_seconds) {
    std::int64_t shortest = 10'000;
    std::int64_t longest = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        session::Settings settings;
        settings.random_seed = seed;
        Driver driver(settings);
        driver.to_ready("s1");
        driver.advance(10s);
        const bool resumable = seed % 2 == 0;
        driver.receive(Opcode::invalid_session, resumable ? "true" : "false");
        const auto delay = driver.find<session::Reconnecting>()->delay.count();
        shortest = std::min<std::int64_t>(shortest, delay);
        longest = std::max<std::int64_t>(longest, delay);
        EXPECT_EQ(driver.reopen(), (Lines{resumable ? "send resume s1 0" : "send identify"}));
    }
    EXPECT_GE(shortest, 1'000);
    EXPECT_LT(shortest, 1'300);
    EXPECT_LE(longest, 5'000);
    EXPECT_GT(longest, 4'700);
}

TEST(SessionResume, case_021_five_invalid_sessions_straight_after_identify_stop_with_an_authentication_error) {
    Driver driver;
    driver.start();
    for (int i = 1; i < 5; ++i) {
        driver.reopen();
        EXPECT_EQ(driver.receive(Opcode::invalid_session, "false"),
                  (Lines{"close 4000", "disconnected 4000", "reconnecting " + std::to_string(i)}));
        EXPECT_GE(*driver.until_wake(), 5s);
    }
    driver.reopen();
    EXPECT_EQ(driver.receive(Opcode::invalid_session, "false"),
              (Lines{"close 1000", "disconnected 1000", "stopped authentication"}));
}

TEST(SessionResume, invalid_sessions_after_a_resume_do_not_mean_a_refused_token) {
    Driver driver = resuming();
    driver.receive(Opcode::invalid_session, "true");
    driver.reopen();
    driver.receive(Opcode::invalid_session, "false");
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(driver.reopen(), (Lines{"send identify"}));
        driver.receive(Opcode::invalid_session, "false");
    }
    EXPECT_EQ(driver.state(), State::waiting);
}

TEST(SessionResume, a_ready_resets_the_count_of_invalid_sessions) {
    Driver driver;
    driver.start();
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 4; ++i) {
            driver.reopen();
            driver.receive(Opcode::invalid_session, "false");
        }
        driver.reopen();
        driver.ready("");
        driver.closed(1006);
    }
    EXPECT_EQ(driver.state(), State::waiting);
}

TEST(SessionResume, case_059_a_requested_reconnect_resumes_at_once) {
    Driver driver;
    driver.to_ready("s1");
    driver.event(7);
    driver.advance(10s);
    EXPECT_EQ(driver.receive(Opcode::reconnect),
              (Lines{"close 4000", "disconnected 4000 will resume", "reconnecting 1", "open"}));
    EXPECT_EQ(driver.find<session::Reconnecting>()->delay, 0ms);
    EXPECT_EQ(driver.open(), (Lines{"send resume s1 7"}));
    driver.event(8);
    EXPECT_EQ(driver.receive(Opcode::reconnect),
              (Lines{"close 4000", "disconnected 4000 will resume", "reconnecting 2"}))
        << "in the replay, and too early for a Resume";
    EXPECT_EQ(driver.until_wake(), 5'050ms);
}

TEST(SessionResume, case_059_a_requested_reconnect_is_carried_out_in_every_state) {
    const auto asked = [](Driver driver, std::string_view then) {
        EXPECT_EQ(driver.receive(Opcode::reconnect).front(), "close 4000");
        EXPECT_EQ(driver.receive(Opcode::reconnect), Lines{}) << "twice: the socket is not ours any more";
        EXPECT_EQ(driver.reopen(), Lines{std::string(then)});
        expect_recovery(driver);
    };
    Driver awaiting;
    awaiting.to_awaiting_ready();
    asked(awaiting, "send identify");
    awaiting.hello(5'000);
    asked(awaiting, "send identify");

    Driver unnamed;
    unnamed.to_ready("");
    asked(unnamed, "send identify");

    asked(resuming(42), "send resume s1 42");
    Driver replaying = resuming(42);
    replaying.event(43);
    asked(replaying, "send resume s1 43");
    replaying.resumed(44);
    asked(replaying, "send resume s1 44");
}

TEST(SessionResume, case_056_059_repeated_requests_to_reconnect_cause_an_identify_after_three_resumes) {
    Driver driver = resuming(42);
    Lines openings;
    for (int i = 0; i < 4; ++i) {
        driver.receive(Opcode::reconnect);
        for (const std::string& line : driver.reopen())
            openings.push_back(line);
    }
    EXPECT_EQ(openings, (Lines{"send resume s1 42", "send resume s1 42", "send identify", "send identify"}));
}

TEST(SessionResume, case_059_a_requested_reconnect_before_the_ready_identifies) {
    Driver driver;
    driver.to_awaiting_ready();
    EXPECT_EQ(driver.receive(Opcode::reconnect), (Lines{"close 4000", "disconnected 4000", "reconnecting 1"}));
    EXPECT_EQ(driver.reopen(), (Lines{"send identify"}));
}

TEST(SessionResume, case_062_a_saved_session_is_resumed_by_the_next_process) {
    Driver driver(saved("old", 10));
    EXPECT_EQ(driver.machine.session_id(), "old");
    driver.start();
    EXPECT_EQ(driver.open(), (Lines{"send resume old 10"}));
    EXPECT_EQ(driver.event(11), (Lines{"deliver TEST 11", "send heartbeat 11"}));
    EXPECT_EQ(driver.until_wake(), 2s);
    EXPECT_EQ(driver.resumed(12), (Lines{"resumed 1", "deliver RESUMED 12"}));
    EXPECT_EQ(driver.until_wake(), 41'250ms) << "no interval is known";
}

TEST(SessionResume, a_refused_saved_session_is_lost_from_an_unknown_time) {
    Driver driver(saved("old", 10));
    driver.start();
    driver.open();
    driver.closed(4007);
    EXPECT_EQ(driver.reopen(), (Lines{"send identify"}));
    EXPECT_EQ(driver.ready("s1", 5'000), (Lines{"ready first", "lost", "send heartbeat null"}));
    EXPECT_FALSE(driver.find<session::SessionLost>()->from);
}

TEST(SessionResume, a_saved_session_without_an_id_is_lost) {
    Driver driver(saved("", 0));
    driver.start();
    EXPECT_EQ(driver.open(), (Lines{"send identify"}));
    EXPECT_EQ(driver.ready("s1", 5'000), (Lines{"ready first", "lost", "send heartbeat null"}));
    EXPECT_FALSE(driver.find<session::SessionLost>()->from);
}

TEST(SessionResume, a_first_session_reports_no_loss) {
    for (const char* id : {"", "s1"}) {
        Driver driver;
        driver.start();
        for (int i = 0; i < 3; ++i) {
            if (!driver.socket_connecting()) driver.wake();
            driver.fail();
        }
        driver.reopen();
        driver.closed(1006);
        driver.reopen();
        driver.receive(Opcode::invalid_session, "false");
        driver.reopen();
        EXPECT_EQ(driver.ready(id).front(), "ready first");
        EXPECT_FALSE(driver.find<session::SessionLost>()) << "nothing was there to be lost";
    }
}

TEST(SessionResume, a_loss_is_reported_once_regardless_of_the_number_of_attempts) {
    Driver driver;
    driver.to_ready("");
    for (int i = 0; i < 5; ++i) {
        driver.closed(1006);
        driver.reopen();
    }
    driver.ready("s2");
    driver.event(1);
    driver.closed(1006);
    driver.reopen();
    driver.resumed(2);
    EXPECT_EQ(std::count(driver.log.begin(), driver.log.end(), "lost"), 1);
}

}  // namespace
}  // namespace intent::test::session_resume_test
