// The same handlers in a worker, or in a client without a relay, for bench/harness/relay.py. Prints "ready" when events
// can arrive.
//
//   intent_bench_worker worker|client events|calls [no-caches]     where to connect is in the environment
//
// `events` counts messages and takes their times; `calls` answers a `!ping` and takes the time of the REST call. Orders
// from standard input, each answered with one line:
//
//   go      shows a presence, with which bench/replay.cpp begins
//   count   prints the number of handled messages, and the monotonic ns of the last one
//   times   prints the ns of all messages, from their sending to their handler, or of all calls
#include "bench/clocks.hpp"

#include <intent/worker.hpp>

#include <atomic>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::bench {
namespace {

class Handlers {
public:
    void count_messages(Client& client) {
        client.on([this](const MessageCreate& event) { arrived(event.message.content); });
    }

    void answer_pings(Client& client) {
        client.on([this](MessageCreate event) -> task<> {
            if (event.message.content != "!ping") co_return;
            const auto began = monotonic_ns();
            co_await event.message.reply("pong");
            add(monotonic_ns() - began);
        });
    }

    void print_count() const {
        std::printf("%llu %lld\n", static_cast<unsigned long long>(handled_.load()),
                    static_cast<long long>(last_.load()));
    }

    void print_times() {
        const std::scoped_lock lock(mutex_);
        for (const auto time : times_)
            std::printf("%lld ", static_cast<long long>(time));
        std::printf("\n");
    }

private:
    /// "stamp: 00000001234567890123" or a text without a time.
    void arrived(std::string_view content) {
        constexpr std::string_view mark = "stamp: ";
        const auto now = monotonic_ns();
        if (content.starts_with(mark)) {
            std::int64_t sent = 0;
            std::from_chars(content.data() + mark.size(), content.data() + content.size(), sent);
            add(now - sent);
        }
        last_ = now;
        ++handled_;
    }

    void add(std::int64_t time) {
        const std::scoped_lock lock(mutex_);
        times_.push_back(time);
    }

    std::atomic<std::uint64_t> handled_ = 0;
    std::atomic<std::int64_t> last_ = 0;
    std::mutex mutex_;
    std::vector<std::int64_t> times_;
};

struct Arguments {
    bool calls = false;
    bool caches = true;
};

void serve(Client& client, const Arguments& arguments) {
    Handlers handlers;
    if (arguments.calls)
        handlers.answer_pings(client);
    else
        handlers.count_messages(client);
    client.on([ready = false](const Ready&) mutable {
        if (!std::exchange(ready, true)) std::puts("ready");
        std::fflush(stdout);
    });
    client.start();
    for (char order[8]; std::scanf(" %7s", order) == 1; std::fflush(stdout)) {
        const std::string_view given = order;
        if (given == "go") {
            static_cast<void>(client.update_presence(Presence{PresenceStatus::online}));
            std::puts("gone");
        } else if (given == "count") {
            handlers.print_count();
        } else if (given == "times") {
            handlers.print_times();
        }
    }
    std::_Exit(0);  // `handlers` outlives the client's threads
}

void serve_worker(const Arguments& arguments) {
    WorkerOptions options = worker_options_from_env();
    options.begin = WorkerStart::oldest;  // so that nothing depends on which of two processes is faster
    options.fetch_channels = false;
    if (!arguments.caches) options.caches = CacheLimits::none();
    Worker worker(std::move(options));
    serve(worker, arguments);
}

void serve_client(const Arguments& arguments) {
    ClientOptions options = options_from_env();
    options.fetch_channels = false;
    if (!arguments.caches) options.caches = CacheLimits::none();
    Client client(std::move(options));
    serve(client, arguments);
}

}  // namespace
}  // namespace intent::bench

int main(int argc, char** argv) {
    using namespace intent::bench;
    if (argc < 3) return 2;
    const Arguments arguments{.calls = std::string_view(argv[2]) == "calls",
                              .caches = argc < 4 || std::string_view(argv[3]) != "no-caches"};
    if (std::string_view(argv[1]) == "worker")
        serve_worker(arguments);
    else
        serve_client(arguments);
    return 0;
}
