// Which faults stand, and which of them strikes: without a clock and without a socket.
#pragma once

#include <intent/sandbox_fault.hpp>
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

namespace intent::sandbox {

/// The name of a kind on the wire ("rate_limit"), and back.
std::string_view name_of(SandboxFaultKind kind) noexcept;
std::optional<SandboxFaultKind> fault_kind(std::string_view name) noexcept;
/// Does it strike requests (or else the gateway)?
bool is_rest(SandboxFaultKind kind) noexcept;
/// Does it strike at once, where no event is named?
bool applies_at_once(SandboxFaultKind kind) noexcept;

/// Does `text` fit a pattern in which each "*" stands for any text, also for none?
bool fits(std::string_view pattern, std::string_view text) noexcept;

/// Throws a Problem (400) that names the field, unless every field of the fault is in its range and of use to its kind.
void check(const SandboxFault& fault);

/// Something that a fault may strike.
struct FaultPoint {
    /// `own_event`: READY or RESUMED, which only faults that name it meet; `ready`: a session begins to receive.
    enum class Kind : std::uint8_t { request, event, own_event, heartbeat, identify, ready } kind = Kind::request;
    std::string_view method = {};
    std::string_view path = {};
    std::string_view event = {};
    std::optional<UserId> user = {};
    std::uint64_t session = 0;
};

/// The faults of a sandbox. To drive it: `add` what is ordered, ask `strike` at each chance, and do to it what the
/// fault says. One chance meets one fault: the oldest that fits and whose draw says so.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Faults {
public:
    using Time = std::chrono::steady_clock::time_point;
    struct Hit {
        std::uint64_t id;
        std::shared_ptr<const SandboxFault> fault;
    };
    struct View {
        std::uint64_t id;
        std::shared_ptr<const SandboxFault> fault;
        std::size_t hits;
        std::optional<std::size_t> left;  ///< strikes; none: without end
        std::optional<std::chrono::milliseconds> remaining;
    };

    /// `user`: whom the fault's `user` means. The fault has been checked.
    std::uint64_t add(Time now, SandboxFault fault, std::optional<UserId> user);
    bool remove(std::uint64_t id);
    void clear();
    /// Nothing can strike: the quick answer for every event.
    bool empty() const noexcept { return faults_.empty(); }

    std::optional<Hit> apply(Time now, const FaultPoint& point);
    /// Lets one fault meet all these chances (of kind `ready`) at the same moment, which counts as one strike; the
    /// indexes of those that were struck.
    std::vector<std::size_t> apply_now(Time now, std::uint64_t id, std::span<const FaultPoint> points);

    std::vector<View> list(Time now);
    std::optional<View> find(Time now, std::uint64_t id);
    /// How often it has struck, also when it is gone; none for an id that was never given out, or long ago.
    std::optional<std::size_t> hits(std::uint64_t id) const;

private:
    struct ActiveFault {
        std::uint64_t id;
        std::shared_ptr<const SandboxFault> fault;
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
