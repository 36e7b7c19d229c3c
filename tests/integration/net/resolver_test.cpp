// Name look-ups: shared, on few threads, and nobody waits for their end.
#include "net/impl/resolver.hpp"

#include "net/http.hpp"
#include "tests/support/net_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace intent::test::resolver_test {
namespace {

using namespace std::chrono_literals;

// Answers when the test says so; counts.
struct SlowNames : std::enable_shared_from_this<SlowNames> {
    net::Resolver::LookUp look_up() {
        return [self = shared_from_this()](const std::string& host) {
            self->monitor.change([&] {
                ++self->asked[host];
                self->most = std::max(self->most, ++self->busy);
            });
            self->monitor.wait([&] { return self->open; });
            self->monitor.change([&] { --self->busy; });
            if (host == "unknown") return net::Resolver::Answer{"no such name", {}};
            return net::Resolver::Answer{{}, {boost::asio::ip::make_address("127.0.0.1")}};
        };
    }
    void answer() {
        monitor.change([&] { open = true; });
    }

    Monitor monitor;
    std::map<std::string, int> asked;
    int busy = 0;
    int most = 0;
    bool open = false;
};

struct Counter {
    Monitor monitor;
    int answers = 0;
    int errors = 0;
    net::Resolver::Done done() {
        return [this](const net::Resolver::Answer& answer) {
            monitor.change([&] {
                ++answers;
                if (!answer.error.empty()) ++errors;
            });
        };
    }
    bool wait(int count) {
        return monitor.wait([&] { return answers == count; });
    }
};

const auto owner = std::make_shared<int>();

TEST(Resolver, askers_of_one_name_share_one_look_up) {
    const auto names = std::make_shared<SlowNames>();
    Counter counter;
    net::Resolver resolver(names->look_up());
    for (int i = 0; i < 1000; ++i)
        resolver.look_up("one", owner, counter.done());
    names->answer();
    ASSERT_TRUE(counter.wait(1000));
    EXPECT_EQ(names->asked["one"], 1);
    const auto known = resolver.known("one");
    ASSERT_TRUE(known);
    EXPECT_EQ(known->addresses.size(), 1u);
    resolver.look_up("one", owner, counter.done());
    ASSERT_TRUE(counter.wait(1001));
    EXPECT_EQ(names->asked["one"], 2) << "an answer is not kept in place of the next";
}

TEST(Resolver, case_170_a_thousand_names_take_four_threads) {
    const auto names = std::make_shared<SlowNames>();
    Counter counter;
    net::Resolver resolver(names->look_up());
    for (int i = 0; i < 1000; ++i)
        resolver.look_up("name-" + std::to_string(i), owner, counter.done());
    ASSERT_TRUE(names->monitor.wait([&] { return names->busy == 4; }));
    names->answer();
    ASSERT_TRUE(counter.wait(1000));
    EXPECT_EQ(names->most, 4);
    EXPECT_EQ(names->asked.size(), 1000u);
    int kept = 0;
    for (const auto& [name, times] : names->asked)
        if (resolver.known(name)) ++kept;
    EXPECT_EQ(kept, 64);
}

TEST(Resolver, a_name_that_is_not_found_is_an_error_each_time) {
    const auto names = std::make_shared<SlowNames>();
    names->answer();
    Counter counter;
    net::Resolver resolver(names->look_up());
    resolver.look_up("unknown", owner, counter.done());
    ASSERT_TRUE(counter.wait(1));
    resolver.look_up("unknown", owner, counter.done());
    ASSERT_TRUE(counter.wait(2));
    EXPECT_EQ(counter.errors, 2);
    EXPECT_FALSE(resolver.known("unknown"));
}

TEST(Resolver, questions_whose_owners_are_gone_are_not_looked_up) {
    const auto names = std::make_shared<SlowNames>();
    Counter counter;
    net::Resolver resolver(names->look_up(), 1);
    resolver.look_up("first", owner, counter.done());
    ASSERT_TRUE(names->monitor.wait([&] { return names->busy == 1; }));
    auto gone = std::make_shared<int>();
    resolver.look_up("second", gone, counter.done());
    resolver.look_up("third", owner, counter.done());
    gone.reset();
    names->answer();
    ASSERT_TRUE(counter.wait(2));
    EXPECT_EQ(names->asked.count("second"), 0u);
    EXPECT_EQ(names->asked.count("third"), 1u);
}

TEST(Resolver, it_may_be_destroyed_while_look_ups_hang) {
    const auto names = std::make_shared<SlowNames>();
    Counter counter;
    {
        net::Resolver resolver(names->look_up(), 1);
        resolver.look_up("first", owner, counter.done());
        ASSERT_TRUE(names->monitor.wait([&] { return names->busy == 1; }));
        resolver.look_up("second", owner, counter.done());
    }
    names->answer();
    ASSERT_TRUE(names->monitor.wait([&] { return names->busy == 0; }));
    EXPECT_EQ(counter.answers, 0);
    EXPECT_EQ(names->asked.count("second"), 0u);
}

std::size_t threads() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/task"))
        ++count;
    return count;
}

// Each begins with a look-up of a name that nobody knows.
TEST(Resolver, case_170_a_thousand_connections_and_requests_at_once_take_few_threads_and_end_at_once) {
    struct Ignore : net::WebSocketHandler {
        void on_open() override {}
        void on_binary(std::span<const std::uint8_t>) override {}
        void on_text(std::span<const std::uint8_t>) override {}
        void on_batch_end() override {}
        void on_connect_failed(const net::ConnectFailure&) override {}
        void on_closed(const net::CloseInfo&) override {}
    } ignore;
    net::Loop loop;
    loop.start();
    std::unique_ptr<net::HttpClient> http;
    on_loop(loop, [&] { http = std::make_unique<net::HttpClient>(loop, net::HttpOptions{}); });
    const std::size_t before = threads();
    std::vector<std::unique_ptr<net::WebSocket>> sockets;
    on_loop(loop, [&] {
        for (int i = 0; i < 1000; ++i) {
            const std::string host = "intent-" + std::to_string(i) + ".invalid";
            sockets.push_back(
                std::make_unique<net::WebSocket>(loop, url_of("ws://" + host + "/"), net::WebSocketOptions{}, ignore));
            http->start({.method = "GET", .url = "http://" + host + "/"}, nullptr);
        }
    });
    EXPECT_LE(threads(), before + net::Resolver::default_threads);
    const auto begun = std::chrono::steady_clock::now();
    on_loop(loop, [&] {
        sockets.clear();
        http.reset();
    });
    loop.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s) << "a look-up that is not answered takes at least as long";
}

}  // namespace
}  // namespace intent::test::resolver_test
