// Text from peers in the output of every command: a terminal shows it, and executes none of its control characters.
#include "program.hpp"
#include "tests/support/net_server.hpp"
#include "tests/support/raw_connection.hpp"
#include "text/display.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <signal.h>

namespace intent::test::terminal_test {

namespace {

// Clears the screen, sets its title, hides what follows, turns it round.
const std::string hostile = "\x1b[2J\x1b]0;owned\a\u009b31m\x7f\u202egnp.exe\u2066\u200b\u2028\ufeff\U000e0041";

/// In JSON, as a peer may send it: what JSON demands escaped is, the rest raw.
const std::string hostile_json =
    "\\u001b[2J\\u001b]0;owned\\u0007\u009b31m\x7f\u202egnp.exe\u2066\u200b\u2028\ufeff\U000e0041";

void expect_harmless(const std::string& what, const Outcome& outcome) {
    for (const auto& line : outcome.lines)
        EXPECT_EQ(line, text::display(line)) << what;
    std::string errors = outcome.errors;
    while (!errors.empty()) {
        const auto line = errors.substr(0, errors.find('\n'));
        EXPECT_EQ(line, text::display(line)) << what;
        errors.erase(0, line.size() + 1);
    }
}

void expect_json(const std::string& what, const Outcome& outcome) {
    expect_harmless(what, outcome);
    EXPECT_FALSE(outcome.lines.empty()) << what << ": " << outcome.errors;
    for (const auto& line : outcome.lines)
        EXPECT_NO_THROW(boost::json::parse(line)) << what;
}

class ToolTerminal : public testing::Test {
protected:
    Outcome intent(std::vector<std::string> words) { return run("intent", words, sandbox.environment()); }

    void SetUp() override {
        const auto made = intent({"api", "POST", "/channels/" + sandbox.general() + "/messages", "--as", "bot", "-f",
                                  "content=" + hostile, "-F", "embeds=[{\"title\":\"" + hostile_json + "\"}]"});
        ASSERT_EQ(made.status, 0) << made.errors;
        expect_json("api", made);
        EXPECT_EQ(text(parse_line(made.lines.at(0)), "content"), hostile) << "the value is what was sent";
        const auto renamed =
            intent({"api", "PATCH", "/channels/" + sandbox.general(), "--as", "alice", "-f", "name=" + hostile});
        ASSERT_EQ(renamed.status, 0) << renamed.errors;
    }

    SandboxProgram sandbox;
};

TEST_F(ToolTerminal, case_182_no_command_hands_on_what_a_peer_says_to_it) {
    const std::string channel = sandbox.general();
    const std::string messages = "/channels/" + channel + "/messages";
    Program listening("intent", {"listen", "--count", "1"}, sandbox.environment());
    ASSERT_TRUE(listening.wait_type("ready"));
    Program recording("intent", {"record", "-", "--all"}, sandbox.environment());

    expect_json("get", intent({"get", messages}));
    expect_json("api", intent({"api", "GET", messages}));
    expect_json("send", intent({"send", channel, hostile}));
    expect_json("trigger", intent({"trigger", "MESSAGE_CREATE", "--set", "message.content=\"" + hostile_json + "\""}));
    EXPECT_EQ(listening.wait(), 0);
    expect_json("listen", {0, listening.lines().all(), listening.errors()});
    ASSERT_TRUE(recording.lines().wait_count(3)) << recording.errors();
    recording.signal(SIGTERM);
    EXPECT_EQ(recording.wait(), 0);
    expect_json("record", {0, recording.lines().all(), recording.errors()});

    expect_harmless("expect, unmet", intent({"expect", "--send", "x", "--want", "never", "--within", "10ms"}));
    Program expecting("intent", {"expect", "--want", "31m", "--from", "bot", "--within", "30s"}, sandbox.environment());
    ASSERT_TRUE(eventually([&] {
        intent({"send", channel, hostile});
        return expecting.lines().count() > 0;
    }));
    EXPECT_EQ(expecting.wait(), 0);
    expect_json("expect, met", {0, expecting.lines().all(), expecting.errors()});
    expect_harmless("state", intent({"sandbox", "state"}));
    expect_json("state", intent({"sandbox", "state", "--json"}));
    expect_harmless("sessions", intent({"sandbox", "sessions"}));
    expect_json("fault",
                intent({"sandbox", "fault", "status", "--status", "503", "--body", hostile, "--path", "/nowhere"}));
    expect_harmless("fault list", intent({"sandbox", "fault", "list"}));
    expect_json("fault list", intent({"sandbox", "fault", "list", "--json"}));
    // What people type comes back in errors.
    for (const std::vector<std::string>& words : {std::vector<std::string>{hostile},
                                                  {"get", hostile},
                                                  {"expect", "--want", "x", "--channel", hostile},
                                                  {"expect", "--want", "(" + hostile},
                                                  {"send", hostile, "x"},
                                                  {"trigger", hostile},
                                                  {"replay", "/nowhere/" + hostile},
                                                  {"sandbox", "--host", hostile},
                                                  {"run", "--", hostile},
                                                  {"completion", hostile}})
        expect_harmless(words.front(), intent(words));
}

TEST(ToolTerminalServer, case_182_nor_what_a_foreign_server_answers) {
    // It answers everything with hostile JSON; its gateway closes with a hostile reason.
    TestServer server;
    server.answer = [](const net::ServerRequest& request, const TestServer::Respond& respond) {
        const bool fine = request.path == "/api/users/@me";
        respond(
            {.status = fine ? 200 : 400,
             .headers = {{"content-type", "application/json"}, {"date", "\u009b31m"}, {"x-ratelimit-limit", "\u202e"}},
             .body = R"({"username":")" + hostile_json + R"(","error":")" + hostile_json + R"(","code":")" +
                     hostile_json + R"("})"});
    };
    server.greet = [](net::ServerSocket& socket) { socket.close(4000, "\u009b31m\u202e"); };
    const std::vector<std::string> environment{"INTENT_TOKEN=bot_x", "INTENT_REST_URL=" + server.http_url("/api"),
                                               "INTENT_GATEWAY_URL=" + server.url()};
    for (const std::vector<std::string>& words : {std::vector<std::string>{"doctor"},
                                                  {"doctor", "--json"},
                                                  {"get", "/x"},
                                                  {"api", "GET", "/x"},
                                                  {"send", "1", "x"},
                                                  {"sandbox", "state"},
                                                  {"sandbox", "fault", "drop"},
                                                  {"trigger", "MESSAGE_CREATE"},
                                                  {"expect", "--want", "x"}}) {
        const auto outcome = run("intent", words, environment);
        expect_harmless(words.front(), outcome);
        EXPECT_FALSE(outcome.lines.empty() && outcome.errors.empty()) << words.front();
    }
}

TEST(ToolTerminalSandbox, case_182_nor_the_sandboxs_own_log) {
    SandboxProgram sandbox({"-v"});
    const std::string web = text(sandbox.addresses, "web");
    const auto port = static_cast<std::uint16_t>(std::stoi(web.substr(web.rfind(':') + 1)));
    talk(port, "GET /api/v1/x HTTP/1.1\r\nHost: localhost\r\nOrigin: \u009b31m\u202e\r\nConnection: close\r\n\r\n");
    EXPECT_NE(sandbox.program().errors().find("refused GET"), std::string::npos) << sandbox.program().errors();
    sandbox.program().signal(SIGTERM);
    EXPECT_EQ(sandbox.program().wait(), 0);
    expect_harmless("sandbox -v", {0, {}, sandbox.program().errors()});
}

}  // namespace

}  // namespace intent::test::terminal_test
