// The tool when its output cannot be written.
#include "program.hpp"

#include <gtest/gtest.h>

namespace intent::test::output_test {

namespace {

/// The last line that a shell prints: the status of a command, by `echo $?`.
std::string status_of(const std::string& command, const Environment& environment = {}) {
    std::vector<std::string> words{"env"};
    words.insert(words.end(), environment.begin(), environment.end());
    words.insert(words.end(), {"sh", "-c", "cd " INTENT_BINARY_DIR " && exec 3>&1 && " + command + "; echo $? >&3"});
    Process shell(words, "/");
    EXPECT_EQ(shell.wait(), 0) << command;
    const auto lines = shell.lines.all();
    return lines.empty() ? "" : lines.back();
}

TEST(ToolOutput, case_183_that_cannot_be_written_is_status_1) {
    SandboxProgram sandbox;
    const auto environment = sandbox.environment();
    for (const char* command :
         {"./intent version >/dev/full 2>/dev/null", "./intent version >&- 2>/dev/null",
          "./intent --help >/dev/full 2>/dev/null", "./intent completion bash >/dev/full 2>/dev/null",
          "./intent nonsense 2>/dev/full", "./intent nonsense 2>&-", "./intent get /servers >/dev/full 2>/dev/null",
          "./intent get /nothing 2>/dev/full", "./intent listen >/dev/full 2>/dev/null",
          "./intent doctor >/dev/full 2>/dev/null", "./intent sandbox --port 0 >/dev/full 2>/dev/null",
          "./intent sandbox state >/dev/full 2>/dev/null", "./intent sandbox snapshot - >/dev/full 2>/dev/null",
          "./intent record - --all >/dev/full 2>/dev/null", "./intent trigger RESUMED >&- 2>/dev/null"})
        EXPECT_EQ(status_of(command, environment), "1") << command;
    for (const char* command : {"./intent version >/dev/null 2>/dev/full", "./intent get /servers >/dev/null 2>&-"})
        EXPECT_EQ(status_of(command, environment), "0") << command << ": nothing was to be written there";
}

TEST(ToolOutput, case_183_why_it_cannot_be_written_is_one_line) {
    Process shell({"sh", "-c", INTENT_BINARY_DIR "/intent version 2>&1 >/dev/full"}, "/");
    EXPECT_EQ(shell.wait(), 1);
    EXPECT_EQ(shell.lines.all(),
              std::vector<std::string>{"intent: standard output cannot be written: No space left on device"});
}

TEST(ToolOutput, case_183_a_reader_that_goes_away_ends_listen_with_status_1) {
    SandboxProgram sandbox;
    std::vector<std::string> words{"env"};
    for (const auto& variable : sandbox.environment())
        words.push_back(variable);
    words.insert(words.end(),
                 {"sh", "-c", "exec 3>&1; { " INTENT_BINARY_DIR "/intent listen; echo $? >&3; } | read line"});
    Process shell(words, "/");
    const std::string channel = sandbox.general();
    EXPECT_TRUE(eventually([&] {
        run("intent", {"send", channel, "x"}, sandbox.environment());
        return shell.lines.count() > 0;
    }));
    EXPECT_EQ(shell.lines.all(), std::vector<std::string>{"1"});
}

TEST(ToolOutput, an_opened_file_never_replaces_a_closed_output) {
    const TemporaryFile file;
    SandboxProgram sandbox;
    EXPECT_EQ(status_of("./intent sandbox --port 0 --json --db " + file.path() + " >&- 2>&-", sandbox.environment()),
              "1");
    EXPECT_EQ(file.content().find("{\"gateway\""), std::string::npos);
    for (const char* more : {"-wal", "-shm"})
        std::remove((file.path() + more).c_str());
}

}  // namespace

}  // namespace intent::test::output_test
