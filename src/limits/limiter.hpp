// Decides when a REST request may start and whether its answer is final: the bucket table, the global window and the
// retries as one machine.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace intent::inline v0::limits {

using Time = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

/// Identifies a request from its submission to its end. The caller chooses it: unique, and larger with each
/// submission, because requests of one bucket are sent in the order of their ids.
using RequestId = std::uint64_t;

/// The properties of a request that the limiter needs.
struct Route {
    std::string method;      ///< "POST"
    std::string bucket_key;  ///< "POST /channels/123/messages", "PATCH /channels/123/messages/{message_id}": method and
                             ///< path without the base, major ids kept, minor ids, webhook tokens and queries folded or
                             ///< left out (protocol §10). The key counts until the server names the bucket; its shape
                             ///< selects the row of protocol §10's table.
    bool uses_token =
        true;  ///< false for webhooks by token and /auth: outside the token's global window and the 401 latch
    bool retry_post = false;  ///< the caller accepts that a POST may take effect twice: it is retried like a PATCH
    std::optional<Duration> max_wait =
        {};  ///< fail with `wait_too_long` once the bucket is known to delay it for longer than this
};

/// An answer of the server. The views need to be valid only during the call.
struct Answer {
    int status = 0;
    std::span<const std::pair<std::string, std::string>> headers = {};  ///< names in lower case
    std::string_view body = {};
    std::chrono::system_clock::time_point received = {};  ///< our wall clock: used if the server sends no usable `Date`
};

/// How a request ended without an answer.
enum class NoAnswer {
    not_sent,          ///< no connection: no byte of the request can have reached the server
    maybe_sent,        ///< reset, closed, …
    timeout_not_sent,  ///< as `not_sent`, by the deadline
    timeout_maybe_sent,
    unusable,  ///< the answer is unusable (too large, malformed): never retried
};

/// Send the request now. A later `Start` with the same id is a retry.
struct Start {
    RequestId id;
    friend bool operator==(const Start&, const Start&) = default;
};

/// The answer or failure just given for this request is final: return it to the caller. The id is forgotten.
struct Finish {
    RequestId id;
    friend bool operator==(const Finish&, const Finish&) = default;
};

enum class FailReason {
    cancelled,      ///< by `on_cancel`
    stopped,        ///< by `on_stop`, or submitted after it
    unauthorized,   ///< an earlier request got 401, and the token has not changed since (protocol §11)
    wait_too_long,  ///< its bucket delays it for longer than `Route::max_wait`
};

/// The request ends without an answer and, unless it was cancelled in flight, unsent. The id is forgotten.
struct Fail {
    RequestId id;
    FailReason reason;
    friend bool operator==(const Fail&, const Fail&) = default;
};

enum class NoticeKind {
    bucket_limited,  ///< 429: its bucket waits
    token_limited,   ///< 429 with `global: true`: every request that uses the token waits
    host_limited,    ///< 429 without a duration: every request waits
    retrying,        ///< a 5xx or a network failure: the request waits and is sent again
    token_refused,   ///< 401: requests that use the token fail from now on; once until `on_token_changed`
    many_refusals,   ///< every 1,000th 401, 403 or 429 within 10 minutes: a server may ban for fewer
};

/// For the log. The runner knows the request's route and writes the text.
struct Notice {
    NoticeKind kind;
    RequestId id;
    Duration wait = {};  ///< the duration, if something waits
    friend bool operator==(const Notice&, const Notice&) = default;
};

using Action = std::variant<Start, Finish, Fail, Notice>;
using Actions = std::vector<Action>;

struct Options {
    std::uint64_t seed = 0;                            ///< for the retries' ± 25 %; use a random device
    std::size_t global_limit = 50;                     ///< requests of the token ...
    Duration global_window = std::chrono::seconds(1);  ///< ... in any span of this length (protocol §10)
};

/// The known limits of one route's bucket.
struct RouteLimits {
    std::optional<std::uint32_t> limit = {};      ///< unset before the first answer, or if the server sends no limit
    std::optional<std::uint32_t> remaining = {};  ///< requests left in this window
    std::optional<Duration> reset_in = {};        ///< the latest end of the window; unset if no window is running
    std::size_t queued = 0;                       ///< requests waiting in the bucket, including those between two tries
    std::size_t in_flight = 0;
    friend bool operator==(const RouteLimits&, const RouteLimits&) = default;
};

/// Enforces the server's rate limits and decides about retries (protocol §10, §11).
///
/// How to drive it: call `on_submit` for each request. Execute the actions in order; for `Start` send the request and
/// report its outcome with `on_answer` or `on_no_answer`. Call `on_time` at `next_wake()`. Calls append to `out`, and
/// any call may return actions for any request. Each request ends with exactly one `Finish` or `Fail`. Inputs for
/// unknown ids and for requests not in flight are ignored; extra and early calls of `on_time` do nothing. `now`
/// must never go back.
///
/// Order: requests of one bucket start in the order of their ids, also after a 429. A write (anything but GET and HEAD)
/// has its bucket to itself from its start to its end, including waits between tries, so that writes arrive in order.
/// Reads run concurrently as far as the limit allows, and a read that waits for its next try lets others pass.
///
/// As the only client of a server that follows protocol §10 it causes no 429: a request counts against a limit from
/// its sending until the limit's window has passed since its *answer*, because the server may have counted it at any
/// moment in between. This costs one round trip per window; with a steady round-trip time it costs only the jitter.
///
/// Errors: throws only `std::bad_alloc`. Invalid headers and bodies count as absent.
/// Cost: constant per request; a bucket is evicted some minutes after its last request (BucketTable).
class Limiter {
public:
    explicit Limiter(Options options = {});
    ~Limiter();
    Limiter(Limiter&&) noexcept;
    Limiter& operator=(Limiter&&) noexcept;

    void on_submit(Time now, RequestId id, const Route& route, Actions& out);

    /// `now` is when the answer was received.
    void on_answer(Time now, RequestId id, const Answer& answer, Actions& out);
    void on_no_answer(Time now, RequestId id, NoAnswer how, Actions& out);

    /// Ends a request with `FailReason::cancelled`. The caller must abort a request in flight.
    void on_cancel(Time now, RequestId id, Actions& out);

    /// Opens the 401 latch. A 401 to a request started earlier does not close it again.
    void on_token_changed(Time now);

    /// Fails everything that is not in flight. Requests in flight may still end, without retries; later submissions
    /// fail.
    void on_stop(Time now, Actions& out);

    void on_time(Time now, Actions& out);

    /// When to call `on_time`; unset if nothing waits for time.
    std::optional<Time> next_wake() const;

    RouteLimits route_limits(Time now, std::string_view bucket_key) const;

    /// True after a 401, until `on_token_changed`.
    bool token_refused() const noexcept;

    /// Buckets held in memory, idle ones included.
    std::size_t bucket_count() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace intent::limits
