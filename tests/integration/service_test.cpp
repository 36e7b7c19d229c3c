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
#include <sstream>
#include <string>
#include <utility>
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

std::vector<std::string> with_program(std::vector<std::string> variables) {
    variables.insert(variables.begin(), "env");
    for (auto text : {std::string("SERVICE_BOT=1"), "/proc/" + std::to_string(getpid()) + "/exe",
                      std::string("--gtest_filter=ServiceBot.*")})
        variables.push_back(std::move(text));
    return variables;
}

struct World {
    explicit World(const std::string& gateway = "")
        : bot(with_program({"INTENT_TOKEN=" + std::string(sandbox.bot_token().reveal()),
                            "INTENT_GATEWAY_URL=" + (gateway.empty() ? sandbox.gateway_url() : gateway),
                            "INTENT_REST_URL=" + sandbox.rest_url(), "NOTIFY_SOCKET=" + folder.file("notify"),
                            "WATCHDOG_USEC=200000"}),
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

/// The values of a variable of a unit file.
std::vector<std::string> unit_values(const std::string& unit, const std::string& name) {
    std::vector<std::string> values;
    std::istringstream lines(test::content_of(INTENT_SOURCE_DIR "/packaging/systemd/" + unit));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(name + "=")) values.push_back(line.substr(name.size() + 1));
    return values;
}

/// Replaces each `from`.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto place = text.find(from); place != std::string::npos; place = text.find(from, place + to.size()))
        text.replace(place, from.size(), to);
    return text;
}

TEST(Service, starts_with_the_settings_of_the_packaged_unit) {
    const test::TemporaryFolder folder;
    Sandbox sandbox;
    test::NotifyReceiver manager(folder.file("notify"));
    // As systemd does it: the credential is a copy in a folder of its own, and the state's folder exists.
    const std::string credentials = folder.file("credentials");
    static_cast<void>(folder.write("credentials/token", std::string(sandbox.bot_token().reveal()) + "\n"));
    static_cast<void>(folder.write("state/intent-bot/my-bot/empty", ""));
    EXPECT_EQ(unit_values("intent-bot@.service", "Type"), std::vector<std::string>{"notify"});
    EXPECT_EQ(unit_values("intent-bot@.service", "StateDirectory"), std::vector<std::string>{"intent-bot/%i"});
    ASSERT_EQ(unit_values("intent-bot@.service", "LoadCredential").size(), 1u);
    EXPECT_TRUE(unit_values("intent-bot@.service", "LoadCredential")[0].starts_with("token:"));
    std::vector<std::string> variables{
        "NOTIFY_SOCKET=" + folder.file("notify"), "WATCHDOG_USEC=60000000", "CREDENTIALS_DIRECTORY=" + credentials,
        "INTENT_GATEWAY_URL=" + sandbox.gateway_url(), "INTENT_REST_URL=" + sandbox.rest_url()};
    for (const auto& value : unit_values("intent-bot@.service", "Environment"))
        variables.push_back(
            replaced(replaced(replaced(value, "%d", credentials), "%S", folder.file("state")), "%i", "my-bot"));
    for (int process = 0; process < 2; ++process) {
        test::Process bot(with_program(variables), "/");
        ASSERT_TRUE(manager.wait_line("READY=1"));
        EXPECT_EQ(manager.last, "READY=1\nSTATUS=connected");
        bot.signal(SIGTERM);
        EXPECT_EQ(bot.wait(), 0);
    }
    EXPECT_EQ(sandbox.identifies(), 1u) << "the second process continues the session of the first";
    EXPECT_EQ(sandbox.resumes(), 1u);
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
