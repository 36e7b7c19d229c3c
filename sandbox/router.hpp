// Which function a method and a path mean (protocol §9).
#pragma once

#include "sandbox/limiter.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::sandbox {

enum class Route {
    list_servers,
    create_server,
    get_server,
    edit_server,
    delete_server,
    leave_server,
    list_channels,
    create_channel,
    get_channel,
    edit_channel,
    delete_channel,
    list_messages,
    create_message,
    get_message,
    edit_message,
    delete_message,
    get_me,
    edit_me,
    get_user,
    register_user,
    login,
    logout,
};

/// A route with the ids of its path.
struct Match {
    Route route{};
    std::optional<std::uint64_t> server_id = {};
    std::optional<std::uint64_t> channel_id = {};
    std::optional<std::uint64_t> message_id = {};
    std::optional<std::uint64_t> user_id = {};
};

/// Finds the route of a path below the REST base ("/servers/12").
///
/// Errors: Problem 404 for an unknown path, 405 with the methods allowed in its text for an unknown method, 400 for an
/// id that is no snowflake.
Match match_route(std::string_view method, std::string_view path);

/// The methods that some path takes; empty for an unknown path.
std::vector<std::string_view> allowed_methods(std::string_view path);

/// Does the route work without a token?
bool is_public(Route route) noexcept;

/// The rate limit of a route (protocol §10); a limit of 0: none of its own.
LimitRule limit_rule(Route route) noexcept;

/// The id of the bucket that the route shares with its like ("ch:12:msg"); empty if it has no limit of its own.
std::string bucket_name(const Match& match);

}  // namespace intent::sandbox
