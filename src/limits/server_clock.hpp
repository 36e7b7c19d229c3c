// Where the server's clock stands against our monotonic one, as an interval that each answer's `Date` narrows.
#pragma once

#include "limits/headers.hpp"
#include "limits/limiter.hpp"

#include <cstdint>

namespace intent::limits {

/// `Date` has whole seconds and was written at some moment between our sending and our receiving, so one answer tells
/// the offset to a second and a round trip; many, at different parts of a second, tell it better. An answer that
/// contradicts the interval (the server's clock was set, another host answers) starts it anew.
///
/// Threads: Distinct objects: safe. Shared objects: unsafe.
class ServerClock {
public:
    void learn(Time sent, Time received, UnixTime date);

    bool known() const noexcept { return known_; }

    /// Our time of a server's time, at the latest and at the earliest.
    Time latest(UnixTime at) const noexcept;
    Time earliest(UnixTime at) const noexcept;

private:
    bool known_ = false;
    Duration low_{}, high_{};  // server's time minus ours
    Time learnt_{};
};

/// What of the round trip is certain. A request counts against a limit from its sending to its answer, which wastes a
/// round trip in each window; where the round trips of late were all alike, most of that need not be waited for: the
/// time that this answer took to come and that the next request takes to arrive is at least the shortest round trip,
/// less their whole spread (so that round trips that vary a lot give nothing).
///
/// Threads: Distinct objects: safe. Shared objects: unsafe.
class RoundTrips {
public:
    void learn(Time sent, Time received);
    Duration certain() const noexcept { return certain_; }

private:
    struct Extremes {
        Duration least = Duration::max(), most = Duration::zero();
        int count = 0;
    };
    static constexpr int generation = 24;

    Extremes before_, present_;
    Time learnt_{};
    Duration certain_{};
};

}  // namespace intent::limits
