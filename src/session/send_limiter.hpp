// How many frames may leave (protocol §5: 120 in any 60 s).
#pragma once

#include "session/settings.hpp"

#include <cstddef>
#include <vector>

namespace intent::session {

/// A sliding window over the frames that are not heartbeats on schedule. Those never wait and are not counted: their
/// share is taken off the limit from the start, so no burst of commands can use it up.
///
/// Distinct objects: safe. Shared objects: unsafe.
class SendLimiter {
public:
    explicit SendLimiter(const Schedule& schedule);

    /// Keeps room for a heartbeat every `interval`. With an interval so short that beats alone would fill the window
    /// half of it stays with the commands: a server that asks for such beats cannot count them.
    void keep_room(Duration interval);

    /// The first moment at which a command may be sent; in the past if there is room.
    Time next_free() const noexcept;

    /// The same for a new connection, which sends an Identify or Resume, and a beat before its schedule begins.
    Time next_opening() const noexcept;

    /// Whether an answer to a heartbeat request fits: it may also use the spare places that commands leave.
    bool fits_reply(Time now) const noexcept;

    void on_sent(Time now);

    /// The server says that we sent too much (4008): as if all were used up at `now`, room comes back evenly over a
    /// window.
    void use_up(Time now);

private:
    static constexpr std::size_t spare = 4;  // for new connections and for answers to heartbeat requests

    Time frees(std::size_t places) const noexcept;

    std::size_t limit_;
    Duration window_;
    std::size_t commands_;    // at most so many in a window
    std::vector<Time> sent_;  // ascending, at most limit_ long
};

}  // namespace intent::session
