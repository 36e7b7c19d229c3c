// The REST limiter's cost per request (acquire, complete with an answer's headers), and the size of a bucket.
#include "limits/limiter.hpp"

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace intent::bench {
namespace {

using limits::Actions;
using limits::Limiter;
using Headers = std::vector<std::pair<std::string, std::string>>;

limits::Options unhindered() {
    limits::Options options;
    options.global_limit = 1'000'000;
    return options;
}

limits::Route route(std::size_t channel) {
    return {.method = "GET",
            .bucket_key = "GET /channels/" + std::to_string(1'000'000'000'000 + channel),
            .uses_token = true};
}

/// Sequential requests over `buckets` buckets. Time is virtual: one millisecond passes between requests, so that no
/// limit delays any.
void acquire_and_complete(benchmark::State& state) {
    const auto buckets = static_cast<std::size_t>(state.range(0));
    std::vector<limits::Route> routes;
    for (std::size_t i = 0; i < buckets; ++i)
        routes.push_back(route(i));
    Headers headers = {{"x-ratelimit-limit", "1000000"},
                       {"x-ratelimit-remaining", "999999"},
                       {"x-ratelimit-reset", ""},
                       {"x-ratelimit-global", "false"}};
    std::chrono::system_clock::time_point received{std::chrono::seconds{1705320000}};
    Limiter limiter{unhindered()};
    limits::Time now{std::chrono::hours{1}};
    limits::RequestId id = 0;
    Actions actions;
    const auto once = [&](const limits::Route& where) {
        now += std::chrono::milliseconds{1};
        if (id++ % 1000 == 0) {
            received += std::chrono::seconds{1};
            headers[2].second = std::to_string(std::chrono::system_clock::to_time_t(received) + 60);
        }
        limiter.on_submit(now, id, where, actions);
        const bool started = actions.size() == 1 && std::holds_alternative<limits::Start>(actions[0]);
        limiter.on_answer(now, id, {.status = 200, .headers = headers, .body = {}, .received = received}, actions);
        const bool finished = actions.size() == 2 && std::holds_alternative<limits::Finish>(actions[1]);
        actions.clear();
        if (const auto wake = limiter.next_wake(); wake && *wake <= now) limiter.on_time(now, actions);
        return started && finished;
    };
    once(routes[0]);
    const std::size_t before = mallinfo2().uordblks;
    for (const auto& where : routes)
        once(where);
    if (buckets > 1) {
        const auto grown = static_cast<double>(mallinfo2().uordblks - before);
        state.counters["bytes_per_bucket"] = grown / static_cast<double>(buckets - 1);
    }
    std::size_t next = 0;
    for (auto _ : state) {
        if (!once(routes[next])) {
            state.SkipWithError("a request was held up");
            break;
        }
        if (++next == buckets) next = 0;
    }
    state.counters["buckets"] = static_cast<double>(limiter.bucket_count());
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(acquire_and_complete)->RangeMultiplier(10)->Range(1, 100'000);

}  // namespace
}  // namespace intent::bench
