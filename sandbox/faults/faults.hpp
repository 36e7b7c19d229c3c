// The active faults, and which of them applies: without a clock and without a socket.
#pragma once

#include <intent/sandbox/fault_kinds.hpp>
#include <intent/snowflake.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0::sandbox {

/// The name of a kind on the wire ("rate_limit"), and back.
std::string_view name_of(FaultKind kind);
std::optional<FaultKind> fault_kind(std::string_view name) noexcept;
/// True if it applies at once unless it names an event.
bool applies_at_once(FaultKind kind);

/// True if `text` matches a pattern in which each "*" matches any text, including the empty one.
bool fits(std::string_view pattern, std::string_view text) noexcept;

/// Errors: Problem 400 that names the field if a field is out of range or cannot be matched by this kind.
void check(const Fault& fault);

/// Something that a fault can apply to.
struct FaultPoint {
    /// `own_event`: READY or RESUMED, which match only faults that name them; `ready`: a session begins to receive.
    enum class Kind : std::uint8_t { request, event, own_event, heartbeat, identify, ready } kind = Kind::request;
    std::string_view method = {};
    std::string_view path = {};
    std::string_view event = {};
    std::optional<UserId> user = {};
    std::uint64_t session = 0;
};

/// The faults of a sandbox. To drive it: `add` what is requested, call `apply` at each point, and carry out the effect
/// of the fault that it returns. At most one fault applies to a point: the oldest that matches and whose draw succeeds.
class Faults {
public:
    using Time = std::chrono::steady_clock::time_point;
    struct Hit {
        std::uint64_t id;
        std::shared_ptr<const Fault> fault;
    };
    struct View {
        std::uint64_t id;
        std::shared_ptr<const Fault> fault;
        std::size_t hits;
        std::optional<std::size_t> left;  ///< times; unset: unlimited
        std::optional<std::chrono::milliseconds> remaining;
    };

    /// `user`: the id of the fault's `user`. The fault must have been checked.
    std::uint64_t add(Time now, Fault fault, std::optional<UserId> user);
    bool remove(std::uint64_t id);
    void clear();
    /// True if nothing can apply: the fast path of every event.
    bool empty() const noexcept { return faults_.empty(); }

    std::optional<Hit> apply(Time now, const FaultPoint& point);
    /// Applies one fault to all these points (of kind `ready`) at the same moment, which counts once. Returns the
    /// indexes of the points that it applied to.
    std::vector<std::size_t> apply_now(Time now, std::uint64_t id, std::span<const FaultPoint> points);

    std::vector<View> list(Time now);
    std::optional<View> find(Time now, std::uint64_t id);
    /// How often it has applied, also after its removal. Unset for an id that is unknown, or removed long ago.
    std::optional<std::size_t> hits(std::uint64_t id) const;

private:
    struct ActiveFault {
        std::uint64_t id;
        std::shared_ptr<const Fault> fault;
        std::optional<UserId> user;
        std::optional<std::size_t> left;
        std::optional<Time> ends;
        std::mt19937_64 draws;
        std::size_t hits = 0;
    };
    void forget_old(Time now);
    void keep_hits(const ActiveFault& active);
    static bool meets(const ActiveFault& active, const FaultPoint& point);
    static bool draw(ActiveFault& active);
    static View view(const ActiveFault& active, Time now);

    std::vector<ActiveFault> faults_;
    std::deque<std::pair<std::uint64_t, std::size_t>> gone_;  ///< with their hits
    std::uint64_t next_ = 1;
};

}  // namespace intent::sandbox
