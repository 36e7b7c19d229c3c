// Faults that a sandbox injects (docs/sandbox-control.md).
#pragma once

#include <intent/detail/chrono.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace intent::inline v0::sandbox {

/// What goes wrong. `fault_kinds` (intent/sandbox/fault_kinds.hpp) describes each kind.
enum class FaultKind : std::uint8_t {
    // Of requests:
    status,           ///< the answer has a status of 400-599
    rate_limit,       ///< the answer has the status 429
    delay,            ///< the answer is late
    stall,            ///< there is no answer
    drop_request,     ///< the connection is closed without an answer
    truncate,         ///< the connection is closed within the body
    malformed,        ///< the body is not JSON
    missing_headers,  ///< the answer has no X-RateLimit headers
    // Of the gateway:
    drop,             ///< the connection is dropped
    close,            ///< the connection is closed with a code
    reconnect,        ///< op 6
    invalid_session,  ///< op 8
    bad_msgpack,      ///< a frame that cannot be decoded
    text_frame,       ///< a text frame
    unknown_op,       ///< a frame with an opcode that the protocol does not have
    duplicate,        ///< an event is sent twice
    skip_sequence,    ///< an event has a later sequence number
    lose,             ///< an event is not sent
    no_ack,           ///< a heartbeat is not acknowledged
    refuse_identify,  ///< Identify or Resume is answered with a close
};

/// A fault. Make one with the functions of the namespace `fault`.
struct Fault {
    FaultKind kind = FaultKind::status;  ///< what goes wrong

    std::optional<std::string> method = {};     ///< all that are set must match; "*" matches any text
    std::optional<std::string> path = {};       ///< below the base of the REST API
    std::optional<std::string> event = {};      ///< name of the dispatch
    std::optional<std::string> user = {};       ///< username or id
    std::optional<std::uint64_t> session = {};  ///< number of the session

    std::optional<std::size_t> count = 1;                    ///< times it applies; unset: unlimited
    double probability = 1;                                  ///< drawn for each match
    std::uint64_t seed = 1;                                  ///< of the draws
    std::optional<std::chrono::milliseconds> duration = {};  ///< removed after this time

    int status = 500;                              ///< of `status`: 400-599
    std::optional<std::string> body = {};          ///< of `status`; unset: an error body
    std::optional<std::string> content_type = {};  ///< of `status`
    bool global = false;                           ///< scope of `rate_limit`
    std::chrono::milliseconds wait{1000};          ///< `retry_after` of `rate_limit`, or the delay
    bool after = false;                            ///< `drop_request`: after the request is carried out
    std::optional<std::size_t> bytes = {};         ///< of `truncate`; unset: half
    std::uint16_t code = 4000;                     ///< of `close` and `refuse_identify`
    std::string reason = {};                       ///< of `close`
    bool resumable = false;                        ///< of `invalid_session`
    unsigned by = 1;                               ///< of `skip_sequence`
};

namespace fault {

/// What all faults have in common. Calls can be chained: `fault::status(503).path("/channels/*").times(2)`.
template <class Self>
class Any {
public:
    /// Match only this user. Default: every user.
    Self user(std::string name) && {
        return set([&](Fault& f) { f.user = std::move(name); });
    }
    /// Remove the fault after it has applied this often. Default: once.
    Self times(std::size_t count) && {
        return set([&](Fault& f) { f.count = count; });
    }
    /// Apply until the fault is removed.
    Self always() && {
        return set([](Fault& f) { f.count.reset(); });
    }
    /// Apply to a match with this probability. The same seed gives the same draws.
    Self probability(double chance, std::uint64_t seed = 1) && {
        return set([&](Fault& f) {
            f.probability = chance;
            f.seed = seed;
        });
    }
    /// Remove the fault after this time on the sandbox's clock.
    Self lasting(std::chrono::milliseconds duration) && {
        return set([&](Fault& f) { f.duration = duration; });
    }

    /// The fault, for `Sandbox::fault`.
    operator Fault() const { return fault_; }  // NOLINT(google-explicit-constructor)

protected:
    /// Continues a fault.
    explicit Any(Fault fault) : fault_(std::move(fault)) {}
    /// Changes the fault, for the next call of the chain.
    template <class Change>
    Self set(Change change) {
        change(fault_);
        return std::move(static_cast<Self&>(*this));
    }

private:
    Fault fault_;
};

/// Applies to requests of the REST API.
class Rest : public Any<Rest> {
public:
    /// From a fault of requests.
    explicit Rest(Fault fault) : Any(std::move(fault)) {}
    /// Match only requests with this method.
    Rest method(std::string method) && {
        return set([&](Fault& f) { f.method = std::move(method); });
    }
    /// Below the base; `*` matches any text: "/channels/*/messages".
    Rest path(std::string path) && {
        return set([&](Fault& f) { f.path = std::move(path); });
    }
};

/// Applies to a session.
class Session : public Any<Session> {
public:
    /// From a fault of sessions.
    explicit Session(Fault fault) : Any(std::move(fault)) {}
    /// Match only the session of this number.
    Session session(std::uint64_t number) && {
        return set([&](Fault& f) { f.session = number; });
    }
};

/// Applies to an event. A fault of the class `connection` applies at once unless an event is named.
class Event : public Any<Event> {
public:
    /// From a fault of events or connections.
    explicit Event(Fault fault) : Any(std::move(fault)) {}
    /// Match only dispatches of this name; `*` matches any text.
    Event event(std::string name) && {
        return set([&](Fault& f) { f.event = std::move(name); });
    }
    /// Match only the session of this number.
    Event session(std::uint64_t number) && {
        return set([&](Fault& f) { f.session = number; });
    }
};

/// Answer with this status, 400-599, and an error body.
inline Rest status(int code) { return Rest({.kind = FaultKind::status, .status = code}); }
/// Answer with this status, 400-599, and this body.
inline Rest status(int code, std::string body, std::string content_type = "application/json") {
    return Rest(
        {.kind = FaultKind::status, .status = code, .body = std::move(body), .content_type = std::move(content_type)});
}
/// Answer with 429 and this `Retry-After`, for the bucket of the request.
inline Rest rate_limit(std::chrono::milliseconds retry_after = std::chrono::seconds(1)) {
    return Rest({.kind = FaultKind::rate_limit, .wait = retry_after});
}
/// Like `rate_limit`, for all requests of the token.
inline Rest global_rate_limit(std::chrono::milliseconds retry_after = std::chrono::seconds(1)) {
    return Rest({.kind = FaultKind::rate_limit, .global = true, .wait = retry_after});
}
/// Answer after this time.
inline Rest delay(std::chrono::milliseconds time) { return Rest({.kind = FaultKind::delay, .wait = time}); }
/// Never answer.
inline Rest stall() { return Rest({.kind = FaultKind::stall}); }
/// Close the connection before the request is carried out.
inline Rest drop_request() { return Rest({.kind = FaultKind::drop_request}); }
/// Close the connection after the request is carried out: the client cannot know that it was.
inline Rest drop_answer() { return Rest({.kind = FaultKind::drop_request, .after = true}); }
/// Close the connection after this many bytes of the body; unset: after half of it.
inline Rest truncate(std::optional<std::size_t> bytes = {}) {
    return Rest({.kind = FaultKind::truncate, .bytes = bytes});
}
/// Answer with a body that is not JSON.
inline Rest malformed() { return Rest({.kind = FaultKind::malformed}); }
/// Answer without the headers of the rate limits.
inline Rest missing_headers() { return Rest({.kind = FaultKind::missing_headers}); }

/// Drop the connection without a close frame.
inline Event drop() { return Event({.kind = FaultKind::drop}); }
/// Close the connection with this code.
inline Event close(std::uint16_t code, std::string reason = {}) {
    return Event({.kind = FaultKind::close, .code = code, .reason = std::move(reason)});
}
/// Send op 6: reconnect.
inline Event reconnect() { return Event({.kind = FaultKind::reconnect}); }
/// Send op 8: the session is invalid.
inline Event invalid_session(bool resumable = false) {
    return Event({.kind = FaultKind::invalid_session, .resumable = resumable});
}
/// Send a frame that cannot be decoded.
inline Event bad_msgpack() { return Event({.kind = FaultKind::bad_msgpack}); }
/// Send a text frame.
inline Event text_frame() { return Event({.kind = FaultKind::text_frame}); }
/// Send a frame with an opcode that the protocol does not have.
inline Event unknown_op() { return Event({.kind = FaultKind::unknown_op}); }
/// Send the event twice.
inline Event duplicate() { return Event({.kind = FaultKind::duplicate}); }
/// Send the event with a sequence number that skips this many.
inline Event skip_sequence(unsigned by = 1) { return Event({.kind = FaultKind::skip_sequence, .by = by}); }
/// Do not send the event.
inline Event lose() { return Event({.kind = FaultKind::lose}); }
/// Do not acknowledge the heartbeat.
inline Session no_ack() { return Session({.kind = FaultKind::no_ack}); }
/// Answer Identify or Resume with this close code.
inline Session refuse_identify(std::uint16_t code = 4004) {
    return Session({.kind = FaultKind::refuse_identify, .code = code});
}

}  // namespace fault
}  // namespace intent::sandbox
