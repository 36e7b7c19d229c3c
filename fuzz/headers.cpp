// Answers with arbitrary headers and bodies: the limiter must not spin, block forever or lose a request.
#include "limits/headers.hpp"

#include "fuzz/limiter_watch.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <array>

namespace intent::fuzz {
namespace {

using namespace std::chrono_literals;

constexpr std::array names{"x-ratelimit-limit",
                           "x-ratelimit-remaining",
                           "x-ratelimit-reset",
                           "x-ratelimit-bucket",
                           "x-ratelimit-global",
                           "retry-after",
                           "date",
                           "x-ratelimit-other"};
constexpr std::array statuses{200, 204, 400, 401, 403, 404, 429, 429, 500, 503, 0, -1};

/// One line of text from the input.
std::string line(FuzzedDataProvider& input) { return input.ConsumeRandomLengthString(48); }

void answer(FuzzedDataProvider& input, LimiterWatch& watch) {
    const auto id = watch.in_flight(input.ConsumeIntegral<std::uint8_t>());
    if (!id) return;
    const int status = input.PickValueInArray(statuses);
    Headers headers;
    for (int i = input.ConsumeIntegralInRange(0, 8); i > 0; --i)
        headers.emplace_back(input.PickValueInArray(names), line(input));
    const auto body = status == 429 ? line(input) : std::string();
    const std::chrono::system_clock::time_point received{std::chrono::seconds(input.ConsumeIntegral<std::uint32_t>())};

    const auto info = limits::parse_rate_limit(status, headers, body, received);
    require(!info.limit || !info.remaining || *info.remaining <= *info.limit, "Remaining exceeds the limit");
    require(!info.retry_after || (*info.retry_after >= 1ms && *info.retry_after <= 1h), "a wait out of bounds");
    watch.answer(*id, status, headers, body, received);
}

}  // namespace
}  // namespace intent::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace intent;
    using namespace std::chrono_literals;
    FuzzedDataProvider input(data, size);
    fuzz::LimiterWatch watch({.seed = 1});
    limits::RequestId id = 0;
    while (input.remaining_bytes() > 0) {
        const auto choice = input.ConsumeIntegralInRange(0, 7);
        if (choice < 3) {
            watch.submit(++id, fuzz::route_of(input.ConsumeIntegral<std::uint8_t>()));
        } else if (choice < 7) {
            watch.pass(std::chrono::milliseconds(input.ConsumeIntegralInRange(0, 500)));
            fuzz::answer(input, watch);
        } else {
            watch.pass(std::chrono::milliseconds(input.ConsumeIntegralInRange(0, 100'000)));
        }
    }
    watch.change_token();
    watch.finish();
    return 0;
}
