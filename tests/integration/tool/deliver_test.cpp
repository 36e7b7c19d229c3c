// `intent sandbox deliver`: a receiver tried from the command line.
#include "program.hpp"
#include "tests/support/net_server.hpp"

#include <intent/webhook_verifier.hpp>

#include <gtest/gtest.h>

namespace intent::test::deliver_test {
namespace {

struct ToolDeliver : testing::Test {
    ToolDeliver() {
        receiver.answer = [this](const net::ServerRequest& request, const TestServer::Respond& respond) {
            verdicts.push_back(verifier.verify(request.headers, request.body));
            respond({.status = verdicts.size() <= failures ? 500 : 204});
        };
    }
    std::vector<std::string> words(std::vector<std::string> more) const {
        more.insert(more.begin(), {"sandbox", "deliver", receiver.http_url("/hook")});
        return more;
    }
    Environment environment() const {
        auto variables = sandbox.environment();
        variables.push_back("INTENT_WEBHOOK_SECRET=of the test");
        return variables;
    }
    Outcome deliver(std::vector<std::string> more) { return run("intent", words(std::move(more)), environment()); }

    std::size_t failures = 0;
    std::vector<DeliveryVerdict> verdicts;
    WebhookVerifier verifier{"of the test"};
    TestServer receiver;
    SandboxProgram sandbox;
};

TEST_F(ToolDeliver, an_accepted_delivery_is_status_0) {
    const auto outcome = deliver({"--event", "MEMBER_ADD", "--id", "d-1"});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    ASSERT_EQ(outcome.lines.size(), 1u);
    EXPECT_EQ(text(parse_line(outcome.lines[0]), "state"), "delivered");
    EXPECT_EQ(text(parse_line(outcome.lines[0]), "id"), "d-1");
    EXPECT_EQ(receiver.requests.at(0).body, R"({"event":"MEMBER_ADD","data":null})");
    EXPECT_EQ(verdicts, std::vector{DeliveryVerdict::ok});
}

TEST_F(ToolDeliver, each_attempt_is_reported_and_retried) {
    failures = 1;
    const auto outcome = deliver({});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_NE(outcome.errors.find("attempt 1: 500 after "), std::string::npos) << outcome.errors;
    EXPECT_NE(outcome.errors.find("; next attempt in "), std::string::npos) << outcome.errors;
    EXPECT_NE(outcome.errors.find("attempt 2: 204 after "), std::string::npos) << outcome.errors;
}

TEST_F(ToolDeliver, a_dropped_delivery_is_status_1) {
    failures = 6;
    Program delivering("intent", words({}), environment());
    const std::string clock = text(sandbox.addresses, "web") + "_sandbox/v1/clock";
    ASSERT_TRUE(eventually([&] {
        Process curl({"curl", "-s", "-d", R"({"advance_ms":720000})", clock}, "/");
        return curl.wait() == 0 && delivering.lines().count() > 0;
    })) << delivering.errors();
    EXPECT_EQ(delivering.wait(), 1);
    EXPECT_EQ(text(parse_line(delivering.lines().all().at(0)), "state"), "dropped");
    EXPECT_EQ(receiver.monitor.read([&] { return receiver.requests.size(); }), 6u);
}

TEST_F(ToolDeliver, the_body_is_posted_unchanged) {
    const TemporaryFile body("{\"n\": 1}\n");
    EXPECT_EQ(deliver({"--body", body.path(), "--no-wait"}).status, 0);
    ASSERT_TRUE(receiver.monitor.wait([&] { return !receiver.requests.empty(); }));
    EXPECT_EQ(receiver.requests.at(0).body, "{\"n\": 1}\n");
}

TEST_F(ToolDeliver, without_a_secret_it_is_wrong_usage) {
    const auto outcome = run("intent", {"sandbox", "deliver", "http://x/"}, sandbox.environment());
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.errors.find("no secret: give --secret, or set INTENT_WEBHOOK_SECRET"), std::string::npos);
    EXPECT_EQ(deliver({"--body", "-", "--data", "-"}).status, 2);
}

}  // namespace
}  // namespace intent::test::deliver_test
