#include "limits/retry_policy.hpp"

#include <algorithm>
#include <array>

namespace intent::inline v0::limits {
namespace {

using namespace std::chrono_literals;

struct Row {
    Ending ending;
    int retries_when_harmless;
    int retries_when_doubling;
};

constexpr std::array<Row, 5> endings = {{
    {Ending::final_answer, 0, 0},
    {Ending::server_fault, 3, 0},
    {Ending::nothing_sent, 3, 3},
    {Ending::maybe_sent, 3, 0},
    {Ending::unusable, 0, 0},
}};

constexpr std::array<Duration, 3> delays = {1s, 2s, 4s};

}  // namespace

Ending ending_of(int status) noexcept {
    if (status == 429) return Ending::rate_limited;
    if (status >= 500 && status <= 599) return Ending::server_fault;
    return Ending::final_answer;
}

Ending ending_of(NoAnswer how) noexcept {
    switch (how) {
        case NoAnswer::not_sent:
        case NoAnswer::timeout_not_sent:
            return Ending::nothing_sent;
        case NoAnswer::maybe_sent:
        case NoAnswer::timeout_maybe_sent:
            return Ending::maybe_sent;
        case NoAnswer::unusable:
            break;
    }
    return Ending::unusable;
}

Repeat repeat_of(std::string_view method) noexcept {
    for (const std::string_view harmless : {"GET", "HEAD", "PUT", "PATCH", "DELETE"}) {
        if (method == harmless) return Repeat::harmless;
    }
    return Repeat::doubles;
}

std::optional<Duration> retry_delay(Ending ending, Repeat repeat, int failures, std::uint64_t random) noexcept {
    for (const auto& row : endings) {
        if (row.ending != ending) continue;
        const int retries = repeat == Repeat::harmless ? row.retries_when_harmless : row.retries_when_doubling;
        if (failures >= retries) return {};
        const auto delay = delays[std::min<std::size_t>(static_cast<std::size_t>(failures), delays.size() - 1)];
        const double factor = 0.75 + 0.5 * static_cast<double>(random >> 11) / 9007199254740992.0;
        return Duration(static_cast<Duration::rep>(static_cast<double>(delay.count()) * factor));
    }
    return {};
}

Duration host_delay(int earlier) noexcept { return std::min<Duration>(1s * (1 << std::clamp(earlier, 0, 6)), 60s); }

}  // namespace intent::limits
