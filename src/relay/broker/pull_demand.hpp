// How many messages a puller has asked for, and when to ask again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace intent::relay::broker {

/// A machine. The broker answers a request for n messages with up to n messages over time and, unless all came, with an
/// end: expired, or an error.
///
/// How to drive it: `add` demand; `next_request` returns the size of a request to send, if one is due. Report what
/// comes, and call `on_time` at `next_wake`. After each of these, ask `next_request` again.
class PullDemand {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Options {
        std::size_t max_batch = 256;                 ///< of one request
        std::chrono::milliseconds expires{30'000};   ///< of a request, at the broker
        std::chrono::milliseconds silence{15'000};   ///< without message or heartbeat, the requests count as lost
        std::chrono::milliseconds retry_delay{250};  ///< after an error; doubles up to `max_retry_delay`
        std::chrono::milliseconds max_retry_delay{5'000};
    };

    explicit PullDemand(const Options& options) : options_(options) {}

    void add(std::size_t messages) noexcept { wanted_ += messages; }
    void cancel() noexcept { wanted_ = 0; }                        ///< no further requests
    std::size_t wanted() const noexcept { return wanted_; }        ///< may still come
    std::size_t requested() const noexcept { return requested_; }  ///< of them, those that the broker knows of

    /// Whether `next_request` would return one.
    bool is_due(Time now) const noexcept;
    /// The size of the request to send now; it counts as sent.
    std::optional<std::size_t> next_request(Time now);

    /// False for a message that is not wanted (any more): of a request that counted as void.
    bool on_message(Time now) noexcept;
    void on_heartbeat(Time now) noexcept;
    /// A request has ended, and this many of its messages do not come.
    void on_end(std::size_t missing, Time now) noexcept;
    /// The broker refused, or there is no connection or consumer: all requests are void.
    void on_failed(Time now) noexcept;
    /// There is a new connection: earlier requests are void.
    void on_connected(Time now) noexcept;

    /// True if the broker was silent for too long: all requests are void. Worth a line in the log.
    bool on_time(Time now) noexcept;
    std::optional<Time> next_wake() const noexcept;

private:
    Options options_;
    std::size_t wanted_ = 0;
    std::size_t requested_ = 0;
    Time heard_{};
    std::optional<Time> retry_at_;
    std::chrono::milliseconds delay_{0};
};

}  // namespace intent::relay::broker
