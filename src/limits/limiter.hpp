// When may a REST request start, and is its answer final? The bucket table, the global window and the retries as one
// machine.
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

namespace intent::limits {

using Time = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

/// Names one request from its submission to its end. Chosen by the caller: unique, and rising from one submission to
/// the next, for it is also the order in which requests of one bucket are sent.
using Ticket = std::uint64_t;

/// What the limiter needs to know of a request.
struct Route {
    std::string method;      ///< "POST"
    std::string bucket_key;  ///< "POST /channels/123/messages", "PATCH /channels/123/messages/{message_id}": method and
                             ///< path without the base, major ids kept, minor ids, webhook tokens and queries folded or
                             ///< left out (protocol §10). The key counts until the server names the bucket; its shape
                             ///< selects the row of protocol §10's table.
    bool uses_token =
        true;  ///< false for webhooks by token and /auth: outside the token's global window and the 401 latch
    bool retry_post = false;  ///< the caller accepts that a POST is carried out twice: it is then retried as a PATCH is
    std::optional<Duration> max_wait =
        {};  ///< fail with `wait_too_long` once the bucket is known to hold it up for longer
};

/// An answer of the server, borrowed for the length of the call.
struct Answer {
    int status = 0;
    std::span<const std::pair<std::string, std::string>> headers = {};  ///< names in lower case
    std::string_view body = {};
    std::chrono::system_clock::time_point received =
        {};  ///< our wall clock: stands in where the server sends no usable `Date`
};

/// How a request ended without an answer.
enum class NoAnswer {
    not_sent,          ///< no connection; not a byte of the request can have reached the server
    maybe_sent,        ///< reset, closed, …
    timeout_not_sent,  ///< as `not_sent`, by the deadline
    timeout_maybe_sent,
    unusable,  ///< an answer came but cannot be taken (too large, malformed): never retried
};

/// Send the request now. A later `Start` of the same ticket is a retry.
struct Start {
    Ticket ticket;
    friend bool operator==(const Start&, const Start&) = default;
};

/// The answer or failure that was just given for this ticket is final: hand it to the caller. The ticket is forgotten.
struct Finish {
    Ticket ticket;
    friend bool operator==(const Finish&, const Finish&) = default;
};

enum class FailReason {
    cancelled,      ///< by `on_cancel`
    stopped,        ///< by `on_stop`, or submitted after it
    unauthorized,   ///< the token was refused with 401 before, and has not been changed since (protocol §11)
    wait_too_long,  ///< its bucket is held up for longer than `Route::max_wait`
};

/// The request ends without an answer and, unless it was cancelled in flight, unsent. The ticket is forgotten.
struct Fail {
    Ticket ticket;
    FailReason reason;
    friend bool operator==(const Fail&, const Fail&) = default;
};

enum class NoticeKind {
    bucket_limited,  ///< 429: the ticket's bucket waits
    token_limited,   ///< 429 with `global: true`: every request that uses the token waits
    host_limited,    ///< 429 without any word on how long: every request waits
    retrying,        ///< a 5xx or a network failure: the ticket waits and is sent again
    token_refused,   ///< 401: requests that use the token fail from now on; once until `on_token_changed`
    many_refusals,   ///< every 1,000th 401, 403 or 429 within 10 minutes: a server may ban for less
};

/// For the log. The runner knows the ticket's route and writes the text.
struct Notice {
    NoticeKind kind;
    Ticket ticket;
    Duration wait = {};  ///< how long, where something waits
    friend bool operator==(const Notice&, const Notice&) = default;
};

using Action = std::variant<Start, Finish, Fail, Notice>;
using Actions = std::vector<Action>;

struct Options {
    std::uint64_t seed = 0;                            ///< of the retries' ± 25 %; take it from a random device
    std::size_t global_limit = 50;                     ///< requests of the token ...
    Duration global_window = std::chrono::seconds(1);  ///< ... in any span of this length (protocol §10)
};

/// What is known of the limits of one route's bucket.
struct RouteLimits {
    std::optional<std::uint32_t> limit = {};      ///< unset before the first answer, or when the server sends none
    std::optional<std::uint32_t> remaining = {};  ///< what may still be sent in this window
    std::optional<Duration> reset_in = {};        ///< until the window ends, at the latest; unset when none runs
    std::size_t queued = 0;  ///< requests that wait in the bucket, those between two tries included
    std::size_t in_flight = 0;
    friend bool operator==(const RouteLimits&, const RouteLimits&) = default;
};

/// Keeps the server's rate limits and decides about retries (protocol §10, §11).
///
/// How to drive it: `on_submit` each request; carry out the actions in order, `Start` by sending the request and giving
/// the outcome back by `on_answer` or `on_no_answer`; call `on_time` at `next_wake()`. `out` is appended to. Any call
/// may yield actions for any ticket. Each ticket ends by exactly one `Finish` or `Fail`. Inputs for tickets that are
/// not in flight (or unknown) are ignored, extra and early calls of `on_time` do nothing. `now` never goes back.
///
/// Order: requests of one bucket start in ticket order, also through a 429. One that writes (anything but GET and HEAD)
/// has its bucket to itself from its start to its end, waits between tries included, so that writes arrive in order;
/// reads run side by side as far as the limit allows, and a read that waits for its next try lets others pass.
///
/// Alone on a server that follows protocol §10 it earns no 429: a request counts against a limit from its sending until
/// the limit's window has passed since its *answer*, for in between the server may have counted it at any moment. The
/// price is one round trip per window; of a steady round-trip time only the jitter is paid.
///
/// Errors: none, nothing throws but `std::bad_alloc`. Headers and bodies that make no sense count as absent.
/// Threads: Distinct objects: safe. Shared objects: unsafe.
/// Cost: constant for each request; a bucket is forgotten some minutes after its last request.
class Limiter {
public:
    explicit Limiter(Options options = {});
    ~Limiter();
    Limiter(Limiter&&) noexcept;
    Limiter& operator=(Limiter&&) noexcept;

    void on_submit(Time now, Ticket ticket, const Route& route, Actions& out);

    /// `now` is when the answer was received.
    void on_answer(Time now, Ticket ticket, const Answer& answer, Actions& out);
    void on_no_answer(Time now, Ticket ticket, NoAnswer how, Actions& out);

    /// Ends a request with `FailReason::cancelled`; one in flight is to be aborted by the caller.
    void on_cancel(Time now, Ticket ticket, Actions& out);

    /// Opens the 401 latch. A 401 to a request that was started before does not close it again.
    void on_token_changed(Time now);

    /// Fails everything that is not in flight. What is in flight may still end, without retries; later submissions
    /// fail.
    void on_stop(Time now, Actions& out);

    void on_time(Time now, Actions& out);

    /// When `on_time` wants to be called; unset when nothing waits for time.
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
