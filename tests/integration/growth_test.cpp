// Waits and calls that end by the ten thousand leave nothing behind.
#include "tests/support/growth.hpp"

#include "tests/support/client_world.hpp"
#include "tests/support/net_peer.hpp"

#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <vector>

namespace intent::growth_test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t count = 10'000;
constexpr std::size_t noise = 1024 * 1024;  // bytes of heap: queues and tables keep what they once needed

TEST(Growth, case_132_ten_thousand_waits_leave_no_memory_in_use) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto wait_often = [&] {
        std::vector<task<std::optional<MessageCreate>>> waiting;
        waiting.reserve(count);
        for (std::size_t i = 0; i < count; ++i)
            waiting.push_back(client.wait_for<MessageCreate>([](const auto&) { return false; }, 1ms));
        for (auto& one : waiting)
            ASSERT_FALSE(one.get());
    };
    wait_often();
    const auto files = test::open_files();
    const auto heap = test::heap_in_use();
    for (int round = 0; round < 3; ++round)
        wait_often();
    EXPECT_EQ(test::open_files(), files);
    // The I/O thread may still be clearing up.
    EXPECT_TRUE(test::eventually([&] { return test::heap_in_use() <= heap + noise; })) << test::heap_in_use() - heap;
}

TEST(Growth, case_132_ten_thousand_cancelled_calls_leave_no_memory_in_use) {
    test::ScriptedPeer silent([](test::PeerConnection& connection) { connection.wait_for_end(); });
    RestOptions options;
    options.token = "bot_c2VjcmV0";
    options.rest_url = silent.http_url("/api/v1");
    options.log = nullptr;
    const auto cancel_often = [&] {
        std::vector<task<Message>> calls;
        calls.reserve(count);
        {
            RestClient rest(options);
            for (std::size_t i = 0; i < count; ++i)
                calls.push_back(rest.create_message(ChannelId{1 + i % 100}, "never answered"));
        }
        for (auto& call : calls)
            ASSERT_THROW(call.get(), CancelledError);
    };
    cancel_often();
    const auto heap = test::heap_in_use();
    for (int round = 0; round < 3; ++round)
        cancel_often();
    // The I/O thread may still be clearing up.
    EXPECT_TRUE(test::eventually([&] { return test::heap_in_use() <= heap + noise; })) << test::heap_in_use() - heap;
    EXPECT_TRUE(test::eventually([&, files = test::open_files()] { return test::open_files() <= files; }));
}

}  // namespace
}  // namespace intent::growth_test
