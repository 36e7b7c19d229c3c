// The sandbox judged by a client that shares no code with it (tests/integration/peer/client.mjs).
#include "tests/support/peer_process.hpp"

#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace intent {
namespace {

struct Setting {
    const char* name;
    SandboxOptions options;
    std::vector<std::string> arguments;
};

class ForeignClient : public testing::TestWithParam<Setting> {};

TEST_P(ForeignClient, finds_nothing_wrong_with_the_sandbox) {
    const Sandbox sandbox(GetParam().options);
    std::vector<std::string> arguments{
        "node",   "client.mjs",       "--gateway", sandbox.gateway_url(),
        "--rest", sandbox.rest_url(), "--token",   std::string(sandbox.bot_token().reveal())};
    arguments.insert(arguments.end(), GetParam().arguments.begin(), GetParam().arguments.end());
    test::Process client(arguments, test::peer_directory());
    EXPECT_EQ(client.wait(std::chrono::seconds(60)), 0);
    const auto lines = client.lines.all();
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.back().rfind(R"({"ok":true)", 0), 0u) << lines.back();
}

INSTANTIATE_TEST_SUITE_P(Sandbox, ForeignClient,
                         testing::Values(Setting{"spec", {}, {}},
                                         Setting{"web_hello",
                                                 {.dialect = SandboxDialect::web, .hello = true},
                                                 {"--lists", "wrapped", "--hello"}},
                                         Setting{"flat_without_resume",
                                                 {.dialect = SandboxDialect::flat, .resume = false},
                                                 {"--events", "flat", "--no-resume"}},
                                         Setting{"without_limits", {.limits = false}, {"--no-limits"}}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace intent
