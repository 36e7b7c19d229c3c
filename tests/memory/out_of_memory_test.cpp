// Every allocation of a path fails once: what was asked for fails, and the next works.
#include "codec/convert.hpp"
#include "tests/memory/failing_allocations.hpp"
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>
#include <intent/raw/message.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace intent::out_of_memory_test {
namespace {

using namespace std::chrono_literals;

const std::string message =
    R"({"id":"9","channel_id":"2","author":{"id":"3","username":"a name that is too long to be kept in place"},)"
    R"("content":"a text that is too long to be kept in place","created_at":"2024-01-15T12:00:00Z",)"
    R"("embeds":[{"title":"a title that is too long to be kept in place","fields":[{"name":"n","value":"v"}]}]})";

TEST(OutOfMemory, case_133_a_message_that_cannot_be_decoded_for_it_is_decoded_the_next_time) {
    const auto bytes = codec::json_to_msgpack(message);
    ASSERT_TRUE(bytes);
    const auto whole = codec::from_msgpack<raw::Message>(*bytes);
    ASSERT_TRUE(whole);
    int failed = 0;
    for (bool more = true; more; ++failed) {
        test::fail_allocation(failed);
        try {
            static_cast<void>(codec::from_msgpack<raw::Message>(*bytes));
        } catch (const std::bad_alloc&) {
        }
        more = test::allocation_failed();
        const auto again = codec::from_msgpack<raw::Message>(*bytes);
        ASSERT_TRUE(again);
        EXPECT_EQ(*again, *whole);
    }
    EXPECT_GT(failed, 4);
}

/// Makes the n-th allocation of the I/O thread fail, counted from its first session on.
class FailingLog final : public LogSink {
public:
    explicit FailingLog(int nth) : nth_(nth) {}
    bool enabled(LogLevel) const noexcept override { return true; }
    void write(const LogRecord& record) override {
        if (record.text.find("ready") == record.text.npos || armed.exchange(true)) return;
        test::fail_allocation(nth_);
    }
    std::atomic<bool> armed = false;

private:
    const int nth_;
};

// The clients live side by side, since each of them may wait some seconds for its next connection.
TEST(OutOfMemory, case_133_on_the_io_thread_a_client_comes_back_and_loses_nothing_untold) {
    constexpr int clients = 48;
    constexpr int messages = 5;
    Sandbox sandbox(sandbox::Options{.limits = false});
    struct Bot {
        explicit Bot(const Sandbox& sandbox, int nth) : log(std::make_shared<FailingLog>(nth)) {
            auto options = test::options_for(sandbox);
            options.log = log;
            client = std::make_unique<Client>(options);
            diary = std::make_unique<test::Diary>(*client);
            client->start();
        }
        std::shared_ptr<FailingLog> log;
        std::unique_ptr<Client> client;
        std::unique_ptr<test::Diary> diary;
    };
    std::vector<std::unique_ptr<Bot>> bots;
    for (int i = 0; i < clients; ++i)
        bots.push_back(std::make_unique<Bot>(sandbox, i));
    for (const auto& bot : bots)
        ASSERT_TRUE(test::eventually([&] { return bot->log->armed.load(); }));
    for (int i = 0; i < messages; ++i)
        sandbox.say("alice", sandbox.general(), "number " + std::to_string(i));
    for (int i = 0; i < clients; ++i) {
        auto& bot = *bots[i];
        EXPECT_TRUE(test::eventually([&] {
            return bot.diary->messages().count() == messages || bot.client->gauges().gaps > 0;
        })) << "allocation "
            << i << ": " << bot.diary->messages().count();
    }
    sandbox.say("alice", sandbox.general(), "the end");
    for (int i = 0; i < clients; ++i) {
        auto& bot = *bots[i];
        EXPECT_TRUE(bot.diary->messages().wait_contains("the end")) << "allocation " << i;
        auto seen = bot.diary->messages().all();
        EXPECT_TRUE(std::ranges::is_sorted(seen)) << "allocation " << i;
        EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end()) << "allocation " << i;
    }
}

}  // namespace
}  // namespace intent::out_of_memory_test
