// `intent doctor`: a line for each check.
#include "program.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/scripted_gateway.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <map>

namespace intent::test::doctor_test {

namespace {

std::map<std::string, Json> findings(const Outcome& outcome) {
    std::map<std::string, Json> all;
    for (const auto& line : outcome.lines) {
        const auto finding = parse_line(line);
        all[text(finding, "check")] = finding;
    }
    return all;
}

TEST(ToolDoctor, reports_no_problem_with_a_sandbox) {
    SandboxProgram sandbox;
    const auto outcome = run("intent", {"doctor", "--json"}, sandbox.environment());
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
    const auto all = findings(outcome);
    std::vector<std::string> names;
    for (const auto& [name, finding] : all) {
        names.push_back(name);
        EXPECT_EQ(finding.at("state"), "ok") << boost::json::serialize(finding);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"clock", "gateway", "gateway name", "rate limits", "rest", "rest name",
                                               "token"}));
    EXPECT_NE(text(all.at("gateway"), "text").find("as bot"), std::string::npos);
    for (const auto& line : outcome.lines)
        EXPECT_EQ(line.find(text(sandbox.addresses, "bot_token")), std::string::npos);

    const auto people = run("intent", {"doctor"}, sandbox.environment());
    EXPECT_EQ(people.status, 0);
    ASSERT_EQ(people.lines.size(), 7u);
    EXPECT_TRUE(people.lines.front().starts_with("ok ")) << people.lines.front();
}

TEST(ToolDoctor, a_refused_token_is_status_3) {
    SandboxProgram sandbox;
    auto environment = sandbox.environment();
    environment[0] = "INTENT_TOKEN=bot_wrong";
    const auto outcome = run("intent", {"doctor", "--json"}, environment);
    EXPECT_EQ(outcome.status, 3);
    const auto all = findings(outcome);
    for (const char* check : {"rest", "gateway"}) {
        EXPECT_EQ(all.at(check).at("state"), "problem") << check;
        EXPECT_FALSE(all.at(check).at("advice").is_null()) << check;
    }
    for (const auto& line : outcome.lines)
        EXPECT_EQ(line.find("bot_wrong"), std::string::npos);
}

TEST(ToolDoctor, no_server_and_no_token_are_problems_with_advice) {
    const auto outcome = run("intent", {"doctor", "--json", "--rest", "http://127.0.0.1:1/v1", "--gateway",
                                        "ws://does-not-exist.invalid/", "--timeout", "20s"});
    EXPECT_EQ(outcome.status, 1);
    const auto all = findings(outcome);
    EXPECT_EQ(all.at("token").at("state"), "problem");
    EXPECT_EQ(all.at("rest name").at("state"), "ok");
    EXPECT_EQ(all.at("rest").at("state"), "problem");
    EXPECT_NE(text(all.at("rest"), "advice").find("INTENT_REST_URL"), std::string::npos);
    EXPECT_EQ(all.at("gateway name").at("state"), "problem");
    EXPECT_EQ(all.at("gateway").at("state"), "skipped");
}

TEST(ToolDoctor, an_invalid_gateway_and_a_wrong_base_path_are_reported) {
    SandboxProgram sandbox;
    const std::string web = text(sandbox.addresses, "web");
    const auto outcome =
        run("intent", {"doctor", "--json", "--rest", web + "nothing/here", "--gateway", "ws" + web.substr(4)},
            {"INTENT_TOKEN=" + text(sandbox.addresses, "bot_token")});
    EXPECT_EQ(outcome.status, 1);
    const auto all = findings(outcome);
    EXPECT_EQ(all.at("rest").at("state"), "problem");
    EXPECT_NE(text(all.at("rest"), "text").find("404"), std::string::npos) << text(all.at("rest"), "text");
    EXPECT_EQ(all.at("gateway").at("state"), "problem");
}

TEST(ToolDoctor, a_server_without_rate_limit_headers_is_a_warning) {
    SandboxProgram sandbox;
    ASSERT_EQ(
        run("intent", {"sandbox", "fault", "missing_headers", "--path", "/users/@me"}, sandbox.environment()).status,
        0);
    const auto outcome = run("intent", {"doctor", "--json"}, sandbox.environment());
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(findings(outcome).at("rate limits").at("state"), "warning");
}

TEST(ToolDoctor, proxies_are_named_and_failures_are_retried_without_them) {
    ScriptedGateway gateway;
    const auto url = gateway.options().gateway_url;
    const auto port = url.substr(url.rfind(':'), url.rfind('/') - url.rfind(':'));
    // Names that exist nowhere: only the proxy knows a way.
    const std::vector<std::string> there = {"doctor",    "--json",
                                            "--rest",    "http://api.invalid" + port + "/api/v1",
                                            "--gateway", "ws://gateway.invalid" + port + "/gateway"};
    ConnectProxy proxy;
    const auto through =
        findings(run("intent", there, {"INTENT_TOKEN=bot_x", "http_proxy=" + proxy.url("user:secret@")}));
    for (const char* check : {"rest proxy", "rest name", "gateway proxy", "gateway name", "gateway"})
        EXPECT_EQ(through.at(check).at("state"), "ok") << check;
    EXPECT_TRUE(text(through.at("rest"), "text").starts_with("404 ")) << "this gateway has no REST API";
    EXPECT_EQ(text(through.at("rest proxy"), "text"),
              "requests to api.invalid go through 127.0.0.1:" + std::to_string(proxy.port()));
    EXPECT_EQ(proxy.connections(), 2);

    ConnectProxy strict("dXNlcjpvdGhlcg==");
    const auto outcome = run("intent", there, {"INTENT_TOKEN=bot_x", "all_proxy=" + strict.url("user:secret@")});
    EXPECT_EQ(outcome.status, 1);
    const auto refused = findings(outcome);
    EXPECT_NE(text(refused.at("gateway"), "text").find("status 407"), std::string::npos);
    EXPECT_NE(text(refused.at("gateway"), "advice").find("without the proxy it fails as well"), std::string::npos);
    for (const auto& line : outcome.lines)
        EXPECT_EQ(line.find("secret"), std::string::npos) << line;

    const auto dead = findings(run("intent", there, {"INTENT_TOKEN=bot_x", "all_proxy=http://127.0.0.1:1"}));
    for (const char* check : {"rest", "gateway"}) {
        EXPECT_NE(text(dead.at(check), "text").find("through the proxy 127.0.0.1:1"), std::string::npos) << check;
        EXPECT_NE(text(dead.at(check), "advice").find("without the proxy it fails as well"), std::string::npos)
            << check;
    }

    const auto socks =
        findings(run("intent", there, {"INTENT_TOKEN=bot_x", "all_proxy=socks5://user:secret@127.0.0.1:1"}));
    EXPECT_NE(text(socks.at("rest proxy"), "text").find("all_proxy: only http://"), std::string::npos);
    EXPECT_EQ(text(socks.at("gateway"), "state"), "skipped");
}

TEST(ToolDoctor, an_invalid_address_is_wrong_usage) {
    EXPECT_EQ(run("intent", {"doctor", "--rest", "ftp://x/"}, {"INTENT_TOKEN=bot_x"}).status, 2);
    EXPECT_EQ(run("intent", {"doctor", "--timeout", "soon"}, {"INTENT_TOKEN=bot_x"}).status, 2);
}

}  // namespace

}  // namespace intent::test::doctor_test
