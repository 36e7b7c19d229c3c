// Faults at the gateway, in virtual time.
#include "tests/unit/sandbox/gateway_commands_driver.hpp"

#include <gtest/gtest.h>

namespace intent::inline v0::sandbox::gateway_faults_test {
namespace {

using namespace std::chrono_literals;

class GatewayFaults : public testing::Test {
protected:
    std::uint64_t add(Fault fault, std::optional<UserId> user = {}) {
        return faults.add(driver.now, std::move(fault), user);
    }
    Lines now(Fault fault) {
        std::size_t hits = 0;
        const auto id = add(std::move(fault));
        const auto lines = GatewayDriver::text(driver.gateway.apply_now(driver.now, id, hits));
        last_hits = hits;
        return lines;
    }

    Faults faults;
    GatewayDriver driver{{}, &faults};
    std::size_t last_hits = 0;
};

TEST_F(GatewayFaults, apply_at_once_and_report_the_number_of_sessions) {
    driver.up(1);
    driver.up(2, "evil");
    EXPECT_EQ(now(fault::drop()), (Lines{"1 cut", "2 cut"}));
    EXPECT_EQ(last_hits, 2u);
    driver.up(3);
    EXPECT_EQ(now(fault::close(4000, "so")), (Lines{"3 close 4000 so"}));
    driver.up(4);
    EXPECT_EQ(now(fault::reconnect()), (Lines{"4 6 null"}));
    EXPECT_EQ(now(fault::invalid_session(true)), (Lines{"4 8 true"}));
    EXPECT_EQ(now(fault::invalid_session()), (Lines{"4 8 false"}));
    EXPECT_EQ(now(fault::text_frame()), (Lines{R"(4 text {"op":0,"t":"MESSAGE_CREATE","d":{}})"}));
    EXPECT_EQ(now(fault::unknown_op()), (Lines{"4 99 null"}));
    EXPECT_EQ(now(fault::bad_msgpack()), (Lines{"4 broken"}));
}

TEST_F(GatewayFaults, wait_for_the_next_session_if_there_is_none) {
    EXPECT_TRUE(now(fault::close(4000)).empty());
    EXPECT_EQ(last_hits, 0u);
    driver.open(1);
    EXPECT_EQ(driver.identify(1).back(), "1 close 4000 ");
    driver.open(2);
    EXPECT_EQ(driver.identify(2).size(), 1u);
}

TEST_F(GatewayFaults, an_event_is_duplicated_lost_or_skips_numbers) {
    driver.up(1);
    add(fault::duplicate());
    EXPECT_EQ(driver.dispatch("A"), (Lines{"1 A #1 {}", "1 A #1 {}"}));
    add(fault::skip_sequence(3));
    EXPECT_EQ(driver.dispatch("B"), (Lines{"1 B #5 {}"}));
    add(fault::lose().event("C"));
    EXPECT_EQ(driver.dispatch("X"), (Lines{"1 X #6 {}"}));
    EXPECT_TRUE(driver.dispatch("C").empty());
    EXPECT_EQ(driver.dispatch("D"), (Lines{"1 D #8 {}"}));
    driver.closed(1, 1006);
    driver.open(2);
    EXPECT_EQ(driver.resume(2, "s1", 6), (Lines{"2 C #7 {}", "2 D #8 {}"})) << "a Resume brings what was lost";
}

TEST_F(GatewayFaults, a_connection_ends_instead_of_an_event_that_a_resume_replays) {
    driver.up(1);
    driver.up(2, "evil");
    add(fault::drop().event("MESSAGE_*"));
    EXPECT_EQ(driver.dispatch("OTHER").size(), 2u);
    EXPECT_EQ(driver.dispatch("MESSAGE_CREATE"), (Lines{"2 MESSAGE_CREATE #2 {}", "1 cut"}));
    driver.open(3);
    EXPECT_EQ(driver.resume(3, "s1", 1), (Lines{"3 MESSAGE_CREATE #2 {}"}));
}

TEST_F(GatewayCommandsTest, a_connection_that_a_fault_is_about_to_end_gets_no_more_frames) {
    up(1, "bot");
    up(2, "bob");
    faults.add(now, fault::drop().event("MESSAGE_CREATE").times(2), {});
    platform.create_message(id("alice"), platform.seed_channel(), {.content = "hi"}, date);
    EXPECT_EQ(heard[1], Lines{"cut"});
    EXPECT_EQ(heard[2], Lines{"cut"}) << "not even that the other has gone: its client would acknowledge the message";
    take(gateway.on_open(now, 3, "127.0.0.1"));
    send(3, R"({"op":5,"d":{"token":"bob","session_id":"s2","seq":0}})");
    ASSERT_EQ(heard[3].size(), 2u);
    EXPECT_EQ(heard[3][0].rfind("MESSAGE_CREATE #1 ", 0), 0u) << heard[3][0];
    EXPECT_EQ(news(3).back(), presence("bot", "offline"));
}

TEST_F(GatewayFaults, a_frame_goes_before_its_event) {
    driver.up(1);
    add(fault::reconnect().event("A"));
    EXPECT_EQ(driver.dispatch("A"), (Lines{"1 6 null", "1 A #1 {}"}));
}

TEST_F(GatewayFaults, a_session_may_end_while_an_event_is_broadcast) {
    GatewayDriver mortal({.resume = false}, &faults);
    mortal.up(1);
    mortal.up(2);
    mortal.up(3);
    add(fault::drop().event("A").times(2));
    EXPECT_EQ(mortal.dispatch("A"), (Lines{"3 A #1 {}", "1 cut", "2 cut"}));
    EXPECT_EQ(mortal.dispatch("A", std::vector{UserId{1}}), (Lines{"3 A #2 {}"}));
}

TEST_F(GatewayFaults, a_session_that_op_8_ends_gets_no_event_and_no_resume) {
    driver.up(1);
    EXPECT_EQ(now(fault::invalid_session()), (Lines{"1 8 false"}));
    EXPECT_TRUE(driver.gateway.sessions().at(0).is_over);
    EXPECT_TRUE(driver.dispatch("A").empty());
    EXPECT_EQ(driver.heartbeat(1), (Lines{"1 11 null"})) << "the connection is the client's to close";
    driver.open(2);
    EXPECT_EQ(driver.resume(2, "s1", 0), (Lines{"2 8 false"}));
    driver.closed(1, 1006);
    EXPECT_TRUE(driver.gateway.sessions().empty());
}

TEST_F(GatewayFaults, only_a_resumable_session_gets_the_event_after_op_8) {
    driver.up(1);
    add(fault::invalid_session(true).event("A"));
    EXPECT_EQ(driver.dispatch("A"), (Lines{"1 8 true", "1 A #1 {}"}));
    add(fault::invalid_session().event("A"));
    EXPECT_EQ(driver.dispatch("A"), (Lines{"1 8 false"}));
    EXPECT_TRUE(driver.dispatch("B").empty());
}

TEST_F(GatewayFaults, a_heartbeat_gets_no_ack_and_still_counts) {
    driver.up(1);
    add(fault::no_ack());
    EXPECT_TRUE(driver.heartbeat(1).empty());
    EXPECT_EQ(driver.heartbeat(1), (Lines{"1 11 null"}));
}

TEST_F(GatewayFaults, identify_and_resume_are_refused) {
    driver.up(1);
    driver.closed(1, 1006);
    add(fault::refuse_identify(4013), UserId{1});
    driver.open(2);
    EXPECT_EQ(driver.identify(2, "evil").size(), 1u);
    driver.open(3);
    EXPECT_EQ(driver.resume(3, "s1", 0), (Lines{"3 close 4013 a fault refuses it"}));
    driver.open(4);
    EXPECT_TRUE(driver.resume(4, "s1", 0).empty()) << "the session is still there";
}

TEST_F(GatewayFaults, an_advanced_clock_ends_no_connection) {
    driver.up(1);
    driver.now += 24h;
    driver.gateway.on_clock_moved(24h);
    EXPECT_TRUE(driver.pass(0ms).empty());
    EXPECT_EQ(driver.heartbeat(1), (Lines{"1 11 null"}));
    EXPECT_EQ(driver.pass(90s), (Lines{"1 cut"}));
}

}  // namespace
}  // namespace intent::sandbox::gateway_faults_test
