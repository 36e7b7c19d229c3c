// `intent completion`: what bash completes with the script, asked of bash itself.
#include "program.hpp"

#include <intent/client.hpp>
#include <intent/sandbox/fault_kinds.hpp>

#include <gtest/gtest.h>

#include <set>

namespace intent::test::completion_test {

namespace {

using Words = std::vector<std::string>;

/// What bash offers for the last word.
std::set<std::string> completed(const Words& words) {
    std::string line = "source <(" INTENT_BINARY_DIR "/intent completion bash); COMP_WORDS=(";
    for (const auto& word : words)
        line += "'" + word + "' ";
    line += "); COMP_CWORD=" + std::to_string(words.size() - 1) + "; _intent; printf '%s\\n' \"${COMPREPLY[@]}\"";
    Process bash({"bash", "-c", line}, "/");
    EXPECT_EQ(bash.wait(), 0);
    const auto lines = bash.lines.all();
    std::set<std::string> found(lines.begin(), lines.end());
    found.erase("");
    return found;
}

bool offers(const std::set<std::string>& found, const Words& wanted) {
    return std::ranges::all_of(wanted, [&](const auto& word) { return found.contains(word); });
}

TEST(ToolCompletion, commands_are_completed_at_every_depth) {
    EXPECT_TRUE(offers(completed({"intent", ""}), {"listen", "sandbox", "run", "doctor", "completion"}));
    EXPECT_EQ(completed({"intent", "li"}), (std::set<std::string>{"lint", "listen"}));
    EXPECT_EQ(completed({"intent", "sandbox", "sn"}), (std::set<std::string>{"snapshot"}));
    const auto faults = completed({"intent", "sandbox", "fault", ""});
    EXPECT_TRUE(offers(faults, {"add", "list", "remove", "rate_limit", "drop"}));
    for (const auto& kind : sandbox::fault_kinds)
        EXPECT_TRUE(faults.contains(std::string(kind.name))) << kind.name;
    EXPECT_FALSE(faults.contains("rate-limit"));  // the same once more
    EXPECT_EQ(completed({"intent", "sandbox", "fault", "add", "rate"}), (std::set<std::string>{"rate_limit"}));
}

TEST(ToolCompletion, flags_are_those_of_the_command) {
    EXPECT_EQ(completed({"intent", "listen", "--ev"}), (std::set<std::string>{"--event"}));
    EXPECT_EQ(completed({"intent", "sandbox", "--dia"}), (std::set<std::string>{"--dialect"}));
    EXPECT_TRUE(
        offers(completed({"intent", "sandbox", "fault", "rate-limit", "--"}), {"--scope", "--retry-after", "--path"}));
    EXPECT_FALSE(completed({"intent", "sandbox", "fault", "drop", "--"}).contains("--scope"));
    // After a flag's value as well, and after one that was given by `=`.
    EXPECT_EQ(completed({"intent", "listen", "--count", "3", "--ra"}), (std::set<std::string>{"--raw"}));
    EXPECT_EQ(completed({"intent", "listen", "--count", "=", "3", "--ra"}), (std::set<std::string>{"--raw"}));
}

TEST(ToolCompletion, values_are_completed_where_they_are_known) {
    EXPECT_EQ(completed({"intent", "sandbox", "--dialect", ""}), (std::set<std::string>{"spec", "web", "flat"}));
    EXPECT_EQ(completed({"intent", "sandbox", "--dialect", "="}), (std::set<std::string>{"spec", "web", "flat"}));
    EXPECT_EQ(completed({"intent", "sandbox", "--dialect", "=", "w"}), (std::set<std::string>{"web"}));
    EXPECT_EQ(completed({"intent", "completion", ""}), (std::set<std::string>{"bash", "zsh", "fish"}));
    EXPECT_EQ(completed({"intent", "sandbox", "fault", "rate_limit", "--scope", "g"}),
              (std::set<std::string>{"global"}));
    const auto events = completed({"intent", "trigger", ""});
    for (const auto name : event_names())
        EXPECT_TRUE(events.contains(std::string(name))) << name;
    EXPECT_EQ(completed({"intent", "api", "PO"}), (std::set<std::string>{"POST"}));
    EXPECT_EQ(completed({"intent", "listen", "--count", ""}), std::set<std::string>{});
    EXPECT_EQ(completed({"intent", "send", "1", ""}), std::set<std::string>{});
}

TEST(ToolCompletion, files_and_programs_are_completed) {
    const TemporaryFile file;
    EXPECT_EQ(completed({"intent", "get", "--token-file", file.path()}), (std::set<std::string>{file.path()}));
    EXPECT_EQ(completed({"intent", "record", file.path()}), (std::set<std::string>{file.path()}));
    EXPECT_TRUE(completed({"intent", "run", "--", "bas"}).contains("bash"));
    EXPECT_EQ(completed({"intent", "run", "--", "bash", file.path()}), (std::set<std::string>{file.path()}));
    EXPECT_EQ(completed({"intent", "run", "--", "--"}), std::set<std::string>{});
}

/// Every flag that `--help` names, command by command, is in the script: it is made of the same tree.
TEST(ToolCompletion, everything_that_help_lists_is_completed) {
    const auto helped = run("intent", {"trigger", "--help"});
    const auto found = completed({"intent", "trigger", "--"});
    std::size_t flags = 0;
    for (const auto& line : helped.lines) {
        for (auto begin = line.find("--"); begin != std::string::npos && begin < 20;
             begin = line.find("--", begin + 2)) {
            const auto end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", begin);
            EXPECT_TRUE(found.contains(line.substr(begin, end - begin))) << line;
            ++flags;
        }
    }
    EXPECT_GE(flags, 7u);
}

/// Of shells that are not there the script is not tried.
bool is_there(const std::string& shell) { return Process({"sh", "-c", "command -v " + shell}, "/").wait() == 0; }

TEST(ToolCompletion, scripts_for_zsh_and_fish_are_valid_if_those_are_installed) {
    for (const std::string shell : {"zsh", "fish"}) {
        const auto outcome = run("intent", {"completion", shell});
        EXPECT_EQ(outcome.status, 0);
        EXPECT_GT(outcome.lines.size(), 50u);
        if (!is_there(shell)) continue;
        Process check({"sh", "-c", INTENT_BINARY_DIR "/intent completion " + shell + " | " + shell + " -n"}, "/");
        EXPECT_EQ(check.wait(), 0) << shell;
    }
    if (is_there("fish")) {
        const auto asked = [](const std::string& line) {
            Process fish(
                {"fish", "-c", INTENT_BINARY_DIR "/intent completion fish | source; complete -C '" + line + "'"}, "/");
            EXPECT_EQ(fish.wait(), 0);
            std::set<std::string> found;
            for (const auto& one : fish.lines.all())
                found.insert(one.substr(0, one.find('\t')));
            return found;
        };
        EXPECT_EQ(asked("intent sandbox --dialect "), (std::set<std::string>{"spec", "web", "flat"}));
        EXPECT_TRUE(offers(asked("intent sandbox fault "), {"list", "rate_limit"}));
        EXPECT_TRUE(offers(asked("intent trigger "), {"MESSAGE_CREATE"}));
        EXPECT_EQ(asked("intent listen --ev"), (std::set<std::string>{"--event"}));
    }
}

TEST(ToolCompletion, an_unknown_shell_is_refused) {
    const auto outcome = run("intent", {"completion", "bsh"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.errors.find("did you mean bash?"), std::string::npos) << outcome.errors;
}

}  // namespace

}  // namespace intent::test::completion_test
