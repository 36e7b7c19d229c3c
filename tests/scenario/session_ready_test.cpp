// Ready in each of its forms, Hello, and the heartbeat interval (protocol §4, §5).
#include "tests/support/session_script.hpp"

#include <limits>

namespace intent::test::session_ready_test {
namespace {

using session::State;

TEST(SessionReady, case_017_todays_server_op_3_starts_the_heartbeat_at_once) {
    Driver driver;
    driver.to_awaiting_ready();
    EXPECT_EQ(driver.ready("s1", 5'000), (Lines{"ready first", "send heartbeat null"}));
    EXPECT_EQ(driver.machine.session_id(), "s1");
    EXPECT_EQ(driver.until_wake(), 5s);
    driver.ack();
    driver.event(1);
    EXPECT_EQ(driver.advance(5s), (Lines{"send heartbeat 1"}));
}

TEST(SessionReady, case_017_018_a_newer_server_hello_spreads_the_first_beat_and_ready_comes_as_an_event) {
    Driver driver;
    driver.to_awaiting_ready();
    EXPECT_EQ(driver.hello(10'000), Lines{});
    ASSERT_TRUE(driver.until_wake());
    EXPECT_LT(*driver.until_wake(), 10s);
    EXPECT_EQ(driver.ready_event(1), (Lines{"ready first", "deliver READY 1"}));
    EXPECT_EQ(driver.wake(), (Lines{"send heartbeat 1"}));
    EXPECT_EQ(driver.until_wake(), 10s);
}

TEST(SessionReady, case_015_first_beats_after_hello_are_spread_over_the_interval) {
    int early = 0;
    int late = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        session::Settings settings;
        settings.random_seed = seed;
        Driver driver(settings);
        driver.to_awaiting_ready();
        driver.hello(10'000);
        early += *driver.until_wake() < 3s;
        late += *driver.until_wake() > 7s;
    }
    EXPECT_GT(early, 50);
    EXPECT_GT(late, 50);
}

TEST(SessionReady, case_017_a_ready_event_with_an_interval_and_no_hello_beats_at_once) {
    Driver driver;
    driver.to_awaiting_ready();
    EXPECT_EQ(driver.ready_event(1, "s1", 5'000), (Lines{"ready first", "deliver READY 1", "send heartbeat 1"}));
    EXPECT_EQ(driver.until_wake(), 5s);
}

TEST(SessionReady, case_017_op_3_and_the_event_together_are_one_session_and_one_timer) {
    Driver driver;
    driver.to_ready("", 5'000);
    EXPECT_EQ(driver.ready_event(1, "s1", 5'000), (Lines{"deliver READY 1"}));
    EXPECT_EQ(driver.machine.session_id(), "s1") << "the second one brought the id";
    EXPECT_EQ(driver.ready("s1", 5'000), Lines{}) << "a third";
    driver.ack();
    EXPECT_EQ(driver.advance(5s), (Lines{"send heartbeat 1"}));
}

TEST(SessionReady, case_018_a_later_hello_rearms_the_one_timer) {
    Driver driver;
    driver.to_ready("s1", 40'000);
    driver.ack();
    EXPECT_EQ(driver.hello(2'000), Lines{});
    EXPECT_EQ(driver.until_wake(), 2s);
    EXPECT_EQ(driver.advance(2s), (Lines{"send heartbeat null"}));
    driver.ack();
    EXPECT_EQ(driver.hello(2'000), Lines{}) << "twice the same";
    EXPECT_EQ(driver.advance(2s), (Lines{"send heartbeat null"}));
}

TEST(SessionReady, case_018_hello_before_the_ready_never_leads_to_a_second_identify) {
    Driver driver;
    driver.to_awaiting_ready();
    driver.hello(5'000);
    driver.hello(6'000);
    driver.ready();
    EXPECT_EQ(std::count(driver.log.begin(), driver.log.end(), "send identify"), 1);
}

TEST(SessionReady, case_019_an_invalid_interval_becomes_41250_ms_with_a_warning) {
    for (const char* json :
         {"{}", R"({"heartbeat_interval":0})", R"({"heartbeat_interval":-1})", R"({"heartbeat_interval":"41250"})",
          R"({"heartbeat_interval":1})", R"({"heartbeat_interval":99.9})", R"({"heartbeat_interval":2147483648})",
          R"({"heartbeat_interval":9223372036854775808})", R"({"heartbeat_interval":1e300})", "null", "[]",
          R"({"heartbeat_interval":600001})", R"({"heartbeat_interval":null})"}) {
        SCOPED_TRACE(json);
        Driver driver;
        driver.to_awaiting_ready();
        EXPECT_EQ(driver.receive(codec::Opcode::hello, json), (Lines{"notice"}));
        EXPECT_EQ(driver.machine.heartbeat_interval(), 41'250ms);

        Driver op3;
        op3.to_awaiting_ready();
        const Lines lines = op3.receive(codec::Opcode::ready, json);
        EXPECT_EQ(std::count(lines.begin(), lines.end(), "ready first"), 1);
        EXPECT_EQ(lines.back(), "send heartbeat null");
        EXPECT_EQ(op3.until_wake(), 41'250ms);
    }
}

TEST(SessionReady, case_019_138_intervals_that_are_not_finite_become_41250_ms) {
    for (const double value : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity(), -0.0}) {
        Driver driver;
        driver.to_awaiting_ready();
        codec::Bytes d = packed(R"({"heartbeat_interval":0.5})");
        const auto bits = std::bit_cast<std::uint64_t>(value);
        for (std::size_t i = 0; i < 8; ++i)
            d[d.size() - 8 + i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
        EXPECT_EQ(driver.bytes(codec::write_frame(codec::Opcode::hello, d)), (Lines{"notice"}));
        EXPECT_EQ(driver.machine.heartbeat_interval(), 41'250ms);
    }
}

TEST(SessionReady, case_019_the_bounds_of_an_interval_are_inclusive) {
    for (const int interval : {100, 600'000}) {
        Driver driver;
        driver.to_awaiting_ready();
        EXPECT_EQ(driver.hello(interval), Lines{});
        EXPECT_EQ(driver.machine.heartbeat_interval(), session::Duration(interval));
    }
}

TEST(SessionReady, case_019_an_invalid_interval_never_replaces_a_valid_one) {
    Driver driver;
    driver.to_awaiting_ready();
    driver.hello(5'000);
    EXPECT_EQ(driver.receive(codec::Opcode::hello, R"({"heartbeat_interval":0})"), (Lines{"notice"}));
    EXPECT_EQ(driver.machine.heartbeat_interval(), 5s);
    EXPECT_EQ(driver.ready_event(1), (Lines{"ready first", "deliver READY 1"})) << "without one: no warning";
    EXPECT_EQ(driver.machine.heartbeat_interval(), 5s);
}

TEST(SessionReady, case_020_a_ready_with_missing_and_unknown_parts_starts_a_session) {
    Driver driver;
    driver.to_awaiting_ready();
    driver.receive(codec::Opcode::ready,
                   R"({"user":{"id":"5","username":"b","x":1},"servers":null,"heartbeat_interval":5000,"y":[{}]})");
    EXPECT_EQ(driver.state(), State::ready);
    const auto* ready = driver.find<session::SessionReady>();
    ASSERT_TRUE(ready);
    EXPECT_EQ(ready->ready->user.id, UserId{5});
    EXPECT_TRUE(ready->ready->servers.empty());
    EXPECT_FALSE(ready->data.empty());
    EXPECT_FALSE(driver.machine.session_id());
}

TEST(SessionReady, case_020_an_unreadable_ready_starts_a_session_with_a_warning) {
    Driver driver;
    driver.to_awaiting_ready();
    EXPECT_EQ(driver.receive(codec::Opcode::ready, R"({"user":7,"heartbeat_interval":5000})"),
              (Lines{"notice", "ready first", "send heartbeat null"}));
    EXPECT_EQ(driver.until_wake(), 5s);
}

TEST(SessionReady, a_session_id_too_long_for_a_resume_is_ignored) {
    Driver driver;
    driver.to_awaiting_ready();
    EXPECT_EQ(driver.ready(std::string(70'000, 's'), 5'000), (Lines{"notice", "ready first", "send heartbeat null"}));
    EXPECT_FALSE(driver.machine.session_id());
}

TEST(SessionReady, a_second_session_is_not_marked_first) {
    Driver driver;
    driver.to_ready("");
    driver.closed(1006);
    driver.reopen();
    EXPECT_EQ(driver.ready(""), (Lines{"ready", "lost", "send heartbeat null"}));
}

const Script second_session{
    "a second session on the same socket",
    {},
    {
        {"start", [](Driver& d) { return d.start(); }, {"open"}},
        {"open", [](Driver& d) { return d.open(); }, {"send identify"}},
        {"ready", [](Driver& d) { return d.ready("s1", 5'000); }, {"ready first", "send heartbeat null"}},
        {"ack", [](Driver& d) { return d.ack(); }, {}},
        {"event", [](Driver& d) { return d.event(57); }, {"deliver TEST 57"}},
        {"second ready", [](Driver& d) { return d.ready("s2", 5'000); }, {"ready", "lost"}},
        {"event of the second", [](Driver& d) { return d.event(1); }, {"deliver TEST 1"}},
        {"cut", [](Driver& d) { return d.closed(1006); }, {"disconnected 1006 will resume", "reconnecting 1"}},
        {"reopen", [](Driver& d) { return d.reopen(); }, {"send resume s2 1"}},
        {"event", [](Driver& d) { return d.event(2); }, {"deliver TEST 2", "send heartbeat 2"}},
        {"resumed", [](Driver& d) { return d.resumed(3); }, {"resumed 1", "deliver RESUMED 3"}},
        {"third ready", [](Driver& d) { return d.ready_event(1, "s3", 5'000); }, {"ready", "lost", "deliver READY 1"}},
        {"event of the third", [](Driver& d) { return d.event(2); }, {"deliver TEST 2"}},
    }};

TEST(SessionReady, case_147_a_second_ready_with_another_id_begins_a_new_session) { run_with_faults(second_session); }

TEST(SessionReady, case_147_a_second_ready_with_the_same_id_or_none_changes_nothing) {
    Driver driver;
    driver.to_ready("s1", 5'000);
    driver.event(57);
    EXPECT_EQ(driver.ready("s1", 5'000), Lines{});
    EXPECT_EQ(driver.ready("", 5'000), Lines{});
    EXPECT_EQ(driver.ready(std::string(70'000, 's'), 5'000), Lines{}) << "an id that is too long is no other id";
    EXPECT_EQ(driver.ready_event(58, "s1"), (Lines{"deliver READY 58"}));
    EXPECT_EQ(driver.event(59), (Lines{"deliver TEST 59"}));
    EXPECT_EQ(driver.machine.session_id(), "s1");
    EXPECT_EQ(driver.machine.counters().sessions, 1u);
    EXPECT_EQ(driver.machine.counters().losses, 0u);
}

TEST(SessionReady, case_147_a_ready_with_the_same_id_on_a_resumed_connection_changes_nothing) {
    Driver driver;
    driver.to_ready("s1", 5'000);
    driver.event(5);
    driver.closed(1006);
    driver.reopen();
    driver.event(6);
    EXPECT_EQ(driver.ready("s1", 5'000), Lines{});
    EXPECT_EQ(driver.resumed(7), (Lines{"resumed 1", "deliver RESUMED 7"}));
    EXPECT_EQ(driver.ready("s1", 5'000), Lines{});
    EXPECT_EQ(driver.event(8), (Lines{"deliver TEST 8"}));
    EXPECT_EQ(driver.machine.counters().sessions, 1u);
}

TEST(SessionReady, case_147_the_loss_spans_from_the_last_proof_to_the_second_ready) {
    Driver driver;
    driver.to_ready("s1", 5'000);
    driver.ack();
    driver.advance(5s);
    const auto beat = driver.now;
    driver.advance(1s);
    driver.ack();
    driver.advance(2s);
    driver.ready("s2", 5'000);
    ASSERT_TRUE(driver.find<session::SessionLost>());
    EXPECT_EQ(driver.find<session::SessionLost>()->from, beat);
    EXPECT_EQ(driver.find<session::SessionLost>()->to, driver.now);
    EXPECT_EQ(driver.machine.complete_until(), beat) << "nothing of the new session came before";
}

TEST(SessionReady, events_before_the_ready_are_not_lost) {
    Driver driver;
    driver.to_awaiting_ready();
    EXPECT_EQ(driver.event(1), (Lines{"deliver TEST 1"}));
    EXPECT_EQ(driver.ready("s1", 5'000), (Lines{"ready first", "send heartbeat 1"}));
    EXPECT_EQ(driver.machine.seq(), 1u);
}

}  // namespace
}  // namespace intent::test::session_ready_test
