// Whether, and after how long, a request is sent again (protocol §11).
#pragma once

#include "limits/limiter.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace intent::limits {

/// How a try ended, as far as retries are concerned. 429 is the bucket table's affair: only its number of tries stands
/// here.
enum class Ending : std::uint8_t {
    final_answer,  ///< success, or an error that another try would not mend
    rate_limited,  ///< 429
    server_fault,  ///< 5xx
    nothing_sent,  ///< a network failure before any byte could reach the server
    maybe_sent,    ///< a network failure after which the request may have been carried out
    unusable,      ///< an answer that cannot be taken
};

Ending ending_of(int status) noexcept;
Ending ending_of(NoAnswer how) noexcept;

/// What a second try of the same request may do.
enum class Repeat : std::uint8_t {
    harmless,  ///< GET, HEAD, PUT, PATCH, DELETE: the same again
    doubles,   ///< POST and unknown methods: carried out twice
};

Repeat repeat_of(std::string_view method) noexcept;

/// How often a request that gets 429 is sent in all.
inline constexpr int max_rate_limited_tries = 5;

/// The wait before the next try, or nothing if the ending is final. `failures` counts the failed tries before this one,
/// `random` is any 64 random bits: 1, 2, 4 s ± 25 %.
std::optional<Duration> retry_delay(Ending ending, Repeat repeat, int failures, std::uint64_t random) noexcept;

/// The wait of the whole host after a 429 that does not say how long: 1, 2, 4, … up to 60 s.
Duration host_delay(int earlier) noexcept;

/// A small generator of well mixed 64-bit numbers (SplitMix64), for the spread of waits.
class Mixer {
public:
    explicit Mixer(std::uint64_t seed) noexcept : state_(seed) {}
    std::uint64_t next() noexcept;

private:
    std::uint64_t state_;
};

}  // namespace intent::limits
