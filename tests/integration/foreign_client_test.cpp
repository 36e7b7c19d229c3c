// The sandbox judged by clients that share no code with it (client.mjs, web_client.mjs, flat_client.mjs in peer/).
#include "tests/support/peer_process.hpp"

#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace intent::foreign_client_test {
namespace {

void expect_nothing_wrong(const Sandbox& sandbox, const std::string& program, std::vector<std::string> more) {
    std::vector<std::string> arguments{"node",   program,           "--gateway", sandbox.gateway_url(),
                                       "--rest", sandbox.rest_url()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    test::Process client(arguments, test::peer_directory());
    EXPECT_EQ(client.wait(std::chrono::seconds(100)), 0);
    const auto lines = client.lines.all();
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.back().rfind(R"({"ok":true)", 0), 0u) << lines.back();
}

struct Setting {
    const char* name;
    sandbox::Options options;
    std::vector<std::string> arguments;
};

class ForeignClient : public testing::TestWithParam<Setting> {};

TEST_P(ForeignClient, finds_nothing_wrong_with_the_sandbox) {
    const Sandbox sandbox(GetParam().options);
    std::vector<std::string> arguments{"--whole", "--token", std::string(sandbox.bot_token().reveal())};
    arguments.insert(arguments.end(), GetParam().arguments.begin(), GetParam().arguments.end());
    expect_nothing_wrong(sandbox, "client.mjs", std::move(arguments));
}

TEST(ForeignWebClient, runs_against_the_default_sandbox) {
    const Sandbox sandbox({.dialect = sandbox::Dialect::web});
    expect_nothing_wrong(sandbox, "web_client.mjs", {});
}

TEST(ForeignFlatClient, runs_against_the_default_sandbox) {
    const Sandbox sandbox({.dialect = sandbox::Dialect::flat});
    expect_nothing_wrong(sandbox, "flat_client.mjs", {"--token", std::string(sandbox.bot_token().reveal())});
}

TEST(ForeignFlatClient, runs_against_the_newer_session_protocol) {
    const Sandbox sandbox({.dialect = sandbox::Dialect::flat, .hello = true});
    expect_nothing_wrong(sandbox, "flat_client.mjs", {"--token", std::string(sandbox.bot_token().reveal()), "--hello"});
}

INSTANTIATE_TEST_SUITE_P(Sandbox, ForeignClient,
                         testing::Values(Setting{"spec", {}, {}},
                                         Setting{"web_hello",
                                                 {.dialect = sandbox::Dialect::web, .hello = true},
                                                 {"--lists", "wrapped", "--hello"}},
                                         Setting{"flat_without_resume",
                                                 {.dialect = sandbox::Dialect::flat, .resume = false},
                                                 {"--events", "flat", "--no-resume"}},
                                         Setting{"without_limits", {.limits = false}, {"--no-limits"}}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace intent::foreign_client_test
