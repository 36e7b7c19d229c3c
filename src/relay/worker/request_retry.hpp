// When a request to the relay is sent again.
#pragma once

#include <algorithm>
#include <chrono>
#include <variant>

namespace intent::relay {

/// A machine for one request.
///
/// How to drive it: `start`, then do what it returns: send the request and report with `on_failed` why no answer came,
/// or call `start` again at the time to wait for. An answer ends it.
class RequestRetry {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Milliseconds = std::chrono::milliseconds;

    enum class Repeat {
        never,   ///< only if nothing was sent
        costly,  ///< each copy has an effect on limits: ever more rarely
        free,    ///< copies with the same key are one request
    };
    enum class Failure {
        no_relay,  ///< nobody listens, or there is no connection: nothing was sent
        refused,   ///< the relay stops, or leads no longer: it did nothing
        lost,      ///< sent, and no answer in time, or the connection was lost
    };

    struct Send {
        Milliseconds timeout;
        friend bool operator==(const Send&, const Send&) = default;
    };
    struct Wait {
        Time until;
        friend bool operator==(const Wait&, const Wait&) = default;
    };
    enum class Fail {
        not_sent,  ///< no relay had it
        timeout,   ///< a relay may have it
    };
    using Step = std::variant<Send, Wait, Fail>;

    /// `answer_time`: the time after which an answer counts as lost, if the request can be repeated. A free request
    /// begins with `free_answer_time`, because the relay may have died, and then waits for `max_free_answer_time`,
    /// because the one that follows a relay that stands still does not know of the call.
    RequestRetry(Time now, Milliseconds deadline, Milliseconds answer_time, Repeat repeat) noexcept
        : deadline_(now + deadline),
          silent_since_(now),
          answer_time_(repeat == Repeat::free ? std::min(answer_time, free_answer_time) : answer_time),
          max_answer_time_(repeat == Repeat::free ? std::min(answer_time, max_free_answer_time)
                                                  : std::chrono::hours(1)),
          repeat_(repeat) {}

    Step start(Time now);
    Step on_failed(Time now, Failure failure);

    /// A request that no relay takes fails after this: a standby leads within 15 s.
    static constexpr Milliseconds patience{30'000};
    static constexpr Milliseconds free_answer_time{2'000};
    static constexpr Milliseconds max_free_answer_time{4'000};
    static constexpr Milliseconds first_delay{100};
    static constexpr Milliseconds max_delay{1'000};

private:
    Time deadline_;
    Time silent_since_;  // since when there is no relay
    Milliseconds answer_time_;
    Milliseconds max_answer_time_;
    Repeat repeat_;
    Milliseconds delay_ = first_delay;
    bool sent_ = false;
};

}  // namespace intent::relay
