// Commands of the user: queue, limits, refusals (protocol §3-§5).
#include "tests/support/session_script.hpp"

namespace intent::test::session_commands_test {
namespace {

using codec::Opcode;
using session::State;

std::string voice_join(int server, int channel) {
    return R"({"server_id":")" + std::to_string(server) + R"(","channel_id":")" + std::to_string(channel) + R"("})";
}

std::ptrdiff_t count_sent(const Lines& lines) {
    return std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.starts_with("sent "); });
}

TEST(SessionCommands, a_ready_session_sends_at_once) {
    Driver driver;
    driver.to_ready();
    EXPECT_EQ(driver.presence(7), (Lines{R"(send presence_update {"status":"online","afk":false})", "sent 7"}));
    EXPECT_FALSE(driver.find<session::SendFrame>()->secret);
    EXPECT_EQ(driver.command(8, Opcode::request_members, R"({"server_id":"5","limit":10})").back(), "sent 8");
    EXPECT_EQ(driver.command(9, Opcode::voice_signal, R"({"type":"offer"})").back(), "sent 9");
    EXPECT_EQ(driver.command(10, Opcode::voice_state_update, voice_join(1, 2)).back(), "sent 10");
}

TEST(SessionCommands, case_063_nothing_is_sent_before_the_ready_and_the_latest_of_each_kind_after_it) {
    Driver driver;
    EXPECT_EQ(driver.presence(1, "idle"), Lines{}) << "idle";
    driver.start();
    EXPECT_EQ(driver.presence(2, "dnd"), (Lines{"failed 1 superseded"})) << "connecting";
    driver.open();
    EXPECT_EQ(driver.command(3, Opcode::voice_state_update, voice_join(1, 2)), Lines{}) << "awaiting Ready";
    EXPECT_EQ(driver.command(4, Opcode::voice_state_update, voice_join(2, 3)), Lines{});
    EXPECT_EQ(driver.command(5, Opcode::voice_state_update, voice_join(1, 9)), (Lines{"failed 3 superseded"}));
    EXPECT_EQ(driver.command(6, Opcode::request_members, R"({"server_id":"5"})"), (Lines{"failed 6 offline"}));
    EXPECT_EQ(driver.machine.queued_commands(), 3u);
    EXPECT_EQ(driver.ready("s1", 5'000),
              (Lines{"ready first", "send heartbeat null", R"(send presence_update {"status":"dnd","afk":false})",
                     "sent 2", R"(send voice_state_update {"server_id":"1","channel_id":"9"})", "sent 5",
                     R"(send voice_state_update {"server_id":"2","channel_id":"3"})", "sent 4"}));
}

TEST(SessionCommands, case_063_nothing_is_sent_in_a_replay) {
    Driver driver;
    driver.to_ready();
    driver.event(1);
    driver.closed(1006);
    driver.reopen();
    driver.presence(1);
    driver.event(2);
    EXPECT_EQ(driver.command(2, Opcode::voice_signal, "{}"), Lines{});
    EXPECT_EQ(driver.command(3, Opcode::request_members, R"({"server_id":"5"})"), (Lines{"failed 3 offline"}));
    const Lines lines = driver.resumed(3);
    EXPECT_EQ(count_sent(lines), 2);
}

TEST(SessionCommands, case_063_no_command_is_sent_twice) {
    Driver driver;  // the invariants count the ends of each command
    driver.to_ready();
    driver.presence(1);
    driver.closed(1006);
    driver.reopen();
    EXPECT_EQ(count_sent(driver.resumed(1)), 0);
}

TEST(SessionCommands, case_114_a_frame_over_64_kib_is_refused_with_its_size) {
    Driver driver;
    driver.to_ready();
    EXPECT_EQ(driver.command(1, Opcode::voice_signal, "\"" + std::string(65'536, 'x') + "\""),
              (Lines{"failed 1 too_large"}));
    EXPECT_NE(driver.find<session::CommandFailed>()->text.find("655"), std::string::npos);

    const std::size_t overhead =
        codec::write_command(Opcode::voice_signal, packed("\"" + std::string(60'000, 'x') + "\"")).size() - 60'000;
    EXPECT_EQ(driver.command(2, Opcode::voice_signal, "\"" + std::string(65'536 - overhead, 'x') + "\"").back(),
              "sent 2");
    EXPECT_EQ(driver.command(3, Opcode::voice_signal, "\"" + std::string(65'537 - overhead, 'x') + "\""),
              (Lines{"failed 3 too_large"}));
}

TEST(SessionCommands, invalid_opcodes_and_invalid_messagepack_are_refused) {
    Driver driver;
    driver.to_ready();
    for (const Opcode op : {Opcode::dispatch, Opcode::heartbeat, Opcode::identify, Opcode::ready, Opcode::resume,
                            Opcode::reconnect, Opcode::invalid_session, Opcode::hello, Opcode::heartbeat_ack}) {
        const auto id = 100 + static_cast<session::CommandId>(op);
        EXPECT_EQ(driver.command(id, op, "{}"), (Lines{"failed " + std::to_string(id) + " invalid"}));
    }
    const codec::Bytes broken{0x82, 0xa1};
    driver.actions.clear();
    driver.machine.on_command(driver.now, 1, Opcode::presence_update, broken, driver.actions);
    ASSERT_EQ(driver.actions.size(), 1u);
    EXPECT_EQ(describe(driver.actions[0]), "failed 1 invalid");
    EXPECT_EQ(driver.command(2, Opcode::voice_state_update, R"({"channel_id":"1"})"), (Lines{"failed 2 invalid"}));
    EXPECT_EQ(driver.command(3, Opcode::voice_state_update, R"({"server_id":"x1"})"), (Lines{"failed 3 invalid"}));
}

TEST(SessionCommands, case_034_two_hundred_commands_wait_for_the_send_limit_and_heartbeats_do_not) {
    Driver driver;
    driver.to_ready("s1", 5'000);
    Lines lines;
    for (session::CommandId id = 1; id <= 200; ++id)
        for (const std::string& line : driver.command(id, Opcode::voice_signal, "{}"))
            lines.push_back(line);
    const auto burst = count_sent(lines);
    EXPECT_GE(burst, 90);
    EXPECT_LE(burst, 110);
    std::ptrdiff_t beats = 0;
    for (int i = 0; i < 12; ++i) {
        driver.ack();
        for (const std::string& line : driver.advance(5s)) {
            lines.push_back(line);
            beats += line.starts_with("send heartbeat");
        }
    }
    EXPECT_EQ(beats, 12);
    EXPECT_GE(count_sent(lines), burst + 90) << "the rest, a minute later";
    driver.ack();
    for (const std::string& line : driver.advance(1s))
        lines.push_back(line);
    EXPECT_EQ(count_sent(lines), 200);
    EXPECT_EQ(driver.machine.queued_commands(), 0u);
}

// The driver's invariants count all frames of 60 s, on any connection.
TEST(SessionCommands, case_034_repeated_reconnects_stay_within_the_send_limit) {
    Driver driver;
    driver.to_ready("s1", 1'200);
    std::uint64_t seq = 0;
    driver.event(++seq);
    driver.ack();
    for (session::CommandId id = 1; id <= 500; ++id)
        driver.command(id, Opcode::voice_signal, "{}");
    for (int i = 0; i < 40; ++i) {
        driver.closed(1006);
        driver.reopen();
        driver.event(++seq);
        for (int beat = 0; beat < 4; ++beat) {
            driver.ack();
            driver.advance(1'200ms);
        }
    }
    EXPECT_EQ(driver.state(), State::ready);
}

TEST(SessionCommands, the_machine_wakes_for_a_waiting_command) {
    Driver driver;
    driver.to_ready("s1", 600'000);
    session::CommandId id = 1;
    while (count_sent(driver.command(id, Opcode::voice_signal, "{}")) == 1)
        ++id;
    EXPECT_EQ(driver.until_wake(), 60s);
    EXPECT_EQ(driver.advance(60s).back(), "sent " + std::to_string(id));
}

TEST(SessionCommands, of_presences_that_wait_for_the_limit_only_the_latest_is_sent) {
    Driver driver;
    driver.to_ready("s1", 600'000);
    session::CommandId id = 1;
    while (count_sent(driver.presence(id)) == 1)
        ++id;
    for (int i = 0; i < 50; ++i, ++id)
        EXPECT_EQ(driver.presence(id + 1), (Lines{"failed " + std::to_string(id) + " superseded"}));
    EXPECT_EQ(count_sent(driver.advance(60s)), 1);
}

TEST(SessionCommands, case_063_the_queue_is_bounded) {
    Driver driver;
    driver.start();
    for (session::CommandId id = 1; id <= 1'000; ++id)
        EXPECT_EQ(driver.command(id, Opcode::voice_signal, "{}"), Lines{});
    for (session::CommandId id = 1'001; id <= 2'000; ++id)
        EXPECT_EQ(driver.command(id, Opcode::voice_signal, "{}"),
                  (Lines{"failed " + std::to_string(id) + " queue_full"}));
    EXPECT_EQ(driver.machine.queued_commands(), 1'000u);
}

TEST(SessionCommands, a_member_request_that_waits_fails_with_the_connection) {
    Driver driver;
    driver.to_ready("s1", 600'000);
    session::CommandId id = 1;
    while (count_sent(driver.command(id, Opcode::voice_signal, "{}")) == 1)
        ++id;
    ++id;
    EXPECT_EQ(driver.command(id, Opcode::request_members, R"({"server_id":"5"})"), Lines{});
    EXPECT_EQ(driver.closed(1006),
              (Lines{"disconnected 1006 will resume", "failed " + std::to_string(id) + " offline", "reconnecting 1"}));
    EXPECT_EQ(driver.machine.queued_commands(), 1u) << "the voice signal waits on";
}

TEST(SessionCommands, a_new_session_is_sent_the_last_presence_again_and_a_resumed_one_is_not) {
    Driver driver;
    driver.to_ready("s1", 5'000);
    driver.presence(1, "idle");
    driver.presence(2, "dnd");
    driver.closed(1006);
    driver.reopen();
    for (const std::string& line : driver.resumed(1))
        EXPECT_FALSE(line.starts_with("send presence")) << line;
    EXPECT_EQ(driver.state(), State::ready);

    driver.closed(4007);
    driver.reopen();
    EXPECT_EQ(driver.ready("s2", 5'000),
              (Lines{"ready", "lost", "send heartbeat null", R"(send presence_update {"status":"dnd","afk":false})"}));
    EXPECT_EQ(driver.machine.queued_commands(), 0u);
}

TEST(SessionCommands, a_waiting_presence_replaces_the_last_one) {
    Driver driver;
    driver.to_ready("s1", 5'000);
    driver.presence(1, "idle");
    driver.closed(4007);
    driver.presence(2, "dnd");
    driver.reopen();
    const Lines lines = driver.ready("s2", 5'000);
    EXPECT_EQ(lines.back(), "sent 2");
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                            [](const auto& line) { return line.starts_with("send presence_update"); }),
              1);
}

TEST(SessionCommands, a_refused_presence_is_not_sent_to_the_next_session) {
    for (const int code : {4002, 4009}) {
        Driver driver;
        driver.to_ready("", 5'000);
        driver.presence(1, "idle");
        driver.advance(6s);  // a heartbeat comes behind it
        driver.closed(code);
        EXPECT_EQ(driver.find<session::CommandFailed>()->close_code, code);
        driver.reopen();
        for (const std::string& line : driver.ready("", 5'000))
            EXPECT_FALSE(line.starts_with("send presence")) << line;
    }
}

TEST(SessionCommands, a_voice_close_without_a_voice_state_is_also_reported) {
    Driver driver;
    driver.to_ready();
    EXPECT_EQ(driver.closed(4015),
              (Lines{"notice", "failed 0 refused", "disconnected 4015 will resume", "reconnecting 1"}));
    EXPECT_EQ(driver.find<session::CommandFailed>()->close_code, 4015);
}

TEST(SessionCommands, a_stop_fails_unsent_commands) {
    Driver driver;
    driver.start();
    driver.presence(1);
    driver.command(2, Opcode::voice_signal, "{}");
    EXPECT_EQ(driver.stop(), (Lines{"abort", "failed 1 stopped", "failed 2 stopped", "stopped by_user"}));
}

TEST(SessionCommands, case_063_a_hundred_thousand_commands_while_offline_stay_bounded_and_are_sent_once) {
    Driver driver;  // the invariants count the ends of each command
    driver.start();
    session::CommandId id = 0;
    for (int i = 0; i < 25'000; ++i) {
        driver.presence(++id, i % 2 ? "idle" : "dnd");
        driver.command(++id, Opcode::voice_state_update,
                       R"({"server_id":")" + std::to_string(1 + i % 2'000) + R"(","channel_id":"1"})");
        ++id;
        EXPECT_EQ(driver.command(id, Opcode::request_members, R"({"server_id":"5"})"),
                  (Lines{"failed " + std::to_string(id) + " offline"}));
        driver.command(++id, Opcode::voice_signal, "{}");
    }
    EXPECT_LE(driver.machine.queued_commands(), 1'000u);
    driver.open();
    driver.ready("s1", 40'000);
    for (int i = 0; i < 60; ++i) {
        driver.advance(30s);
        driver.ack();
    }
    EXPECT_EQ(driver.machine.queued_commands(), 0u);
    EXPECT_EQ(std::count_if(driver.log.begin(), driver.log.end(),
                            [](const auto& line) { return line.starts_with("send presence_update"); }),
              1)
        << "the latest alone";
    EXPECT_EQ(driver.state(), State::ready);
}

}  // namespace
}  // namespace intent::test::session_commands_test
