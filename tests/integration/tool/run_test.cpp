// `intent run`: runs a bot in a new sandbox and restarts it when it changes.
#include "program.hpp"
#include "tests/support/temporary_folder.hpp"

#include <intent/rest.hpp>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

namespace intent::test::run_test {

namespace {

namespace fs = std::filesystem;

/// As a linker does: the old file goes, another takes its name.
void replace(const TemporaryFolder& folder, const std::string& name, const std::string& content) {
    const std::string fresh = folder.write(name + ".new", content);
    chmod(fresh.c_str(), 0755);
    fs::rename(fresh, folder.file(name));
}

std::string script(const std::string& body) { return "#!/bin/sh\n" + body + "\n"; }

/// Prints a line and runs until it is asked to end.
std::string saying(const std::string& text) {
    return script("trap 'echo \"" + text + " ends\"; exit 0' TERM; echo " + text + "; while :; do sleep 0.05; done");
}

std::vector<std::string> words_for(const std::string& program, std::vector<std::string> flags = {}) {
    flags.insert(flags.begin(), {"run", "--port", "0"});
    flags.insert(flags.end(), {"--", program});
    return flags;
}

bool says(const Program& program, std::string_view part) {
    return eventually([&] { return program.errors().find(part) != std::string::npos; });
}

bool prints(Program& program, const std::string& line) { return program.lines().wait_contains(line); }

TEST(ToolRun, the_bot_finds_the_sandbox_by_its_environment_and_both_end_at_sigint) {
    const TemporaryFolder folder;
    replace(folder, "bot", script("exec \"$0.real\" get /users/@me"));
    fs::create_symlink(INTENT_BINARY_DIR "/intent", folder.file("bot.real"));
    Program run("intent", words_for(folder.file("bot"), {"--bot", "helper"}));
    const auto line = run.lines().wait_value([](const std::string&) { return true; });
    ASSERT_TRUE(line) << run.errors();
    EXPECT_EQ(parse_line(*line).at("username"), "helper");
    ASSERT_TRUE(says(run, "exited by itself with status 0")) << run.errors();
    run.signal(SIGINT);
    EXPECT_EQ(run.wait(), 0);
}

TEST(ToolRun, case_173_the_bot_inherits_no_socket_and_no_file_of_the_sandbox) {
    const TemporaryFolder folder;
    replace(folder, "bot", script("ls -l /proc/self/fd; echo listed"));
    Program run("intent", words_for(folder.file("bot"), {"--db", folder.file("sandbox.db")}));
    ASSERT_TRUE(prints(run, "listed")) << run.errors();
    std::size_t descriptors = 0;
    for (const auto& line : run.lines().all()) {
        EXPECT_EQ(line.find("socket:"), line.npos) << line;
        EXPECT_EQ(line.find("sandbox.db"), line.npos) << line;
        if (line.find(" -> ") != line.npos) ++descriptors;
    }
    EXPECT_GE(descriptors, 3u);
    run.signal(SIGINT);
    EXPECT_EQ(run.wait(), 0);
}

TEST(ToolRun, a_stop_lets_the_bot_end_and_returns_its_status) {
    for (const int number : {SIGINT, SIGTERM}) {
        const TemporaryFolder folder;
        replace(folder, "bot", saying("one"));
        Program run("intent", words_for(folder.file("bot")));
        ASSERT_TRUE(prints(run, "one")) << run.errors();
        run.signal(number);
        EXPECT_EQ(run.wait(), 0);
        EXPECT_EQ(run.lines().all(), (std::vector<std::string>{"one", "one ends"}));
        EXPECT_NE(run.errors().find("the bot exited with status 0"), std::string::npos) << run.errors();
    }
}

TEST(ToolRun, a_replaced_program_is_started_after_the_old_one_has_ended) {
    const TemporaryFolder folder;
    replace(folder, "bot", saying("one"));
    Program run("intent", words_for(folder.file("bot")));
    ASSERT_TRUE(prints(run, "one")) << run.errors();
    replace(folder, "bot", saying("two"));
    ASSERT_TRUE(prints(run, "two")) << run.errors();
    // Taken away first, as some linkers do: the bot runs on until there is another.
    fs::remove(folder.file("bot"));
    replace(folder, "bot", saying("three"));
    ASSERT_TRUE(prints(run, "three")) << run.errors();
    run.signal(SIGINT);
    EXPECT_EQ(run.wait(), 0);
    EXPECT_EQ(run.lines().all(),
              (std::vector<std::string>{"one", "one ends", "two", "two ends", "three", "three ends"}));
}

TEST(ToolRun, a_crash_is_reported_and_the_next_change_restarts_the_bot) {
    const TemporaryFolder folder;
    replace(folder, "bot", script("echo up; kill -SEGV $$"));
    Program run("intent", words_for(folder.file("bot")));
    ASSERT_TRUE(says(run, "exited by itself with signal 11")) << run.errors();
    replace(folder, "bot", script("exit 3"));
    ASSERT_TRUE(says(run, "exited by itself with status 3")) << run.errors();
    replace(folder, "bot", saying("well"));
    EXPECT_TRUE(prints(run, "well")) << run.errors();
}

TEST(ToolRun, watched_files_include_new_ones_and_no_others) {
    const TemporaryFolder folder;
    folder.write("src/a.py", "1");
    replace(folder, "bot", script("echo up; exec sleep 1000"));
    Program run("intent", words_for(folder.file("bot"), {"--watch", folder.file("src/**/*.py")}));
    ASSERT_TRUE(run.lines().wait_count(1)) << run.errors();
    folder.write("src/notes.txt", "no program");
    folder.write("log", "neither");
    folder.write("src/a.py", "longer than before");
    ASSERT_TRUE(run.lines().wait_count(2)) << run.errors();
    EXPECT_TRUE(says(run, "a.py has changed")) << run.errors();
    folder.write("src/deep/b.py", "new");
    ASSERT_TRUE(run.lines().wait_count(3)) << run.errors();
    EXPECT_TRUE(says(run, "b.py has changed")) << run.errors();
    EXPECT_EQ(run.errors().find("notes.txt"), std::string::npos);
    run.signal(SIGINT);
    EXPECT_EQ(run.wait(), 0);
}

TEST(ToolRun, a_bot_that_does_not_end_is_killed_with_its_children) {
    const TemporaryFolder folder;
    const std::string mark = folder.file("child");
    replace(folder, "bot",
            script("trap '' TERM; sleep 1000 & echo $! >" + mark + "; echo up; while :; do sleep 0.05; done"));
    Program run("intent", words_for(folder.file("bot")));
    ASSERT_TRUE(prints(run, "up")) << run.errors();
    run.signal(SIGINT);
    run.signal(SIGTERM);  // impatience
    EXPECT_EQ(run.wait(), 0);
    EXPECT_NE(run.errors().find("killed"), std::string::npos) << run.errors();
    int child = 0;
    std::ifstream(mark) >> child;
    ASSERT_GT(child, 1);
    EXPECT_TRUE(eventually([&] { return kill(child, 0) != 0; }));
}

TEST(ToolRun, a_real_bot_answers) {
    Program run("intent", words_for(INTENT_BINARY_DIR "/ping_bot"));
    ASSERT_TRUE(prints(run, "online as bot")) << run.errors();
    const std::string errors = run.errors();
    const auto begin = errors.find("http://");
    ASSERT_NE(begin, std::string::npos) << errors;
    const std::string url = errors.substr(begin, errors.find(';', begin) - begin);
    const auto outcome =
        test::run("intent", {"expect", "--send", "!ping", "--want", "^pong", "--within", "30s", "--url", url});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    run.signal(SIGINT);
    EXPECT_EQ(run.wait(), 0);
}

/// The ping bot in `intent run`, behind a script that a test replaces, and a person who speaks to it.
class ToolRunSwap : public testing::Test {
protected:
    void start(std::vector<std::string> flags = {}) {
        flags.insert(flags.end(), {"--no-limits", "--bot", "helper"});
        replace(folder, "bot", bot("one"));
        let_start("one");
        run.emplace("intent", words_for(folder.file("bot"), flags));
        ASSERT_TRUE(prints(*run, "online as helper")) << run->errors();
        const std::string errors = run->errors();
        const auto begin = errors.find("http://");
        const std::string url = errors.substr(begin, errors.find(';', begin) - begin);
        alice.emplace(RestOptions{.token = "unused", .rest_url = url + "_sandbox/v1/as/alice"});
        const auto servers = alice->get_servers().get();
        general = alice->get_channels(servers.front().id).get().front().id;
    }

    /// Prints "NAME PROCESS FILE", and becomes the ping bot once `let_start` was called.
    std::string bot(const std::string& name) const {
        return script("echo \"" + name + " $$ $INTENT_SESSION_FILE\"; while [ ! -e " + folder.file("start_" + name) +
                      " ]; do sleep 0.02; done; exec " INTENT_BINARY_DIR "/ping_bot");
    }
    void let_start(const std::string& name) const { folder.write("start_" + name, ""); }
    struct Printed {
        int process = 0;
        std::string file = {};
    };
    /// What the script of this name has printed, once it has.
    Printed wait_script(const std::string& name) {
        const auto line = run->lines().wait_value([&](const auto& one) { return one.starts_with(name + " "); });
        Printed printed;
        if (line) std::istringstream(line->substr(name.size())) >> printed.process >> printed.file;
        return printed;
    }
    auto times_online() { return std::ranges::count(run->lines().all(), "online as helper"); }

    void say(const std::string& text) { alice->create_message(general, text).get(); }
    std::ptrdiff_t answers() {
        const auto messages = alice->get_messages(general).get();
        return std::ranges::count_if(messages, [](const auto& one) { return one.content.starts_with("pong"); });
    }
    bool wait_answers(std::ptrdiff_t count) {
        return eventually([&] { return answers() >= count; });
    }

    TemporaryFolder folder;
    std::optional<Program> run;
    std::optional<RestClient> alice;
    ChannelId general;
};

TEST_F(ToolRunSwap, messages_while_no_bot_runs_are_answered_by_the_next_one_exactly_once) {
    start();
    say("!ping");
    ASSERT_TRUE(wait_answers(1));
    replace(folder, "bot", bot("two"));
    ASSERT_GT(wait_script("two").process, 0) << run->errors();
    for (int i = 0; i < 5; ++i)
        say("!ping");
    EXPECT_EQ(answers(), 1);
    let_start("two");
    ASSERT_TRUE(wait_answers(6));
    say("!ping");
    ASSERT_TRUE(wait_answers(7));
    EXPECT_EQ(answers(), 7);
    EXPECT_EQ(times_online(), 1) << "the second bot began its own session";
}

TEST_F(ToolRunSwap, after_a_kill_the_next_bot_continues) {
    start();
    const auto first = wait_script("one");
    ASSERT_GT(first.process, 1);
    // Nothing was handled yet, but the file holds the session.
    ASSERT_TRUE(eventually([&] { return fs::exists(first.file); }));
    kill(first.process, SIGKILL);
    ASSERT_TRUE(says(*run, "exited by itself with signal 9")) << run->errors();
    for (int i = 0; i < 3; ++i)
        say("!ping");
    replace(folder, "bot", bot("two"));
    let_start("two");
    ASSERT_TRUE(wait_answers(3)) << run->errors();
    EXPECT_EQ(answers(), 3);
    EXPECT_EQ(times_online(), 1) << "the second bot began its own session";
}

TEST_F(ToolRunSwap, the_session_file_is_private_and_removed_at_the_end) {
    start();
    const fs::path file = wait_script("one").file;
    ASSERT_TRUE(eventually([&] { return fs::exists(file); })) << file;
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(fs::status(file.parent_path()).permissions(), fs::perms::owner_all);
    run->signal(SIGINT);
    EXPECT_EQ(run->wait(), 0);
    EXPECT_FALSE(fs::exists(file.parent_path()));
}

TEST_F(ToolRunSwap, with_new_session_the_next_bot_begins_its_own) {
    start({"--new-session"});
    EXPECT_EQ(wait_script("one").file, "");
    let_start("two");
    replace(folder, "bot", bot("two"));
    EXPECT_TRUE(eventually([&] { return times_online() == 2; })) << run->errors();
}

TEST(ToolRun, an_invalid_program_is_refused) {
    for (const char* program : {"/does/not/exist", "no-such-program-anywhere", "/etc/passwd", "/tmp"}) {
        const auto outcome = run("intent", words_for(program));
        EXPECT_EQ(outcome.status, 2) << program;
        EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
        EXPECT_NE(outcome.errors.find(program), std::string::npos) << outcome.errors;
    }
    EXPECT_EQ(run("intent", {"run"}).status, 2);
}

}  // namespace

}  // namespace intent::test::run_test
