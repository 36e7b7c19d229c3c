#include "tests/support/limits_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

namespace intent::limits::sim {
namespace {

constexpr Time epoch = Time(1000s);

struct Scenario {
    std::string name;
    Duration wall_offset{};
    Rounding rounding = Rounding::up;
    std::vector<Kind> kinds;
    std::vector<Planned> plan;
    Latency up, down;
    std::uint64_t seed = 0;
};

Kind message_kind(const std::string& method, int channel, Law law, bool shared) {
    const auto id = std::to_string(1000 + channel);
    const auto path = method + " /channels/" + id + "/messages" + (method == "POST" ? "" : "/{message_id}");
    return {{.method = method, .bucket_key = path}, "ch:" + id + ":msg" + (shared ? "" : ":" + method), law};
}

Kind list_kind(int channel, Model model) {
    const auto id = std::to_string(1000 + channel);
    return {
        {.method = "GET", .bucket_key = "GET /channels/" + id + "/messages"}, "ch:" + id + ":list", {50, 60s, model}};
}

/// Whether a latency varies from one message to the next.
enum class Way { near, steady, jittery, wild };

Latency draw_latency(Way way, std::mt19937_64& random) {
    const auto base = std::chrono::microseconds(std::uniform_int_distribution<int>(1000, 300000)(random));
    switch (way) {
        case Way::near:
            return {200us, 2ms};
        case Way::steady:
            return {base, base};
        case Way::jittery:
            return {base, base + base / 20};
        case Way::wild:
            break;
    }
    return {1ms, 300ms};
}

Scenario draw_scenario(std::uint64_t seed, Way way) {
    std::mt19937_64 random(seed);
    const auto pick = [&random](int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random);
    };
    Scenario scenario;
    scenario.seed = seed;
    scenario.wall_offset = 1'700'000'000s + std::chrono::milliseconds(pick(-3'600'000, 3'600'000));
    scenario.rounding = Rounding(pick(0, 2));
    scenario.up = draw_latency(way, random);
    scenario.down = draw_latency(way, random);
    const auto window = Model(pick(0, 1));
    const auto post = Model(pick(0, 3));
    const bool shared = pick(0, 3) == 0;
    const int channels = pick(1, 12);
    for (int channel = 0; channel < channels; ++channel) {
        scenario.kinds.push_back(message_kind("POST", channel, {5, 5s, post}, shared));
        scenario.kinds.push_back(message_kind("PATCH", channel, {5, 5s, shared ? post : window}, shared));
        scenario.kinds.push_back(message_kind("DELETE", channel, {5, 5s, shared ? post : window}, shared));
        scenario.kinds.push_back(list_kind(channel, window));
    }
    scenario.kinds.push_back({{.method = "POST", .bucket_key = "POST /servers"}, "servers", {1, 600s, window}});
    const bool only_posts = pick(0, 2) == 0;
    const int requests = pick(1, 20 * channels + 20);
    const int spread_ms = pick(0, 2) == 0 ? 0 : pick(1, 8000);
    for (int i = 0; i < requests; ++i) {
        const int channel = pick(0, channels - 1);
        const auto kind = static_cast<std::size_t>(channel * 4 + (only_posts ? 0 : pick(0, 3)));
        scenario.plan.push_back({epoch + std::chrono::milliseconds(spread_ms == 0 ? 0 : pick(0, spread_ms)), kind});
    }
    if (pick(0, 9) == 0) scenario.plan.push_back({epoch, scenario.kinds.size() - 1});
    std::stable_sort(scenario.plan.begin(), scenario.plan.end(),
                     [](const Planned& a, const Planned& b) { return a.submit < b.submit; });
    return scenario;
}

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

struct Tally {
    std::size_t schedules = 0, requests = 0, over_five_percent = 0;
    double worst = 1, sum = 0;
    std::uint64_t worst_seed = 0;
};

/// Plays one scenario alone on the server; what must hold everywhere is asserted here.
double play_alone(const Scenario& scenario) {
    Server server(scenario.wall_offset, scenario.rounding);
    World world(server, scenario.kinds, scenario.up, scenario.down, scenario.seed);
    const auto outcome = world.play(scenario.plan);
    EXPECT_EQ(outcome.violations, 0u) << "seed " << scenario.seed;
    EXPECT_EQ(outcome.completed, scenario.plan.size()) << "seed " << scenario.seed;
    EXPECT_EQ(outcome.ended_twice, 0u) << "seed " << scenario.seed;
    EXPECT_TRUE(outcome.orderly) << "seed " << scenario.seed;
    EXPECT_FALSE(outcome.wedged) << "seed " << scenario.seed;
    const auto up = (scenario.up.least + scenario.up.most) / 2, down = (scenario.down.least + scenario.down.most) / 2;
    const auto best = earliest_end(scenario.kinds, scenario.plan, up, down, scenario.wall_offset, true);
    return seconds(outcome.finished - epoch) / seconds(best - epoch);
}

Tally play_many(Way way, std::uint64_t first, std::size_t count) {
    Tally tally;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const auto scenario = draw_scenario(seed, way);
        const auto ratio = play_alone(scenario);
        ++tally.schedules;
        tally.requests += scenario.plan.size();
        tally.sum += ratio;
        if (ratio > 1.05) ++tally.over_five_percent;
        if (ratio > tally.worst) {
            tally.worst = ratio;
            tally.worst_seed = seed;
        }
        if (::testing::Test::HasFailure()) break;
    }
    std::cout << tally.schedules << " schedules, " << tally.requests << " requests: mean "
              << tally.sum / double(tally.schedules) << ", worst " << tally.worst << " (seed " << tally.worst_seed
              << "), " << tally.over_five_percent << " over 1.05 of the earliest end\n";
    return tally;
}

TEST(Model, alone_near_the_server_there_is_no_429) { play_many(Way::near, 1, 400); }
TEST(Model, alone_on_a_long_steady_way_there_is_no_429) { play_many(Way::steady, 10001, 200); }
TEST(Model, alone_on_a_jittery_way_there_is_no_429) { play_many(Way::jittery, 20001, 200); }
TEST(Model, alone_on_a_wild_way_there_is_no_429) { play_many(Way::wild, 30001, 400); }

}  // namespace
}  // namespace intent::limits::sim
