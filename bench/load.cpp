// Many bots that receive the same events: counts the events that reach each of them.
//
//   intent_bench_load CLIENTS    where to connect is in the environment; bot N has the token "bot_load_N"
//   COUNT     from standard input: waits until every bot has received messages 0 to COUNT - 1 since the last line, or
//             nothing has arrived for 3 s; prints the ns of the wait, and how many were missed, twice or out of order
#include "bench/clocks.hpp"

#include <intent/client.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <thread>

namespace intent::bench {
namespace {

class Bots {
public:
    explicit Bots(int count) {
        auto options = options_from_env();
        options.io_thread = std::make_shared<IoThread>();
        options.handler_threads = 0;
        options.log = nullptr;
        for (int i = 0; i < count; ++i) {
            options.token = Token{"bot_load_" + std::to_string(i)};
            auto& one = bots_.emplace_back(options);
            one.client.on([this](const Ready&) { ++ready_; });
            one.client.on([this, &one](const MessageCreate& event) { take(one, event.message.content); });
            one.client.start();
        }
        while (ready_ < bots_.size())
            std::this_thread::yield();
    }

    void wait_all(std::uint64_t count) {
        const auto began = monotonic_ns();
        const auto wanted = count * bots_.size();
        auto seen = handled_.load();
        for (auto last = began; seen < wanted && monotonic_ns() - last < 3'000'000'000;) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            if (const auto now = handled_.load(); now != seen) {
                seen = now;
                last = monotonic_ns();
            }
        }
        std::printf("%lld %llu\n", static_cast<long long>(monotonic_ns() - began),
                    static_cast<unsigned long long>(wanted - std::min(seen, wanted) + wrong_));
        std::fflush(stdout);
        handled_ = wrong_ = 0;
    }

private:
    struct One {
        explicit One(const ClientOptions& options) : client(options) {}
        Client client;
        std::uint64_t next = 0;  // of the thread that runs its handlers
    };

    void take(One& one, const std::string& content) {
        std::uint64_t number = 0;
        std::from_chars(content.data(), content.data() + content.size(), number);
        if (number != 0 && number != one.next) ++wrong_;
        one.next = number + 1;
        ++handled_;
    }

    std::atomic<std::size_t> ready_ = 0;
    std::atomic<std::uint64_t> handled_ = 0;
    std::atomic<std::uint64_t> wrong_ = 0;
    std::deque<One> bots_;
};

}  // namespace
}  // namespace intent::bench

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    intent::bench::Bots bots(std::atoi(argv[1]));
    std::puts("ready");
    std::fflush(stdout);
    for (unsigned count = 0; std::scanf("%u", &count) == 1;)
        bots.wait_all(count);
    std::_Exit(0);
}
