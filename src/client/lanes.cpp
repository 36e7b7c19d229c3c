#include "client/lanes.hpp"

#include "client/place.hpp"
#include "client/progress.hpp"
#include "net/clock.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace intent::client {

Lanes::Lanes(unsigned threads, std::size_t max_bytes, std::weak_ptr<LaneSink> sink,
             std::function<void(std::function<void()>)> post_io)
    : max_bytes_(max_bytes), sink_(std::move(sink)), post_io_(std::move(post_io)), pushed_(threads) {
    for (unsigned i = 0; i < threads; ++i)
        lanes_.push_back(std::make_unique<Lane>());
}

Lanes::~Lanes() {
    for (auto& lane : lanes_) {
        if (lane->thread.joinable()) lane->thread.detach();  // it is the one that runs this, or one left behind
    }
}

void Lanes::start() {
    for (unsigned i = 0; i < lanes_.size(); ++i)
        lanes_[i]->thread = std::thread(run, shared_from_this(), i);
}

void Lanes::push(Envelope envelope, std::uint64_t key) {
    if (!threaded()) return handle(envelope);
    const std::size_t bytes = envelope.bytes;
    // Ids rise with time and end in counters: mixed, so that they spread over the lanes.
    const std::uint64_t mixed = (key * 0x9e3779b97f4a7c15) >> 32;
    pushed_[mixed % pushed_.size()].push_back(std::move(envelope));
    if (bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes > max_bytes_) was_full_ = true;
}

void Lanes::flush() {
    for (std::size_t i = 0; i < pushed_.size(); ++i) {
        if (pushed_[i].empty()) continue;
        Lane& lane = *lanes_[i];
        const auto now = net::now();
        for (Envelope& envelope : pushed_[i])
            envelope.since = now;
        {
            const std::lock_guard lock(lane.mutex);
            lane.events.insert(lane.events.end(), std::make_move_iterator(pushed_[i].begin()),
                               std::make_move_iterator(pushed_[i].end()));
        }
        pushed_[i].clear();
        lane.wake.notify_one();
    }
}

void Lanes::post(std::function<void()> work, unsigned lane) {
    if (!threaded()) return post_io_(std::move(work));
    Lane& target = *lanes_[lane % lanes_.size()];
    {
        const std::lock_guard lock(target.mutex);
        if (!target.ended) {
            target.urgent.push_back(std::move(work));
            target.wake.notify_one();
            return;
        }
    }
    work();  // the lane is gone, but what waits for its end must still get it
}

void Lanes::resume(std::coroutine_handle<> coroutine, unsigned lane) noexcept {
    post([coroutine] { coroutine.resume(); }, lane);
}

void Lanes::report_dropped(std::exception_ptr error, const detail::Origin& origin) noexcept {
    if (const auto sink = sink_.lock()) sink->handle_dropped(std::move(error), origin);
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

void Lanes::run(std::shared_ptr<Lanes> self, unsigned index) {
    Lane& lane = *self->lanes_[index];
    const OwnThread mark(detail::Place{self, index});
    std::unique_lock lock(lane.mutex);
    for (;;) {
        lane.wake.wait(lock, [&] { return lane.stopping || !lane.urgent.empty() || !lane.events.empty(); });
        if (!lane.urgent.empty()) {
            auto work = std::move(lane.urgent.front());
            lane.urgent.pop_front();
            lane.begin(detail::Origin{"a coroutine", 0});
            lock.unlock();
            work();
            work = nullptr;
            lock.lock();
        } else if (!lane.events.empty()) {
            Envelope envelope = std::move(lane.events.front());
            lane.events.pop_front();
            const bool wanted = !(lane.dropping && envelope.from_wire);
            lane.handling_since = envelope.since;
            lane.begin(envelope.origin);
            lock.unlock();
            if (wanted) {
                self->handle(envelope);
            } else if (envelope.origin.ticket) {
                envelope.origin.ticket->abandon();
            }
            envelope.origin.ticket.reset();
            self->released(envelope.bytes);
            lock.lock();
            lane.handling_since.reset();
        } else if (lane.stopping) {
            break;
        }
        lane.running = {};
    }
    lane.ended = true;
    lane.end.notify_all();
}

Lanes::Load Lanes::load() const {
    Load load;
    const auto now = net::now();
    for (const auto& lane : lanes_) {
        const std::lock_guard lock(lane->mutex);
        load.events += lane->events.size();
        auto oldest = lane->handling_since;
        if (!oldest && !lane->events.empty()) oldest = lane->events.front().since;
        if (oldest) load.lag = std::max(load.lag, now - *oldest);
    }
    return load;
}

std::vector<detail::Origin> Lanes::stuck() {
    std::vector<detail::Origin> found;
    for (auto& lane : lanes_) {
        const std::lock_guard lock(lane->mutex);
        const bool running = *lane->running.name != '\0';
        if (running && lane->begun == lane->begun_seen && lane->begun != lane->begun_told) {
            lane->begun_told = lane->begun;
            found.push_back(lane->running);
        }
        lane->begun_seen = lane->begun;
    }
    return found;
}

void Lanes::begin_stop(Backlog backlog) {
    for (auto& lane : lanes_) {
        const std::lock_guard lock(lane->mutex);
        lane->stopping = true;
        lane->dropping = backlog == Backlog::dropped;
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
