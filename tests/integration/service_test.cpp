// A bot of `intent::run` as a service: notifications, watchdog, reload.
#include "tests/support/client_world.hpp"
#include "tests/support/notify_receiver.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <intent/run.hpp>

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace intent::service_test {
namespace {

using namespace std::chrono_literals;

void print(const std::string& text) {
    std::printf("%s\n", text.c_str());
    std::fflush(stdout);
}

/// A bot that a test holds up by messages and by lines of its standard input.
void equip(Client& client) {
    client.on([](const Ready&) { print("ready"); });
    client.on([](const MessageCreate& event) {
        print("handling " + event.message.content);
        char line[16];
        if (event.message.content == "block" && std::fgets(line, sizeof line, stdin)) print("unblocked");
    });
    client.on([&client](Reload) -> task<> {
        print("reloading");
        const auto any = [](const MessageCreate&) { return true; };
        auto waiting = client.wait_for<MessageCreate>(any, 10min);
        co_await std::move(waiting);
        print("reloaded");
    });
}

// The bot of the tests below: this program again. Its status is that of `intent::run`.
TEST(ServiceBot, is_a_program_for_the_tests_below) {
    if (!std::getenv("SERVICE_BOT")) return;
    setsid();  // without a terminal
    std::_Exit(intent::run([](ClientOptions& options) { options.handler_threads = 2; }, equip));
}

struct World {
    explicit World(const std::string& gateway = "")
        : bot({"env", "SERVICE_BOT=1", "INTENT_TOKEN=" + std::string(sandbox.bot_token().reveal()),
               "INTENT_GATEWAY_URL=" + (gateway.empty() ? sandbox.gateway_url() : gateway),
               "INTENT_REST_URL=" + sandbox.rest_url(), "NOTIFY_SOCKET=" + folder.file("notify"),
               "WATCHDOG_USEC=200000", "/proc/" + std::to_string(getpid()) + "/exe", "--gtest_filter=ServiceBot.*"},
              "/") {}

    const test::TemporaryFolder folder;
    test::NotifyReceiver manager{folder.file("notify")};
    Sandbox sandbox;
    test::Process bot;
};

TEST(Service, is_ready_with_the_session_and_reports_its_stop) {
    World world;
    ASSERT_TRUE(world.manager.wait_line("READY=1"));
    EXPECT_EQ(world.manager.last, "READY=1\nSTATUS=connected");
    world.sandbox.drop_connections();
    ASSERT_TRUE(world.manager.wait_line("STATUS=disconnected"));
    ASSERT_TRUE(world.manager.wait_line("STATUS=connected"));
    EXPECT_EQ(world.manager.last, "STATUS=connected");
    world.bot.signal(SIGTERM);
    ASSERT_TRUE(world.manager.wait_line("STOPPING=1"));
    EXPECT_EQ(world.bot.wait(), 0);
    EXPECT_EQ(world.manager.next(0ms), std::nullopt) << "nothing follows the stop";
}

TEST(Service, is_not_ready_while_it_cannot_connect_and_asks_for_more_time) {
    World world("ws://127.0.0.1:1/");
    std::string text;
    while (text.find("EXTEND_TIMEOUT_USEC=") == std::string::npos) {
        const auto next = world.manager.next(60s);
        ASSERT_TRUE(next);
        EXPECT_EQ(next->find("READY=1"), std::string::npos);
        text = *next;
    }
    EXPECT_EQ(text.find("STATUS=reconnecting in "), 0u) << text;
    world.bot.signal(SIGTERM);
    EXPECT_EQ(world.bot.wait(), 0);
}

TEST(Service, the_watchdog_is_not_notified_while_a_handler_blocks) {
    World world;
    ASSERT_TRUE(world.manager.wait_line("READY=1"));
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(world.manager.wait_line("WATCHDOG=1"));
    world.sandbox.say("alice", world.sandbox.general(), "block");
    ASSERT_TRUE(world.bot.lines.wait_contains("handling block"));
    while (world.manager.next(0ms)) {
    }
    world.manager.next(300ms);  // of a round that had begun before
    EXPECT_EQ(world.manager.next(500ms), std::nullopt);
    world.bot.tell("go on");
    EXPECT_TRUE(world.manager.wait_line("WATCHDOG=1"));
    world.bot.signal(SIGTERM);
    EXPECT_EQ(world.bot.wait(), 0);
}

TEST(Service, a_reload_ends_with_its_handlers) {
    World world;
    ASSERT_TRUE(world.manager.wait_line("READY=1"));
    world.bot.signal(SIGHUP);
    ASSERT_TRUE(world.manager.wait_line("RELOADING=1"));
    ASSERT_TRUE(world.bot.lines.wait_contains("reloading"));
    EXPECT_FALSE(world.manager.wait_line("READY=1", 300ms));
    world.sandbox.say("alice", world.sandbox.general(), "go on");
    ASSERT_TRUE(world.manager.wait_line("READY=1"));
    EXPECT_TRUE(world.bot.lines.wait_contains("reloaded"));
    world.bot.signal(SIGTERM);
    EXPECT_EQ(world.bot.wait(), 0);
}

TEST(Reload, reaches_the_handlers_of_a_running_client) {
    Sandbox sandbox;
    for (const int threads : {0, 1}) {
        test::Recorder<std::string> heard;
        auto options = test::options_for(sandbox);
        options.handler_threads = threads;
        Client client(options);
        client.on([&](const Reload&) { heard.add("reload"); });
        client.reload();  // not started: nothing happens
        client.start();
        client.reload();
        EXPECT_TRUE(heard.wait_count(1));
        client.stop();
        client.reload();
        EXPECT_EQ(heard.count(), 1u);
    }
}

}  // namespace
}  // namespace intent::service_test
