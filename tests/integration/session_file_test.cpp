// A session that outlives its process, whether it ends in an orderly way or is killed.
#include "tests/support/client_world.hpp"
#include "tests/support/peer_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace intent::session_file_test {
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

/// This program again, as the bot SessionFileBot.
std::vector<std::string> bot_program(const std::string& gateway, const std::string& token, const std::string& file,
                                     const std::string& hangs_at) {
    return {"env",
            "BOT_GATEWAY=" + gateway,
            "BOT_TOKEN=" + token,
            "BOT_FILE=" + file,
            "BOT_HANGS_AT=" + hangs_at,
            "/proc/" + std::to_string(getpid()) + "/exe",
            "--gtest_filter=SessionFileBot.*"};
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

TEST(SessionFile, after_a_stop_the_next_client_resumes_the_session) {
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

TEST(SessionFile, events_queued_or_cancelled_at_the_stop_are_redelivered) {
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
    say(sandbox, 6, 6);
    ASSERT_TRUE(next.diary.messages().wait_contains("6"));
    EXPECT_EQ(next.diary.messages().all(), (std::vector<std::string>{"3", "6"})) << "3 was not handled to its end";
}

TEST(SessionFile, after_a_stop_each_event_is_handled_once_whatever_the_order) {
    test::TemporaryFolder folder;
    Sandbox sandbox;
    constexpr int channels = 6;
    constexpr int rounds = 30;
    std::vector<ChannelId> rooms;
    for (int i = 0; i < channels; ++i)
        rooms.push_back(sandbox.create_channel("alice", sandbox.server(), "room-" + std::to_string(i)));
    test::Recorder<std::string> done;
    std::uint64_t skipped = 0;
    for (int process = 0; process < 4; ++process) {
        auto options = Bot::options(sandbox, folder.file("session"));
        options.handler_threads = 3;
        Client client(std::move(options));
        client.on([&](MessageCreate event) -> task<> {
            const int number = std::stoi(event.message.content);
            // Every seventh event ends in the last process only: those behind it are done long before.
            if (number % 7 == 0 && process < 3) co_await client.sleep_for(10min);
            done.add(event.message.content);
        });
        test::Diary diary(client);
        client.start();
        if (process == 0) {
            ASSERT_TRUE(diary.wait_ready());
        } else {
            ASSERT_TRUE(diary.life().wait_contains("resumed"));
        }
        const int last = process == 3 ? rounds * 3 : rounds * (process + 1);
        for (int i = process == 3 ? last + 1 : last - rounds + 1; i <= last; ++i)
            sandbox.say("alice", rooms[static_cast<std::size_t>(i % channels)], std::to_string(i));
        const std::size_t expected = process == 3 ? last : last - last / 7;
        ASSERT_TRUE(done.wait_count(expected)) << "process " << process;
        skipped += client.gauges().duplicates;
        client.stop();
    }
    auto all = done.all();
    std::ranges::sort(all, {}, [](const std::string& text) { return std::stoi(text); });
    EXPECT_EQ(all, numbers(1, rounds * 3));
    EXPECT_GT(skipped, 50u);
    EXPECT_EQ(sandbox.identifies(), 1u);
}

TEST(SessionFile, a_session_that_ended_meanwhile_is_a_gap_after_the_last_handled_event) {
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

TEST(SessionFile, serves_one_client_at_a_time) {
    test::TemporaryFolder folder;
    Sandbox sandbox;
    Bot first(sandbox, folder.file("session"));
    first.client.start();
    ASSERT_TRUE(first.diary.wait_ready());

    Bot second(sandbox, folder.file("session"));
    const std::string in_use = ": in use by process " + std::to_string(getpid());
    for (int i = 0; i < 2; ++i) {
        try {
            i == 0 ? second.client.start() : static_cast<void>(second.client.run());
            FAIL() << "two clients use one file";
        } catch (const UsageError& error) {
            EXPECT_NE(std::string(error.what()).find(in_use), std::string::npos) << error.what();
        }
    }
    EXPECT_EQ(second.client.rest().get_current_user().get().username, "bot") << "requests need no session";

    const auto process =
        bot_program(sandbox.gateway_url(), std::string(sandbox.bot_token().reveal()), folder.file("session"), "");
    test::Process other(process, "/");
    EXPECT_EQ(other.wait(), 1);
    const auto lines = other.lines.all();
    EXPECT_TRUE(std::ranges::any_of(lines, [&](const auto& line) { return line.find(in_use) != line.npos; }));

    say(sandbox, 1, 1);
    ASSERT_TRUE(first.diary.messages().wait_count(1));
    Client moved(std::move(first.client));
    moved.stop();
    moved.start();  // the same client again
    ASSERT_TRUE(first.diary.life().wait_contains("resumed"));
    moved.stop();
    second.client.start();
    ASSERT_TRUE(second.diary.life().wait_contains("resumed"));
    EXPECT_EQ(sandbox.identifies(), 1u);
}

TEST(SessionFile, is_named_by_the_environment) {
    ::setenv("INTENT_TOKEN", "bot_dGVzdA", 1);
    for (const char* const file : {"/var/lib/bot/session", ""}) {
        ::setenv("INTENT_SESSION_FILE", file, 1);
        EXPECT_EQ(options_from_env().session_file, file);
    }
    ::unsetenv("INTENT_SESSION_FILE");
    EXPECT_EQ(options_from_env().session_file, "");
    ::unsetenv("INTENT_TOKEN");
}

TEST(SessionFile, without_a_session_id_every_start_but_the_first_reports_a_gap) {
    test::TemporaryFolder folder;
    Sandbox sandbox(sandbox::Options{.resume = false});
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

// The bot of the tests below: this program again, as a process that can be killed. It prints what it handles, and hangs
// where it is told.
TEST(SessionFileBot, is_a_program_for_the_tests_below) {
    const auto* gateway = std::getenv("BOT_GATEWAY");
    if (!gateway) return;
    const std::string hang = std::getenv("BOT_HANGS_AT");
    ClientOptions options;
    options.token = std::getenv("BOT_TOKEN");
    options.gateway_url = gateway;
    options.rest_url = "http://127.0.0.1:1/";
    options.session_file = std::getenv("BOT_FILE");
    test::Door never;
    Client client(options);
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

TEST(Freeze, case_137_for_twenty_heartbeats_keeps_the_session_if_the_server_waits) {
    test::Peer peer({"--heartbeat-interval", "100"});
    test::Process bot(bot_program(peer.gateway, peer.token, "", ""), "/");
    ASSERT_TRUE(bot.lines.wait_contains("ready"));
    ASSERT_TRUE(peer.wait_records("frame", 3, 1));
    bot.signal(SIGSTOP);
    const auto stopped = std::chrono::steady_clock::now();
    ASSERT_TRUE(test::eventually([&] { return std::chrono::steady_clock::now() - stopped > 2s; }));
    const auto before = peer.records("frame", 1).size();
    bot.signal(SIGCONT);
    ASSERT_TRUE(peer.wait_records("frame", before + 5, 1));
    peer.tell(R"({"dispatch":"MESSAGE_CREATE","d":{"message":{"id":"1","channel_id":"2","content":"later",)"
              R"("author":{"id":"3","username":"alice"},"created_at":"2024-01-15T12:00:00Z"}}})");
    ASSERT_TRUE(bot.lines.wait_contains("handled later"));
    EXPECT_EQ(peer.records("frame", 2).size(), 1u);
    EXPECT_EQ(peer.records("close").size(), 0u);
    bot.signal(SIGTERM);
    EXPECT_EQ(bot.wait(), 0);
    const auto beats = peer.records("frame", 1);
    std::size_t burst = 0;
    for (std::size_t i = 1; i < beats.size(); ++i)
        if (test::Peer::number(beats[i], "at") - test::Peer::number(beats[i - 1], "at") < 40) ++burst;
    EXPECT_LE(burst, 1u) << "missed beats are not made up for";
}

TEST(SessionFile, case_062_after_a_kill_the_next_process_handles_the_rest) {
    test::TemporaryFolder folder;
    Sandbox sandbox;
    const auto bot = [&](const char* hangs_at) {
        return bot_program(sandbox.gateway_url(), std::string(sandbox.bot_token().reveal()), folder.file("session"),
                           hangs_at);
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
}  // namespace intent::session_file_test
