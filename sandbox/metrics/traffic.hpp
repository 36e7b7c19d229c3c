// What passed through the sockets of a sandbox, counted for the control API and the metrics.
#pragma once

#include <intent/sandbox/fault_kinds.hpp>

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>

namespace intent::inline v0::sandbox {

/// The counters since the start, or since the store was replaced. The keys come from fixed sets, so that a client
/// cannot make the maps grow: the routes, methods and events that the protocol names, and `other` for all else.
///
/// Threads: one at a time.
class Traffic {
public:
    struct Frames {
        std::size_t count = 0;
        std::size_t bytes = 0;  ///< of payload
    };

    std::size_t requests = 0;      ///< all that were answered, except control requests
    std::size_t rate_limited = 0;  ///< those answered with 429
    std::size_t refused = 0;       ///< those of pages of other sites
    Frames frames_in = {};
    Frames frames_out = {};

    struct Route {
        std::string_view path;    ///< as in the table of routes
        std::string_view method;  ///< as in the table of routes
        std::optional<int> status;
        friend auto operator<=>(const Route&, const Route&) = default;
    };

    static constexpr std::string_view other = "other";

    void count_in(std::size_t bytes) noexcept { add(frames_in, bytes); }
    void count_out(std::size_t bytes) noexcept { add(frames_out, bytes); }
    /// `name`: of a dispatch that was sent.
    void count_event(std::string_view name);
    /// A request of the REST API, by its path below the base. `status`: unset if it was not answered.
    void count_call(std::string_view method, std::string_view path, std::optional<int> status);
    void count_fault(FaultKind kind) noexcept { ++faults_[static_cast<std::size_t>(kind)]; }

    const std::map<std::string_view, std::size_t>& events() const noexcept { return events_; }
    const std::map<Route, std::size_t>& calls() const noexcept { return calls_; }
    std::size_t faults(FaultKind kind) const noexcept { return faults_[static_cast<std::size_t>(kind)]; }

private:
    static void add(Frames& frames, std::size_t bytes) noexcept {
        ++frames.count;
        frames.bytes += bytes;
    }

    std::map<std::string_view, std::size_t> events_;
    std::map<Route, std::size_t> calls_;
    std::array<std::size_t, fault_kinds.size()> faults_{};
};

}  // namespace intent::sandbox
