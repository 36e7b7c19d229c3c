#include "limits/server_clock.hpp"

#include <algorithm>

namespace intent::inline v0::limits {
namespace {

using namespace std::chrono_literals;

constexpr Duration date_staleness = 50ms;  // servers write `Date` from a cache that a timer renews
constexpr int drift_divisor = 5000;        // 200 ppm: two crystals and a clock discipline that slews
constexpr Duration forget_round_trips = 60s;

Duration since_epoch(UnixTime at) { return std::chrono::duration_cast<Duration>(at.time_since_epoch()); }

}  // namespace

void ServerClock::learn(Time sent, Time received, UnixTime date) {
    const auto low = since_epoch(date) - received.time_since_epoch();
    const auto high = since_epoch(date) + 1s + date_staleness - sent.time_since_epoch();
    if (known_) {
        const auto drift = (received - learnt_) / drift_divisor;
        low_ -= drift;
        high_ += drift;
    }
    if (!known_ || low > high_ || high < low_) {
        low_ = low;
        high_ = high;
    } else {
        low_ = std::max(low_, low);
        high_ = std::min(high_, high);
    }
    known_ = true;
    learnt_ = received;
}

Time ServerClock::latest(UnixTime at) const noexcept { return Time(since_epoch(at) - low_); }
Time ServerClock::earliest(UnixTime at) const noexcept { return Time(since_epoch(at) - high_); }

void RoundTrips::learn(Time sent, Time received) {
    if (received - learnt_ > forget_round_trips) *this = {};  // the route may have changed by now
    learnt_ = received;
    const auto took = received - sent;
    present_.min = std::min(present_.min, took);
    present_.max = std::max(present_.max, took);
    if (++present_.count == generation) before_ = std::exchange(present_, {});
    if (before_.count == 0) return;
    const auto min = std::min(before_.min, present_.min);
    const auto max = std::max(before_.max, present_.max);
    certain_ = std::max<Duration>(min - (max - min), Duration::zero());
}

}  // namespace intent::limits
