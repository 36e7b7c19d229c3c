// The sandbox in a process of its own, without rate limits, driven by lines on its standard input:
//
//   intent_bench_platform PORT [CERTIFICATE KEY]    prints {"gateway", "rest", "token"} when it listens
//   ping N    alice says `!ping` N times; prints the ns from saying it to the bot's answer, on one line
//   (end)     it stops
#include "bench/clocks.hpp"

#include <intent/sandbox.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace intent::bench {
namespace {

/// A bot may send so many messages into one channel at once (protocol §10), and so many requests in a second.
constexpr int per_channel = 4;
constexpr std::int64_t gap_ns = 1'000'000'000 / 40;

void ping(Sandbox& sandbox, int times) {
    static int channels = 0;
    ChannelId channel;
    for (int i = 0; i < times; ++i) {
        const auto due = monotonic_ns() + gap_ns;
        if (i % per_channel == 0)
            channel = sandbox.create_channel("alice", sandbox.server(), "ping-" + std::to_string(++channels));
        sleep_until(due);
        const auto asked_at = monotonic_ns();
        const MessageId asked = sandbox.say("alice", channel, "!ping");
        const auto answers = [asked](const raw::Message& message) {
            return message.id.value > asked.value && message.content == "pong";
        };
        if (!sandbox.wait_message(channel, answers, std::chrono::seconds(10))) {
            std::fprintf(stderr, "bench: the bot does not answer\n");
            std::exit(1);
        }
        std::printf("%lld ", static_cast<long long>(monotonic_ns() - asked_at));
    }
    std::printf("\n");
    std::fflush(stdout);
}

}  // namespace
}  // namespace intent::bench

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    intent::SandboxOptions options;
    options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    options.bots = {{.name = "bench", .token = "bot_bench"}};
    options.limits = false;
    if (argc > 3) {
        options.certificate_file = argv[2];
        options.private_key_file = argv[3];
    }
    intent::Sandbox sandbox(options);
    std::printf("{\"gateway\": \"%s\", \"rest\": \"%s\", \"token\": \"%s\"}\n", sandbox.gateway_url().c_str(),
                sandbox.rest_url().c_str(), std::string(sandbox.bot_token().reveal()).c_str());
    std::fflush(stdout);
    int times = 0;
    while (std::scanf(" ping %d", &times) == 1)
        intent::bench::ping(sandbox, times);
    return 0;
}
