#include "session/completeness.hpp"

#include <gtest/gtest.h>

namespace intent::session::completeness_test {
namespace {

using namespace std::chrono_literals;
constexpr Time start{1000s};

Completeness up() {
    Completeness completeness;
    completeness.on_open(start);
    completeness.begin_session(completeness.session_start());
    return completeness;
}

TEST(Completeness, a_session_is_complete_up_to_the_opening_of_its_connection) {
    Completeness completeness;
    EXPECT_FALSE(completeness.until());
    completeness.on_open(start);
    EXPECT_FALSE(completeness.until());
    completeness.begin_session(completeness.session_start());
    EXPECT_EQ(completeness.until(), start);
    completeness.drop_session();
    EXPECT_FALSE(completeness.until());
}

TEST(Completeness, an_ack_proves_everything_before_its_heartbeat) {
    Completeness completeness = up();
    completeness.on_beat(start + 10s, false);
    EXPECT_EQ(completeness.until(), start);
    completeness.on_ack();
    EXPECT_EQ(completeness.until(), start + 10s);
}

TEST(Completeness, a_late_ack_proves_its_own_heartbeat_and_no_later_one) {
    Completeness completeness = up();
    completeness.on_beat(start + 10s, false);
    completeness.on_beat(start + 20s, false);
    completeness.on_ack();
    EXPECT_EQ(completeness.until(), start + 10s);
    completeness.on_beat(start + 30s, false);
    completeness.on_ack();
    EXPECT_EQ(completeness.until(), start + 10s) << "the ACK of the second heartbeat";
    completeness.on_ack();
    EXPECT_EQ(completeness.until(), start + 30s);
}

TEST(Completeness, a_heartbeat_during_a_replay_proves_nothing) {
    Completeness completeness = up();
    completeness.on_beat(start + 10s, true);
    completeness.on_ack();
    EXPECT_EQ(completeness.until(), start);
}

TEST(Completeness, unexpected_acks_prove_nothing) {
    Completeness completeness = up();
    completeness.on_ack();
    completeness.on_ack();
    completeness.on_beat(start + 10s, true);
    completeness.on_beat(start + 20s, false);
    completeness.on_ack();
    EXPECT_EQ(completeness.until(), start);
    completeness.on_ack();
    EXPECT_EQ(completeness.until(), start + 20s);
}

TEST(Completeness, resumed_proves_everything_before_the_resume) {
    Completeness completeness = up();
    completeness.on_open(start + 60s);
    EXPECT_EQ(completeness.until(), start);
    completeness.on_resumed();
    EXPECT_EQ(completeness.until(), start + 60s);
}

TEST(Completeness, acks_of_an_earlier_connection_do_not_count) {
    Completeness completeness = up();
    completeness.on_beat(start + 10s, false);
    completeness.on_open(start + 60s);
    completeness.on_ack();
    EXPECT_EQ(completeness.until(), start);
    EXPECT_EQ(completeness.beats(), 0u);
}

TEST(Completeness, a_session_that_replaces_another_begins_where_that_one_was_complete) {
    Completeness completeness = up();
    completeness.on_beat(start + 10s, false);
    completeness.on_ack();
    EXPECT_EQ(completeness.session_start(), start + 10s);
    completeness.on_open(start + 60s);
    EXPECT_EQ(completeness.session_start(), start + 60s);
}

}  // namespace
}  // namespace intent::session::completeness_test
