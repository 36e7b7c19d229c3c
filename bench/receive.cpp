// CPU time of one event from the socket to a handler: of the whole process, less what the sending thread took.
#include "bench/flood.hpp"
#include "bench/hand_written.hpp"

#include <intent/intent.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace intent::bench {
namespace {

constexpr std::uint32_t events = 100'000;

void report(benchmark::State& state, double seconds) {
    state.SetIterationTime(seconds);
    state.counters["ns_per_event"] = seconds / events * 1e9;
}

/// Reads a connection to its last event, giving each whole frame's payload to `take`: a socket, a buffer and no more.
template <class Take>
double read_by_hand(Take take) {
    Flood flood(burst(events), false);
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(flood.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::exit(1);

    std::vector<std::uint8_t> buffer(64 << 10);
    std::size_t held = 0;
    std::uint32_t frames = 0;
    const double before = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
    flood.go();
    while (frames <= events) {
        const auto size = ::recv(socket, buffer.data() + held, buffer.size() - held, 0);
        if (size <= 0) break;
        held += static_cast<std::size_t>(size);
        std::size_t at = 0;
        while (held - at >= 4) {
            std::size_t length = buffer[at + 1] & 0x7f, head = 2;
            if (length == 126) {
                length = static_cast<std::size_t>(buffer[at + 2]) << 8 | buffer[at + 3];
                head = 4;
            }
            if (held - at < head + length) break;
            take(std::span<const std::uint8_t>(buffer.data() + at + head, length));
            at += head + length;
            ++frames;
        }
        std::memmove(buffer.data(), buffer.data() + at, held - at);
        held -= at;
    }
    const double seconds = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - before - flood.sent();
    ::close(socket);
    return seconds;
}

void count_frames(benchmark::State& state) {
    for (auto _ : state) {
        std::size_t bytes = 0;
        report(state, read_by_hand([&](std::span<const std::uint8_t> frame) { bytes += frame.size(); }));
        benchmark::DoNotOptimize(bytes);
    }
}

void bare_reader(benchmark::State& state) {
    for (auto _ : state) {
        std::uint32_t decoded = 0;
        const double seconds = read_by_hand([&](std::span<const std::uint8_t> frame) {
            const auto message = hand_decode(frame);
            if (message && !message->content.empty()) ++decoded;
        });
        if (decoded != events) state.SkipWithError("not every event was decoded");
        report(state, seconds);
    }
}

enum class Interest { none, messages };

void client(benchmark::State& state, int handler_threads, Interest interest) {
    for (auto _ : state) {
        Flood flood(burst(events), true);
        ClientOptions options;
        options.token = Token{"bot_bench"};
        options.gateway_url = "ws://127.0.0.1:" + std::to_string(flood.port()) + "/gateway";
        options.handler_threads = handler_threads;
        if (interest == Interest::none)
            options.caches = {.servers = 0, .channels = 0, .users = 0, .members = 0, .roles = 0, .messages = 0};
        Client client{options};

        std::atomic<bool> ready = false, done = false;
        std::uint32_t seen = 0;  // of the one thread that runs handlers
        client.on([&](const Ready&) {
            ready = true;
            ready.notify_all();
        });
        if (interest == Interest::messages) {
            client.on([&](const MessageCreate& event) {
                if (!event.message.content.empty()) ++seen;
            });
        }
        client.on([&](const MessageDelete&) {
            done = true;
            done.notify_all();
        });
        client.start();
        ready.wait(false);
        const double before = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
        flood.go();
        done.wait(false);
        const double seconds = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - before - flood.sent();
        client.stop();
        if (seen != (interest == Interest::messages ? events : 0)) state.SkipWithError("not every event was handled");
        report(state, seconds);
    }
}

BENCHMARK(count_frames)->UseManualTime()->Iterations(1);
BENCHMARK(bare_reader)->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(client, inline, 0, Interest::messages)->Name("client_inline")->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(client, threaded, 1, Interest::messages)->Name("client_threaded")->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(client, ignoring, 0, Interest::none)->Name("client_ignoring")->UseManualTime()->Iterations(1);

}  // namespace
}  // namespace intent::bench
