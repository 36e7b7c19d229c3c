// Which route a method and a path select.
#pragma once

#include "sandbox/rest/path_arguments.hpp"
#include "sandbox/rest/routes.hpp"

#include <string>
#include <string_view>

namespace intent::inline v0::sandbox {

/// A route with the arguments in the path.
struct Match {
    const Route* route;  ///< never null
    PathArguments arguments;
};

/// Finds the route of a path below the REST base ("/servers/12").
///
/// Errors: Problem 404 for an unknown path, 405 for a method that the path does not take, 400 for an invalid id.
Match find_route(std::string_view method, std::string_view path);

/// The row of the table for a path below the REST base; null if there is none. For counting.
const Route* route_of(std::string_view method, std::string_view path);

/// The methods that a path takes, as the header Allow lists them ("GET, PATCH"); empty for an unknown path.
std::string allowed_methods(std::string_view path);

/// The id of the bucket that the request counts in ("ch:12:msg"); empty if the route has none of its own.
std::string bucket_id(const Match& match);

/// The path with the token of a webhook, if it contains one, replaced by `***`: for logs.
std::string without_secrets(std::string_view path);

}  // namespace intent::sandbox
