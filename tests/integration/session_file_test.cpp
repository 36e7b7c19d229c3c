// A session that outlives its process, whether it ends in an orderly way or is killed.
#include "tests/support/client_world.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace intent {
namespace {

using namespace std::chrono_literals;

void say(Sandbox& sandbox, int from, int to) {
    for (int i = from; i <= to; ++i)
        sandbox.say("alice", sandbox.general(), std::to_string(i));
}

std::vector<std::string> numbers(int from, int to) {
    std::vector<std::string> list;
    for (int i = from; i <= to; ++i)
        list.push_back(std::to_string(i));
    return list;
}

std::int64_t saved_seq(const std::string& path) {
    boost::system::error_code error;
    const auto value = boost::json::parse(test::content_of(path), error);
    if (error || !value.is_object()) return -1;
    return value.as_object().at("seq").as_int64();
}

/// One process's client, as far as that can be had within one process.
struct Bot {
    Bot(const Sandbox& sandbox, const std::string& file) : client(options(sandbox, file)) {
        client.on([this](const Gap& gap) { gaps.add(gap); });
    }
    static ClientOptions options(const Sandbox& sandbox, const std::string& file) {
        auto options = test::options_for(sandbox);
        options.session_file = file;
        return options;
    }
    test::Recorder<Gap> gaps;
    Client client;
    test::Diary diary{client};
};

TEST(SessionFile, after_a_stop_the_next_client_goes_on_where_it_was) {
    test::TemporaryFolder folder;
    Sandbox sandbox;
    {
        Bot bot(sandbox, folder.file("session"));
        bot.client.start();
        ASSERT_TRUE(bot.diary.wait_ready());
        say(sandbox, 1, 5);
        ASSERT_TRUE(bot.diary.messages().wait_count(5));
        bot.client.stop();
        EXPECT_TRUE(bot.diary.life().wait_contains("disconnect 4000"));
    }
    say(sandbox, 6, 10);
    Bot next(sandbox, folder.file("session"));
    next.client.start();
    ASSERT_TRUE(next.diary.messages().wait_count(5));
    EXPECT_EQ(next.diary.messages().all(), numbers(6, 10));
    ASSERT_TRUE(next.diary.life().wait_contains("resumed"));
    say(sandbox, 11, 11);
    ASSERT_TRUE(next.diary.messages().wait_count(6));
    EXPECT_EQ(next.gaps.count(), 0u);
    EXPECT_EQ(sandbox.identifies(), 1u);
    EXPECT_EQ(sandbox.resumes(), 1u);
}

TEST(SessionFile, what_was_queued_or_cancelled_at_the_stop_comes_again) {
    test::TemporaryFolder folder;
    Sandbox sandbox;
    test::Recorder<std::string> begun;
    test::Recorder<std::string> done;
    {
        Bot bot(sandbox, folder.file("session"));
        bot.client.on([&](MessageCreate event) -> task<> {
            auto* client = &bot.client;
            begun.add(event.message.content);
            if (event.message.content == "3") co_await client->sleep_for(10min);
            done.add(event.message.content);
        });
        bot.client.start();
        ASSERT_TRUE(bot.diary.wait_ready());
        say(sandbox, 1, 5);
        ASSERT_TRUE(begun.wait_count(5));
        bot.client.stop();
    }
    EXPECT_EQ(done.all(), (std::vector<std::string>{"1", "2", "4", "5"}));
    Bot next(sandbox, folder.file("session"));
    next.client.start();
    ASSERT_TRUE(next.diary.messages().wait_count(3));
    EXPECT_EQ(next.diary.messages().all(), numbers(3, 5)) << "3 was not handled to its end";
}

TEST(SessionFile, a_session_that_has_ended_meanwhile_is_a_gap_from_the_last_handled_event_on) {
    test::TemporaryFolder folder;
    Sandbox sandbox;
    const auto before = std::chrono::system_clock::now();
    {
        Bot bot(sandbox, folder.file("session"));
        bot.client.start();
        ASSERT_TRUE(bot.diary.wait_ready());
        EXPECT_EQ(bot.gaps.count(), 0u);
        say(sandbox, 1, 1);
        ASSERT_TRUE(bot.diary.messages().wait_count(1));
    }
    const auto stopped = std::chrono::system_clock::now();
    sandbox.forget_sessions();
    say(sandbox, 2, 2);
    Bot next(sandbox, folder.file("session"));
    next.client.start();
    ASSERT_TRUE(next.gaps.wait_count(1));
    const Gap gap = next.gaps.all().front();
    EXPECT_GE(gap.from, std::chrono::floor<std::chrono::microseconds>(before));
    EXPECT_LE(gap.from, stopped);
    EXPECT_GT(gap.to, gap.from);
    EXPECT_FALSE(gap.reason.empty());
}

TEST(SessionFile, a_server_that_gives_no_session_id_leaves_a_gap_and_none_at_the_first_start) {
    test::TemporaryFolder folder;
    Sandbox sandbox(SandboxOptions{.resume = false});
    for (const std::size_t gaps : {0u, 1u}) {
        Bot bot(sandbox, folder.file("session"));
        bot.client.start();
        ASSERT_TRUE(bot.diary.wait_ready());
        say(sandbox, 1, 1);
        ASSERT_TRUE(bot.diary.messages().wait_count(1));
        EXPECT_EQ(bot.gaps.count(), gaps);
    }
    EXPECT_EQ(sandbox.resumes(), 0u);
}

// The bot of the test below: this program again, as a process that can be killed.
TEST(SessionFileBot, DISABLED_prints_what_it_handles_and_hangs_where_it_is_told) {
    const auto* gateway = std::getenv("BOT_GATEWAY");
    ASSERT_TRUE(gateway);
    const std::string hang = std::getenv("BOT_HANGS_AT");
    ClientOptions options;
    options.token = std::getenv("BOT_TOKEN");
    options.gateway_url = gateway;
    options.rest_url = "http://127.0.0.1:1/";
    options.session_file = std::getenv("BOT_FILE");
    Client client(options);
    test::Door never;
    client.on([&](const MessageCreate& event) {
        if (event.message.content == hang) never.pass(10min);
        std::printf("handled %s\n", event.message.content.c_str());
        std::fflush(stdout);
    });
    client.on([&](const Gap&) {
        std::printf("gap\n");
        std::fflush(stdout);
    });
    client.on([&](const Ready&) {
        std::printf("ready\n");
        std::fflush(stdout);
    });
    client.run();
}

TEST(SessionFile, a_killed_process_is_followed_by_one_that_handles_the_rest) {
    test::TemporaryFolder folder;
    Sandbox sandbox;
    const auto bot = [&](const char* hangs_at) {
        return std::vector<std::string>{"env",
                                        "BOT_GATEWAY=" + sandbox.gateway_url(),
                                        "BOT_TOKEN=" + std::string(sandbox.bot_token().reveal()),
                                        "BOT_FILE=" + folder.file("session"),
                                        std::string("BOT_HANGS_AT=") + hangs_at,
                                        "/proc/" + std::to_string(getpid()) + "/exe",
                                        "--gtest_also_run_disabled_tests",
                                        "--gtest_filter=SessionFileBot.*"};
    };
    {
        test::Process first(bot("11"), "/");
        ASSERT_TRUE(first.lines.wait_contains("ready"));
        say(sandbox, 1, 20);
        ASSERT_TRUE(first.lines.wait_contains("handled 10"));
        ASSERT_TRUE(test::eventually([&] { return saved_seq(folder.file("session")) == 10; }));
        first.signal(SIGKILL);
        EXPECT_EQ(first.wait(), 128 + SIGKILL);
    }
    ASSERT_TRUE(test::eventually([&] { return sandbox.connections() == 0; }));
    test::Process second(bot(""), "/");
    ASSERT_TRUE(second.lines.wait_contains("handled 20"));
    std::vector<std::string> handled;
    for (const auto& line : second.lines.all())
        if (line.starts_with("handled ")) handled.push_back(line.substr(8));
    EXPECT_EQ(handled, numbers(11, 20));
    second.signal(SIGTERM);
    EXPECT_EQ(second.wait(), 0);
    EXPECT_EQ(sandbox.identifies(), 1u);
    EXPECT_EQ(sandbox.resumes(), 1u);
    const auto lines = second.lines.all();
    EXPECT_EQ(std::ranges::count(lines, "gap"), 0);
}

}  // namespace
}  // namespace intent
