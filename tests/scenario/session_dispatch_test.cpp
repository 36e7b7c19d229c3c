// Dispatches, sequence numbers, and invalid frames (protocol §3, §5).
#include "tests/support/session_script.hpp"

#include <limits>

namespace intent::test::session_dispatch_test {
namespace {

using codec::Opcode;
using session::State;

TEST(SessionDispatch, case_037_events_are_delivered_in_order_with_their_bytes) {
    Driver driver;
    driver.to_ready();
    EXPECT_EQ(driver.receive(Opcode::dispatch, R"({"id":"1"})", "MESSAGE_DELETE", 1),
              (Lines{"deliver MESSAGE_DELETE 1"}));
    const auto json = codec::msgpack_to_json(driver.find<session::Deliver>()->frame.data);
    ASSERT_TRUE(json);
    EXPECT_EQ(*json, R"({"id":"1"})");
    EXPECT_EQ(driver.event(2, "MLS_FUTURE"), (Lines{"deliver MLS_FUTURE 2"}));
    EXPECT_EQ(driver.event(3, ""), (Lines{"deliver  3"}));
    EXPECT_EQ(driver.machine.seq(), 3u);
    EXPECT_EQ(driver.machine.counters().dispatches, 3u);
}

TEST(SessionDispatch, case_045_repeated_and_older_numbers_are_dropped) {
    Driver driver;
    driver.to_ready();
    Lines all;
    for (const std::uint64_t seq : {5u, 6u, 6u, 4u, 7u})
        for (const std::string& line : driver.event(seq))
            all.push_back(line);
    EXPECT_EQ(all, (Lines{"deliver TEST 5", "deliver TEST 6", "gap 6 4", "deliver TEST 7"}));
    EXPECT_EQ(driver.machine.seq(), 7u);
    EXPECT_EQ(driver.machine.counters().duplicates, 2u);
}

TEST(SessionDispatch, case_045_an_impossible_number_does_not_make_later_events_duplicates) {
    Driver driver;
    driver.to_ready();
    driver.event(1);
    for (const std::uint64_t seq : {std::uint64_t{1} << 63, std::numeric_limits<std::uint64_t>::max()})
        EXPECT_EQ(driver.event(seq), (Lines{"deliver TEST"}));
    EXPECT_EQ(driver.machine.seq(), 1u);
    EXPECT_EQ(driver.event(2), (Lines{"deliver TEST 2"}));
}

TEST(SessionDispatch, case_044_a_gap_is_reported_and_the_session_continues) {
    Driver driver;
    driver.to_ready();
    driver.event(5);
    EXPECT_EQ(driver.event(9), (Lines{"gap 5 9", "deliver TEST 9"}));
    EXPECT_EQ(driver.event(10), (Lines{"deliver TEST 10"}));
    EXPECT_EQ(driver.machine.counters().gaps, 1u);
}

TEST(SessionDispatch, case_046_an_invalid_number_does_not_change_the_last_one) {
    Driver driver;
    driver.to_ready();
    driver.event(5);
    EXPECT_EQ(driver.receive(Opcode::dispatch, "{}", "TEST"), (Lines{"deliver TEST"}));
    for (const char* frame : {R"({"op":0,"t":"TEST","s":null,"d":{}})", R"({"op":0,"t":"TEST","s":-3,"d":{}})",
                              R"({"op":0,"t":"TEST","s":6.5,"d":{}})", R"({"op":0,"t":"TEST","s":"6","d":{}})"})
        EXPECT_EQ(driver.bytes(packed(frame)), (Lines{"deliver TEST"})) << frame;
    EXPECT_EQ(driver.machine.seq(), 5u);
    EXPECT_EQ(driver.event(6), (Lines{"deliver TEST 6"}));
}

TEST(SessionDispatch, case_046_numbers_have_64_bits) {
    Driver driver;
    driver.to_ready();
    constexpr std::uint64_t big = (std::uint64_t{1} << 53) + 1;
    driver.event(big);
    EXPECT_EQ(driver.machine.seq(), big);
    EXPECT_EQ(driver.event(big + 1), (Lines{"deliver TEST " + std::to_string(big + 1)}));
    constexpr std::uint64_t last = std::numeric_limits<std::uint64_t>::max() / 2;
    EXPECT_EQ(driver.event(last).size(), 2u);
    EXPECT_EQ(driver.event(0), (Lines{"gap " + std::to_string(last) + " 0"}));
    EXPECT_EQ(driver.state(), State::ready);
}

TEST(SessionDispatch, case_039_a_nameless_dispatch_is_reported_and_its_number_kept) {
    Driver driver;
    driver.to_ready();
    EXPECT_EQ(driver.bytes(packed(R"({"op":0,"s":1,"d":{}})")), (Lines{"bad frame"}));
    EXPECT_EQ(driver.bytes(packed(R"({"op":0,"t":null,"s":2,"d":{}})")), (Lines{"bad frame"}));
    EXPECT_EQ(driver.bytes(packed(R"({"op":0,"t":17,"s":3,"d":{}})")), Lines{}) << "the third is counted";
    EXPECT_EQ(driver.machine.counters().nameless_dispatches, 3u);
    EXPECT_EQ(driver.event(4), (Lines{"deliver TEST 4"}));
}

TEST(SessionDispatch, case_039_a_name_of_a_megabyte_is_accepted) {
    Driver driver;
    driver.to_ready();
    EXPECT_EQ(driver.event(1, std::string(1 << 20, 'N')).size(), 1u);
}

TEST(SessionDispatch, case_038_unknown_opcodes_are_counted_and_ignored) {
    Driver driver;
    driver.to_ready();
    for (const char* frame : {R"({"op":13,"d":{}})", R"({"op":255})", R"({"op":18446744073709551615})",
                              R"({"op":2,"d":{}})", R"({"op":4})", R"({"op":5})", R"({"op":7})", R"({"op":10})"})
        EXPECT_EQ(driver.bytes(packed(frame)), Lines{}) << frame;
    EXPECT_EQ(driver.machine.counters().unknown_opcodes, 8u);
    EXPECT_EQ(driver.machine.counters().undecodable_frames, 0u);
    EXPECT_EQ(driver.event(1), (Lines{"deliver TEST 1"}));
}

TEST(SessionDispatch, case_038_148_frames_without_a_usable_opcode_are_reported) {
    for (const char* frame :
         {R"({"op":-1})", R"({"op":4.5})", R"({"op":"0","t":"TEST","s":1})", R"({"op":null})", R"({"d":{}})", "{}"}) {
        Driver driver;
        driver.to_ready();
        ASSERT_EQ(driver.bytes(packed(frame)), (Lines{"bad frame"})) << frame;
        EXPECT_NE(driver.find<session::BadFrame>()->text.find("opcode"), std::string::npos);
        EXPECT_EQ(driver.machine.counters().undecodable_frames, 1u);
        EXPECT_EQ(driver.event(1), (Lines{"deliver TEST 1"}));
    }
}

TEST(SessionDispatch, case_148_the_first_second_fourth_and_so_on_bad_frame_of_a_connection_is_reported) {
    Driver driver;
    driver.to_ready();
    driver.ack();
    std::vector<int> reported;
    std::string last;
    for (int i = 1; i <= 40; ++i) {
        driver.event(static_cast<std::uint64_t>(i));  // or a hundred in a row would end the connection
        if (driver.bytes(packed("{}")).empty()) continue;
        reported.push_back(i);
        last = driver.find<session::BadFrame>()->text;
    }
    EXPECT_EQ(reported, (std::vector<int>{1, 2, 4, 8, 16, 32}));
    EXPECT_NE(last.find("(32 bad frames on this connection)"), std::string::npos) << last;
    driver.closed(1006);
    driver.reopen();
    EXPECT_EQ(driver.bytes({0xc1}), (Lines{"bad frame"})) << "the next connection counts from 1";
    EXPECT_NE(driver.find<session::BadFrame>()->text.find("(1 bad frame on this connection)"), std::string::npos);
    EXPECT_EQ(driver.machine.counters().undecodable_frames, 41u);
}

TEST(SessionDispatch, voice_signals_from_the_server_are_delivered) {
    Driver driver;
    driver.to_ready();
    EXPECT_EQ(driver.receive(Opcode::voice_signal, R"({"type":"speaking"})"), (Lines{"voice_signal"}));
}

TEST(SessionDispatch, case_109_text_frames_are_ignored_until_ten_in_a_row_reconnect) {
    Driver driver;
    driver.to_ready();
    driver.ack();
    driver.advance(10s);
    EXPECT_EQ(driver.text(), (Lines{"notice"}));
    for (int i = 0; i < 8; ++i)
        driver.text();
    EXPECT_EQ(driver.event(1), (Lines{"deliver TEST 1"})) << "the row is broken";
    for (int i = 0; i < 9; ++i)
        driver.text();
    EXPECT_EQ(driver.text(), (Lines{"close 4000", "disconnected 4000 will resume", "reconnecting 1"}));
    EXPECT_EQ(driver.machine.counters().text_frames, 19u);
    EXPECT_EQ(driver.reopen(), (Lines{"send resume s1 1"}));
}

TEST(SessionDispatch, case_159_a_text_frame_is_shown_shortened_and_without_the_token) {
    Driver driver;
    driver.to_ready();
    // Does not look like a token, so it is found only because it is known.
    driver.text("you sent bot%5f" + std::string(Driver::token.substr(4)) + "\x1b[2J " + std::string(1'000'000, 'x'));
    ASSERT_TRUE(driver.find<session::LogLine>());
    const std::string& text = driver.find<session::LogLine>()->text;
    EXPECT_NE(text.find("you sent *** [2J xxx"), std::string::npos) << text;
    EXPECT_LT(text.size(), 400u);
}

TEST(SessionDispatch, case_115_bad_frames_are_dropped_until_a_hundred_in_a_row_end_the_session) {
    Driver driver;
    driver.to_ready();
    driver.ack();
    driver.advance(10s);
    EXPECT_EQ(driver.bytes({}), (Lines{"bad frame"}));
    EXPECT_EQ(driver.bytes({0xc1}), (Lines{"bad frame"}));
    EXPECT_EQ(driver.bytes({0x90}), Lines{}) << "the third says nothing new";
    EXPECT_EQ(driver.event(1), (Lines{"deliver TEST 1"}));
    for (int i = 0; i < 99; ++i)
        driver.bytes({0xc1});
    EXPECT_EQ(driver.state(), State::ready);
    EXPECT_EQ(driver.bytes({0xc1}), (Lines{"close 4000", "disconnected 4000", "reconnecting 1"}));
    EXPECT_EQ(driver.reopen(), (Lines{"send identify"}));
    EXPECT_EQ(driver.ready("s2", 5'000), (Lines{"ready", "lost", "send heartbeat null"}));
}

TEST(SessionDispatch, a_delivered_event_allocates_nothing_in_reused_actions) {
    Driver driver;
    driver.to_ready();
    driver.event(1);
    const session::Action* before = driver.actions.data();
    const std::size_t capacity = driver.actions.capacity();
    for (std::uint64_t seq = 2; seq < 50; ++seq)
        driver.event(seq);
    EXPECT_EQ(driver.actions.data(), before);
    EXPECT_EQ(driver.actions.capacity(), capacity);
    EXPECT_LE(sizeof(session::Action), 96u);
}

TEST(SessionDispatch, case_149_falling_numbers_on_a_live_connection_are_reported_once_before_events_are_dropped) {
    Driver driver;
    driver.to_ready();
    driver.event(50);
    EXPECT_EQ(driver.event(50), Lines{}) << "the same number is an ordinary duplicate";
    EXPECT_EQ(driver.event(1), (Lines{"gap 50 1"}));
    for (std::uint64_t seq = 2; seq <= 50; ++seq)
        EXPECT_EQ(driver.event(seq), Lines{}) << seq;
    EXPECT_EQ(driver.event(51), (Lines{"deliver TEST 51"}));
    EXPECT_EQ(driver.machine.counters().gaps, 1u);
    EXPECT_EQ(driver.machine.counters().duplicates, 51u);
    EXPECT_EQ(driver.event(7), (Lines{"gap 51 7"})) << "another fall";
}

TEST(SessionDispatch, case_149_a_replay_may_repeat_lower_numbers_without_a_report) {
    Driver driver;
    driver.to_ready();
    driver.event(42);
    driver.closed(1006);
    driver.reopen();
    driver.event(40);
    EXPECT_EQ(driver.event(41), Lines{});
    EXPECT_EQ(driver.resumed(43), (Lines{"resumed 0", "deliver RESUMED 43"}));
    EXPECT_EQ(driver.event(1), (Lines{"gap 43 1"})) << "the connection is live now";
}

TEST(SessionDispatch, case_046_149_a_number_that_wraps_after_2_32_is_a_duplicate_and_reported) {
    Driver driver;
    driver.to_ready();
    constexpr std::uint64_t largest = std::numeric_limits<std::uint32_t>::max();
    EXPECT_EQ(driver.event(largest).back(), "deliver TEST " + std::to_string(largest));
    EXPECT_EQ(driver.event(0), (Lines{"gap " + std::to_string(largest) + " 0"}));
    EXPECT_EQ(driver.machine.seq(), largest);
    EXPECT_EQ(driver.event(largest + 1), (Lines{"deliver TEST " + std::to_string(largest + 1)}));
}

TEST(SessionDispatch, case_040_an_event_with_an_sdk_name_or_an_empty_name_is_delivered) {
    Driver driver;
    driver.to_ready();
    std::uint64_t seq = 0;
    for (const char* name : {"error", "disconnect", "__proto__", "", "reconnecting", "gap"}) {
        ++seq;
        EXPECT_EQ(driver.event(seq, name), (Lines{"deliver " + std::string(name) + " " + std::to_string(seq)}));
    }
    EXPECT_EQ(driver.ready_event(++seq, "s1"), (Lines{"deliver READY 7"})) << "no second session";
    EXPECT_EQ(driver.resumed(++seq), (Lines{"deliver RESUMED 8"}));
    EXPECT_EQ(driver.machine.counters().sessions, 1u);
    EXPECT_EQ(driver.machine.counters().resumed, 0u);
}

}  // namespace
}  // namespace intent::test::session_dispatch_test
