// 100,000 collectors and waits and 10,000 jobs of one bot for 24 hours of a test clock, in seconds. The waits end by
// time, by count and by events, and begin again. At the end the process holds what it held when all had begun, and
// without them what it held before.
#include "tests/soak/resources.hpp"

#include <intent/intent.hpp>
#include <intent/sandbox.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

namespace intent::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t rooms = 100;
constexpr int messages_per_hour = 8;
constexpr int hours = 24;

/// A bot on a test clock, and what all its loads have done.
class World {
public:
    World() {
        for (std::size_t i = 0; i < rooms; ++i)
            rooms_.push_back(sandbox.create_channel("alice", sandbox.server(), "room-" + std::to_string(i)));
        client.start();
        clock.settle();
    }

    ChannelId room(std::size_t number) const { return rooms_[number % rooms]; }

    TestClock clock;
    Sandbox sandbox{sandbox::Options{.clock = clock}};
    Client client{options()};
    Scope scope{client};
    std::atomic<std::size_t> events = 0;  ///< that came out of a collector or a wait
    std::atomic<std::size_t> ends = 0;    ///< collectors and waits that ended
    std::atomic<std::size_t> runs = 0;    ///< of jobs

private:
    ClientOptions options() const {
        ClientOptions made = sandbox.client_options();
        made.fetch_channels = false;
        made.log = nullptr;
        return made;
    }
    std::vector<ChannelId> rooms_;
};

/// From two to twelve hours, different for each number and round.
std::chrono::milliseconds lifetime(std::size_t number, std::size_t round) {
    const std::size_t mixed = (number * 31 + round * 17 + 1) * 0x9e3779b97f4a7c15 >> 32;
    return 2h + std::chrono::milliseconds(mixed % std::chrono::milliseconds(10h).count());
}

task<> collect_in_a_channel(World& world, std::size_t number) {
    const auto any = [](const MessageCreate&) { return true; };
    for (std::size_t round = 0;; ++round) {
        const auto limits = CollectorOptions{}.in(world.room(number)).time(lifetime(number, round)).count(3);
        Collector<MessageCreate> messages(world.client, any, limits);
        while (const auto message = co_await messages.next())
            ++world.events;
        ++world.ends;
    }
}

task<> collect_everywhere(World& world, std::size_t number) {
    const auto chosen = [number](const auto& event) {
        if constexpr (requires { event.message.id; }) return event.message.id.value % 64 == number % 64;
        return false;
    };
    for (std::size_t round = 0;; ++round) {
        Collector<MessageCreate, MessageDelete> events(world.client, chosen,
                                                       CollectorOptions{}.time(lifetime(number, round)));
        while (const auto event = co_await events.next())
            ++world.events;
        ++world.ends;
    }
}

task<> wait_for_a_message(World& world, std::size_t number) {
    for (std::size_t round = 0;; ++round) {
        auto waiting = world.client.wait_for<MessageCreate>(
            [number](const MessageCreate& event) { return event.message.id.value % 1024 == number % 1024; },
            lifetime(number, round));
        if (const auto message = co_await std::move(waiting)) ++world.events;
        ++world.ends;
    }
}

/// What there are many of. `start` begins one of them, which lives until the scope of the world ends.
struct Load {
    const char* name;
    std::size_t count;  ///< of a full run
    void (*start)(World& world, std::size_t number);
};

template <task<> (*body)(World& world, std::size_t number)>
void spawn(World& world, std::size_t number) {
    world.scope.spawn("load", [&world, number] { return body(world, number); });
}

void start_job(World& world, std::size_t number) {
    // Each at a time of its own.
    world.scope.every(1h + std::chrono::milliseconds(number % 1000), [&world] { ++world.runs; });
}

constexpr Load loads[] = {
    {"collectors of a channel", 50'000, spawn<collect_in_a_channel>},
    {"collectors of all channels", 10'000, spawn<collect_everywhere>},
    {"waits for a message", 40'000, spawn<wait_for_a_message>},
    {"jobs every hour", 10'000, start_job},
};

/// The sandbox keeps the messages and the log of the traffic; nothing else grows.
bool grown(const Resources& first, const Resources& last) {
    constexpr std::size_t of_sandbox_kib = 4 * 1024;
    return last.files > first.files || last.threads > first.threads ||
           last.heap_kib > first.heap_kib + first.heap_kib / 50 + of_sandbox_kib;
}

int run(std::size_t percent) {
    const auto begin = std::chrono::steady_clock::now();
    const auto seconds = [begin] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    World world;
    world.sandbox.say("alice", world.room(0), "warm");
    world.clock.settle();
    const Resources empty = measure_resources();
    print("before:", empty);
    for (const Load& load : loads) {
        const Resources before = measure_resources();
        const std::size_t count = load.count * percent / 100;
        for (std::size_t number = 0; number < count; ++number)
            load.start(world, number);
        world.clock.settle();
        const double bytes = static_cast<double>(measure_resources().heap_kib - before.heap_kib) * 1024;
        std::printf("%-22zu %s, %.0f bytes each\n", count, load.name, bytes / static_cast<double>(count));
    }
    const Resources first = measure_resources();
    print("all have begun:", first);
    std::printf("%-22.1f s\n", seconds());
    for (int hour = 1; hour <= hours; ++hour) {
        for (int i = 0; i < messages_per_hour; ++i)
            world.sandbox.say("alice", world.room(static_cast<std::size_t>(hour * messages_per_hour + i)), "tick");
        world.sandbox.advance(1h);
        if (hour % 6 == 0) print(("after " + std::to_string(hour) + " hours:").c_str(), measure_resources());
    }
    const Resources last = measure_resources();
    std::printf("%-22zu events taken, %zu collectors and waits ended, %zu runs of jobs, %.1f s\n", world.events.load(),
                world.ends.load(), world.runs.load(), seconds());
    world.scope.end();
    world.clock.settle();
    const Resources ended = measure_resources();
    print("all have ended:", ended);
    const bool good =
        !grown(first, last) && !grown(empty, ended) && world.events > 0 && world.ends > 0 && world.runs > 0;
    std::printf("soak of waits: %s, %.1f s\n", good ? "nothing kept" : "FAILED, the process has grown", seconds());
    return good ? 0 : 1;
}

}  // namespace
}  // namespace intent::test

int main(int argc, char** argv) {
    const int percent = argc > 1 ? std::atoi(argv[1]) : 100;
    if (argc > 2 || percent < 1 || percent > 1000) {
        std::fputs("usage: intent_soak_waits [PERCENT of 100,000 (1-1000)]\n", stderr);
        return 2;
    }
    try {
        return intent::test::run(static_cast<std::size_t>(percent));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "soak of waits: %s\n", error.what());
        return 1;
    }
}
