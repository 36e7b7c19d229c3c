// Outgoing deliveries in virtual time: when what is tried again, and when no more (protocol §12).
#include "sandbox/deliveries/deliveries.hpp"

#include "sandbox/base/problem.hpp"

#include <intent/webhook_verifier.hpp>

#include <gtest/gtest.h>

namespace intent::inline v0::sandbox::deliveries_test {
namespace {

using namespace std::chrono_literals;
using State = Delivery::State;

class DeliveriesTest : public ::testing::Test {
protected:
    void add(const std::string& id, const std::string& url = "http://x/") {
        deliveries.add(now, {.id = id, .url = url, .secret = "s", .body = "{}"});
    }
    /// The ids that are due.
    std::vector<std::string> due() {
        std::vector<std::string> ids;
        for (const auto& order : deliveries.on_time(now))
            ids.push_back(order.id);
        return ids;
    }
    void answer(const std::string& id, int status, const std::string& retry_after = "") {
        deliveries.on_outcome(now, id, {.status = status, .retry_after = retry_after, .took = 3ms});
    }
    /// Lets the first try of a delivery fail, and how long the next one waits.
    std::chrono::milliseconds wait_after(int status, const std::string& retry_after) {
        const std::string id = "d" + std::to_string(++made);
        add(id);
        due();
        answer(id, status, retry_after);
        return std::chrono::ceil<std::chrono::milliseconds>(*deliveries.due(id) - now);
    }
    /// Fails all six tries.
    void drop(const std::string& id, const std::string& url = "http://x/") {
        add(id, url);
        for (int i = 0; i < 6; ++i) {
            if (const auto wake = deliveries.next_wake()) now = *wake;
            ASSERT_EQ(due(), std::vector{id}) << i;
            answer(id, 500);
        }
    }
    State state(const std::string& id) { return deliveries.find(id)->state; }
    std::string refusal(const std::string& id, const std::string& url = "http://x/") {
        try {
            add(id, url);
            return "";
        } catch (const Problem& problem) {
            return std::to_string(problem.status()) + " " + problem.text();
        }
    }

    Deliveries deliveries{42};
    Deliveries::Time now{};
    int made = 0;
};

TEST_F(DeliveriesTest, an_accepted_delivery_is_done) {
    add("a");
    EXPECT_EQ(deliveries.next_wake(), now);
    EXPECT_EQ(due(), std::vector<std::string>{"a"});
    EXPECT_TRUE(due().empty()) << "a try is under way";
    EXPECT_FALSE(deliveries.next_wake());
    answer("a", 204);
    EXPECT_EQ(state("a"), State::delivered);
    EXPECT_FALSE(deliveries.next_wake());
    ASSERT_EQ(deliveries.find("a")->attempts.size(), 1u);
    EXPECT_EQ(deliveries.find("a")->attempts[0].status, 204);
    EXPECT_EQ(deliveries.find("a")->attempts[0].milliseconds, 3);
}

TEST_F(DeliveriesTest, a_failure_is_retried_after_1s_5s_30s_2min_10min_with_jitter_then_dropped) {
    add("a");
    for (const auto delay : Deliveries::delays) {
        ASSERT_EQ(due(), std::vector<std::string>{"a"});
        deliveries.on_outcome(now, "a", {.failure = "refused"});
        const auto wait = *deliveries.due("a") - now;
        EXPECT_GE(wait, delay);
        EXPECT_LE(wait, delay * 12 / 10);
        now += wait - 1ms;
        EXPECT_TRUE(due().empty());
        now += 1ms;
    }
    ASSERT_EQ(due(), std::vector<std::string>{"a"});
    answer("a", 404);
    EXPECT_EQ(state("a"), State::dropped);
    EXPECT_FALSE(deliveries.next_wake());
    EXPECT_EQ(deliveries.find("a")->attempts.size(), 6u);
    EXPECT_EQ(deliveries.find("a")->attempts[0].failure, "refused");
}

TEST_F(DeliveriesTest, the_jitter_differs) {
    std::vector<std::chrono::milliseconds> waits;
    for (int i = 0; i < 20; ++i)
        waits.push_back(wait_after(500, ""));
    const auto [lowest, highest] = std::minmax_element(waits.begin(), waits.end());
    EXPECT_LT(*lowest, 1050ms);
    EXPECT_GT(*highest, 1150ms);
}

TEST_F(DeliveriesTest, every_status_from_400_is_a_failure_and_none_below) {
    for (const int status : {200, 204, 302, 399}) {
        const std::string id = std::to_string(status);
        add(id);
        due();
        answer(id, status);
        EXPECT_EQ(state(id), State::delivered) << status;
    }
    for (const int status : {400, 401, 404, 410, 429, 500, 599}) {
        const std::string id = std::to_string(status);
        add(id);
        due();
        answer(id, status);
        EXPECT_EQ(state(id), State::pending) << status;
    }
}

TEST_F(DeliveriesTest, a_429_sets_the_time_of_the_next_attempt) {
    EXPECT_EQ(wait_after(429, "7"), 7s);
    EXPECT_EQ(wait_after(429, "0.25"), 250ms);
    EXPECT_EQ(wait_after(429, "0"), 0ms);
    EXPECT_EQ(wait_after(429, "1e300"), 1h) << "at most an hour is waited for it";
    for (const auto* odd : {"", "-1", "soon", "7s", "nan", "Wed, 21 Oct 2026 07:28:00 GMT"}) {
        const auto wait = wait_after(429, odd);
        EXPECT_GE(wait, 1s) << odd;
        EXPECT_LE(wait, 1200ms) << odd;
    }
    EXPECT_LE(wait_after(503, "7"), 1200ms) << "of a 429 alone";
}

TEST_F(DeliveriesTest, after_50_dropped_in_a_row_the_endpoint_is_disabled) {
    for (int i = 0; i < 49; ++i)
        drop("d" + std::to_string(i));
    EXPECT_FALSE(deliveries.find("d48")->endpoint_disabled);
    add("good");
    due();
    answer("good", 200);
    for (int i = 50; i < 99; ++i)
        drop("d" + std::to_string(i));
    EXPECT_FALSE(deliveries.find("d98")->endpoint_disabled) << "one that arrived begins the row again";
    add("last but one");
    due();
    drop("d99");
    EXPECT_TRUE(deliveries.find("d99")->endpoint_disabled);
    EXPECT_EQ(state("last but one"), State::dropped) << "its try is under way, and no other follows";
    answer("last but one", 500);
    EXPECT_FALSE(deliveries.next_wake());
    EXPECT_EQ(refusal("more"),
              "409 url: disabled, because 50 deliveries in a row failed; enable it with \"enable\": true");
    EXPECT_EQ(refusal("elsewhere", "http://y/"), "");
    deliveries.enable("http://x/");
    EXPECT_EQ(refusal("more"), "");
}

TEST_F(DeliveriesTest, an_id_is_unique_and_the_oldest_done_deliveries_are_forgotten) {
    add("a");
    EXPECT_EQ(refusal("a"), "409 delivery_id: \"a\" is taken");
    due();
    answer("a", 200);
    for (std::size_t i = 1; i < Deliveries::max_kept; ++i)
        add("p" + std::to_string(i));
    add("b");
    EXPECT_FALSE(deliveries.find("a"));
    EXPECT_EQ(deliveries.list().size(), Deliveries::max_kept);
    EXPECT_EQ(refusal("c"), "503 at most 1000 deliveries can be pending at the same time");
}

TEST_F(DeliveriesTest, a_forgotten_delivery_is_not_reported) {
    add("a");
    due();
    deliveries.clear();
    answer("a", 500);
    EXPECT_FALSE(deliveries.find("a"));
    EXPECT_FALSE(deliveries.next_wake());
}

TEST(DeliveryHeaders, are_accepted_by_the_verifier) {
    const auto signed_at = Timestamp(1'700'000'000s + 999ms);
    const auto headers = delivery_headers(
        {.id = "d-1", .url = "", .secret = "whsec_test", .body = R"({"event":"MESSAGE_CREATE"})"}, signed_at);
    EXPECT_EQ(headers,
              (WebhookVerifier::Headers{
                  {"Content-Type", "application/json"},
                  {"X-Intent-Signature", "sha256=00932a2cfa7bc2fbe773f8aa52ca87d280e8bf959c90407a7114f52a0d8a7646"},
                  {"X-Intent-Timestamp", "1700000000"},
                  {"X-Intent-Delivery-Id", "d-1"}}))
        << "signed as Python's hmac module does it";
    WebhookVerifier verifier("whsec_test", {.clock = TestClock(signed_at)});
    EXPECT_EQ(verifier.verify(headers, R"({"event":"MESSAGE_CREATE"})"), DeliveryVerdict::ok);
}

}  // namespace
}  // namespace intent::sandbox::deliveries_test
