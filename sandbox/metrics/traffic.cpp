#include "sandbox/metrics/traffic.hpp"

#include "sandbox/rest/router.hpp"

#include <intent/events.hpp>

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

/// The entry of a fixed set, which outlives every map, instead of the text of a client.
template <class Names>
std::string_view among(const Names& names, std::string_view name) {
    const auto found = std::ranges::find(names, name);
    return found == std::ranges::end(names) ? Traffic::other : *found;
}

constexpr std::array<std::string_view, 7> methods{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"};

}  // namespace

void Traffic::count_event(std::string_view name) {
    // Usually counted before, so the list of names is searched once per name.
    auto found = events_.find(name);
    if (found == events_.end()) found = events_.try_emplace(among(event_names(), name)).first;
    ++found->second;
}

void Traffic::count_call(std::string_view method, std::string_view path, std::optional<int> status) {
    const auto* route = route_of(method, path);
    ++calls_[{.path = route ? route->path : other, .method = among(methods, method), .status = status}];
}

}  // namespace intent::sandbox
