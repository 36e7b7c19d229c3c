// Whether, and after what delay, a request is sent again (protocol §11).
#pragma once

#include "limits/limiter.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace intent::inline v0::limits {

/// How a try ended, with respect to retries. The bucket table handles 429; only its number of tries is here.
enum class Ending : std::uint8_t {
    final_answer,  ///< success, or an error that a retry would not change
    rate_limited,  ///< 429
    server_fault,  ///< 5xx
    nothing_sent,  ///< a network failure before any byte could reach the server
    maybe_sent,    ///< a network failure after which the request may have been carried out
    unusable,      ///< an unusable answer
};

Ending ending_of(int status) noexcept;
Ending ending_of(NoAnswer how) noexcept;

/// The effect of repeating a request.
enum class Repeat : std::uint8_t {
    harmless,  ///< GET, HEAD, PUT, PATCH, DELETE: the same effect again
    doubles,   ///< POST and unknown methods: takes effect twice
};

Repeat repeat_of(std::string_view method) noexcept;

/// Maximum number of sends of a request that gets 429.
inline constexpr int max_rate_limited_tries = 5;

/// The wait before the next try; unset if the ending is final. `failures` counts the failed tries before this one,
/// `random` is any 64 random bits: 1, 2, 4 s ± 25 %.
std::optional<Duration> retry_delay(Ending ending, Repeat repeat, int failures, std::uint64_t random) noexcept;

/// The pause for the whole host after a 429 without a duration: 1, 2, 4, … up to 60 s.
Duration host_delay(int earlier) noexcept;

}  // namespace intent::limits
