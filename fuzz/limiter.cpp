// The limiter machine under any schedule, with mostly valid answers, and with everything that a caller can do: cancel,
// change the token, stop.
#include "fuzz/limiter_watch.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <array>
#include <ctime>

namespace intent::fuzz {
namespace {

using namespace std::chrono_literals;

class Play {
public:
    explicit Play(FuzzedDataProvider& input)
        : input_(input),
          watch_({.seed = input.ConsumeIntegral<std::uint8_t>(),
                  .global_limit = input.ConsumeIntegralInRange<std::size_t>(1, 50)}) {}

    void run() {
        bool stopped = false;
        while (input_.remaining_bytes() > 0) {
            switch (input_.ConsumeIntegralInRange(0, 19)) {
                case 0:
                    watch_.cancel(input_.ConsumeIntegralInRange<limits::RequestId>(0, last_id_));
                    break;
                case 1:
                    watch_.change_token();
                    break;
                case 2:
                    if (input_.ConsumeIntegralInRange(0, 15) == 0) stopped = true;
                    if (stopped) watch_.stop();
                    break;
                case 3:  // for a request that may not be in flight
                    watch_.no_answer(input_.ConsumeIntegralInRange<limits::RequestId>(0, last_id_), no_answer());
                    break;
                case 4:
                    if (const auto id = watch_.in_flight(input_.ConsumeIntegral<std::uint8_t>()))
                        watch_.no_answer(*id, no_answer());
                    break;
                case 5:
                case 6:
                case 7:
                    watch_.pass(std::chrono::milliseconds(input_.ConsumeIntegral<std::uint16_t>() >>
                                                          input_.ConsumeIntegralInRange(0, 12)));
                    break;
                case 8:
                    watch_.pass(std::chrono::seconds(input_.ConsumeIntegralInRange(0, 2'000)));
                    break;
                case 9:
                case 10:
                case 11:
                case 12:
                case 13:
                    submit();
                    break;
                default:
                    answer();
                    break;
            }
        }
        watch_.change_token();
        watch_.finish();
    }

private:
    limits::NoAnswer no_answer() { return limits::NoAnswer(input_.ConsumeIntegralInRange(0, 4)); }

    void submit() {
        auto route = route_of(input_.ConsumeIntegral<std::uint8_t>());
        route.retry_post = input_.ConsumeBool();
        if (input_.ConsumeIntegralInRange(0, 7) == 0)
            route.max_wait = std::chrono::milliseconds(input_.ConsumeIntegralInRange(0, 10'000));
        for (int i = input_.ConsumeIntegralInRange(1, 8); i > 0; --i)
            watch_.submit(++last_id_, route);
    }

    void answer() {
        const auto id = watch_.in_flight(input_.ConsumeIntegral<std::uint8_t>());
        if (!id) return;
        static constexpr std::array statuses{200, 200, 200, 200, 201, 204, 404, 401, 403, 429, 429, 500, 503};
        const int status = input_.PickValueInArray(statuses);
        const std::time_t wall =
            1'700'000'000 + std::chrono::duration_cast<std::chrono::seconds>(watch_.now.time_since_epoch()).count() +
            input_.ConsumeIntegralInRange(-1, 1);
        Headers headers;
        if (input_.ConsumeIntegralInRange(0, 7) > 0) {
            const int limit = input_.ConsumeIntegralInRange(0, 7);
            headers = {{"x-ratelimit-limit", std::to_string(limit)},
                       {"x-ratelimit-remaining", std::to_string(input_.ConsumeIntegralInRange(0, limit))},
                       {"x-ratelimit-reset", std::to_string(wall + input_.ConsumeIntegralInRange(-2, 70))}};
        }
        if (input_.ConsumeBool())
            headers.emplace_back("x-ratelimit-bucket", "b" + std::to_string(input_.ConsumeIntegralInRange(0, 4)));
        if (input_.ConsumeBool()) {
            char date[64];
            std::tm time{};
            gmtime_r(&wall, &time);
            std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &time);
            headers.emplace_back("date", date);
        }
        if (status == 429 && input_.ConsumeBool())
            headers.emplace_back("retry-after", std::to_string(input_.ConsumeIntegralInRange(0, 20)));
        if (status == 429 && input_.ConsumeIntegralInRange(0, 3) == 0)
            headers.emplace_back("x-ratelimit-global", "true");
        watch_.answer(*id, status, headers, {}, std::chrono::system_clock::from_time_t(wall));
    }

    FuzzedDataProvider& input_;
    LimiterWatch watch_;
    limits::RequestId last_id_ = 0;
};

}  // namespace
}  // namespace intent::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    intent::fuzz::Play(input).run();
    return 0;
}
