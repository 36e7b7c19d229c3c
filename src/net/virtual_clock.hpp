// A clock that stands still until it is advanced, for tests: it knows the timers and the work of its users.
#pragma once

#include "net/clock.hpp"

#include <intent/clock.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

namespace intent::net {

/// What keeps a clock busy.
enum class Work : std::size_t {
    call,        ///< posted to a loop
    handler,     ///< an event or a coroutine on its way through a handler thread
    request,     ///< an HTTP request without its answer
    connection,  ///< a WebSocket connection that is being opened, or has a message on its way
};

class Transit;

/// How it works: whatever runs, waits for a thread or is on its way counts as work, from before its cause has ended
/// until its effects are counted in turn. So the count is zero only if nothing but the next timer can happen. `advance`
/// sets the clock to that timer, lets it ring, and continues whenever the count is zero again, on the thread that ended
/// the last work.
///
/// Threads: safe.
class VirtualClock : public std::enable_shared_from_this<VirtualClock> {
public:
    explicit VirtualClock(std::chrono::system_clock::time_point wall);
    VirtualClock(const VirtualClock&) = delete;
    VirtualClock& operator=(const VirtualClock&) = delete;

    Time now() const noexcept { return begin_ + elapsed(); }
    std::chrono::system_clock::time_point system_now() const noexcept;
    /// Time since the clock was created.
    Duration elapsed() const noexcept { return Duration(elapsed_.load()); }

    /// Numbers the users of the clock, in order of creation: they decide which of several simultaneous timers is first.
    std::uint64_t next_number() noexcept { return ++last_number_; }
    /// The same sequence of seeds for every clock, so that a test repeats exactly.
    std::uint64_t next_seed() noexcept;

    void begin(Work kind, std::size_t count = 1) noexcept;
    void end(Work kind, std::size_t count = 1);
    /// "1 request without an answer, 2 events or coroutines in handlers"
    std::string busy() const;

    // For Transit.
    void add(std::uint64_t number, std::weak_ptr<Transit> transit);
    std::shared_ptr<Transit> transit(std::uint64_t number) const;
    void remove_transit(std::uint64_t number);

    /// A timer. `ring` is called once, from any thread and under the clock's lock: it only posts.
    class Alarm {
    public:
        virtual ~Alarm() = default;
        virtual void ring(std::uint64_t armed) = 0;
    };
    /// The time, the user's number, the order of arming.
    using AlarmId = std::tuple<Time, std::uint64_t, std::uint64_t>;
    /// `armed` is passed to `ring`, which is called at once if `when` is not in the future.
    AlarmId set_alarm(Time when, std::uint64_t user, std::shared_ptr<Alarm> alarm, std::uint64_t armed);
    /// After this returns, the alarm does not ring.
    void remove_alarm(const AlarmId& id);

    /// Advances by `step` after the earlier calls, then calls `done` on some thread.
    std::uint64_t advance(Duration step, std::function<void()> done);
    /// Stops an `advance` where it is; its `done` is not called. False if it has ended.
    bool abandon(std::uint64_t advance);
    /// Changes whenever some work ends or an alarm rings.
    std::uint64_t progress() const noexcept { return progress_; }
    /// Advances and waits. Returns what is busy if nothing made progress for `patience`.
    std::optional<std::string> advance_and_wait(Duration step, Duration patience);

private:
    struct Ringing {
        std::shared_ptr<Alarm> alarm;
        std::uint64_t armed = 0;
    };
    struct Advance {
        std::uint64_t id = 0;
        Duration step{};
        std::function<void()> done;
        std::optional<Time> target = {};
    };
    void run_while_idle();

    static constexpr std::size_t kinds = 4;

    const Time begin_ = net::now();
    const std::chrono::system_clock::time_point wall_;
    std::atomic<Duration::rep> elapsed_ = 0;
    std::atomic<std::uint64_t> last_number_ = 0;
    std::atomic<std::uint64_t> last_seed_ = 0;
    std::atomic<std::size_t> work_ = 0;
    std::array<std::atomic<std::size_t>, kinds> of_kind_ = {};
    std::atomic<std::uint64_t> progress_ = 0;

    mutable std::mutex mutex_;  // guards the rest
    std::map<AlarmId, Ringing> alarms_;
    std::uint64_t last_alarm_ = 0;
    std::deque<Advance> advances_;
    std::uint64_t last_advance_ = 0;
    std::map<std::uint64_t, std::weak_ptr<Transit>> transits_;
};

/// The work of one user, which ends at the latest with it. Threads: safe.
class WorkGroup {
public:
    WorkGroup(std::shared_ptr<VirtualClock> clock, Work kind) : clock_(std::move(clock)), kind_(kind) {}
    ~WorkGroup() { close(); }
    WorkGroup(const WorkGroup&) = delete;
    WorkGroup& operator=(const WorkGroup&) = delete;

    void begin(std::size_t count = 1);
    void end(std::size_t count = 1);
    /// Ends all work; later calls have no effect.
    void close();

private:
    const std::shared_ptr<VirtualClock> clock_;
    const Work kind_;
    std::mutex mutex_;
    std::size_t count_ = 0;
    bool open_ = true;
};

}  // namespace intent::net

namespace intent::inline v0::detail {

/// Converts between the public handles and the clock.
struct ClockAccess {
    static const std::shared_ptr<net::VirtualClock>& of(const Clock& clock) noexcept { return clock.virtual_; }
    static TestClock handle(std::shared_ptr<net::VirtualClock> clock) noexcept { return TestClock(std::move(clock)); }
};

}  // namespace intent::detail
