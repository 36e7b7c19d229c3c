// A sandbox's signed deliveries, taken by a receiver that verifies them.
#include "tests/support/control_client.hpp"
#include "tests/support/net_server.hpp"

#include <intent/errors.hpp>
#include <intent/webhook_verifier.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <latch>

namespace intent::deliveries_test {
namespace {

using namespace std::chrono_literals;
using test::ControlClient;
using State = sandbox::Delivery::State;

/// An endpoint that answers with each of `statuses` in order, then with 204.
struct Receiver {
    Receiver() {
        server.answer = [this](const net::ServerRequest& request, const test::TestServer::Respond& respond) {
            verdicts.push_back(verifier.verify(request.headers, request.body));
            net::ServerResponse response{.status = 204};
            if (verdicts.size() <= statuses.size()) response.status = statuses[verdicts.size() - 1];
            if (response.status == 429) response.headers.emplace_back("Retry-After", "30");
            respond(std::move(response));
        };
    }
    std::string url() { return server.http_url("/hook"); }
    /// What came, once the delivery is over.
    std::vector<DeliveryVerdict> seen() {
        std::vector<DeliveryVerdict> copy;
        test::on_loop(server.loop, [&] { copy = verdicts; });
        return copy;
    }

    std::vector<int> statuses;
    std::vector<DeliveryVerdict> verdicts;
    WebhookVerifier verifier{"secret of the test"};
    test::TestServer server;
};

TEST(Deliveries, a_receiver_verifies_what_the_sandbox_signs) {
    Receiver receiver;
    Sandbox sandbox;
    const auto id = sandbox.deliver(receiver.url(), "secret of the test", R"({"event":"X","data":null})");
    const auto delivery = sandbox.wait_delivery(id, test::long_enough);
    ASSERT_TRUE(delivery);
    EXPECT_EQ(delivery.attempts.size(), 1u);
    EXPECT_EQ(delivery.attempts[0].status, 204);
    EXPECT_EQ(receiver.seen(), std::vector{DeliveryVerdict::ok});
    ASSERT_EQ(receiver.server.requests.size(), 1u);
    const auto& request = receiver.server.requests[0];
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.header("x-intent-delivery-id"), id);
    EXPECT_EQ(request.header("content-type"), "application/json");
    EXPECT_EQ(request.body, R"({"event":"X","data":null})");

    const auto forged = sandbox.deliver(receiver.url(), "another secret", "{}");
    EXPECT_TRUE(sandbox.wait_delivery(forged, test::long_enough));
    EXPECT_EQ(receiver.seen().back(), DeliveryVerdict::bad_signature);
}

TEST(Deliveries, retries_follow_the_clock_and_are_the_same_delivery) {
    Receiver receiver;
    receiver.statuses = {500, 429, 404};
    Sandbox sandbox;
    const auto id = sandbox.deliver(receiver.url(), "secret of the test", "{}");
    EXPECT_EQ(sandbox.wait_delivery(id, test::long_enough, 1).attempts.size(), 1u);
    sandbox.advance(1200ms);
    EXPECT_EQ(sandbox.wait_delivery(id, test::long_enough, 2).attempts.size(), 2u);
    sandbox.advance(29s);
    EXPECT_EQ(sandbox.wait_delivery(id, 0ms, 3).state, State::pending) << "the 429 asked for 30 s";
    sandbox.advance(1s);
    EXPECT_EQ(sandbox.wait_delivery(id, test::long_enough, 3).attempts.size(), 3u);
    sandbox.advance(36s);
    const auto delivery = sandbox.wait_delivery(id, test::long_enough);
    EXPECT_TRUE(delivery);
    EXPECT_EQ(delivery.attempts.size(), 4u);
    EXPECT_EQ(receiver.seen(), (std::vector{DeliveryVerdict::ok, DeliveryVerdict::duplicate, DeliveryVerdict::duplicate,
                                            DeliveryVerdict::duplicate}))
        << "each has a current time, independent of the sandbox's clock, and the same id";
}

TEST(Deliveries, a_delivery_is_dropped_after_six_failed_attempts) {
    std::string nowhere;
    {
        const test::TestServer gone;
        nowhere = gone.http_url("/hook");
    }
    Sandbox sandbox;
    const auto id = sandbox.deliver(nowhere, "s", "{}");
    for (std::size_t tries = 1; tries < 6; ++tries) {
        ASSERT_EQ(sandbox.wait_delivery(id, test::long_enough, tries).attempts.size(), tries);
        sandbox.advance(12min);
    }
    const auto delivery = sandbox.wait_delivery(id, test::long_enough);
    EXPECT_EQ(delivery.state, State::dropped);
    EXPECT_EQ(delivery.attempts.size(), 6u);
    EXPECT_FALSE(delivery.attempts[0].status);
    EXPECT_FALSE(delivery.attempts[0].failure.empty());
}

TEST(Deliveries, a_reset_and_the_end_of_the_sandbox_end_a_wait) {
    test::TestServer silent;
    silent.answer = [](const net::ServerRequest&, const test::TestServer::Respond&) {};
    Sandbox sandbox;
    std::string id;
    std::optional<State> state;
    // If the reset comes first, the wait is refused, which shows nothing.
    while (!state) {
        id = sandbox.deliver(silent.http_url(), "s", "{}");
        std::latch about_to_wait(1);
        auto waiting = std::async(std::launch::async, [&]() -> std::optional<State> {
            about_to_wait.count_down();
            try {
                return sandbox.wait_delivery(id, test::long_enough).state;
            } catch (const ConfigError&) {
                return std::nullopt;
            }
        });
        about_to_wait.wait();
        sandbox.reset();
        state = waiting.get();
    }
    EXPECT_EQ(state, State::dropped);
    EXPECT_THROW(sandbox.wait_delivery(id, 0ms), ConfigError);
    sandbox.deliver(silent.http_url("/after"), "s", "{}");
    ASSERT_TRUE(silent.monitor.wait([&] {
        return std::ranges::any_of(silent.requests, [](const auto& request) { return request.path == "/after"; });
    }));
}

TEST(Deliveries, control_requests_do_the_same) {
    Receiver receiver;
    receiver.statuses = {503};
    Sandbox sandbox;
    ControlClient control(sandbox);
    const auto made = control.post("/deliveries", R"({"url":")" + receiver.url() +
                                                      R"(","secret":"secret of the test","event":"MESSAGE_CREATE",)"
                                                      R"("data":{"n":1},"delivery_id":"d-1"})");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json().at("id"), "d-1");
    EXPECT_EQ(made.json().at("state"), "pending");
    EXPECT_EQ(made.body.find("secret of"), std::string::npos);
    sandbox.wait_delivery("d-1", test::long_enough, 1);
    const auto failed = control.get("/deliveries/d-1").json();
    EXPECT_EQ(failed.at("attempts").at(0).at("status"), 503);
    EXPECT_GT(failed.at("next_attempt_ms").to_number<int>(), 0);
    sandbox.advance(2s);
    sandbox.wait_delivery("d-1", test::long_enough);
    EXPECT_EQ(control.get("/deliveries").json().at("deliveries").at(0).at("state"), "delivered");
    EXPECT_EQ(receiver.server.requests.at(1).body, R"({"event":"MESSAGE_CREATE","data":{"n":1}})");
    EXPECT_EQ(control.remove("/deliveries").status, 204);
    EXPECT_EQ(control.get("/deliveries/d-1").status, 404);
}

TEST(Deliveries, an_invalid_control_request_names_the_field) {
    Sandbox sandbox;
    ControlClient control(sandbox);
    const auto refused = [&](const std::string& body) {
        const auto answer = control.post("/deliveries", body);
        return std::to_string(answer.status) + " " + answer.error();
    };
    EXPECT_EQ(refused(R"({"secret":"s","body":"x"})"), "400 url: required");
    EXPECT_EQ(refused(R"({"url":"http://x/","body":"x"})"), "400 secret: required");
    EXPECT_EQ(refused(R"({"url":"http://x/","secret":"","body":"x"})"),
              "400 secret: at least one character is required");
    EXPECT_EQ(refused(R"({"url":"http://x/","secret":"s"})"),
              "400 event: required: the name of an event, with data; or body instead of both");
    EXPECT_EQ(refused(R"({"url":"http://x/","secret":"s","event":"X","body":"x"})"),
              "400 body: give body, or event and data, not both");
    EXPECT_EQ(refused(R"({"url":"http://x/","secret":"s","event":"X","delivery_id":"a\nb"})"),
              "400 delivery_id: 1-100 of a-z A-Z 0-9 - _ . allowed");
    EXPECT_EQ(refused(R"({"url":"ftp://x/","secret":"s","event":"X"})").substr(0, 9), "400 url: ");
    EXPECT_THROW(sandbox.deliver("http://x/", "", "{}"), ConfigError);
    EXPECT_THROW(sandbox.deliver("x", "s", "{}"), ConfigError);
    EXPECT_THROW(sandbox.wait_delivery("none", 0ms), ConfigError);
}

}  // namespace
}  // namespace intent::deliveries_test
