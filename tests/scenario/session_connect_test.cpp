// From the start to Identify, and from failed attempts to the next (protocol §5).
#include "tests/support/session_script.hpp"

namespace intent::test::session_connect_test {
namespace {

using session::State;
using session::StopReason;

// Delay of the Reconnecting among the last actions.
session::Duration delay_of(const Driver& driver) {
    const auto* retry = driver.find<session::Reconnecting>();
    return retry ? retry->delay : session::Duration(-1);
}

TEST(SessionConnect, case_011_start_opens_one_socket_and_identify_is_sent_at_once) {
    Driver driver;
    EXPECT_FALSE(driver.machine.next_wake());
    EXPECT_EQ(driver.start(), (Lines{"open"}));
    EXPECT_EQ(driver.start(), Lines{}) << "a second start is nothing";
    EXPECT_EQ(driver.state(), State::connecting);
    EXPECT_EQ(driver.open(), (Lines{"send identify"}));
    EXPECT_EQ(driver.state(), State::awaiting_ready);
    EXPECT_EQ(driver.until_wake(), 20s);
    EXPECT_EQ(driver.start(), Lines{}) << "awaiting Ready";
    driver.closed(1006);
    const auto retry = driver.machine.next_wake();
    EXPECT_EQ(driver.start(), Lines{}) << "while a retry is pending";
    EXPECT_EQ(driver.machine.next_wake(), retry);
    EXPECT_EQ(driver.reopen(), (Lines{"send identify"}));
    driver.ready();
    EXPECT_EQ(driver.start(), Lines{}) << "ready";
}

TEST(SessionConnect, case_025_identify_carries_the_token_of_this_open_and_no_intents_unless_set) {
    session::Settings settings;
    settings.properties = {"linux", "intent-cpp", "test"};
    Driver driver(settings);
    driver.start();
    driver.open();
    const auto* send = driver.find<session::SendFrame>();
    ASSERT_TRUE(send);
    EXPECT_TRUE(send->secret);
    const auto identify = codec::from_msgpack<raw::Identify>(codec::peek_frame(send->bytes)->data);
    ASSERT_TRUE(identify);
    EXPECT_EQ(identify->token, Driver::token);
    EXPECT_FALSE(identify->intents);
    EXPECT_EQ(identify->properties, settings.properties);

    driver.closed(1006);
    driver.advance(10s);
    driver.open("bot_cm90YXRlZA");
    const auto rotated =
        codec::from_msgpack<raw::Identify>(codec::peek_frame(driver.find<session::SendFrame>()->bytes)->data);
    ASSERT_TRUE(rotated);
    EXPECT_EQ(rotated->token, "bot_cm90YXRlZA");
}

TEST(SessionConnect, zero_intents_are_sent_as_zero) {
    session::Settings settings;
    settings.intents = 0;
    Driver driver(settings);
    driver.to_awaiting_ready();
    const auto identify =
        codec::from_msgpack<raw::Identify>(codec::peek_frame(driver.find<session::SendFrame>()->bytes)->data);
    ASSERT_TRUE(identify);
    EXPECT_EQ(identify->intents, 0u);
}

TEST(SessionConnect, case_001_003_failed_attempts_back_off_indefinitely_and_each_is_reported) {
    Driver driver;
    driver.start();
    unsigned attempt = 0;
    for (const int base : {1'000, 2'000, 4'000, 8'000, 16'000, 30'000, 30'000, 30'000}) {
        EXPECT_EQ(driver.fail(), (Lines{"connect failed", "reconnecting " + std::to_string(++attempt)}));
        EXPECT_GE(delay_of(driver).count(), base * 3 / 4);
        EXPECT_LE(delay_of(driver).count(), base * 5 / 4);
        EXPECT_EQ(driver.until_wake(), delay_of(driver));
        EXPECT_EQ(driver.advance(delay_of(driver) - 1ms), Lines{});
        EXPECT_EQ(driver.advance(1ms), (Lines{"open"}));
    }
}

TEST(SessionConnect, case_007_retry_after_is_a_minimum_and_an_excessive_one_is_clamped) {
    Driver driver;
    driver.start();
    driver.fail("503", 7s);
    EXPECT_EQ(delay_of(driver), 7s);
    driver.advance(7s);
    driver.fail("503", 1ms);
    EXPECT_GE(delay_of(driver), 1'500ms);
    driver.advance(10s);
    driver.fail("503", session::Duration::max());
    EXPECT_EQ(delay_of(driver), 1h);
    driver.advance(1h);
    driver.fail("503", session::Duration(-5));
    EXPECT_GT(delay_of(driver), 0ms);
}

TEST(SessionConnect, case_015_reconnects_of_many_clients_are_spread_out) {
    int early = 0;
    int late = 0;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        session::Settings settings;
        settings.random_seed = seed;
        Driver driver(settings);
        driver.to_ready();
        driver.advance(20s);
        driver.closed(1001);
        early += delay_of(driver) < 850ms;
        late += delay_of(driver) > 1'150ms;
        EXPECT_GE(delay_of(driver), 750ms);
        EXPECT_LE(delay_of(driver), 1'250ms);
    }
    EXPECT_GT(early, 60);
    EXPECT_GT(late, 60);
}

TEST(SessionConnect, case_014_023_a_server_that_closes_after_each_ready_causes_no_reconnect_storm) {
    Driver driver;
    driver.start();
    std::vector<session::Duration> delays;
    for (int i = 0; i < 50; ++i) {
        driver.reopen();
        driver.ready("");
        driver.closed(1006);
        delays.push_back(delay_of(driver));
    }
    EXPECT_GE(delays.back(), 22'500ms);
    for (const auto delay : delays)
        EXPECT_GE(delay, 5s) << "Identify pacing";
}

TEST(SessionConnect, case_014_only_an_acknowledged_heartbeat_of_a_ready_session_resets_the_back_off) {
    Driver driver;
    driver.start();
    for (int i = 0; i < 8; ++i) {
        driver.fail();
        driver.wake();
    }
    driver.open();
    driver.hello(10'000);
    driver.advance(10s);
    EXPECT_EQ(driver.ack(), Lines{}) << "before Ready: counts for nothing";
    driver.closed(1006);
    EXPECT_GE(delay_of(driver), 22s);

    driver.reopen();
    driver.ready();
    driver.closed(1006);
    EXPECT_GE(delay_of(driver), 22s) << "Ready alone is not enough";

    driver.reopen();
    driver.resumed(1);
    driver.ack();
    driver.advance(6s);
    driver.closed(1006);
    EXPECT_LE(delay_of(driver), 1'250ms);
    EXPECT_EQ(driver.find<session::Reconnecting>()->attempt, 1u);
}

TEST(SessionConnect, case_024_too_many_identifies_in_a_day_cause_a_warning_and_then_a_wait) {
    session::Settings settings;
    settings.schedule.identify_budget_warning = 2;
    settings.schedule.identify_budget_limit = 3;
    Driver driver(settings);
    driver.start();
    EXPECT_EQ(driver.open(), (Lines{"send identify"}));
    driver.closed(1006);
    EXPECT_EQ(driver.reopen(), (Lines{"send identify", "notice"}));
    driver.closed(1006);
    EXPECT_EQ(driver.reopen(), (Lines{"send identify", "notice"}));
    driver.closed(1006);
    EXPECT_GT(delay_of(driver), 23h);
    EXPECT_EQ(driver.advance(25h), (Lines{"open"}));
}

TEST(SessionConnect, case_024_resumes_do_not_count_as_identifies_of_a_day) {
    session::Settings settings;
    settings.schedule.identify_budget_warning = 2;
    settings.schedule.identify_budget_limit = 3;
    Driver driver(settings);
    driver.to_ready();
    for (std::uint64_t seq = 1; seq <= 20; ++seq) {
        driver.closed(1006);
        EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 " + std::to_string(seq - 1)}));
        driver.event(seq);
    }
    EXPECT_EQ(driver.machine.counters().resumes, 20u);
    EXPECT_EQ(std::count(driver.log.begin(), driver.log.end(), "notice"), 0);
}

TEST(SessionConnect, case_025_no_token_stops_with_an_authentication_error) {
    Driver driver;
    driver.start();
    EXPECT_EQ(driver.open(""), (Lines{"abort", "stopped authentication"}));
}

TEST(SessionConnect, case_025_an_identify_over_64_kib_stops_with_a_configuration_error) {
    Driver driver;
    driver.start();
    EXPECT_EQ(driver.open(std::string(70'000, 'x')), (Lines{"abort", "stopped configuration"}));
}

TEST(SessionConnect, case_016_a_missing_ready_closes_after_twenty_seconds_and_backs_off) {
    Driver driver;
    driver.to_awaiting_ready();
    EXPECT_EQ(driver.advance(20s - 1ms), Lines{});
    EXPECT_EQ(driver.advance(1ms), (Lines{"close 4000", "disconnected 4000", "reconnecting 1"}));
}

TEST(SessionConnect, unread_bytes_and_a_frozen_process_extend_the_ready_deadline) {
    Driver driver;
    driver.to_awaiting_ready();
    driver.machine.on_backlog(true);
    EXPECT_EQ(driver.advance(30s), Lines{});
    driver.machine.on_backlog(false);
    EXPECT_EQ(driver.ready(), (Lines{"ready first", "send heartbeat null"}));

    Driver frozen;
    frozen.to_awaiting_ready();
    frozen.now += 5min;
    EXPECT_EQ(frozen.tick(), Lines{}) << "the Ready may be there, unread";
    EXPECT_EQ(frozen.ready(), (Lines{"ready first", "send heartbeat null"}));
}

TEST(SessionConnect, case_012_036_inputs_that_do_not_fit_the_state_are_ignored) {
    Driver driver;
    session::Actions& out = driver.actions;
    const auto poke = [&] {
        out.clear();
        driver.machine.on_open(driver.now, Driver::token, out);
        driver.machine.on_connect_failed(driver.now, "late", std::nullopt, out);
        driver.machine.on_closed(driver.now, 1006, "late", out);
        driver.machine.on_binary(driver.now, codec::write_frame(codec::Opcode::hello, {}), out);
        driver.machine.on_text(driver.now, packed("{}"), out);
        driver.machine.on_time(driver.now, out);
        return out.size();
    };
    EXPECT_EQ(poke(), 0u) << "idle";
    driver.start();
    driver.fail();
    EXPECT_EQ(poke(), 0u) << "waiting";
    driver.wake();
    driver.open();
    out.clear();
    driver.machine.on_open(driver.now, Driver::token, out);
    driver.machine.on_connect_failed(driver.now, "late", std::nullopt, out);
    EXPECT_TRUE(out.empty()) << "open";
    EXPECT_EQ(driver.state(), State::awaiting_ready);
}

}  // namespace
}  // namespace intent::test::session_connect_test
