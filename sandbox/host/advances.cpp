#include "sandbox/host/advances.hpp"

#include <mutex>
#include <utility>

namespace intent::inline v0::sandbox {

/// The way back to the loop for the thread that ends an advance, which may outlive this object.
struct Advances::Return {
    std::mutex mutex;
    Advances* to = nullptr;

    void finish(std::uint64_t number) {
        const std::lock_guard lock(mutex);
        if (to != nullptr) to->loop_.post([advances = to, number] { advances->finish(number, {}); });
    }
};

Advances::Advances(net::Loop& loop, std::shared_ptr<net::VirtualClock> clock)
    : loop_(loop), clock_(std::move(clock)), return_(std::make_shared<Return>()) {
    return_->to = this;
}

Advances::~Advances() {
    for (const auto& [number, advance] : advances_)
        clock_->abandon(advance.id);
    const std::lock_guard lock(return_->mutex);
    return_->to = nullptr;
}

void Advances::add(std::chrono::milliseconds step, std::function<void(std::string)> then) {
    const std::uint64_t number = ++last_;
    Advance& advance = advances_[number];
    advance.then = std::move(then);
    advance.timer = std::make_unique<net::Timer>(loop_, net::Timer::Kind::real);
    watch(number);
    advance.id = clock_->advance(step, [back = return_, number] { back->finish(number); });
}

void Advances::watch(std::uint64_t number) {
    Advance& advance = advances_.at(number);
    advance.progress = clock_->progress();
    advance.timer->arm(net::now() + patience, [this, number] {
        Advance& waiting = advances_.at(number);
        if (waiting.progress != clock_->progress()) return watch(number);
        std::string busy = clock_->busy();
        if (clock_->abandon(waiting.id)) finish(number, std::move(busy));
    });
}

void Advances::finish(std::uint64_t number, std::string busy) {
    const auto finished = advances_.extract(number);
    if (!finished.empty()) finished.mapped().then(std::move(busy));
}

}  // namespace intent::sandbox
