#include "relay/broker/impl/alarm.hpp"

#include <mutex>
#include <optional>
#include <utility>

namespace intent::relay::broker {

struct Alarm::State {
    std::function<void()> ring;  // loop's thread only, as is `timer`
    std::unique_ptr<net::Timer> timer;
    std::mutex mutex;
    std::optional<net::Time> earliest;
};

Alarm::Alarm(net::Loop& loop, std::function<void()> ring) : loop_(loop), state_(std::make_shared<State>()) {
    state_->ring = std::move(ring);
    state_->timer = std::make_unique<net::Timer>(loop);
}

Alarm::~Alarm() {
    loop_.post([state = std::move(state_)] { state->timer.reset(); });
}

void Alarm::set(net::Time when) {
    {
        const std::lock_guard lock(state_->mutex);
        if (state_->earliest && *state_->earliest <= when) return;
        state_->earliest = when;
    }
    loop_.post([state = state_] {
        net::Time next;
        {
            const std::lock_guard lock(state->mutex);
            if (!state->timer || !state->earliest) return;
            next = *state->earliest;
        }
        // Weak, because the timer keeps the function.
        state->timer->arm(next, [weak = std::weak_ptr(state)] {
            const auto rung = weak.lock();
            if (!rung) return;
            {
                const std::lock_guard lock(rung->mutex);
                rung->earliest.reset();
            }
            rung->ring();
        });
    });
}

}  // namespace intent::relay::broker
