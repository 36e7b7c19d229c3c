// CPU and time of one event from the socket to a handler, against bench/replay.cpp: one line of JSON per burst.
//
//   intent_bench_receive count|bare|views|inline|threaded|ignoring[-unmeasured] PORT EVENTS BURSTS [USERS]
//
// bare: a reader without a library that keeps strings; views: the same with string views. -unmeasured: the client
// collects no metrics. USERS: the limit of the user cache.
#include "bench/client.hpp"
#include "bench/clocks.hpp"
#include "bench/hand_message.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace intent::bench {
namespace {

struct Case {
    std::uint16_t port;
    std::uint32_t events;
    int bursts;
    bool measured = true;
    std::size_t users = CacheLimits{}.users;
};

/// Runs bursts and prints the cost of each; `count` returns how many of its events reached their reader.
template <class Burst, class Count>
void measure(const Case& what, Burst burst, Count count) {
    for (int i = 0; i < what.bursts; ++i) {
        const auto began = monotonic_ns(), cpu_before = process_cpu_ns();
        burst();
        const auto cpu = process_cpu_ns() - cpu_before, wall = monotonic_ns() - began;
        if (const std::uint32_t seen = count(); seen != what.events) {
            std::fprintf(stderr, "bench: %u of %u events were seen\n", seen, what.events);
            std::exit(1);
        }
        std::printf("{\"cpu_ns\": %.1f, \"wall_ns\": %.1f}\n", static_cast<double>(cpu) / what.events,
                    static_cast<double>(wall) / what.events);
    }
}

/// Only counts frames.
void count(const Case& what) {
    BareClient client(what.port);
    std::uint32_t frames = 0;
    const auto burst = [&] {
        frames = 0;
        client.show_presence();
        client.read_until([&](std::span<const std::uint8_t>) { return ++frames > what.events; });
    };
    measure(what, burst, [&] { return frames - 1; });
}

/// `Text`: std::string or std::string_view.
template <class Text>
void bare(const Case& what) {
    BareClient client(what.port);
    std::uint32_t decoded = 0;
    const auto burst = [&] {
        std::uint32_t frames = 0;
        decoded = 0;
        client.show_presence();
        client.read_until([&](std::span<const std::uint8_t> payload) {
            if (++frames > what.events) return true;
            BareMessage<Text> message;
            if (hand_decode_bare(payload, message) && !message.content.empty()) ++decoded;
            return false;
        });
    };
    measure(what, burst, [&] { return decoded; });
}

enum class Interest { none, messages };

/// Events that a client has accepted since it had `before`, without the last one. Its gauges may lag slightly.
std::uint32_t accepted(const Client& client, std::uint64_t before, std::uint32_t expected) {
    std::uint32_t events = 0;
    for (int i = 0; i < 1000 && events != expected; ++i) {
        if (i > 0) sleep_until(monotonic_ns() + 1'000'000);
        events = static_cast<std::uint32_t>(client.gauges().events - before - 1);
    }
    return events;
}

void client(const Case& what, int handler_threads, Interest interest) {
    ClientOptions options = options_for(what.port, handler_threads);
    options.caches.users = what.users;
    if (interest == Interest::none) options.caches = no_caches;
    options.metrics.collect = what.measured;
    Client client{options};
    Signal ready, done;
    std::uint32_t seen = 0;  // of the one thread that runs handlers, until `done`
    client.on([&](const Ready&) { ready.raise(); });
    if (interest == Interest::messages) {
        client.on([&](const MessageCreate& event) {
            if (!event.message.content.empty()) ++seen;
        });
    }
    client.on([&](const MessageDelete&) { done.raise(); });
    client.start();
    ready.wait();
    std::uint64_t before = 0;
    const auto burst = [&] {
        before = client.gauges().events;
        seen = 0;
        show_presence(client);
        done.wait();
    };
    measure(what, burst, [&] { return interest == Interest::messages ? seen : accepted(client, before, what.events); });
}

}  // namespace
}  // namespace intent::bench

int main(int argc, char** argv) {
    using namespace intent::bench;
    if (argc != 5 && argc != 6) return 2;
    constexpr std::string_view unmeasured = "-unmeasured";
    std::string_view name = argv[1];
    const bool measured = !name.ends_with(unmeasured);
    if (!measured) name.remove_suffix(unmeasured.size());
    Case what{static_cast<std::uint16_t>(std::atoi(argv[2])), static_cast<std::uint32_t>(std::atoi(argv[3])),
              std::atoi(argv[4]), measured};
    if (argc == 6) what.users = static_cast<std::size_t>(std::atol(argv[5]));
    if (name == "count") {
        count(what);
    } else if (name == "bare") {
        bare<std::string>(what);
    } else if (name == "views") {
        bare<std::string_view>(what);
    } else if (name == "inline") {
        client(what, 0, Interest::messages);
    } else if (name == "threaded") {
        client(what, 1, Interest::messages);
    } else if (name == "ignoring") {
        client(what, 0, Interest::none);
    } else {
        return 2;
    }
    return 0;
}
