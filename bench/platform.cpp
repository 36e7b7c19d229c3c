// The sandbox in its own process, without rate limits, driven by lines on its standard input:
//
//   intent_bench_platform PORT [CERTIFICATE KEY]    prints {"gateway", "rest", "token"} when it listens
//   ping N            alice says `!ping` N times; prints the ns from each to the bot's answer, on one line
//   load RATE COUNT   alice says COUNT messages at RATE per second, or slower if it cannot; prints the ns it took
//   (end)             it stops
//
// With INTENT_BENCH_BOTS=N there are N more bots with the tokens "bot_load_0" and so on.
#include "bench/clocks.hpp"

#include <intent/sandbox.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace intent::bench {
namespace {

/// The number of messages that a bot may send into one channel at once (protocol §10), and of requests per second.
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

void load(Sandbox& sandbox, int rate, int count) {
    const std::string rest(150, 'x');  // makes a frame of about 350 bytes
    const auto began = monotonic_ns();
    for (int i = 0; i < count; ++i) {
        sleep_until(began + 1'000'000'000LL * i / rate);
        sandbox.say("alice", sandbox.general(), std::to_string(i) + " " + rest);
    }
    std::printf("%lld\n", static_cast<long long>(monotonic_ns() - began));
    std::fflush(stdout);
}

}  // namespace
}  // namespace intent::bench

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    intent::sandbox::Options options;
    options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    options.bots = {{.name = "bench", .token = "bot_bench"}};
    const char* const bots = std::getenv("INTENT_BENCH_BOTS");
    for (int i = 0; bots != nullptr && i < std::atoi(bots); ++i)
        options.bots.push_back({.name = "load_" + std::to_string(i), .token = "bot_load_" + std::to_string(i)});
    options.limits = false;
    if (argc > 3) {
        options.certificate_file = argv[2];
        options.private_key_file = argv[3];
    }
    intent::Sandbox sandbox(options);
    std::printf("{\"gateway\": \"%s\", \"rest\": \"%s\", \"token\": \"%s\"}\n", sandbox.gateway_url().c_str(),
                sandbox.rest_url().c_str(), std::string(sandbox.bot_token().reveal()).c_str());
    std::fflush(stdout);
    char order[8];
    int first = 0;
    int second = 0;
    while (std::scanf(" %7s %d", order, &first) == 2) {
        if (std::string_view(order) == "ping")
            intent::bench::ping(sandbox, first);
        else if (std::scanf("%d", &second) == 1)
            intent::bench::load(sandbox, first, second);
    }
    return 0;
}
