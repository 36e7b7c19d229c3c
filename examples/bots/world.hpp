// For the tests of the bots: a sandbox whose clock stands still until the test advances it, and a bot in it.
#pragma once

#include <intent/client.hpp>
#include <intent/limits.hpp>
#include <intent/sandbox.hpp>
#include <intent/timestamp.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A file for the bot of the running test. It does not exist yet, and is removed at the end.
class TestFile {
public:
    TestFile() {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directory(folder_);
    }
    ~TestFile() { std::filesystem::remove_all(folder_); }
    TestFile(const TestFile&) = delete;
    TestFile& operator=(const TestFile&) = delete;

    std::string path() const { return (folder_ / "bot.db").string(); }

private:
    const std::filesystem::path folder_ =
        testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name();
};

/// `World<Poll> world;` has a bot of the class Poll, made with a client and the arguments of `world`, and online.
template <class Bot>
class World {
public:
    using Texts = std::vector<std::string>;
    static constexpr const char* begin = "2026-03-28T00:00:00Z";

    template <class... Arguments>
    explicit World(Arguments... arguments)
        : make_([arguments...](intent::Client& client) { return std::make_unique<Bot>(client, arguments...); }) {
        start();
    }

    /// As when the program ends and starts again.
    void stop() {
        bot_.reset();
        client_.reset();
    }
    void start() {
        intent::ClientOptions options = sandbox.client_options();
        if constexpr (requires { Bot::configure(options); }) Bot::configure(options);
        client_.emplace(options);
        bot_ = make_(*client_);
        client_->start();
        sandbox.clock().settle();
    }

    intent::Client& client() { return *client_; }
    Bot& bot() { return *bot_; }

    /// What the bot has posted in #general, or another channel, since the last call, once nothing is left to do.
    Texts answers() { return answers(general); }
    Texts answers(intent::ChannelId channel) { return reader_.next(channel); }

    /// The same as one text, with a line break after each message.
    std::string text(intent::ChannelId channel) {
        std::string all;
        for (const std::string& one : answers(channel))
            all += one + "\n";
        return all;
    }

    /// Says a line in #general and returns the bot's answer. Several are joined by line breaks.
    std::string ask(const intent::sandbox::User& author, std::string_view line) {
        return reader_.answer_to(author, general, line);
    }

    // With few heartbeats, a day passes quickly.
    intent::Sandbox sandbox{{.heartbeat_interval = intent::limits::max_heartbeat_interval,
                             .limits = false,
                             .clock = intent::TestClock(*intent::parse_timestamp(begin))}};
    const intent::ServerId server = sandbox.server();
    const intent::ChannelId general = sandbox.general();
    const intent::sandbox::User alice = sandbox.user("alice");  // owns the server
    const intent::sandbox::User bob = sandbox.user("bob");

private:
    std::function<std::unique_ptr<Bot>(intent::Client&)> make_;
    std::optional<intent::Client> client_;
    std::unique_ptr<Bot> bot_;
    intent::sandbox::Reader reader_ = sandbox.reader("bot");
};
