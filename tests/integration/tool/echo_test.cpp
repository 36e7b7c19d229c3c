// What a server that repeats the token makes the tool print: never the token.
#include "program.hpp"
#include "tests/support/echo_server.hpp"

#include <gtest/gtest.h>

namespace intent::test::echo_test {

namespace {

const std::string token = "bot_RWNob1RvVGhlVG9vbA";

TEST(ToolEcho, case_159_160_no_command_prints_the_token_that_a_server_repeats) {
    EchoServer server;
    const Environment environment{"INTENT_TOKEN=" + token, "INTENT_REST_URL=" + server.rest_url(),
                                  "INTENT_GATEWAY_URL=" + server.gateway_url()};
    const std::vector<std::vector<std::string>> commands{
        {"get", "/data"},
        {"get", "/raw/0"},
        {"get", "/raw/1"},
        {"get", "/raw/2"},
        {"get", "/raw/3"},
        {"get", "/code/2"},
        {"api", "GET", "/data"},
        {"api", "POST", "/raw/1", "-f", "a=b"},
        {"doctor"},
        {"listen"},
        {"listen", "--raw"},
        {"send", "1", "hi"},
        {"send", "2", "hi"},
        {"doctor", "--rest", server.rest_url() + "/code/1"},
    };
    for (const auto& command : commands) {
        SCOPED_TRACE(command[0] + " " + (command.size() > 1 ? command[1] : ""));
        const auto outcome = run("intent", command, environment);
        ASSERT_TRUE(outcome.status);
        std::string all = outcome.errors;
        for (const auto& line : outcome.lines)
            all += line + "\n";
        if (command.back() != "doctor") {
            EXPECT_NE(all.find("***"), std::string::npos) << all;
        }
        for (std::size_t at = 4; at + 6 <= token.size(); ++at)
            EXPECT_EQ(all.find(token.substr(at, 6)), std::string::npos) << all;
    }
    EXPECT_EQ(run("intent", {"get", "/data"}, environment).lines,
              std::vector<std::string>{R"({"username":"x","of":"***"})"})
        << "JSON stays JSON";
}

}  // namespace

}  // namespace intent::test::echo_test
