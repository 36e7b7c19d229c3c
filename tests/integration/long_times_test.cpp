// Times without end, and times that are none.
#include "net/clock.hpp"
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>

namespace intent::long_times_test {
namespace {

using namespace std::chrono_literals;

constexpr auto endless = std::chrono::milliseconds::max();

TEST(LongTimes, the_clock_is_not_overflowed) {
    const auto now = net::now();
    EXPECT_GT(net::time_in(endless), now + std::chrono::hours(24 * 365 * 99));
    EXPECT_LT(net::time_in(std::chrono::milliseconds::min()), now);
    EXPECT_GE(net::time_in(5s), now + 5s);
    EXPECT_LT(net::time_in(-5s), net::now());
}

TEST(LongTimes, endless_waits_last_until_the_client_stops) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    auto sleeping = client.sleep_for(endless);
    auto waiting = client.wait_for<MessageCreate>([](const auto&) { return false; }, endless);
    auto status = std::async(std::launch::async, [&] { return client.wait(endless); });
    client.sleep_for(50ms).get();
    EXPECT_FALSE(sleeping.done());
    EXPECT_FALSE(waiting.done());
    EXPECT_EQ(status.wait_for(0s), std::future_status::timeout);
    client.stop();
    EXPECT_THROW(sleeping.get(), CancelledError);
    EXPECT_THROW(waiting.get(), CancelledError);
    EXPECT_EQ(status.get(), 0);
}

TEST(LongTimes, an_endless_wait_of_the_sandbox_waits) {
    Sandbox sandbox;
    const auto spoken = [&] { return static_cast<bool>(sandbox.wait_message(sandbox.general(), "alice", endless)); };
    auto waiting = std::async(std::launch::async, spoken);
    EXPECT_EQ(waiting.wait_for(50ms), std::future_status::timeout);
    sandbox.say("alice", sandbox.general(), "at last");
    EXPECT_TRUE(waiting.get());
}

TEST(LongTimes, a_negative_sleep_is_refused_and_a_negative_timeout_expires_at_once) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    try {
        client.sleep_for(-1ms).get();
        ADD_FAILURE();
    } catch (const ConfigError& error) {
        EXPECT_STREQ(error.what(), "sleep_for: -1 ms; it must not be negative");
    }
    client.sleep_for(0ms).get();
    const auto nobody = [](const auto&) { return false; };
    EXPECT_FALSE(client.wait_for<MessageCreate>(nobody, -1ms).get());
    EXPECT_FALSE(client.wait_for<MessageCreate>(nobody, std::chrono::milliseconds::min()).get());
    EXPECT_FALSE(client.wait(std::chrono::milliseconds::min()));
}

}  // namespace
}  // namespace intent::long_times_test
