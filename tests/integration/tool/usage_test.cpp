// The tool's answers to what cannot be: one line on standard error, nothing on standard output, the right status.
#include "program.hpp"

#include <intent/version.hpp>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <ostream>
#include <utility>

namespace intent::test::usage_test {

namespace {

TEST(ToolUsage, version_is_printed_by_command_and_by_flag) {
    const std::vector<std::string> expected{"intent " + std::string(version())};
    for (const char* word : {"version", "--version"}) {
        const auto outcome = run("intent", {word});
        EXPECT_EQ(outcome.status, 0) << word;
        EXPECT_EQ(outcome.lines, expected) << word;
        EXPECT_EQ(outcome.errors, "") << word;
    }
}

TEST(ToolUsage, help_lists_commands_and_flags_on_standard_output) {
    const auto mentions = [](const Outcome& outcome, std::string_view word) {
        return std::ranges::any_of(outcome.lines,
                                   [&](const std::string& line) { return line.find(word) != line.npos; });
    };
    const auto overview = run("intent", {"--help"});
    EXPECT_EQ(overview.status, 0);
    EXPECT_EQ(overview.errors, "");
    const std::pair<const char*, const char*> expected[] = {{"listen", "--event"},
                                                            {"send", "--token-file"},
                                                            {"get", "--rest"},
                                                            {"sandbox", "--dialect"},
                                                            {"version", "--help"}};
    for (const auto& [command, flag] : expected) {
        EXPECT_TRUE(mentions(overview, command)) << command;
        const auto help = run("intent", {command, "--help"});
        EXPECT_EQ(help.status, 0) << command;
        EXPECT_TRUE(mentions(help, flag)) << command;
    }
}

struct Wrong {
    const char* name;
    std::vector<std::string> arguments;
    std::string says;  ///< part of the one line
    Environment environment = {"INTENT_TOKEN=bot_x"};
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }

class ToolRefuses : public testing::TestWithParam<Wrong> {};

TEST_P(ToolRefuses, with_one_line_and_status_2) {
    const auto& wrong = GetParam();
    const auto outcome = run("intent", wrong.arguments, wrong.environment);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.lines, std::vector<std::string>{});
    EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
    EXPECT_NE(outcome.errors.find(wrong.says), std::string::npos) << outcome.errors;
}

INSTANTIATE_TEST_SUITE_P(
    WrongUsage, ToolRefuses,
    testing::Values(
        Wrong{"no_command", {}, "subcommand"}, Wrong{"unknown_command", {"lisen"}, "did you mean listen?"},
        Wrong{"unknown_flag", {"listen", "--evnt", "X"}, "did you mean --event?"},
        Wrong{"unknown_flag_of_the_sandbox", {"sandbox", "--jsn"}, "did you mean --json?"},
        Wrong{"unknown_flag_with_a_value", {"sandbox", "--prot=1"}, "did you mean --port?"},
        Wrong{"word_too_many", {"version", "now"}, "now"}, Wrong{"missing_value", {"listen", "--event"}, "--event"},
        Wrong{"missing_text", {"send", "1"}, "text"}, Wrong{"missing_name", {"new"}, "name"},
        Wrong{"name", {"new", "my bot"}, "letters, digits, - and _"},
        Wrong{"name_of_a_full_folder", {"new", "/usr"}, "not empty"},
        Wrong{"unknown_event", {"listen", "--event", "MESAGE_CREATE"}, "did you mean MESSAGE_CREATE?"},
        Wrong{"event_in_lower_case", {"listen", "--event", "message_create"}, "did you mean MESSAGE_CREATE?"},
        Wrong{"count_zero", {"listen", "--count", "0"}, "--count"}, Wrong{"no_token", {"listen"}, "INTENT_TOKEN", {}},
        Wrong{"empty_token", {"listen"}, "INTENT_TOKEN: empty", {"INTENT_TOKEN="}},
        Wrong{"token_with_white_space", {"get", "/servers"}, "white space", {"INTENT_TOKEN=bot x"}},
        Wrong{"missing_token_file",
              {"get", "/servers", "--token-file", "/does/not/exist"},
              "/does/not/exist: No such file"},
        Wrong{"token_file_that_is_a_folder", {"get", "/servers", "--token-file", "/tmp"}, "/tmp: "},
        Wrong{"empty_token_file", {"get", "/servers", "--token-file", "/dev/null"}, "has no token"},
        Wrong{"two_tokens", {"get", "/servers", "--token", "a", "--token-file", "b"}, "--token"},
        Wrong{"gateway_with_http", {"listen", "--gateway", "http://127.0.0.1:1/"}, "ws:// or wss://"},
        Wrong{"gateway_empty", {"listen"}, "gateway_url: the URL is empty", {"INTENT_TOKEN=x", "INTENT_GATEWAY_URL="}},
        Wrong{"rest_with_ws", {"get", "/servers", "--rest", "ws://127.0.0.1:1/"}, "http:// or https://"},
        Wrong{"rest_without_host", {"send", "1", "x", "--rest", "http://"}, "rest_url"},
        Wrong{"channel_no_id", {"send", "12a", "x"}, "\"12a\" is not an id"},
        Wrong{"path_without_slash", {"get", "servers"}, "must begin with '/'"},
        Wrong{"dialect", {"sandbox", "--dialect", "wev"}, "did you mean web?"},
        Wrong{"port_too_large", {"sandbox", "--port", "65536"}, "--port"},
        Wrong{"port_no_number", {"sandbox", "--port", "http"}, "--port"},
        Wrong{"heartbeat_interval_zero", {"sandbox", "--heartbeat-interval", "0"}, "--heartbeat-interval"},
        Wrong{"origin",
              {"sandbox", "--allow-origin", "app.example"},
              "--allow-origin app.example: expected scheme://host[:port]"},
        Wrong{"bot_name", {"sandbox", "--bot", "Big Bot"}, "2-32 of a-z 0-9 _"},
        Wrong{"bot_twice", {"sandbox", "--bot", "one", "--bot", "one"}, "given twice"},
        Wrong{"bot_with_empty_token", {"sandbox", "--bot", "one="}, "token: empty"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ToolUsage, a_token_on_the_command_line_causes_a_warning) {
    const auto outcome = run("intent", {"get", "servers", "--token", "bot_secret"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.error_lines(), 2);
    EXPECT_NE(outcome.errors.find("warning: a token on the command line"), std::string::npos) << outcome.errors;
    EXPECT_EQ(outcome.errors.find("bot_secret"), std::string::npos);

    Program sandbox("intent", {"sandbox", "--port", "0", "--json", "--bot", "one=bot_secret", "--bot", "two"});
    ASSERT_TRUE(sandbox.lines().wait_count(1));
    sandbox.signal(SIGTERM);
    EXPECT_EQ(sandbox.wait(), 0);
    const std::string errors = sandbox.errors();
    EXPECT_EQ(std::ranges::count(errors, '\n'), 1) << errors;
    EXPECT_NE(errors.find("warning: a token on the command line (--bot NAME=TOKEN)"), std::string::npos) << errors;
    EXPECT_EQ(errors.find("bot_secret"), std::string::npos);
}

TEST(ToolUsage, an_answer_that_is_not_json_is_an_error) {
    SandboxProgram sandbox;
    const std::string web = text(sandbox.addresses, "web");
    const Environment environment{"INTENT_TOKEN=bot_x", "INTENT_REST_URL=" + web};
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"get", "/index.html"}, {"get", "/"}, {"api", "GET", "/"}, {"get", "/app.js"}}) {
        const auto outcome = run("intent", words, environment);
        EXPECT_EQ(outcome.status, 1) << words[1];
        EXPECT_EQ(outcome.lines, std::vector<std::string>{}) << words[1];
        EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
    }
}

TEST(ToolUsage, a_port_in_use_is_a_failure_in_one_line) {
    const int held = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(bind(held, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(listen(held, 1), 0);
    getsockname(held, reinterpret_cast<sockaddr*>(&address), &size);
    const std::string port = std::to_string(ntohs(address.sin_port));

    const auto outcome = run("intent", {"sandbox", "--json", "--port", port});
    close(held);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.lines, std::vector<std::string>{});
    EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
    EXPECT_NE(outcome.errors.find(port), std::string::npos) << outcome.errors;
}

TEST(ToolUsage, an_invalid_database_is_a_failure_in_one_line) {
    const TemporaryFile file("this is a letter, and no database, and quite long enough to be seen to be none at all\n");
    for (const std::string& path : {file.path(), std::string("/does/not/exist/db")}) {
        const auto outcome = run("intent", {"sandbox", "--json", "--port", "0", "--db", path});
        EXPECT_EQ(outcome.status, 1) << path;
        EXPECT_EQ(outcome.lines, std::vector<std::string>{});
        EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
    }
    EXPECT_TRUE(file.content().starts_with("this is a letter"));
}

TEST(ToolUsage, refused_token_ends_with_status_3) {
    SandboxProgram sandbox({"--refuse", "4004"});  // at the first Identify; after Invalid Session the client retries
    const std::string rest = text(sandbox.addresses, "rest");
    const auto get = run("intent", {"get", "/servers", "--rest", rest}, {"INTENT_TOKEN=bot_wrong"});
    EXPECT_EQ(get.status, 3);
    EXPECT_EQ(get.error_lines(), 1) << get.errors;
    EXPECT_EQ(get.errors.find("bot_wrong"), std::string::npos);

    const auto listen = run("intent", {"listen", "--gateway", text(sandbox.addresses, "gateway"), "--rest", rest},
                            {"INTENT_TOKEN=bot_wrong"});
    EXPECT_EQ(listen.status, 3);
    EXPECT_EQ(listen.errors.find("bot_wrong"), std::string::npos);
    ASSERT_FALSE(listen.lines.empty());
    EXPECT_EQ(text(parse_line(listen.lines.back()), "type"), "error");
}

TEST(ToolUsage, a_missing_object_and_a_missing_server_end_with_status_1) {
    SandboxProgram sandbox;
    const auto missing = run("intent", {"get", "/channels/1"}, sandbox.environment());
    EXPECT_EQ(missing.status, 1);
    EXPECT_EQ(missing.error_lines(), 1) << missing.errors;
    EXPECT_NE(missing.errors.find("404"), std::string::npos) << missing.errors;

    const auto nobody =
        run("intent", {"send", "1", "x", "--rest", "http://does-not-exist.invalid/"}, {"INTENT_TOKEN=bot_x"});
    EXPECT_EQ(nobody.status, 1);
    EXPECT_NE(nobody.errors.find("intent: "), std::string::npos) << nobody.errors;
}

}  // namespace

}  // namespace intent::test::usage_test
