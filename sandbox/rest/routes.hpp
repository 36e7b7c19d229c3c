// The routes of the REST API (protocol §9).
#pragma once

#include "sandbox/rest/limiter.hpp"
#include "sandbox/rest/reply.hpp"

#include <span>
#include <string_view>

namespace intent::inline v0::sandbox {

class Call;
class Handlers;

/// How a request proves that it may be made.
enum class Auth {
    bearer,   ///< by the bearer token of a user
    none,     ///< by nothing; the limits count by address
    webhook,  ///< by the token of a webhook in the path; the limits count by webhook
};

/// The bucket that a request counts in, in addition to the limit over all requests of its owner (protocol §10). Routes
/// with one bucket have one id and one rule.
struct RouteBucket {
    std::string_view id = {};  ///< with `{names}` from the path ("ch:{channel_id}:msg"); empty: no bucket of its own
    LimitRule rule = {};
};

/// One row: everything that distinguishes a route from the others.
struct Route {
    std::string_view method;
    std::string_view path;  ///< pattern below the REST base: "/channels/{channel_id}/messages"
    Auth auth;
    RouteBucket bucket;
    ApiReply (Handlers::*handler)(const Call& call);
};

/// All routes. The first row that fits a request is the route, so rows with literal segments come before those with
/// names in the same place.
std::span<const Route> routes() noexcept;

}  // namespace intent::sandbox
