// What the sandbox counts for its metrics, and which address of a bot's metrics is allowed.
#include "sandbox/base/problem.hpp"
#include "sandbox/control/bot_metrics.hpp"
#include "sandbox/deliveries/deliveries.hpp"
#include "sandbox/journal/journal.hpp"
#include "sandbox/metrics/traffic.hpp"

#include <gtest/gtest.h>

namespace intent::inline v0::sandbox::metrics_test {
namespace {

TEST(Traffic, counts_calls_by_template_and_not_by_id) {
    Traffic traffic;
    traffic.count_call("POST", "/channels/1/messages", 201);
    traffic.count_call("POST", "/channels/2/messages", 201);
    traffic.count_call("POST", "/channels/2/messages", 429);
    traffic.count_call("GET", "/servers/3/channels", std::nullopt);
    const std::map<Traffic::Route, std::size_t> expected{
        {{"/channels/{channel_id}/messages", "POST", 201}, 2},
        {{"/channels/{channel_id}/messages", "POST", 429}, 1},
        {{"/servers/{server_id}/channels", "GET", std::nullopt}, 1},
    };
    EXPECT_EQ(traffic.calls(), expected);
}

TEST(Traffic, a_client_cannot_make_the_counters_grow) {
    Traffic traffic;
    for (int i = 0; i < 1000; ++i) {
        traffic.count_call("GET", "/nothing/" + std::to_string(i), 404);
        traffic.count_call("BREW" + std::to_string(i), "/channels/1/messages", 405);
        traffic.count_event("EVENT_" + std::to_string(i));
    }
    traffic.count_event("MESSAGE_CREATE");
    EXPECT_EQ(traffic.calls(),
              (std::map<Traffic::Route, std::size_t>{{{"other", "GET", 404}, 1000}, {{"other", "other", 405}, 1000}}));
    EXPECT_EQ(traffic.events(), (std::map<std::string_view, std::size_t>{{"MESSAGE_CREATE", 1}, {"other", 1000}}));
}

TEST(Traffic, keeps_no_reference_to_the_text_of_a_client) {
    Traffic traffic;
    {
        std::string name = "TYPING_START";
        std::string method = "GET";
        std::string path = "/users/@me";
        traffic.count_event(name);
        traffic.count_call(method, path, 200);
        name.assign(name.size(), '!');
        method.assign(method.size(), '!');
        path.assign(path.size(), '!');
    }
    EXPECT_TRUE(traffic.events().contains("TYPING_START"));
    EXPECT_TRUE(traffic.calls().contains({"/users/@me", "GET", 200}));
}

TEST(Journal, counts_the_entries_that_made_room) {
    Journal journal;
    for (std::size_t i = 0; i < Journal::max_entries + 5; ++i)
        journal.add({});
    EXPECT_EQ(journal.dropped(), 5u);
    EXPECT_EQ(journal.last(), Journal::max_entries + 5);
    journal.clear();
    EXPECT_EQ(journal.dropped(), 5u) << "a request to clear it loses nothing unnoticed";
}

TEST(DeliveryCounters, count_attempts_and_deliveries_by_outcome) {
    Deliveries deliveries(1);
    Deliveries::Time now{};
    const auto attempt = [&](const DeliveryOutcome& outcome) {
        if (const auto wake = deliveries.next_wake()) now = *wake;
        for (const auto& due : deliveries.on_time(now))
            deliveries.on_outcome(now, due.id, outcome);
    };
    deliveries.add(now, {.id = "good", .url = "http://x/", .secret = "s", .body = "{}"});
    EXPECT_EQ(deliveries.pending(), 1u);
    attempt({.status = 500});
    attempt({.failure = "refused"});
    attempt({.status = 204});
    deliveries.add(now, {.id = "bad", .url = "http://x/", .secret = "s", .body = "{}"});
    for (int i = 0; i < 6; ++i)
        attempt({.status = 404});
    const auto& counters = deliveries.counters();
    EXPECT_EQ(counters.accepted, 1u);
    EXPECT_EQ(counters.rejected, 7u);
    EXPECT_EQ(counters.unanswered, 1u);
    EXPECT_EQ(counters.delivered, 1u);
    EXPECT_EQ(counters.dropped, 1u);
    EXPECT_EQ(deliveries.pending(), 0u);
}

constexpr std::uint16_t own_port = 8080;

TEST(BotMetricsUrl, is_the_fixed_path_on_a_loopback_address) {
    EXPECT_EQ(bot_metrics_url("127.0.0.1:9464", own_port), "http://127.0.0.1:9464/metrics");
    EXPECT_EQ(bot_metrics_url("localhost:9464", own_port), "http://127.0.0.1:9464/metrics") << "no name is looked up";
    EXPECT_EQ(bot_metrics_url("[::1]:65535", own_port), "http://[::1]:65535/metrics");
}

TEST(BotMetricsUrl, refuses_everything_else) {
    for (const char* address : {"",
                                ":",
                                "9464",
                                ":9464",
                                "127.0.0.1",
                                "127.0.0.1:",
                                "127.0.0.1:0",
                                "127.0.0.1:65536",
                                "127.0.0.1:-1",
                                "127.0.0.1: 80",
                                "127.0.0.1:80 ",
                                "127.0.0.1:0x50",
                                "127.0.0.1:80/x",
                                "127.0.0.1:80?x",
                                "127.0.0.1:80#",
                                "127.0.0.1/x:80",
                                "0.0.0.0:80",
                                "10.0.0.1:80",
                                "169.254.169.254:80",
                                "2130706433:80",
                                "127.1:80",
                                "127.0.0.1.evil.example:80",
                                "evil.example:80",
                                "localhost.evil.example:80",
                                "a@127.0.0.1:80",
                                "127.0.0.1:80@evil.example:80",
                                "127.0.0.1:80:80",
                                "::1:80",
                                "[::]:80",
                                "[::ffff:127.0.0.1]:80",
                                "[fe80::1]:80",
                                "http://127.0.0.1:80",
                                "127.0.0.1:80\r\nHost: x",
                                "localhost\n:80"})
        EXPECT_THROW(bot_metrics_url(address, own_port), Problem) << address;
}

TEST(BotMetricsUrl, refuses_the_own_port_on_every_address) {
    for (const char* address : {"127.0.0.1:8080", "localhost:8080", "[::1]:8080", "127.0.0.1:08080"})
        EXPECT_THROW(bot_metrics_url(address, own_port), Problem) << address;
}

}  // namespace
}  // namespace intent::sandbox::metrics_test
