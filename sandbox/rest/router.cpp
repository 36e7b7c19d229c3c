#include "sandbox/rest/router.hpp"

#include "sandbox/base/path_pattern.hpp"
#include "sandbox/base/problem.hpp"

#include <algorithm>
#include <vector>

namespace intent::inline v0::sandbox {
namespace {

bool fits_route(std::string_view pattern, std::string_view path) {
    // "@me" is never an id.
    return match_path(pattern, path, [](std::string_view, std::string_view text) { return text != "@me"; });
}

PathArguments read_arguments(std::string_view pattern, std::string_view path) {
    PathArguments arguments;
    match_path(pattern, path, [&](std::string_view name, std::string_view text) {
        arguments.add(name, text);
        return true;
    });
    return arguments;
}

/// Some clients escape the "@" of "@me".
std::string unescaped(std::string_view path) {
    std::string text(path);
    if (const auto at = text.find("%40"); at != std::string::npos) text.replace(at, 3, "@");
    return text;
}

}  // namespace

const Route* route_of(std::string_view method, std::string_view sent_path) {
    const std::string path = unescaped(sent_path);
    for (const auto& route : routes())
        if (route.method == method && fits_route(route.path, path)) return &route;
    return nullptr;
}

Match find_route(std::string_view method, std::string_view sent_path) {
    const std::string path = unescaped(sent_path);
    if (const auto* route = route_of(method, path))
        return {.route = route, .arguments = read_arguments(route->path, path)};
    const std::string methods = allowed_methods(path);
    if (methods.empty()) throw Problem(404, "UNKNOWN_ROUTE", "no such route (docs/protocol.md §9 lists them)");
    throw Problem(405, "METHOD_NOT_ALLOWED", "this route takes " + methods);
}

std::string allowed_methods(std::string_view sent_path) {
    const std::string path = unescaped(sent_path);
    std::vector<std::string_view> methods;
    for (const auto& route : routes())
        if (fits_route(route.path, path) && std::find(methods.begin(), methods.end(), route.method) == methods.end())
            methods.push_back(route.method);
    std::string list;
    for (const auto method : methods)
        list += (list.empty() ? "" : ", ") + std::string(method);
    return list;
}

std::string bucket_id(const Match& match) {
    std::string id;
    std::string_view rest = match.route->bucket.id;
    while (!rest.empty()) {
        const auto begin = std::min(rest.find('{'), rest.size());
        id += rest.substr(0, begin);
        rest.remove_prefix(begin);
        if (rest.empty()) break;
        const auto end = rest.find('}');
        // An unknown message has no channel.
        id += std::to_string(match.arguments.find_id(rest.substr(1, end - 1)).value_or(0));
        rest.remove_prefix(end + 1);
    }
    return id;
}

std::string without_secrets(std::string_view path) {
    constexpr std::string_view mark = "/webhooks/";
    std::string text(path);
    // Each occurrence: in a malformed path the last one may be the real one.
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        const auto slash = text.find('/', at + mark.size());
        if (slash == std::string::npos) break;
        const auto end = std::min(text.find('/', slash + 1), text.size());
        const auto token = std::string_view(text).substr(slash + 1, end - slash - 1);
        if (token != "regenerate-token" && token != "webhooks") text.replace(slash + 1, end - slash - 1, "***");
    }
    return text;
}

}  // namespace intent::sandbox
