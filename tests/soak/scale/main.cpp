// Relays, workers and the broker are killed at exact points and at any moment, while messages arrive. Every message
// must be handled at least once or lie in a reported gap, and no answer may be posted twice.
#include "tests/soak/scale/account.hpp"
#include "tests/soak/scale/points.hpp"
#include "tests/soak/scale/roles.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace intent::test {
namespace {

using namespace std::chrono_literals;

constexpr int skipped = 77;                         // as CTest is told
constexpr std::chrono::milliseconds promise = 15s;  // of a hand-over after a kill

/// Ends a world and reports on it. `repeats`: messages may have been handled twice; `gaps`: gaps may have been
/// reported. `hand_over`: the longest that is allowed.
bool judge(World& world, std::string_view name, bool repeats, bool gaps, std::chrono::milliseconds hand_over) {
    world.talker().stop();
    const bool all = world.wait_handled(60s);
    world.end();
    const Account account = account_of(world);
    const bool letters = account.dead_letters == account.poisoned;
    const bool in_time = world.slowest_hand_over() <= hand_over;
    const bool good = all && account.good() && letters && in_time && (repeats || account.handled_twice == 0) &&
                      (gaps || account.gaps == 0);
    print(account);
    const auto& breaks = world.breaks();
    std::printf("kills %zu, restarts %zu, suspended %zu, cut off %zu, slowest hand-over %lld ms\n", breaks.kills,
                breaks.restarts, breaks.suspended, breaks.cut_off,
                static_cast<long long>(world.slowest_hand_over().count()));
    std::printf("%s: %s\n", std::string(name).c_str(), good ? "passed" : "FAILED");
    return good;
}

bool run_point(const std::string& program, const Point& point, int times, std::uint64_t seed) {
    WorldOptions options = point.options;
    options.seed = seed;
    World world(program, options);
    for (int i = 0; i < times; ++i)
        point.run(world);
    // Points are regular tests, also of sanitizers beside other tests: only the drill measures time.
    return judge(world, point.name, point.repeats, point.gaps, std::chrono::milliseconds::max());
}

/// Points in random order in one world, with the lease that relays have by default.
bool run_all(const std::string& program, std::chrono::seconds time, std::uint64_t seed) {
    WorldOptions options;
    options.seed = seed;
    options.lease = 10s;
    options.max_deliveries = 5;
    options.broker = "jetstream { store_dir: \"$DIR\", max_file_store: 320MB }";
    World world(program, options);
    std::map<std::string_view, std::size_t> runs;
    const auto points = all_points();
    std::size_t disordered = 0;
    const auto begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() < begin + time) {
        const Point& point = points[world.random()() % points.size()];
        if (point.rare && world.random()() % 4 != 0) continue;
        const auto at = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin);
        std::printf("%5lld s  %s\n", static_cast<long long>(at.count()), std::string(point.name).c_str());
        std::fflush(stdout);
        const auto slowest = world.slowest_hand_over();
        point.run(world);
        ++runs[point.name];
        if (world.slowest_hand_over() > std::max(slowest, promise))
            std::printf("         the hand-over took %lld ms\n",
                        static_cast<long long>(world.slowest_hand_over().count()));
        if (!world.wait_handled(120s)) {
            std::printf("after %s, not all messages are handled\n", std::string(point.name).c_str());
            break;
        }
        const auto early = out_of_order(world);
        for (; disordered < early.size(); ++disordered)
            std::printf("         message %zu began too early\n", early[disordered]);
        world.forget_order();
    }
    for (const auto& [name, count] : runs)
        std::printf("%-24s %zu\n", std::string(name).c_str(), count);
    return judge(world, "drill of a bot of many processes", true, true, promise);
}

int run(const std::string& program, const std::vector<std::string>& arguments) {
    const auto number = [&](std::size_t i, int default_value) {
        return arguments.size() > i ? std::stoi(arguments[i]) : default_value;
    };
    const std::string name = arguments.empty() ? std::string() : arguments[0];
    const auto points = all_points();
    const auto point = std::find_if(points.begin(), points.end(), [&](const Point& p) { return p.name == name; });
    const int seed = number(2, 1);
    if (arguments.size() > 3 || (name != "all" && point == points.end()) || number(1, 1) < 1 || seed < 0) {
        std::fputs("usage: intent_soak_scale POINT [TIMES [SEED]] | all [SECONDS [SEED]], where POINT is one of:\n",
                   stderr);
        for (const auto& each : points)
            std::fprintf(stderr, "  %s\n", std::string(each.name).c_str());
        return 2;
    }
    if (!NatsServer::installed()) {
        std::fputs("nats-server is not installed (Debian: apt-get install nats-server)\n", stderr);
        return skipped;
    }
    const auto random_seed = static_cast<std::uint64_t>(seed);
    const bool good = name == "all" ? run_all(program, std::chrono::seconds(number(1, 1800)), random_seed)
                                    : run_point(program, *point, number(1, point->times), random_seed);
    return good ? 0 : 1;
}

}  // namespace
}  // namespace intent::test

int main(int argc, char** argv) {
    using namespace intent::test;
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    try {
        if (arguments.size() == 6 && arguments[0] == "--relay")
            return run_relay_role({arguments.begin() + 1, arguments.end()});
        if (arguments.size() == 8 && arguments[0] == "--worker")
            return run_worker_role({arguments.begin() + 1, arguments.end()});
        return run(std::filesystem::read_symlink("/proc/self/exe"), arguments);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "intent_soak_scale: %s\n", error.what());
        return 1;
    }
}
