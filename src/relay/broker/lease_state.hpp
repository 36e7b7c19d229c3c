// Who leads: decided from what stands in a key, and from this process's own clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace intent::relay::broker {

/// What stands in the key of a lease.
struct LeaseRecord {
    std::string holder;      ///< unique for each process; empty: released
    std::uint64_t term = 0;  ///< increases with each change of the holder
    friend bool operator==(const LeaseRecord&, const LeaseRecord&) = default;
};
/// "<term> <holder>".
std::string format_lease(const LeaseRecord& record);
std::optional<LeaseRecord> parse_lease(std::string_view text);

/// A machine: one holder of a lease that several want.
///
/// Safety: a holder counts its time from before the request that took or renewed the lease; the others count theirs
/// from when they saw the result, which is later, and wait longer. So the first holder has given up before another one
/// begins, as long as their clocks run equally fast to within `Options::margin`. No wall clock is compared.
///
/// How to drive it: `start`, then execute the actions; report the result of each read and write (one of them is on its
/// way at a time); call `on_time` at `next_wake`, and `on_hint` when the key may have changed. Time stands for the
/// monotonic clock, taken when the result has arrived.
class LeaseState {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Options {
        std::string holder;                       ///< unique for each process: without spaces
        std::chrono::milliseconds ttl{10'000};    ///< without renewal, another one may take it after this
        std::chrono::milliseconds renew{2'500};   ///< how often the holder renews it
        std::chrono::milliseconds look{1'000};    ///< how often the others look
        std::chrono::milliseconds margin{1'000};  ///< the holder gives up this long before `ttl` is over
        std::chrono::milliseconds retry{250};     ///< after a failed request
    };

    struct Read {};  ///< read the key
    struct Write {   ///< set the key if it still has this revision (0: if it was never set)
        LeaseRecord record;
        std::uint64_t revision = 0;
    };
    struct Lead {  ///< this process leads from now on
        std::uint64_t term = 0;
    };
    struct Follow {  ///< this process has led, and must stop at once
        std::string reason;
    };
    struct Released {};  ///< `release` has come to its end
    using Action = std::variant<Read, Write, Lead, Follow, Released>;
    using Actions = std::vector<Action>;

    explicit LeaseState(const Options& options);

    void start(Time now, Actions& actions);
    /// Gives the lease up: `Follow` comes at once, then the key is written so that another one can take it.
    void release(Time now, Actions& actions, std::string reason = "it was released");

    /// A read has ended. `record` unset: the key has no (valid) value. `revision` 0: it was never set.
    void on_read(std::optional<LeaseRecord> record, std::uint64_t revision, Time now, Actions& actions);
    void on_written(std::uint64_t revision, Time now, Actions& actions);
    void on_conflict(Time now, Actions& actions);  ///< the key has another revision
    void on_failed(Time now, Actions& actions);    ///< of a read or write: not done, or the outcome is unknown
    /// The key may have changed, or there is a new connection.
    void on_hint(Time now, Actions& actions);

    void on_time(Time now, Actions& actions);
    Time next_wake() const noexcept;

    /// Whether this process leads at `now`, also if `on_time` is late.
    bool leads(Time now) const noexcept { return leading_ && now < valid_until_; }
    std::uint64_t term() const noexcept { return term_; }
    /// The holder that was seen last; empty if there is none.
    const std::string& seen_holder() const noexcept { return seen_.holder; }

private:
    enum class Request { none, read, write };

    void read(Time now, Actions& actions);
    void write(LeaseRecord record, Time now, Actions& actions);
    void stop_leading(std::string reason, Actions& actions);
    void give_up_in_time(Time now, Actions& actions);
    void give_up(Time now, Actions& actions);
    void take_part(Time now, Actions& actions);

    Options options_;
    Request request_ = Request::none;
    Time sent_{};              // the request on its way
    LeaseRecord writing_;      // of the write on its way
    bool look_again_ = false;  // a hint came during a request
    bool releasing_ = false;
    bool ended_ = false;
    bool leading_ = false;
    Time valid_until_{};  // of the own lease
    std::uint64_t term_ = 0;
    LeaseRecord seen_;
    std::uint64_t revision_ = 0;         // of `seen_`
    std::optional<Time> seen_since_;     // when `revision_` was seen first; unset: nothing was read yet
    std::optional<Time> unknown_write_;  // sending of a write whose outcome is unknown
    Time next_{};
};

}  // namespace intent::relay::broker
