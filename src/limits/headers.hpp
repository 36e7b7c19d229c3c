// Reads rate limits from an answer (protocol §10). Invalid values count as absent.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace intent::inline v0::limits {

using UnixTime = std::chrono::sys_time<std::chrono::nanoseconds>;

struct RateLimitInfo {
    std::optional<std::uint32_t> limit = {};
    std::optional<std::uint32_t> remaining = {};  ///< at most `limit`
    std::optional<UnixTime> reset =
        {};  ///< by the server's clock, in whole seconds; milliseconds sent by mistake are recognised
    std::string_view bucket = {};  ///< points into the headers; empty if absent
    bool global = false;           ///< from the header's value or a 429's body; meaningless unless the status is 429
    std::optional<std::chrono::nanoseconds> retry_after =
        {};                             ///< of a 429: the larger of header and body, clamped to 1 ms - 1 h
    std::optional<UnixTime> date = {};  ///< `Date`: the server's clock in whole seconds, rounded down
};

/// Reads an answer's headers (names in lower case) and the body of a 429. The first of duplicate limit headers counts,
/// and the largest `Retry-After`. `received` is our wall clock: a `Retry-After` date is relative to it if there is no
/// `Date`.
RateLimitInfo parse_rate_limit(int status, std::span<const std::pair<std::string, std::string>> headers,
                               std::string_view body, std::chrono::system_clock::time_point received);

/// Reads seconds, whole or with a decimal fraction. Unset for anything else, including negative numbers, `nan` and
/// `inf`; numbers too large become 1e18.
std::optional<double> parse_seconds(std::string_view text) noexcept;

}  // namespace intent::limits
