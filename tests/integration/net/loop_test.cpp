#include "net/loop.hpp"

#include "net/environment.hpp"
#include "net/url.hpp"
#include "tests/support/net_wait.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace intent::test::loop_test {
namespace {

using namespace std::chrono_literals;
using net::Loop;
using net::Timer;

TEST(Loop, work_runs_on_the_loops_thread_in_order_also_what_was_posted_before_start) {
    Loop loop;
    std::vector<int> order;
    std::vector<bool> on_thread;
    for (int i = 0; i < 100; ++i)
        loop.post([&, i] {
            order.push_back(i);
            on_thread.push_back(loop.on_thread());
        });
    EXPECT_FALSE(loop.on_thread());
    loop.start();
    on_loop(loop, [] {});
    ASSERT_EQ(order.size(), 100u);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
        EXPECT_TRUE(on_thread[static_cast<std::size_t>(i)]);
    }
}

TEST(Loop, posts_of_many_threads_all_run) {
    Loop loop;
    loop.start();
    int count = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 1'000; ++i)
                loop.post([&] { ++count; });
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(on_loop(loop, [&] { return count; }), 4'000);
}

TEST(Loop, case_076_an_exception_goes_to_on_error_and_the_loop_goes_on) {
    std::string what;
    Loop loop([&](std::exception_ptr error) {
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& e) {
            what = e.what();
        }
        throw std::runtime_error("the error handler's own");
    });
    loop.start();
    loop.post([] { throw std::runtime_error("boom"); });
    EXPECT_EQ(on_loop(loop, [&] { return what; }), "boom");
}

TEST(Loop, after_stop_work_is_dropped_and_what_it_holds_is_destroyed) {
    auto held = std::make_shared<int>(1);
    std::atomic<int> ran = 0;
    {
        Loop loop;
        loop.start();
        on_loop(loop, [&] {
            loop.post([&, held] { ++ran; });
            loop.stop();  // on the loop's own thread: no join, no deadlock
        });
        loop.stop();
        loop.stop();
        loop.post([&, held] { ++ran; });
    }
    EXPECT_EQ(ran, 0);
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Loop, a_loop_that_never_started_ends_too) {
    auto held = std::make_shared<int>(1);
    {
        Loop loop;
        loop.post([held] {});
    }
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Timer, fires_once_not_before_its_time) {
    Monitor monitor;
    Loop loop;
    loop.start();
    std::optional<net::Time> fired;
    std::unique_ptr<Timer> timer;
    const auto due = net::now() + 20ms;
    on_loop(loop, [&] {
        timer = std::make_unique<Timer>(loop);
        timer->arm(due, [&] { monitor.change([&] { fired = net::now(); }); });
    });
    ASSERT_TRUE(monitor.wait([&] { return fired.has_value(); }));
    EXPECT_GE(*fired, due);
    on_loop(loop, [&] { timer.reset(); });
}

TEST(Timer, arming_again_cancelling_and_destroying_leave_only_the_last_word) {
    Monitor monitor;
    Loop loop;
    loop.start();
    std::vector<int> fired;
    const auto past = net::now() - 1s;
    std::optional<Timer> rearmed, cancelled, destroyed, again;
    on_loop(loop, [&] {
        const auto note = [&](int n) { return [&, n] { monitor.change([&] { fired.push_back(n); }); }; };
        rearmed.emplace(loop);
        rearmed->arm(past, note(1));
        rearmed->arm(past, note(2));
        cancelled.emplace(loop);
        cancelled->arm(past, note(3));
        cancelled->cancel();
        destroyed.emplace(loop);
        destroyed->arm(past, note(4));
        destroyed.reset();
        again.emplace(loop);
        again->arm(past, [&, note] { again->arm(net::now(), note(5)); });
    });
    ASSERT_TRUE(monitor.wait([&] { return fired.size() >= 2; }));
    on_loop(loop, [&] {
        rearmed.reset();
        cancelled.reset();
        again.reset();
    });
    std::sort(fired.begin(), fired.end());
    EXPECT_EQ(fired, (std::vector<int>{2, 5}));
}

TEST(Timer, may_be_destroyed_by_its_own_callback) {
    Monitor monitor;
    bool done = false;
    std::optional<Timer> timer;
    Loop loop;
    loop.start();
    on_loop(loop, [&] {
        timer.emplace(loop);
        timer->arm(net::now(), [&] {
            timer.reset();
            monitor.change([&] { done = true; });
        });
    });
    EXPECT_TRUE(monitor.wait([&] { return done; }));
}

TEST(SignalWaiter, stop_signals_come_to_the_loop) {
    Monitor monitor;
    Loop loop;
    loop.start();
    std::vector<int> signals;
    {
        net::SignalWaiter waiter(loop, [&](int number) { monitor.change([&] { signals.push_back(number); }); });
        std::raise(SIGTERM);
        ASSERT_TRUE(monitor.wait([&] { return signals.size() == 1; }));
        std::raise(SIGINT);
        ASSERT_TRUE(monitor.wait([&] { return signals.size() == 2; }));
    }
    EXPECT_EQ(signals, (std::vector<int>{SIGTERM, SIGINT}));
}

TEST(Environment, variables_are_read_or_absent) {
    ::setenv("INTENT_TEST_VARIABLE", "", 1);
    EXPECT_EQ(net::environment_variable("INTENT_TEST_VARIABLE"), "");
    ::unsetenv("INTENT_TEST_VARIABLE");
    EXPECT_EQ(net::environment_variable("INTENT_TEST_VARIABLE"), std::nullopt);
}

TEST(Url, good_urls_are_split_and_written_back) {
    struct Case {
        std::string text, scheme, host;
        int port;
        std::string target, again;
    };
    for (const auto& c : {
             Case{"wss://gateway.intent.chat", "wss", "gateway.intent.chat", 443, "/", "wss://gateway.intent.chat/"},
             Case{"ws://localhost:8080/gateway", "ws", "localhost", 8080, "/gateway", "ws://localhost:8080/gateway"},
             Case{"WS://h?a=b", "ws", "h", 80, "/?a=b", "ws://h/?a=b"},
             Case{"ws://[::1]:81/x", "ws", "::1", 81, "/x", "ws://[::1]:81/x"},
             Case{"wss://[2001:db8::1]", "wss", "2001:db8::1", 443, "/", "wss://[2001:db8::1]/"},
             Case{"ws://a_b-c.d:65535/%20?x=/?&y", "ws", "a_b-c.d", 65535, "/%20?x=/?&y",
                  "ws://a_b-c.d:65535/%20?x=/?&y"},
         }) {
        const auto parsed = net::parse_url(c.text, "ws", "wss");
        ASSERT_TRUE(std::holds_alternative<net::Url>(parsed)) << c.text << ": " << std::get<std::string>(parsed);
        const auto& url = std::get<net::Url>(parsed);
        EXPECT_EQ(url.scheme, c.scheme);
        EXPECT_EQ(url.host, c.host);
        EXPECT_EQ(url.port, c.port);
        EXPECT_EQ(url.target, c.target);
        EXPECT_EQ(url.text(), c.again);
        EXPECT_EQ(url.secure(), c.scheme == "wss");
    }
}

TEST(Url, case_013_bad_urls_are_refused_with_a_reason_and_without_secrets) {
    for (const std::string text : {"",
                                   "gateway.intent.chat",
                                   "http://h/",
                                   "ws:/h",
                                   "ws://",
                                   "ws:///x",
                                   "ws://:80/",
                                   "ws://h:0/",
                                   "ws://h:65536/",
                                   "ws://h:/",
                                   "ws://h:8a/",
                                   "ws://h:-1/",
                                   "ws://secret:secret@h/",
                                   "ws://h/#secret",
                                   "ws://h/a b?secret",
                                   "ws://h/\x01",
                                   "ws://h\n/",
                                   "ws://[::1",
                                   "ws://[::1]x/",
                                   "ws://[h]/",
                                   "ws://[]/",
                                   "ws://::1/",
                                   "ws://h\xc3\xa4/",
                                   "ws://h/\xc3\xa4",
                                   "ws://h,i/"}) {
        const auto parsed = net::parse_url(text, "ws", "wss");
        ASSERT_TRUE(std::holds_alternative<std::string>(parsed)) << text;
        EXPECT_FALSE(std::get<std::string>(parsed).empty());
        EXPECT_EQ(std::get<std::string>(parsed).find("secret"), std::string::npos) << text;
    }
    const auto wrong = net::parse_url("http://h/", "ws", "wss");
    EXPECT_NE(std::get<std::string>(wrong).find("ws:// or wss://"), std::string::npos);
}

}  // namespace
}  // namespace intent::test::loop_test
