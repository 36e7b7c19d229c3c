// How many messages are asked for, and when.
#include "relay/broker/pull_demand.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace intent::relay::broker {
namespace {

using namespace std::chrono_literals;
using Time = PullDemand::Time;
using Requests = std::vector<std::size_t>;

constexpr Time origin{1'000s};

Requests requests(PullDemand& demand, Time now = origin) {
    Requests sizes;
    while (const auto size = demand.next_request(now))
        sizes.push_back(*size);
    return sizes;
}

TEST(PullDemand, nothing_is_asked_for_without_demand) {
    PullDemand demand({});
    EXPECT_EQ(requests(demand), Requests{});
    EXPECT_EQ(demand.next_wake(), std::nullopt);
    EXPECT_FALSE(demand.on_message(origin));
}

TEST(PullDemand, large_demand_is_asked_for_in_batches) {
    PullDemand demand({.max_batch = 100});
    demand.add(250);
    EXPECT_EQ(requests(demand), (Requests{100, 100, 50}));
    EXPECT_EQ(requests(demand), Requests{});
    EXPECT_EQ(demand.next_wake(), origin + 15s);
}

TEST(PullDemand, more_is_asked_for_when_half_of_it_has_come) {
    PullDemand demand({});
    demand.add(10);
    EXPECT_EQ(requests(demand), (Requests{10}));
    Requests sizes;
    for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(demand.on_message(origin));
        demand.add(1);
        for (const auto size : requests(demand))
            sizes.push_back(size);
    }
    EXPECT_EQ(sizes, (Requests{5, 5}));
}

TEST(PullDemand, the_rest_of_a_request_that_has_ended_is_asked_for_again) {
    PullDemand demand({});
    demand.add(10);
    requests(demand);
    demand.on_message(origin);
    demand.on_end(9, origin + 30s);
    EXPECT_EQ(demand.wanted(), 9u);
    EXPECT_EQ(requests(demand, origin + 30s), (Requests{9}));
}

TEST(PullDemand, after_an_error_it_waits_longer_each_time) {
    PullDemand demand({.retry_delay = 100ms, .max_retry_delay = 300ms});
    demand.add(5);
    auto now = origin;
    for (const auto delay : {100ms, 200ms, 300ms, 300ms}) {
        EXPECT_EQ(requests(demand, now), (Requests{5}));
        demand.on_failed(now);
        demand.on_failed(now);  // of another request
        EXPECT_EQ(demand.next_wake(), now + delay);
        EXPECT_EQ(requests(demand, now + delay - 1ms), Requests{});
        now += delay;
        EXPECT_FALSE(demand.on_time(now));
    }
    requests(demand, now);
    demand.on_message(now);
    demand.on_failed(now);
    EXPECT_EQ(demand.next_wake(), now + 100ms);
}

TEST(PullDemand, silence_ends_requests_and_heartbeats_do_not) {
    PullDemand demand({});
    demand.add(5);
    requests(demand);
    demand.on_heartbeat(origin + 10s);
    EXPECT_FALSE(demand.on_time(origin + 15s));
    EXPECT_EQ(demand.next_wake(), origin + 25s);
    EXPECT_TRUE(demand.on_time(origin + 25s));
    EXPECT_EQ(demand.requested(), 0u);
    EXPECT_EQ(requests(demand, origin + 26s), (Requests{5}));
}

TEST(PullDemand, a_new_connection_gets_new_requests_at_once) {
    PullDemand demand({});
    demand.add(5);
    requests(demand);
    demand.on_failed(origin);
    demand.on_connected(origin + 1ms);
    EXPECT_EQ(requests(demand, origin + 1ms), (Requests{5}));
}

TEST(PullDemand, cancelled_demand_is_not_asked_for_again) {
    PullDemand demand({});
    demand.add(5);
    requests(demand);
    demand.cancel();
    EXPECT_FALSE(demand.on_message(origin));
    demand.on_end(4, origin);
    EXPECT_EQ(requests(demand), Requests{});
}

}  // namespace
}  // namespace intent::relay::broker
