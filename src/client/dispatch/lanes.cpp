#include "client/dispatch/lanes.hpp"

#include "client/async/thread_context.hpp"
#include "codec/empty.hpp"
#include "codec/fields.hpp"
#include "net/clock.hpp"

#include <intent/detail/pending_dispatch.hpp>

#include <algorithm>
#include <utility>

namespace intent::client {
namespace {

/// A message of more bytes gives its memory back, so that what is kept stays bounded.
constexpr std::size_t usual_message_bytes = sizeof(Envelope) + 4096;

}  // namespace

void Envelope::finish() {
    if (bytes > usual_message_bytes || !std::holds_alternative<MessageCreate>(event)) event.emplace<Resumed>();
    origin.pending.reset();
    origin.quiet_cancel = false;
    origin.within = "";
    origin.context.reset();
}

void Envelope::clear() {
    finish();
    if (auto* const message = std::get_if<MessageCreate>(&event))
        codec::make_empty(static_cast<raw::Message&>(message->message));
}

Lanes::Lanes(unsigned threads, std::size_t max_bytes, std::weak_ptr<LaneSink> sink,
             std::function<void(std::function<void()>)> post_io, std::shared_ptr<net::VirtualClock> clock)
    : max_bytes_(max_bytes),
      sink_(std::move(sink)),
      post_io_(std::move(post_io)),
      work_(clock ? std::make_unique<net::WorkGroup>(std::move(clock), net::Work::handler) : nullptr),
      pushed_(threads) {
    for (unsigned i = 0; i < threads; ++i)
        lanes_.push_back(std::make_unique<Lane>());
}

Lanes::~Lanes() {
    for (auto& lane : lanes_) {
        if (lane->thread.joinable()) lane->thread.detach();  // this thread itself, or one that was left behind
    }
}

void Lanes::start() {
    for (unsigned i = 0; i < lanes_.size(); ++i)
        lanes_[i]->thread = std::thread(run, shared_from_this(), i);
}

void Lanes::push(Envelope envelope, std::uint64_t key) {
    if (!threaded()) return handle(envelope);
    Slot slot;
    slot.push_back(std::move(envelope));
    push(slot, key);
}

void Lanes::fill(Slot& slot) {
    if (spare_.empty()) {
        slot.emplace_back();
    } else {
        slot.splice(slot.begin(), spare_, spare_.begin());
        slot.front().clear();
    }
}

void Lanes::push(Slot& slot, std::uint64_t key) {
    pushed_bytes_ += slot.front().bytes;
    auto& queue = queue_of(key);
    queue.splice(queue.end(), slot);
    if (full()) was_full_ = true;
}

void Lanes::flush() {
    if (pushed_bytes_ != 0) bytes_.fetch_add(std::exchange(pushed_bytes_, 0), std::memory_order_relaxed);
    std::size_t count = 0;
    bool behind = false;
    for (std::size_t i = 0; i < pushed_.size(); ++i) {
        Envelopes& pushed = pushed_[i];
        if (pushed.empty()) continue;
        count += pushed.size();
        if (work_) work_->begin(pushed.size());
        Lane& lane = *lanes_[i];
        const auto now = net::now();
        for (Envelope& envelope : pushed)
            envelope.since = now;
        {
            const std::lock_guard lock(lane.mutex);
            behind = behind || !lane.events.empty();
            lane.events.splice(lane.events.end(), pushed);
            spare_.splice(spare_.begin(), lane.handled);
        }
        lane.wake.notify_one();
    }
    // One less each time, unless all were needed: memory of a burst is freed while events come one by one.
    if (spare_.size() > count) spare_.pop_back();
    while (spare_.size() > kept_envelopes)
        spare_.pop_back();
    // A handler thread on the same core reads the events while they are still in its cache.
    if (behind) std::this_thread::yield();
}

void Lanes::post(std::function<void()> work, unsigned lane) {
    if (!threaded()) {
        return post_io_([self = shared_from_this(), work = std::move(work)] {
            const ThreadContext mark(self->home());
            work();
        });
    }
    Lane& target = *lanes_[lane % lanes_.size()];
    {
        const std::lock_guard lock(target.mutex);
        if (!target.ended) {
            if (work_) work_->begin();
            target.urgent.push_back(std::move(work));
            target.has_urgent.store(true, std::memory_order_relaxed);
            target.wake.notify_one();
            return;
        }
    }
    work();  // the lane has ended, but those that wait for this work must be notified
}

void Lanes::resume(detail::Resumption next, unsigned lane) noexcept {
    if (next.scope) return post([next = std::move(next)]() mutable { next.run(); }, lane);
    // Small enough to be stored without an allocation.
    post([coroutine = next.coroutine, state = next.state] { detail::Resumption{coroutine, state}.run(); }, lane);
}

void Lanes::report_dropped(std::exception_ptr error, const detail::Origin& origin) noexcept {
    if (const auto sink = sink_.lock()) sink->handle_dropped(std::move(error), origin);
}

void Lanes::hold(std::size_t bytes) noexcept {
    held_.fetch_add(1, std::memory_order_relaxed);
    if (bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes > max_bytes_) was_full_ = true;
}

void Lanes::release(std::size_t bytes) noexcept {
    held_.fetch_sub(1, std::memory_order_relaxed);
    released(bytes);
}

bool Lanes::stopping() const noexcept {
    const auto sink = sink_.lock();
    return !sink || sink->stopping();
}

void Lanes::handle(Envelope& envelope) {
    if (const auto sink = sink_.lock()) sink->handle(envelope);
}

void Lanes::released(std::size_t bytes) {
    const std::size_t left = bytes_.fetch_sub(bytes, std::memory_order_relaxed) - bytes;
    if (left <= max_bytes_ / 2 && was_full_.exchange(false)) {
        if (const auto sink = sink_.lock()) sink->on_room();
    }
}

/// The events that a lane's thread has taken, and its position in them.
class Lanes::Turn {
public:
    Turn(Lanes& lanes, Lane& lane) : lanes_(lanes), lane_(lane), release_step_(lanes.max_bytes_ / 16) {}

    bool done() const noexcept { return events_.empty(); }

    /// Takes all flushed events, and hands back the envelopes of the handled ones. Called with the lane's lock held,
    /// when `done`.
    void take() {
        lane_.handled.splice(lane_.handled.begin(), handled_);
        events_.swap(lane_.events);
        lane_.taken.store(events_.size(), std::memory_order_relaxed);
        lane_.oldest.store(events_.front().since.time_since_epoch().count(), std::memory_order_relaxed);
    }

    void handle_next() {
        Envelope& envelope = events_.front();
        lane_.taken.store(events_.size() - 1, std::memory_order_relaxed);
        if (!(envelope.from_wire && lane_.dropping.load(std::memory_order_relaxed))) {
            lane_.begin(envelope.origin.name, envelope.origin.seq);
            lanes_.handle(envelope);
            lane_.rest();
        } else if (envelope.origin.pending) {
            envelope.origin.pending->abandon();
        }
        unreleased_ += envelope.bytes;
        envelope.finish();
        if (handled_.size() < kept_envelopes)
            handled_.splice(handled_.begin(), events_, events_.begin());
        else
            events_.pop_front();
        const auto oldest = done() ? no_event : events_.front().since.time_since_epoch().count();
        lane_.oldest.store(oldest, std::memory_order_relaxed);
        if (unreleased_ > release_step_ || done()) lanes_.released(std::exchange(unreleased_, 0));
        if (lanes_.work_) lanes_.work_->end();
    }

private:
    Lanes& lanes_;
    Lane& lane_;
    const std::size_t release_step_;
    Envelopes events_;
    Envelopes handled_;
    std::size_t unreleased_ = 0;  // bytes of events that are done
};

void Lanes::run(std::shared_ptr<Lanes> self, unsigned index) {
    Lane& lane = *self->lanes_[index];
    const ThreadContext mark(detail::Place{self, index});
    Turn turn(*self, lane);
    for (;;) {
        while (!turn.done() && !lane.has_urgent.load(std::memory_order_relaxed))
            turn.handle_next();
        std::unique_lock lock(lane.mutex);
        if (turn.done())
            lane.wake.wait(lock, [&] { return lane.stopping || !lane.urgent.empty() || !lane.events.empty(); });
        if (!lane.urgent.empty()) {
            auto work = std::move(lane.urgent.front());
            lane.urgent.pop_front();
            lane.has_urgent.store(!lane.urgent.empty(), std::memory_order_relaxed);
            lock.unlock();
            lane.begin("a coroutine", 0);
            work();
            work = nullptr;
            if (self->work_) self->work_->end();
            lane.rest();
        } else if (turn.done()) {
            if (lane.events.empty()) {
                lane.ended = true;
                lane.end.notify_all();
                return;
            }
            turn.take();
        }
    }
}

Lanes::Load Lanes::load() const {
    Load load;
    load.events = held_.load(std::memory_order_relaxed);
    const auto now = net::now();
    for (const auto& lane : lanes_) {
        const std::lock_guard lock(lane->mutex);
        load.events += lane->events.size() + lane->taken.load(std::memory_order_relaxed);
        auto oldest = lane->oldest.load(std::memory_order_relaxed);
        if (oldest == no_event && !lane->events.empty()) oldest = lane->events.front().since.time_since_epoch().count();
        if (oldest != no_event)
            load.lag = std::max(load.lag, now.time_since_epoch() - std::chrono::steady_clock::duration(oldest));
    }
    return load;
}

std::vector<detail::Origin> Lanes::stuck() {
    std::vector<detail::Origin> found;
    for (auto& lane : lanes_) {
        const std::lock_guard lock(lane->mutex);
        const auto seq = lane->running_seq.load(std::memory_order_acquire);
        const char* const name = lane->running_name.load(std::memory_order_acquire);
        const auto begun =
            lane->begun.load(std::memory_order_relaxed);  // last: if it is unchanged, the others belong to the same run
        if (*name != '\0' && begun == lane->begun_seen && begun != lane->begun_told) {
            lane->begun_told = begun;
            found.push_back({name, seq});
        }
        lane->begun_seen = begun;
    }
    return found;
}

void Lanes::begin_stop(Backlog backlog) {
    for (auto& lane : lanes_) {
        const std::lock_guard lock(lane->mutex);
        lane->stopping = true;
        lane->dropping.store(backlog == Backlog::dropped, std::memory_order_relaxed);
        lane->wake.notify_one();
    }
}

void Lanes::join(std::chrono::steady_clock::time_point deadline) {
    for (auto& lane : lanes_) {
        if (!lane->thread.joinable() || lane->thread.get_id() == std::this_thread::get_id()) continue;
        std::unique_lock lock(lane->mutex);
        const bool ended = lane->end.wait_until(lock, deadline, [&] { return lane->ended; });
        lock.unlock();
        if (ended) {
            lane->thread.join();
        } else {
            lane->thread.detach();
        }
    }
}

}  // namespace intent::client
