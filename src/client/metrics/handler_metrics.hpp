// What handlers cost, by event.
#pragma once

#include "client/metrics/counters.hpp"
#include "text/exposition.hpp"

#include <intent/events.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace intent::client {

/// Counts the events that reach handlers, measures a sample of their durations, and counts errors.
///
/// Reading the clock for every event would cost some per cent of an event. So an event is timed if it is the first of
/// a lane since the last batch of received bytes, and then every sixteenth: all events of a quiet bot, and enough of a
/// busy one.
///
/// Threads: `new_batch` on the I/O thread, a Timer on the thread of its lane; the others on any.
class HandlerMetrics {
public:
    static constexpr std::size_t events = detail::AllEvents::size;
    static constexpr std::size_t no_event = events;  ///< tasks and jobs

    explicit HandlerMetrics(unsigned lanes) : lanes_(lanes == 0 ? 1 : lanes) {}
    ~HandlerMetrics();
    HandlerMetrics(const HandlerMetrics&) = delete;
    HandlerMetrics& operator=(const HandlerMetrics&) = delete;

    /// A batch of received events is complete.
    void new_batch() noexcept { batch_.store(batch_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }

    /// The exception of a handler of the event, or of `no_event`.
    void on_error(std::size_t event) noexcept { errors_[event].add(); }

    /// The event that an origin's name refers to, on the wire or in the SDK; `no_event` if there is none.
    static std::size_t event_named(std::string_view name) noexcept;

    void write(text::Exposition& out) const;

    /// Counts and perhaps times an event while its handlers are called.
    class Timer;

private:
    static constexpr unsigned timed_in = 16;

    /// Of one lane; only its thread writes.
    struct alignas(64) Lane {
        std::array<OwnedCounter, events> counts{};
        std::uint32_t batch = 0;
        unsigned untimed = 0;
    };

    void observe(std::size_t event, DurationHistogram::Duration duration) noexcept;

    std::vector<Lane> lanes_;
    std::atomic<std::uint32_t> batch_ = 1;
    std::array<std::atomic<DurationHistogram*>, events> durations_{};  // created by the first value
    std::array<SharedCounter, events + 1> errors_{};
};

class HandlerMetrics::Timer {
public:
    /// `metrics` may be null.
    Timer(HandlerMetrics* metrics, unsigned lane, std::size_t event) noexcept : event_(event) {
        if (metrics != nullptr) begin(*metrics, lane);
    }
    ~Timer() {
        if (timed_ != nullptr) end();
    }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

private:
    void begin(HandlerMetrics& metrics, unsigned index) noexcept {
        Lane& lane = metrics.lanes_[index < metrics.lanes_.size() ? index : 0];
        lane.counts[event_].add();
        const auto batch = metrics.batch_.load(std::memory_order_relaxed);
        if (lane.batch == batch && ++lane.untimed < timed_in) return;
        lane.batch = batch;
        lane.untimed = 0;
        start(metrics);
    }
    void start(HandlerMetrics& metrics) noexcept;
    void end() noexcept;

    const std::size_t event_;
    HandlerMetrics* timed_ = nullptr;
    std::chrono::steady_clock::time_point begun_;
};

}  // namespace intent::client
