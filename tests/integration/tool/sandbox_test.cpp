// `intent sandbox` as a program.
#include "program.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <signal.h>

namespace intent::test::sandbox_test {

namespace {

TEST(ToolSandbox, json_line_names_the_addresses_and_a_token_that_works) {
    SandboxProgram sandbox({"--bot", "one=token-of-one", "--bot", "two"});
    EXPECT_EQ(text(sandbox.addresses, "bot_token"), "token-of-one");
    const std::string web = text(sandbox.addresses, "web");
    EXPECT_EQ(text(sandbox.addresses, "rest"), web + "api/v1");
    EXPECT_EQ(text(sandbox.addresses, "gateway"), "ws" + web.substr(4) + "gateway");
    const auto self = run("intent", {"get", "/users/@me"}, sandbox.environment());
    ASSERT_EQ(self.lines.size(), 1u) << self.errors;
    EXPECT_EQ(parse_line(self.lines.front()).at("username"), "one");
}

TEST(ToolSandbox, ends_with_status_0_at_sigterm_and_sigint) {
    for (const int number : {SIGTERM, SIGINT}) {
        SandboxProgram sandbox;
        sandbox.program().signal(number);
        EXPECT_EQ(sandbox.program().wait(), 0);
        EXPECT_EQ(sandbox.program().errors(), "");
    }
}

TEST(ToolSandbox, readable_text_can_be_pasted_into_a_shell) {
    Program sandbox("intent", {"sandbox", "--port", "0"});
    ASSERT_TRUE(sandbox.lines().wait_value([](const std::string& line) { return line == "Ctrl-C stops it."; }));
    std::string script;
    for (std::string line : sandbox.lines().all()) {
        if (line.starts_with("  curl")) line.replace(0, 6, "curl -s --fail");
        if (line.starts_with("  export") || line.starts_with("curl") || line.starts_with("       -d")) {
            script += line + "\n";
        }
    }
    Process shell({"sh", "-ec", script + "\necho; " INTENT_BINARY_DIR "/intent get /users/@me"}, "/");
    EXPECT_EQ(shell.wait(), 0) << script;
    const auto lines = shell.lines.all();
    ASSERT_EQ(lines.size(), 2u) << script;
    EXPECT_EQ(parse_line(lines[0]).at("content"), "!ping");
    EXPECT_EQ(parse_line(lines[1]).at("username"), "bot");
}

TEST(ToolSandbox, database_keeps_messages_and_the_token) {
    const TemporaryFile file;
    std::string token;
    std::string channel;
    {
        SandboxProgram sandbox({"--db", file.path()});
        token = text(sandbox.addresses, "bot_token");
        channel = sandbox.general();
        EXPECT_EQ(run("intent", {"send", channel, "kept"}, sandbox.environment()).status, 0);
        sandbox.program().signal(SIGTERM);
        EXPECT_EQ(sandbox.program().wait(), 0);
    }
    SandboxProgram sandbox({"--db", file.path()});
    EXPECT_EQ(text(sandbox.addresses, "bot_token"), token);
    const auto messages = run("intent", {"get", "/channels/" + channel + "/messages"}, sandbox.environment());
    ASSERT_EQ(messages.lines.size(), 1u) << messages.errors;
    EXPECT_NE(messages.lines.front().find("\"kept\""), std::string::npos);
    for (const char* more : {"-wal", "-shm"})
        std::remove((file.path() + more).c_str());
}

TEST(ToolSandbox, refuse_sets_how_a_bad_token_is_refused) {
    const auto close_code = [](const std::vector<std::string>& flags) {
        SandboxProgram sandbox(flags);
        auto environment = sandbox.environment();
        environment[0] = "INTENT_TOKEN=bot_wrong";
        Program listen("intent", {"listen"}, environment);
        const auto end = listen.wait_type("disconnect");
        return end ? end->at("code") : boost::json::value();
    };
    EXPECT_EQ(close_code({}), 4000) << "an Invalid Session, upon which the client closes";
    EXPECT_EQ(close_code({"--refuse", "op8"}), 4000);
    EXPECT_EQ(close_code({"--refuse", "4004"}), 4004);
}

TEST(ToolSandbox, case_179_a_second_one_on_the_same_file_is_refused_until_the_first_has_died) {
    const TemporaryFolder folder;
    const std::string file = folder.file("db");
    {
        SandboxProgram first({"--db", file});
        const auto second = run("intent", {"sandbox", "--json", "--port", "0", "--db", file});
        EXPECT_EQ(second.status, 1);
        EXPECT_EQ(second.lines, std::vector<std::string>{});
        EXPECT_EQ(second.errors, "intent: " + file + ": in use by process " + content_of(file + ".lock"));
        first.program().signal(SIGKILL);
        first.program().wait();
    }
    const SandboxProgram third({"--db", file});
    EXPECT_NE(third.general(), "");
}

TEST(ToolSandbox, case_180_a_device_is_no_database_and_is_left_as_it_is) {
    const auto mode = [] { return std::filesystem::status("/dev/null").permissions(); };
    const auto before = mode();
    const auto outcome = run("intent", {"sandbox", "--json", "--port", "0", "--db", "/dev/null"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.errors, "intent: /dev/null: cannot be opened as database: not a regular file\n");
    EXPECT_EQ(mode(), before);
}

}  // namespace

}  // namespace intent::test::sandbox_test
