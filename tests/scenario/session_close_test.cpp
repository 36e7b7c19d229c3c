// The reaction to each way a connection can end (protocol §6).
#include "tests/support/session_script.hpp"

namespace intent::test::session_close_test {
namespace {

using codec::Opcode;
using session::State;

Driver settled() {
    Driver driver;
    driver.to_ready("s1");
    driver.event(1);
    driver.ack();
    driver.advance(10s);
    return driver;
}

std::string number(int value) { return std::to_string(value); }

TEST(SessionClose, case_064_codes_of_temporary_failures_reconnect_and_resume) {
    for (const int code :
         {1000, 1001, 1005, 1006, 1011, 1012, 1013, 4000, 4001, 4005, 4006, 4999, 1002, 3000, 999, 0}) {
        Driver driver = settled();
        EXPECT_EQ(driver.closed(code), (Lines{"disconnected " + number(code) + " will resume", "reconnecting 1"}));
        EXPECT_LE(*driver.until_wake(), 1'250ms);
        EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 1"}));
    }
}

TEST(SessionClose, case_064_codes_that_end_the_session_cause_a_new_identify) {
    for (const int code : {4003, 4007}) {
        Driver driver = settled();
        EXPECT_EQ(driver.closed(code), (Lines{"disconnected " + number(code), "reconnecting 1"}));
        EXPECT_EQ(driver.reopen(), (Lines{"send identify"}));
        EXPECT_EQ(driver.ready("s2", 5'000), (Lines{"ready", "lost", "send heartbeat null"}));
    }
}

TEST(SessionClose, case_022_064_refusals_stop_permanently) {
    for (const int code : {4010, 4012, 4013}) {
        Driver driver = settled();
        EXPECT_EQ(driver.closed(code, "no"), (Lines{"disconnected " + number(code), "stopped configuration"}));
        EXPECT_EQ(driver.find<session::Stopped>()->close_code, code);
        expect_silence(driver);
    }
    Driver driver;
    driver.to_awaiting_ready();
    EXPECT_EQ(driver.closed(4004, "bad token"), (Lines{"disconnected 4004", "stopped authentication"}));
    EXPECT_NE(driver.find<session::Stopped>()->text.find("bad token"), std::string::npos);
    expect_silence(driver);
}

TEST(SessionClose, case_069_after_too_many_frames_reconnect_waits_five_seconds_and_commands_restart_slowly) {
    Driver driver = settled();
    EXPECT_EQ(driver.closed(4008), (Lines{"notice", "disconnected 4008 will resume", "reconnecting 1"}));
    EXPECT_EQ(driver.until_wake(), 5s);
    for (session::CommandId id = 1; id <= 50; ++id)
        driver.command(id, Opcode::voice_signal, "{}");
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 1"}));
    Lines first = driver.resumed(2);
    EXPECT_LE(std::count_if(first.begin(), first.end(), [](const auto& line) { return line.starts_with("sent"); }), 12);
    driver.ack();
    const Lines later = driver.advance(10s);
    const auto sent =
        std::count_if(later.begin(), later.end(), [](const auto& line) { return line.starts_with("sent"); });
    EXPECT_GE(sent, 15);
    EXPECT_LE(sent, 22);
}

TEST(SessionClose, case_070_a_refused_frame_is_reported_and_never_sent_again) {
    for (const int code : {4002, 4009}) {
        Driver driver = settled();
        driver.presence(1);
        driver.presence(2);
        EXPECT_EQ(driver.closed(code), (Lines{"notice", "failed 2 refused",
                                              "disconnected " + number(code) + " will resume", "reconnecting 1"}));
        EXPECT_NE(driver.find<session::LogLine>()->text.find("op 10"), std::string::npos);
        driver.reopen();
        for (const std::string& line : driver.resumed(2))
            EXPECT_FALSE(line.starts_with("send presence")) << line;
    }
}

TEST(SessionClose, case_070_three_refused_frames_within_ten_minutes_stop) {
    Driver driver = settled();
    driver.closed(4002);
    driver.reopen();
    driver.closed(4009);
    driver.reopen();
    EXPECT_EQ(driver.closed(4002), (Lines{"notice", "disconnected 4002", "stopped repeated_bad_frames"}));
}

TEST(SessionClose, case_070_three_refused_frames_over_a_long_time_do_not) {
    Driver driver = settled();
    for (int i = 0; i < 10; ++i) {
        driver.closed(4002);
        EXPECT_EQ(driver.state(), State::waiting);
        driver.reopen();
        driver.ready("s" + number(i));
        for (int minute = 0; minute < 6 * 60; minute += 30) {
            driver.advance(30s);
            driver.ack();
        }
    }
}

TEST(SessionClose, case_071_a_refused_voice_join_fails_only_that_command) {
    for (const int code : {4011, 4014, 4015}) {
        Driver driver = settled();
        driver.command(1, Opcode::voice_state_update,
                       R"({"server_id":"5","channel_id":"6","self_mute":false,"self_deaf":false})");
        driver.presence(2);
        EXPECT_EQ(driver.closed(code), (Lines{"notice", "failed 1 refused",
                                              "disconnected " + number(code) + " will resume", "reconnecting 1"}));
        EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 1"}));
        for (const std::string& line : driver.resumed(2))
            EXPECT_FALSE(line.starts_with("send voice")) << line;
    }
}

TEST(SessionClose, case_159_160_a_reason_is_shortened_stripped_and_free_of_the_token) {
    Driver driver = settled();
    driver.closed(4999, "evil\x1b[2J\r\n" + std::string(Driver::token) + std::string(5'000, 'x'));
    const std::string& reason = driver.find<session::Disconnected>()->reason;
    EXPECT_TRUE(reason.starts_with("evil [2J ***xxx")) << reason;
    EXPECT_LE(reason.size(), 210u);

    Driver own = settled();
    own.closed(1006);
    own.wake();
    own.open("a shape of its own");
    own.closed(4004, "unknown token: a shape of its own");
    EXPECT_EQ(own.find<session::Stopped>()->text.find("a shape of its own"), std::string::npos);

    Driver split = settled();
    const std::string token(Driver::token);
    split.closed(4999, "no " + token.substr(0, 9) + "\x01" + token.substr(9) + ", no " + token.substr(0, 12) + "…");
    EXPECT_EQ(split.find<session::Disconnected>()->reason, "no ***, no ***…");
}

TEST(SessionClose, case_159_the_refusal_of_the_first_connection_does_not_show_the_token) {
    Driver driver;
    driver.start();
    // Does not look like a token, so it is found only because it is known.
    driver.fail("the server refused the upgrade: no such URL: /gateway?token=bot%5f" +
                std::string(Driver::token.substr(4)));
    EXPECT_EQ(driver.find<session::ConnectFailed>()->text,
              "the server refused the upgrade: no such URL: /gateway?token=***");
}

TEST(SessionClose, case_161_the_token_of_the_previous_connection_is_not_shown_either) {
    Driver driver = settled();
    driver.closed(1006);
    driver.wake();
    driver.open("bot_cm90YXRlZA");
    driver.closed(4999, "not " + std::string(Driver::token) + " but bot_cm90YXRlZA");
    EXPECT_EQ(driver.find<session::Disconnected>()->reason, "not *** but ***");
}

TEST(SessionClose, case_065_an_empty_reason_is_replaced_by_the_meaning_of_the_code) {
    Driver driver = settled();
    driver.closed(1001);
    EXPECT_EQ(driver.find<session::Disconnected>()->reason, "the server is going away");
}

TEST(SessionClose, a_close_while_connecting_is_a_failed_attempt) {
    Driver driver;
    driver.start();
    EXPECT_EQ(driver.closed(1006, "reset"), (Lines{"connect failed", "reconnecting 1"}));
}

TEST(SessionClose, case_023_identify_and_resume_stay_five_seconds_apart_regardless_of_back_off) {
    Driver driver;  // the invariants measure it
    driver.start();
    for (int i = 0; i < 30; ++i) {
        driver.reopen();
        switch (i % 4) {
            case 0:
                driver.closed(1006);
                break;
            case 1:
                driver.ready("s" + number(i));
                driver.ack();
                driver.receive(Opcode::reconnect);
                break;
            case 2:
                driver.receive(Opcode::invalid_session, "true");
                break;
            default:
                driver.closed(4003);
                break;
        }
    }
    EXPECT_GE(driver.machine.counters().identifies + driver.machine.counters().resumes, 30u);
}

}  // namespace
}  // namespace intent::test::session_close_test
