// The handler threads and the bounded queue in front of each.
#pragma once

#include "client/dispatch/any_event.hpp"

#include <intent/task.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace intent::client {

/// What the lanes hand their work to. Called on handler threads (or on the I/O thread when there are none).
class LaneSink {
public:
    virtual ~LaneSink() = default;
    virtual void handle(Envelope& envelope) noexcept = 0;
    virtual void handle_dropped(std::exception_ptr error, const detail::Origin& origin) noexcept = 0;
    /// The queue was over its limit and has fallen to half of it: reading may go on.
    virtual void on_room() noexcept = 0;
    virtual bool stopping() const noexcept { return false; }
};

/// Runs events and coroutines in lanes, one thread each; work of one lane runs in order, coroutines that go on before
/// events that wait. With no threads there is one lane and the thread that pushes runs it.
///
/// Limits: events count by their bytes, over all lanes; `push` always takes one more, and says by `full` that it is
/// time to stop. Threads: `push` and `flush` on one thread at a time; the rest from any.
class Lanes final : public detail::Executor, public std::enable_shared_from_this<Lanes> {
public:
    /// `post_io` runs a function on the I/O thread: where coroutines continue when there are no threads. False: it has
    /// ended.
    Lanes(unsigned threads, std::size_t max_bytes, std::weak_ptr<LaneSink> sink,
          std::function<void(std::function<void()>)> post_io);
    ~Lanes() override;

    /// Starts the threads.
    void start();

    /// Adds an event to the lane of `key` (a channel's or server's id; 0 for all that has none).
    void push(Envelope envelope, std::uint64_t key);

    /// The same with threads, and what an Envelope is made of: it is made where it stays.
    template <class... Parts>
    void push_new(std::uint64_t key, Parts&&... parts) {
        auto& queue = queue_of(key);
        pushed(queue.emplace_back(std::forward<Parts>(parts)...).bytes);
    }

    /// Wakes the lanes that got events since the last flush.
    void flush();

    /// Runs `work` on a lane, ahead of the events that wait there.
    void post(std::function<void()> work, unsigned lane);

    void resume(detail::Resumption next, unsigned lane) noexcept override;
    void report_dropped(std::exception_ptr error, const detail::Origin& origin) noexcept override;
    void hold(std::size_t bytes) noexcept override;
    void release(std::size_t bytes) noexcept override;
    bool stopping() const noexcept override;

    /// Threads: the one that pushes.
    bool full() const noexcept { return bytes_.load(std::memory_order_relaxed) + pushed_bytes_ > max_bytes_; }
    /// Of events that are flushed and not done, and of those that are held.
    std::size_t queued_bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

    /// What waits in the lanes, and how long the oldest of it has: also an event whose handler has not returned.
    struct Load {
        std::size_t events = 0;
        std::chrono::steady_clock::duration lag{};
    };
    Load load() const;

    bool threaded() const noexcept { return !lanes_.empty(); }

    /// The events whose handlers were running at the last call already, each told once: what does not return. Of a
    /// coroutine that went on there is no event: its name is "a coroutine".
    std::vector<detail::Origin> stuck();

    /// Where coroutines continue that come from threads of nobody's.
    detail::Place home() { return {shared_from_this(), 0}; }

    /// What becomes of the dispatches that wait when the lanes end. Everything else is done in any case.
    enum class Backlog { dropped, handled };

    /// Lets the threads end once their queues are empty.
    void begin_stop(Backlog backlog);

    /// Waits for the threads to end. At `deadline` a thread whose handler does not return is left behind. Called on a
    /// thread of the lanes it does not wait for that one.
    void join(std::chrono::steady_clock::time_point deadline);

private:
    using Envelopes = std::vector<Envelope>;

    struct Lane {
        mutable std::mutex mutex;
        std::condition_variable wake;
        std::deque<std::function<void()>> urgent;
        Envelopes events;  // flushed, and not taken by the thread yet
        bool stopping = false;
        bool ended = false;
        std::condition_variable end;
        std::thread thread;

        // What the thread is told between two events, without the lock.
        std::atomic<bool> has_urgent = false;
        std::atomic<bool> dropping = false;

        // How the thread is doing, for those who ask.
        std::atomic<std::size_t> taken = 0;           // events whose turn has not come
        std::atomic<std::int64_t> oldest = no_event;  // when the oldest event was queued that is not done
        std::atomic<std::uint64_t> begun = 0;         // how much has begun to run; before the next two change
        std::atomic<const char*> running_name = "";   // what runs; empty: nothing
        std::atomic<std::uint64_t> running_seq = 0;
        std::uint64_t begun_seen = 0;  // under the mutex: `begun` when `stuck` looked last ...
        std::uint64_t begun_told = 0;  // ... and when it told of one

        void begin(const char* name, std::uint64_t seq) noexcept {
            begun.fetch_add(1, std::memory_order_relaxed);
            running_name.store(name, std::memory_order_release);
            running_seq.store(seq, std::memory_order_release);
        }
        void rest() noexcept { running_name.store("", std::memory_order_relaxed); }
    };

    static constexpr std::int64_t no_event = -1;
    static constexpr std::size_t kept_events = 16;  // room that a queue keeps although it needs less

    class Turn;
    static void run(std::shared_ptr<Lanes> self, unsigned index);
    Envelopes& queue_of(std::uint64_t key) noexcept {
        // Ids rise with time and end in counters: mixed, so that they spread over the lanes.
        const std::uint64_t mixed = (key * 0x9e3779b97f4a7c15) >> 32;
        return pushed_[mixed % pushed_.size()];
    }
    void pushed(std::size_t bytes) noexcept {
        pushed_bytes_ += bytes;
        if (full()) was_full_ = true;
    }
    void handle(Envelope& envelope);
    void released(std::size_t bytes);
    static void recycle(Envelopes& events);

    const std::size_t max_bytes_;
    const std::weak_ptr<LaneSink> sink_;
    const std::function<void(std::function<void()>)> post_io_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::vector<Envelopes> pushed_;  // of the pushing thread, as the next: not yet flushed
    std::size_t pushed_bytes_ = 0;
    std::atomic<std::size_t> bytes_ = 0;  // flushed, and not done; and of events that are held
    std::atomic<std::size_t> held_ = 0;   // how many of these there are
    std::atomic<bool> was_full_ = false;
};

}  // namespace intent::client
