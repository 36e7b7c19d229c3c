// Log sinks of users: they call the client, throw, and stop it, at any moment.
#include "tests/support/client_world.hpp"
#include "tests/support/temporary_folder.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace intent::log_sink_test {
namespace {

using namespace std::chrono_literals;

/// Does to every record what the test wants.
class ActingLog final : public LogSink {
public:
    explicit ActingLog(std::function<void(const LogRecord&)> what) : act_(std::move(what)) {}
    bool enabled(LogLevel, std::string_view) const noexcept override { return true; }
    void write(const LogRecord& record) override {
        ++records;
        if (record.text.find("ignored") != record.text.npos) ignored = true;
        act_(record);
    }
    std::atomic<int> records = 0;
    std::atomic<bool> ignored = false;

private:
    std::function<void(const LogRecord&)> act_;
};

/// A session file that cannot be used is a warning of the very start.
ClientOptions options_with_warning(const Sandbox& sandbox, const test::TemporaryFolder& folder) {
    auto options = test::options_for(sandbox);
    options.session_file = folder.file("session");
    test::write_content(options.session_file, "nonsense");
    return options;
}

TEST(LogSink, case_172_may_call_the_client_from_every_record) {
    test::TemporaryFolder folder;
    Sandbox sandbox;
    auto options = options_with_warning(sandbox, folder);
    Client* calling = nullptr;
    const auto log = std::make_shared<ActingLog>([&](const LogRecord&) {
        calling->gauges();
        calling->user();
        calling->servers().all();
        calling->start();
        calling->wait(0ms);
        calling->on([](const Resumed&) {}).off();
        static_cast<void>(calling->rest().message_limit(ChannelId{1}));
    });
    options.log = log;
    Client client(options);
    calling = &client;
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    EXPECT_TRUE(test::eventually([&] { return log->ignored.load(); })) << "the file is warned of";
    sandbox.say("alice", sandbox.general(), "hello");
    EXPECT_TRUE(diary.messages().wait_contains("hello"));
    client.stop();
}

TEST(LogSink, case_172_may_throw_from_every_record) {
    for (const bool standard : {true, false}) {
        test::TemporaryFolder folder;
        Sandbox sandbox;
        auto options = options_with_warning(sandbox, folder);
        const auto log = std::make_shared<ActingLog>([standard](const LogRecord&) {
            if (standard) throw std::runtime_error("the disk of the log is full");
            throw 42;
        });
        options.log = log;
        {
            Client client(options);
            test::Diary diary(client);
            client.on([](const MessageCreate&) { throw std::runtime_error("a handler fails"); });
            client.start();
            ASSERT_TRUE(diary.wait_ready());
            sandbox.say("alice", sandbox.general(), "hello");
            EXPECT_TRUE(diary.messages().wait_contains("hello"));
            EXPECT_TRUE(diary.errors().wait_count(1));
            sandbox.drop_connections();
            EXPECT_TRUE(diary.life().wait_contains("resumed"));
            // The file's own thread fails to write, and says so.
            std::filesystem::remove_all(folder.file(""));
            sandbox.say("alice", sandbox.general(), "goodbye");
            EXPECT_TRUE(diary.messages().wait_contains("goodbye"));
        }
        EXPECT_GT(log->records, 4);
    }
}

TEST(LogSink, case_172_may_stop_the_client_from_any_record) {
    test::TemporaryFolder folder;
    Sandbox sandbox;
    // On the session file's thread, then on the I/O thread.
    for (const std::string when : {"ignored", "ready"}) {
        auto options = options_with_warning(sandbox, folder);
        Client* stopping = nullptr;
        options.log = std::make_shared<ActingLog>([&](const LogRecord& record) {
            if (record.text.find(when) != record.text.npos) stopping->stop();
        });
        Client client(options);
        stopping = &client;
        EXPECT_EQ(client.run(), 0) << when;
    }
}

TEST(LogSink, of_a_rest_client_may_call_it_and_throw) {
    Sandbox sandbox;
    const auto token = sandbox.bot_token();
    RestClient* calling = nullptr;
    test::Recorder<std::string> seen;
    const auto log = std::make_shared<ActingLog>([&](const LogRecord& record) {
        seen.add(std::string(record.text));
        static_cast<void>(calling->message_limit(ChannelId{1}));
        throw std::runtime_error("full");
    });
    RestClient rest(RestOptions{.token = "bot_not-that-one", .rest_url = sandbox.rest_url(), .log = log});
    calling = &rest;
    EXPECT_THROW(rest.get_current_user().get(), UnauthorizedError);
    EXPECT_TRUE(seen.wait_count(1));
    rest.set_token(token);
    EXPECT_EQ(rest.get_current_user().get().username, "bot");
}

}  // namespace
}  // namespace intent::log_sink_test
