#include "sandbox/gateway/gateway.hpp"

#include "gateway_driver.hpp"

#include <gtest/gtest.h>

namespace intent::inline v0::sandbox::gateway_test {
namespace {

using namespace std::chrono_literals;

std::string event_line(ConnectionId id, const std::string& name, int seq) {
    return std::to_string(id) + " " + name + " #" + std::to_string(seq) + " {}";
}

bool has(const Lines& lines, const std::string& part) {
    return lines.size() == 1 && lines[0].find(part) != std::string::npos;
}

TEST(Gateway, identify_is_answered_by_ready) {
    GatewayDriver gateway;
    EXPECT_EQ(gateway.open(1), Lines{});
    const auto ready = gateway.identify(1);
    ASSERT_EQ(ready.size(), 1u);
    EXPECT_EQ(
        ready[0],
        R"(1 3 {"user":{"id":"1","username":"bot","display_name":"shown","avatar_url":null},"servers":[{"id":"5",)"
        R"("name":"Home","owner_id":"9","icon_url":null,"description":null,"member_count":0,)"
        R"("created_at":null}],"heartbeat_interval":41250,"session_id":"s1"})");
    EXPECT_EQ(gateway.gateway.counters().identifies, 1u);
    EXPECT_EQ(gateway.gateway.attached_sessions(), 1u);
}

TEST(Gateway, with_hello_ready_is_the_first_event) {
    GatewayDriver gateway({.hello = true, .heartbeat_interval = 1000ms});
    EXPECT_EQ(gateway.open(1), (Lines{R"(1 9 {"heartbeat_interval":1000})"}));
    EXPECT_EQ(gateway.heartbeat(1).size(), 1u);
    const auto ready = gateway.identify(1);
    EXPECT_TRUE(has(ready, "1 READY #1 {")) << ready.at(0);
    EXPECT_EQ(gateway.dispatch("A"), Lines{event_line(1, "A", 2)});
    gateway.closed(1, 1006);
    gateway.dispatch("B");
    gateway.open(2);
    const auto resumed = gateway.resume(2, "s1", 2);
    ASSERT_EQ(resumed.size(), 2u);
    EXPECT_EQ(resumed[0], event_line(2, "B", 3));
    EXPECT_EQ(resumed[1], "2 RESUMED null");
}

TEST(Gateway, a_second_resume_from_the_same_number_has_no_hole) {
    GatewayDriver gateway({.hello = true});
    gateway.up(1);
    EXPECT_EQ(gateway.dispatch("A"), Lines{event_line(1, "A", 2)});
    gateway.closed(1, 1006);
    gateway.open(2);
    EXPECT_EQ(gateway.resume(2, "s1", 2), Lines{"2 RESUMED null"});
    EXPECT_EQ(gateway.dispatch("B"), Lines{event_line(2, "B", 3)});
    gateway.closed(2, 1006);
    gateway.open(3);
    EXPECT_EQ(gateway.resume(3, "s1", 2), (Lines{event_line(3, "B", 3), "3 RESUMED null"}));
}

TEST(Gateway, a_refused_token_is_an_invalid_session_and_the_connection_stays_open) {
    GatewayDriver gateway;
    gateway.open(1);
    EXPECT_EQ(gateway.identify(1, "bad"), Lines{"1 8 false"});
    EXPECT_EQ(gateway.resume(1, "s1", 0, "bad"), Lines{"1 8 false"});
    EXPECT_EQ(gateway.gateway.attached_sessions(), 0u);
    EXPECT_TRUE(has(gateway.identify(1), "1 3 {"));
    gateway.open(2);
    gateway.identify(2, "bad");
    EXPECT_EQ(gateway.pass(20s), Lines{"2 close 4003 no Identify within 20 s"});
}

TEST(Gateway, a_refused_token_closes_with_4004_if_configured) {
    GatewayDriver gateway({.refusal = Refusal::close_4004});
    gateway.open(1);
    EXPECT_EQ(gateway.identify(1, "bad"), Lines{"1 close 4004 token refused"});
    gateway.open(2);
    EXPECT_EQ(gateway.resume(2, "s1", 0, "bad"), Lines{"2 close 4004 token refused"});
    EXPECT_EQ(gateway.gateway.connections(), 0u);
}

TEST(Gateway, any_frame_before_identify_closes_with_4003) {
    for (const auto* frame : {R"({"op":1,"d":null})", R"({"op":4,"d":{}})", R"({"op":99})", R"({"d":1})"}) {
        GatewayDriver gateway;
        gateway.open(1);
        EXPECT_TRUE(has(gateway.frame(1, frame), "1 close 4003 ")) << frame;
    }
}

TEST(Gateway, no_identify_within_20_s_closes_with_4003) {
    GatewayDriver gateway;
    gateway.open(1);
    EXPECT_EQ(gateway.pass(19'999ms), Lines{});
    EXPECT_EQ(gateway.pass(1ms), Lines{"1 close 4003 no Identify within 20 s"});
    EXPECT_FALSE(gateway.gateway.next_wake());
}

TEST(Gateway, invalid_frames_close_with_4002) {
    const codec::Bytes broken{0x82, 0xa2, 'o'};
    const codec::Bytes list{0x90};
    for (const auto& bytes : {broken, list, codec::Bytes{}}) {
        GatewayDriver gateway;
        gateway.up(1);
        EXPECT_TRUE(has(GatewayDriver::text(gateway.gateway.on_message(gateway.now, 1, bytes, true)), "1 close 4002 "));
    }
    GatewayDriver gateway;
    gateway.up(1);
    EXPECT_TRUE(
        has(GatewayDriver::text(gateway.gateway.on_message(gateway.now, 1, list, false)), "1 close 4002 text frame"));
    gateway.open(2);
    EXPECT_TRUE(has(gateway.frame(2, R"({"op":2,"d":{"token":5}})"), "2 close 4002 Identify: token"));
    gateway.open(3);
    EXPECT_TRUE(has(gateway.frame(3, R"({"op":2})"), "3 close 4002 Identify: "));
}

TEST(Gateway, heartbeats_are_acknowledged_with_any_payload) {
    GatewayDriver gateway;
    gateway.up(1);
    for (const auto* data : {"null", "42", "{}", "\"x\""})
        EXPECT_EQ(gateway.frame(1, std::string(R"({"op":1,"d":)") + data + "}"), Lines{"1 11 null"}) << data;
    EXPECT_EQ(gateway.gateway.counters().heartbeats, 4u);
}

TEST(Gateway, a_client_without_heartbeats_is_cut_and_can_resume) {
    GatewayDriver gateway({.heartbeat_interval = 10s});
    gateway.up(1);
    gateway.pass(9s);
    gateway.heartbeat(1);
    EXPECT_EQ(gateway.pass(24'999ms), Lines{});
    EXPECT_EQ(gateway.pass(1ms), Lines{"1 cut"});
    EXPECT_EQ(gateway.gateway.closes().back(), (Close{.code = 1006, .by_sandbox = true}));
    gateway.open(2);
    EXPECT_EQ(gateway.resume(2, "s1", 0), Lines{});
    EXPECT_EQ(gateway.gateway.attached_sessions(), 1u);
}

TEST(Gateway, the_121st_frame_in_60_s_closes_with_4008) {
    GatewayDriver gateway;
    gateway.up(1);
    gateway.pass(1s);
    for (int i = 0; i < 119; ++i)
        ASSERT_EQ(gateway.heartbeat(1).at(0), "1 11 null") << i;
    gateway.pass(58'999ms);
    EXPECT_EQ(gateway.heartbeat(1), Lines{"1 close 4008 more than 120 frames in 60 s"});
}

TEST(Gateway, frames_older_than_60_s_do_not_count) {
    GatewayDriver gateway;
    gateway.up(1);
    for (int i = 0; i < 600; ++i) {
        gateway.pass(500ms);
        ASSERT_EQ(gateway.heartbeat(1).at(0), "1 11 null") << i;
    }
}

TEST(Gateway, a_frame_over_64_kib_closes_with_4009) {
    GatewayDriver gateway;
    gateway.up(1);
    const auto of_size = [](std::size_t size) {
        // The length of both texts takes two bytes.
        const std::string text(40'000, ' ');
        const auto envelope = MapPacker{}.add_number("op", 99).add_text("d", text).finish().size() - text.size();
        auto bytes = MapPacker{}.add_number("op", 99).add_text("d", std::string(size - envelope, ' ')).finish();
        EXPECT_EQ(bytes.size(), size);
        return bytes;
    };
    EXPECT_EQ(GatewayDriver::text(gateway.gateway.on_message(gateway.now, 1, of_size(65536), true)), Lines{});
    EXPECT_TRUE(
        has(GatewayDriver::text(gateway.gateway.on_message(gateway.now, 1, of_size(65537), true)), "1 close 4009 "));
    gateway.open(2);
    EXPECT_TRUE(has(GatewayDriver::text(gateway.gateway.on_too_large(gateway.now, 2)), "2 close 4009 "));
}

TEST(Gateway, unknown_opcodes_are_ignored_and_a_second_identify_is_not) {
    GatewayDriver gateway;
    gateway.up(1);
    for (const auto* op : {"4", "7", "10", "12", "99", "18446744073709551615"})
        EXPECT_EQ(gateway.frame(1, std::string(R"({"op":)") + op + "}"), Lines{}) << op;
    EXPECT_EQ(gateway.identify(1), Lines{"1 close 4005 already identified"});
    gateway.up(2);
    EXPECT_TRUE(has(gateway.frame(2, R"({"op":"x"})"), "2 close 4002 "));
}

TEST(Gateway, events_are_numbered_by_session_and_go_to_their_audience) {
    GatewayDriver gateway;
    gateway.up(1);
    gateway.up(2, "evil");
    EXPECT_EQ(gateway.dispatch("A", {{UserId{1}}}), Lines{event_line(1, "A", 1)});
    EXPECT_EQ(gateway.dispatch("B", {{UserId{1}, UserId{2}, UserId{3}}}),
              (Lines{event_line(1, "B", 2), event_line(2, "B", 1)}));
    EXPECT_EQ(gateway.dispatch("C"), (Lines{event_line(1, "C", 3), event_line(2, "C", 2)}));
    gateway.up(3);
    EXPECT_EQ(gateway.dispatch("D", {{UserId{1}}}), (Lines{event_line(1, "D", 4), event_line(3, "D", 1)}));
}

TEST(Gateway, a_resume_replays_what_was_missed_in_order) {
    GatewayDriver gateway;
    gateway.up(1);
    gateway.dispatch("A");
    gateway.dispatch("B");
    gateway.closed(1, 1006);
    EXPECT_EQ(gateway.dispatch("C"), Lines{});
    gateway.open(2);
    EXPECT_EQ(gateway.resume(2, "s1", 1), (Lines{event_line(2, "B", 2), event_line(2, "C", 3)}));
    EXPECT_EQ(gateway.dispatch("D"), Lines{event_line(2, "D", 4)});
    EXPECT_EQ(gateway.gateway.counters().resumes, 1u);
}

TEST(Gateway, a_resume_takes_over_from_a_connection_that_still_hangs) {
    GatewayDriver gateway;
    gateway.up(1);
    gateway.dispatch("A");
    gateway.open(2);
    EXPECT_EQ(gateway.resume(2, "s1", 0), (Lines{"1 cut", event_line(2, "A", 1)}));
    EXPECT_EQ(gateway.gateway.connections(), 1u);
    EXPECT_EQ(gateway.heartbeat(1), Lines{});
    EXPECT_EQ(gateway.closed(1, 1006), Lines{});
    EXPECT_EQ(gateway.dispatch("B"), Lines{event_line(2, "B", 2)});
}

TEST(Gateway, a_refused_resume_is_answered_and_may_be_followed_by_identify) {
    GatewayDriver gateway;
    gateway.up(1);
    gateway.closed(1, 1006);
    gateway.open(2);
    const Lines refused{"2 8 false"};
    EXPECT_EQ(gateway.resume(2, "unknown", 0), refused);
    EXPECT_EQ(gateway.resume(2, "s1", 0, "evil"), refused);
    EXPECT_TRUE(has(gateway.identify(2), R"("session_id":"s2")"));
}

TEST(Gateway, a_resume_without_a_sequence_replays_from_the_start) {
    for (const auto* seq : {R"(,"seq":null)", "", R"(,"seq":0)"}) {
        GatewayDriver gateway;
        gateway.up(1);
        gateway.closed(1, 1006);
        gateway.dispatch("A");
        gateway.open(2);
        const auto frame = std::string(R"({"op":5,"d":{"token":"good","session_id":"s1")") + seq + "}}";
        EXPECT_EQ(gateway.frame(2, frame), Lines{event_line(2, "A", 1)}) << seq;
        gateway.open(3);
        EXPECT_TRUE(has(gateway.frame(3, R"({"op":5,"d":{"token":"good","session_id":"s1","seq":"x"}})"),
                        "3 close 4002 Resume: seq"));
    }
}

TEST(Gateway, a_sequence_beyond_the_session_closes_with_4007) {
    GatewayDriver gateway;
    gateway.up(1);
    gateway.dispatch("A");
    gateway.closed(1, 1006);
    gateway.open(2);
    EXPECT_TRUE(has(gateway.resume(2, "s1", 2), "2 close 4007 "));
}

TEST(Gateway, a_session_closed_with_1000_or_1001_cannot_be_resumed) {
    for (const int code : {1000, 1001}) {
        GatewayDriver gateway;
        gateway.up(1);
        gateway.closed(1, code);
        gateway.open(2);
        EXPECT_EQ(gateway.resume(2, "s1", 0), Lines{"2 8 false"}) << code;
        EXPECT_EQ(gateway.gateway.closes().back(), (Close{.code = code, .by_sandbox = false}));
    }
}

TEST(Gateway, a_session_waits_five_minutes_for_its_resume) {
    for (const auto& [wait, kept] : {std::pair{299'999ms, true}, std::pair{300'000ms, false}}) {
        GatewayDriver gateway;
        gateway.up(1);
        gateway.closed(1, 4000);
        EXPECT_EQ(gateway.pass(wait), Lines{});
        gateway.open(2);
        EXPECT_EQ(gateway.resume(2, "s1", 0).empty(), kept);
    }
}

TEST(Gateway, events_that_are_too_many_or_too_old_cannot_be_replayed) {
    GatewayDriver gateway;
    gateway.up(1);
    gateway.closed(1, 1006);
    for (int i = 0; i < 10'001; ++i)
        gateway.dispatch("A");
    gateway.open(2);
    EXPECT_EQ(gateway.resume(2, "s1", 0), Lines{"2 8 false"});
    EXPECT_EQ(gateway.resume(2, "s1", 1).size(), 10'000u);
    gateway.closed(2, 1006);
    gateway.pass(299s);
    gateway.open(3);
    gateway.resume(3, "s1", 10'001);
    gateway.pass(2s);
    gateway.dispatch("B");
    gateway.closed(3, 1006);
    gateway.open(4);
    EXPECT_EQ(gateway.resume(4, "s1", 10'000), Lines{"4 8 false"});
    EXPECT_EQ(gateway.resume(4, "s1", 10'001), Lines{event_line(4, "B", 10'002)});
}

TEST(Gateway, without_resume_there_is_no_session_id_and_op_5_closes_with_4003) {
    GatewayDriver gateway({.resume = false});
    gateway.open(1);
    EXPECT_EQ(gateway.identify(1).at(0).find("session_id"), std::string::npos);
    gateway.closed(1, 1006);
    gateway.open(2);
    EXPECT_TRUE(has(gateway.resume(2, "s1", 0), "2 close 4003 "));
    gateway.pass(1h);
    EXPECT_FALSE(gateway.gateway.next_wake());
}

TEST(Gateway, all_connections_can_be_cut_closed_or_written_to) {
    GatewayDriver gateway;
    gateway.up(1);
    gateway.open(2);
    const codec::Bytes nil{0xc0};
    std::size_t reached = 0;
    EXPECT_EQ(GatewayDriver::text(gateway.gateway.send_to(codec::Opcode::reconnect, nil, {}, reached)),
              Lines{"1 6 null"});
    EXPECT_EQ(reached, 1U);
    EXPECT_EQ(GatewayDriver::text(gateway.gateway.cut_all(gateway.now)), (Lines{"1 cut", "2 cut"}));
    gateway.open(3);
    EXPECT_EQ(GatewayDriver::text(gateway.gateway.close_all(gateway.now, 4012, "no")), Lines{"3 close 4012 no"});
    EXPECT_EQ(gateway.gateway.closes().size(), 3u);
    gateway.open(4);
    gateway.gateway.forget_detached(gateway.now);
    EXPECT_EQ(gateway.resume(4, "s1", 0), Lines{"4 8 false"});
}

TEST(Gateway, log_lines_contain_no_token) {
    GatewayDriver gateway;
    std::string log;
    const auto keep = [&](const GatewayActions& actions) {
        for (const auto& action : actions)
            if (const auto* note = std::get_if<Note>(&action)) log += note->text + "\n";
    };
    keep(gateway.gateway.on_open(gateway.now, 1, "127.0.0.1"));
    keep(gateway.gateway.on_message(gateway.now, 1, *codec::json_to_msgpack(R"({"op":2,"d":{"token":"good"}})"), true));
    keep(gateway.gateway.on_closed(gateway.now, 1, 1000));
    EXPECT_EQ(log,
              "connection 1 opened from 127.0.0.1\n"
              "connection 1 identified as bot\n"
              "connection 1 closed by the client, code 1000\n");
}

}  // namespace
}  // namespace intent::sandbox::gateway_test
