// The handler threads and the bounded queue in front of each.
#pragma once

#include "client/dispatch/any_event.hpp"
#include "net/virtual_clock.hpp"

#include <intent/task.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace intent::client {

/// Receives the work of the lanes. Called on handler threads (or on the I/O thread without handler threads).
class LaneSink {
public:
    virtual ~LaneSink() = default;
    virtual void handle(Envelope& envelope) noexcept = 0;
    virtual void handle_dropped(std::exception_ptr error, const detail::Origin& origin) noexcept = 0;
    /// The queue exceeded its limit and has fallen to half of it: reading may continue.
    virtual void on_room() noexcept = 0;
    virtual bool stopping() const noexcept { return false; }
};

/// Runs events and coroutines in lanes, one thread each. Work of one lane runs in order; resumed coroutines run before
/// waiting events. Without threads there is one lane, which runs on the thread that pushes.
///
/// Limits: events count by their bytes, over all lanes. `push` always accepts one more event, and `full` reports when
/// to stop. Threads: `push` and `flush` on one thread at a time; the others on any.
class Lanes final : public detail::Executor, public std::enable_shared_from_this<Lanes> {
public:
    /// `post_io` runs a function on the I/O thread, where coroutines continue without handler threads. It returns false
    /// if the thread has ended. `clock`: does not advance while events or coroutines wait or run; null: the system's.
    Lanes(unsigned threads, std::size_t max_bytes, std::weak_ptr<LaneSink> sink,
          std::function<void(std::function<void()>)> post_io, std::shared_ptr<net::VirtualClock> clock = {});
    ~Lanes() override;

    /// Starts the threads.
    void start();

    /// Adds an event to the lane of `key` (a channel's or server's id; 0 for events without either).
    void push(Envelope envelope, std::uint64_t key);

    /// Puts an envelope into an empty slot: a new one, or a handled one, cleared.
    void fill(Slot& slot);

    /// The same as `push` with threads, for the envelope in a slot, which it takes.
    void push(Slot& slot, std::uint64_t key);

    /// Wakes the lanes that got events since the last flush.
    void flush();

    /// Runs `work` on a lane, before waiting events.
    void post(std::function<void()> work, unsigned lane);

    void resume(detail::Resumption next, unsigned lane) noexcept override;
    void report_dropped(std::exception_ptr error, const detail::Origin& origin) noexcept override;
    void hold(std::size_t bytes) noexcept override;
    void release(std::size_t bytes) noexcept override;
    bool stopping() const noexcept override;

    /// Threads: the one that pushes.
    bool full() const noexcept { return bytes_.load(std::memory_order_relaxed) + pushed_bytes_ > max_bytes_; }
    /// Bytes of events that are flushed and not done, and of held events.
    std::size_t queued_bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

    /// The number of waiting events and the age of the oldest event; an event in a running handler counts for the age.
    struct Load {
        std::size_t events = 0;
        std::chrono::steady_clock::duration lag{};
    };
    Load load() const;

    bool threaded() const noexcept { return !lanes_.empty(); }
    unsigned threads() const noexcept { return static_cast<unsigned>(lanes_.size()); }

    /// Returns the events with handlers that were already running at the last call, each once, to detect handlers that
    /// do not return. A resumed coroutine has no event: its name is "a coroutine".
    std::vector<detail::Origin> stuck();

    /// The place where coroutines continue that come from threads outside the SDK.
    detail::Place home() { return {shared_from_this(), 0}; }

    /// What happens to waiting dispatches when the lanes end. All other work is done in both cases.
    enum class Backlog { dropped, handled };

    /// Ends the threads as soon as their queues are empty.
    void begin_stop(Backlog backlog);

    /// Waits for the threads to end. At `deadline`, a thread with a handler that does not return is left behind. When
    /// called on a thread of the lanes, it does not wait for that thread.
    void join(std::chrono::steady_clock::time_point deadline);

private:
    using Envelopes = std::list<Envelope>;

    struct Lane {
        mutable std::mutex mutex;
        std::condition_variable wake;
        std::deque<std::function<void()>> urgent;
        Envelopes events;   // flushed and not yet taken by the thread
        Envelopes handled;  // for later events
        bool stopping = false;
        bool ended = false;
        std::condition_variable end;
        std::thread thread;

        // Signals to the thread between two events, without the lock.
        std::atomic<bool> has_urgent = false;
        std::atomic<bool> dropping = false;

        // The state of the thread, for other threads.
        std::atomic<std::size_t> taken = 0;           // taken events that have not been started
        std::atomic<std::int64_t> oldest = no_event;  // when the oldest event that is not done was queued
        std::atomic<std::uint64_t> begun = 0;         // number of started runs; changes before the next two
        std::atomic<const char*> running_name = "";   // the running event; empty: idle
        std::atomic<std::uint64_t> running_seq = 0;
        std::uint64_t begun_seen = 0;  // under the mutex: `begun` when `stuck` looked last ...
        std::uint64_t begun_told = 0;  // ... and when it reported one

        void begin(const char* name, std::uint64_t seq) noexcept {
            begun.fetch_add(1, std::memory_order_relaxed);
            running_name.store(name, std::memory_order_release);
            running_seq.store(seq, std::memory_order_release);
        }
        void rest() noexcept { running_name.store("", std::memory_order_relaxed); }
    };

    static constexpr std::int64_t no_event = -1;
    static constexpr std::size_t kept_envelopes = 1024;  // of a lane, and of the thread that pushes

    class Turn;
    static void run(std::shared_ptr<Lanes> self, unsigned index);
    Envelopes& queue_of(std::uint64_t key) noexcept {
        // Ids increase over time and end in counters: mix the bits to spread them over the lanes.
        const std::uint64_t mixed = (key * 0x9e3779b97f4a7c15) >> 32;
        return pushed_[mixed % pushed_.size()];
    }
    void pushed(std::size_t bytes) noexcept {
        pushed_bytes_ += bytes;
        if (full()) was_full_ = true;
    }
    void handle(Envelope& envelope);
    void released(std::size_t bytes);

    const std::size_t max_bytes_;
    const std::weak_ptr<LaneSink> sink_;
    const std::function<void(std::function<void()>)> post_io_;
    const std::unique_ptr<net::WorkGroup> work_;  // null: the system's clock
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::vector<Envelopes> pushed_;  // used by the pushing thread, like the next two: not yet flushed
    std::size_t pushed_bytes_ = 0;
    Envelopes spare_;
    std::atomic<std::size_t> bytes_ = 0;  // of flushed events that are not done, and of held events
    std::atomic<std::size_t> held_ = 0;   // number of these events
    std::atomic<bool> was_full_ = false;
};

}  // namespace intent::client
