// Measures the time of an event to its handler, and of an answer on its way back, against bench/replay.cpp.
//
//   intent_bench_latency bare|inline|threaded paced PORT              prints the ns from each sending to its handler
//   intent_bench_latency bare|inline|threaded echo PORT CONNECTIONS   answers each message; the server takes the time
//
// A gateway takes at most 120 frames a minute from one connection (protocol §5), so `echo` needs many connections.
#include "bench/client.hpp"
#include "bench/clocks.hpp"
#include "bench/hand_message.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace intent::bench {
namespace {

std::vector<std::int64_t> samples;

/// "stamp: 00000001234567890123": when the message was sent.
void arrived(std::string_view content) {
    const auto now = monotonic_ns();
    std::int64_t sent = 0;
    const std::string_view digits = content.substr(content.find(' ') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), sent);
    samples.push_back(now - sent);
}

enum class Show { paced, echo };

void bare(std::uint16_t port, Show show) {
    BareClient client(port);
    client.show_presence();
    client.read_until([&](std::span<const std::uint8_t> payload) {
        BareMessage<std::string> message;
        if (!hand_decode_bare(payload, message)) return true;  // the final MESSAGE_DELETE
        if (show == Show::echo) {
            client.show_presence();
        } else {
            arrived(message.content);
        }
        return false;
    });
}

void client(std::uint16_t port, Show show, int handler_threads) {
    Client client{options_for(port, handler_threads)};
    Signal done;
    client.on([&](const Ready&) { show_presence(client); });
    if (show == Show::echo) {
        client.on([&](const MessageCreate&) { show_presence(client); });
    } else {
        client.on([](const MessageCreate& event) { arrived(event.message.content); });
    }
    client.on([&](const MessageDelete&) { done.raise(); });
    client.start();
    done.wait();
    client.stop();
}

}  // namespace
}  // namespace intent::bench

int main(int argc, char** argv) {
    using namespace intent::bench;
    if (argc < 4) return 2;
    const std::string_view name = argv[1];
    const Show show = std::string_view(argv[2]) == "echo" ? Show::echo : Show::paced;
    const auto port = static_cast<std::uint16_t>(std::atoi(argv[3]));
    samples.reserve(1'000'000);
    for (int i = argc > 4 ? std::atoi(argv[4]) : 1; i > 0; --i) {
        if (name == "bare") {
            bare(port, show);
        } else {
            client(port, show, name == "threaded" ? 1 : 0);
        }
    }
    for (const auto sample : samples)
        std::printf("%lld ", static_cast<long long>(sample));
    std::printf("\n");
    return 0;
}
