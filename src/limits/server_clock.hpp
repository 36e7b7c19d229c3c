// Estimates the offset of the server's clock from our monotonic clock, as an interval that each `Date` narrows.
#pragma once

#include "limits/headers.hpp"
#include "limits/limiter.hpp"

#include <cstdint>

namespace intent::inline v0::limits {

/// `Date` has whole seconds and was written between our sending and our receiving, so one answer gives the offset to a
/// second plus a round trip. Many answers, at different parts of a second, give it more exactly. An answer that
/// contradicts the interval (the server's clock was set, or another host answers) restarts the estimate.
class ServerClock {
public:
    void learn(Time sent, Time received, UnixTime date);

    bool known() const noexcept { return known_; }

    /// The latest and the earliest time on our clock for a time on the server's.
    Time latest(UnixTime at) const noexcept;
    Time earliest(UnixTime at) const noexcept;

private:
    bool known_ = false;
    Duration low_{}, high_{};  // the server's time minus ours
    Time learnt_{};
};

/// The certain part of the round trip. A request counts against a limit from its sending to its answer, which wastes a
/// round trip in each window. If recent round trips were all alike, most of that wait is unnecessary: this answer's
/// way back plus the next request's way there take at least the shortest round trip, less the spread of all round
/// trips (so widely varying round trips give nothing).
class RoundTrips {
public:
    void learn(Time sent, Time received);
    Duration certain() const noexcept { return certain_; }

private:
    struct Extremes {
        Duration min = Duration::max(), max = Duration::zero();
        int count = 0;
    };
    static constexpr int generation = 24;

    Extremes before_, present_;
    Time learnt_{};
    Duration certain_{};
};

}  // namespace intent::limits
