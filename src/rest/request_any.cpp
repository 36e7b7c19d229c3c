// Requests with a path from the caller.
#include "rest/request.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace intent::rest {

namespace {

constexpr std::array<std::string_view, 5> methods = {"GET", "POST", "PUT", "PATCH", "DELETE"};

std::optional<std::string> fault_of(std::string_view path) {
    if (path.empty() || path.front() != '/') return "path: must begin with '/', e.g. /servers";
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f || c == '#' || c == '\\') {
            return "path: contains white space, a control byte, '#', '\\' or a byte outside ASCII; percent-encode it";
        }
    }
    const std::string_view plain = path.substr(0, path.find('?'));
    if (plain.find("..") != std::string_view::npos || plain.find("//") != std::string_view::npos) {
        return "path: must not hold \"..\" or \"//\"";
    }
    return std::nullopt;
}

bool is_id(std::string_view segment) {
    return !segment.empty() && std::ranges::all_of(segment, [](char c) { return c >= '0' && c <= '9'; });
}

/// The placeholder of a minor id in the buckets of the routes (protocol §10).
std::string_view minor_name(std::string_view collection) {
    if (collection == "messages") return "{message_id}";
    if (collection == "members" || collection == "users" || collection == "recipients") return "{user_id}";
    if (collection == "roles") return "{role_id}";
    return "{id}";
}

/// A path without its query, as errors show it and as its bucket names it.
struct Names {
    std::string route = {};
    std::string bucket = {};
    std::string secret = {};  ///< a webhook's token, as in the path
};

Names names_of(std::string_view path) {
    Names names;
    std::string_view first;
    std::string_view previous;
    for (std::size_t number = 0; !path.empty(); ++number) {
        path.remove_prefix(1);
        const std::string_view segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        if (number == 0) first = segment;
        const bool secret = first == "webhooks" && number == 2 && segment != "regenerate-token";
        const bool major = number == 1 && (first == "channels" || first == "servers" || first == "webhooks");
        const std::string_view shown = secret ? "{token}" : segment;
        names.route.append("/").append(shown);
        names.bucket.append("/").append(is_id(segment) && !major && !secret ? minor_name(previous) : shown);
        if (secret) names.secret = segment;
        previous = segment;
    }
    return names;
}

}  // namespace

Call any_path(std::string_view method, std::string_view path, std::string_view body) {
    if (std::ranges::find(methods, method) == methods.end()) {
        return Invalid{"method: use GET, POST, PUT, PATCH or DELETE"};
    }
    if (auto fault = fault_of(path)) return Invalid{*std::move(fault)};
    if (method == "GET" && !body.empty()) return Invalid{"body: a GET must not have one"};
    auto names = names_of(path.substr(0, path.find('?')));
    const bool without_token = !names.secret.empty() || names.route == "/auth/login" || names.route == "/auth/register";
    return Request{.method = std::string(method),
                   .path = std::string(path),
                   .route = std::move(names.route),
                   .bucket = std::string(method) + " " + names.bucket,
                   .body = std::string(body),
                   .auth = without_token ? Auth::none : Auth::bearer,
                   .secret = std::move(names.secret),
                   .is_template = false};
}

Call get_path(std::string_view path) { return any_path("GET", path, {}); }

}  // namespace intent::rest
