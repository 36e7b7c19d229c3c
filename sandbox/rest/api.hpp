// The REST API: requests in, answers out (protocol §9-§11). No socket and no clock.
#pragma once

#include "sandbox/base/clock_reading.hpp"
#include "sandbox/rest/handlers/handlers.hpp"
#include "sandbox/rest/limiter.hpp"
#include "sandbox/rest/reply.hpp"
#include "sandbox/rest/request.hpp"
#include "sandbox/rest/router.hpp"

#include <intent/sandbox/fault.hpp>
#include <intent/sandbox/options.hpp>

#include <optional>
#include <string>
#include <vector>

namespace intent::inline v0::sandbox {

/// Answers every request: refusals and failures become answers too.
///
/// Usage: `authenticate` once, then `begin` or `held_up`. A request that was not authenticated has no actor, so it can
/// do only what needs no bearer token.
///
/// Threads: one at a time.
class Api {
public:
    Api(Platform& platform, Store& store, Dialect dialect, bool limits);

    /// Sets the actor of the request: the user whose token it has.
    ///
    /// Errors: SqliteError.
    void authenticate(RestRequest& request, Timestamp now) const;
    /// The reply may need a password to be hashed or checked first (`ApiReply::step`).
    ApiReply begin(const RestRequest& request, ClockReading now);
    /// The answer of a `rate_limit` fault: what the limits would return, of the route's bucket or, where it has none of
    /// its own or the fault's scope is global, of all requests.
    ApiReply held_up(const RestRequest& request, const Fault& fault, Timestamp now) const;

    /// As in `Handlers`.
    void set_base(std::string url) { handlers_.set_base(std::move(url)); }
    void set_voice_endpoint(std::string url) { handlers_.set_voice_endpoint(std::move(url)); }
    std::vector<BucketView> buckets(Limiter::Time now) const { return limiter_.list(now); }
    void forget_limits() { limiter_ = {}; }

private:
    ApiReply answer(const RestRequest& request, ClockReading now, Headers& limit_headers);
    Match find_match(const RestRequest& request) const;
    std::optional<ApiReply> limit(const RestRequest& request, const std::optional<Match>& match, ClockReading now,
                                  Headers& headers);

    Store& store_;
    Handlers handlers_;
    bool limits_;
    Limiter limiter_ = {};
};

}  // namespace intent::sandbox
