#include "client/waiting/timed_waiter.hpp"

#include "client/async/guaranteed.hpp"

#include <intent/errors.hpp>

#include <string>
#include <utility>

namespace intent::client {

namespace {

constexpr const char* stopped = "the client was stopped";

}  // namespace

std::exception_ptr TimedWaiter::cancelled(const char* why) const {
    return std::make_exception_ptr(CancelledError(std::string(call_) + ": " + why));
}

bool TimedWaiter::listen(detail::ClientContext& context, std::span<const std::size_t> events) {
    const auto running = context.running();
    if (!running) {
        give_up(cancelled(stopped));
        return false;
    }
    running_ = running;
    if (scope && !scope->add(shared_from_this())) {
        cancel();
        return false;
    }
    try {
        context.dispatcher().registry().add(events, shared_from_this());
        return true;
    } catch (...) {
        end(std::current_exception());
        return false;
    }
}

void TimedWaiter::arm(std::chrono::milliseconds timeout) {
    const auto running = running_.lock();
    if (!running) return give_up(cancelled(stopped));
    try {
        // On a lane, like the predicate: the I/O thread must not wait for a running predicate.
        auto expire = guaranteed([lanes = running->lanes(), self = shared_from_this()](bool by_stop) {
            if (self->over()) return;
            lanes->post(
                [self, by_stop] {
                    if (by_stop)
                        self->give_up(self->cancelled(stopped));
                    else
                        self->end(nullptr);
                },
                0);
        });
        running->loop().post([&on = *running, timeout, self = shared_from_this(), expire = std::move(expire)] {
            if (!self->over()) self->delay_ = on.after(timeout, expire);
        });
    } catch (...) {
        end(std::current_exception());
    }
}

void TimedWaiter::adopt(detail::TaskState& task) const noexcept {
    if (const auto running = running_.lock()) task.adopt(running->lanes()->home());
}

void TimedWaiter::cancel() noexcept { give_up(cancelled("nothing waits for the event any more")); }

void TimedWaiter::on_end() noexcept {
    const auto running = running_.lock();
    if (!running) return;
    running->loop().post([&on = *running, self = shared_from_this()] { on.end_delay(self->delay_); });
}

}  // namespace intent::client
