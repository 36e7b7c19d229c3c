// Limits the frames sent (protocol §5: 120 in any 60 s).
#pragma once

#include "session/settings.hpp"

#include <cstddef>
#include <vector>

namespace intent::session {

/// A sliding window over all frames except scheduled heartbeats. Those never wait and are not counted: their share is
/// deducted from the limit in advance, so no burst of commands can use it up.
class SendLimiter {
public:
    explicit SendLimiter(const Schedule& schedule);

    /// Reserves room for a heartbeat every `interval`. Commands keep at least half of the window, even with an
    /// interval so short that beats alone would fill it: a server that asks for such beats cannot count them. If beats
    /// become slower, the faster ones stay in the window for its whole length, and so does their room.
    void keep_room(Time now, Duration interval);

    /// The earliest moment for the next command; in the past if there is room.
    Time next_free() const noexcept;

    /// The same for a new connection, which sends an Identify or Resume, and a beat before its schedule begins.
    Time next_opening() const noexcept;

    /// Whether a reply to a heartbeat request fits. It may also use the spare places that commands leave.
    bool fits_reply(Time now) const noexcept;

    void on_sent(Time now);

    /// The server reported that we sent too much (4008): treats the limit as used up at `now`; room returns evenly
    /// over a window.
    void use_up(Time now);

private:
    static constexpr std::size_t spare = 4;  // for new connections and replies to heartbeat requests

    std::size_t places_beside(Duration interval) const noexcept;
    Time frees(std::size_t places) const noexcept;
    /// When fewer frames are left than commands may use, less `reserved`, or more than that if it is negative.
    Time frees_beside(std::ptrdiff_t reserved) const noexcept;

    std::size_t limit_;
    Duration window_;
    std::size_t commands_;        // maximum in a window
    std::size_t later_commands_;  // the same from `later_` on: more, or equal
    Time later_ = Time::min();
    std::vector<Time> sent_;  // ascending, at most limit_ long
};

}  // namespace intent::session
