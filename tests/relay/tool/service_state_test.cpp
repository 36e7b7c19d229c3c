// What a relay reports to the service manager, in simulated time.
#include "tools/relay/support/service_state.hpp"

#include "tools/relay/support/metric_values.hpp"

#include <gtest/gtest.h>

namespace intent::test::service_state_test {

namespace {

using namespace std::chrono_literals;
using tool::ServiceState;

const ServiceState::Time start{100s};

bool has(const std::string& text, const std::string& line) {
    return ("\n" + text + "\n").find("\n" + line + "\n") != std::string::npos;
}

TEST(RelayServiceState, a_leader_is_ready_with_its_session) {
    ServiceState state(0us);
    RelayStatus status;
    EXPECT_TRUE(has(state.on_time(start, status, ""), "EXTEND_TIMEOUT_USEC=60000000"));
    status.broker_connected = true;
    status.leads = true;
    status.gateway = ConnectionState::identifying;
    EXPECT_EQ(state.on_time(start + 1s, status, ""), "STATUS=leads, gateway identifying");
    status.gateway = ConnectionState::ready;
    EXPECT_EQ(state.on_time(start + 2s, status, ""), "READY=1\nSTATUS=leads, gateway ready");
    EXPECT_EQ(state.on_time(start + 60s, status, ""), "");
    // Once started, it stays so: losing the session is a state, not a new start.
    status.gateway = ConnectionState::backing_off;
    EXPECT_EQ(state.on_time(start + 61s, status, ""), "STATUS=leads, gateway backing_off");
}

TEST(RelayServiceState, a_standby_is_ready_when_it_sees_a_leader) {
    ServiceState state(0us);
    RelayStatus status;
    status.broker_connected = true;
    EXPECT_FALSE(has(state.on_time(start, status, ""), "READY=1"));
    status.leader = "another";
    EXPECT_TRUE(has(state.on_time(start + 1s, status, ""), "READY=1"));
}

TEST(RelayServiceState, the_start_is_extended_while_attempts_go_on) {
    ServiceState state(0us);
    const RelayStatus status;
    EXPECT_TRUE(has(state.on_time(start, status, ""), "EXTEND_TIMEOUT_USEC=60000000"));
    EXPECT_EQ(state.on_time(start + 29s, status, ""), "");
    EXPECT_TRUE(has(state.on_time(start + 30s, status, ""), "EXTEND_TIMEOUT_USEC=60000000"));
}

TEST(RelayServiceState, the_watchdog_is_content_only_while_the_loop_reacts) {
    ServiceState state(30s);
    const RelayStatus status;
    ASSERT_TRUE(state.wants_metrics(start));
    EXPECT_TRUE(has(state.on_time(start, status, "intent_loop_lag_seconds 0.002\n"), "WATCHDOG=1"));
    EXPECT_FALSE(state.wants_metrics(start + 9s));
    ASSERT_TRUE(state.wants_metrics(start + 10s));
    EXPECT_FALSE(has(state.on_time(start + 10s, status, "intent_loop_lag_seconds 15.2\n"), "WATCHDOG=1"));
}

TEST(RelayServiceState, without_a_watchdog_no_metrics_are_made) {
    EXPECT_FALSE(ServiceState(0us).wants_metrics(start));
}

TEST(RelayMetricValues, are_found_by_the_whole_name) {
    const char* text = "# TYPE a counter\na_total 7\na 12.9\na_bucket{le=\"1\"} 5\n";
    EXPECT_EQ(tool::metric_value(text, "a"), 12);
    EXPECT_EQ(tool::metric_value(text, "a_total"), 7);
    EXPECT_EQ(tool::metric_value(text, "a_bucket{le=\"1\"}"), 5);
    EXPECT_EQ(tool::metric_value(text, "b"), 0);
}

}  // namespace

}  // namespace intent::test::service_state_test
