#include "client/api/context.hpp"
#include "client/async/guaranteed.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>

#include <utility>

namespace intent::detail {

namespace {

/// A waiter with a timeout, which is cancelled when the wait has ended.
class TimedWaiter final : public client::Waiter, public std::enable_shared_from_this<TimedWaiter> {
public:
    std::weak_ptr<client::Running> running = {};

    void arm(const std::shared_ptr<client::Running>& running_on, std::chrono::milliseconds timeout) {
        // On a lane, where the predicate's captures are also destroyed.
        auto expire = client::guaranteed([lanes = running_on->lanes(), self = shared_from_this()](bool cancelled) {
            if (self->over()) return;
            lanes->post([self, cancelled] { self->end(cancelled ? stopped() : nullptr); }, 0);
        });
        running_on->loop().post([&on = *running_on, timeout, self = shared_from_this(), expire = std::move(expire)] {
            if (!self->over()) self->delay_ = on.after(timeout, expire);
        });
    }

    static std::exception_ptr stopped() {
        return std::make_exception_ptr(CancelledError("wait_for: the client was stopped"));
    }

private:
    void on_end() noexcept override {
        const auto running_on = running.lock();
        if (!running_on) return;
        running_on->loop().post([&on = *running_on, self = shared_from_this()] { on.end_delay(self->delay_); });
    }

    std::uint64_t delay_ = 0;  // used on the loop's thread
};

}  // namespace

struct WaitForMatch::Impl {
    std::shared_ptr<ClientContext> context;
    std::span<const std::size_t> events;
    std::chrono::milliseconds timeout{};
    std::shared_ptr<TimedWaiter> waiter = std::make_shared<TimedWaiter>();
};

WaitForMatch::WaitForMatch(std::shared_ptr<ClientContext> context, std::span<const std::size_t> events,
                           Matcher& matcher, std::chrono::milliseconds timeout)
    : impl_(std::make_shared<Impl>()) {
    impl_->context = std::move(context);
    impl_->events = events;
    impl_->timeout = timeout;
    impl_->waiter->matcher = &matcher;
}

WaitForMatch::~WaitForMatch() = default;

void WaitForMatch::start(std::coroutine_handle<> waiting, TaskState& state) {
    // By value: after the registration, the coroutine and this object may be destroyed at any moment.
    const auto impl = impl_;
    const auto& waiter = impl->waiter;
    waiter->state.hold(waiting);
    const auto running = impl->context->running();
    if (!running) {
        waiter->end(TimedWaiter::stopped());
        return;
    }
    state.adopt(running->lanes()->home());
    state.waits_for(waiter);
    waiter->scope = state.scope();
    if (waiter->scope && !waiter->scope->add(waiter)) return waiter->cancel();
    waiter->running = running;
    impl->context->dispatcher().registry().add(impl->events, waiter);
    try {
        waiter->arm(running, impl->timeout);
    } catch (...) {
        waiter->end(std::current_exception());
    }
}

bool WaitForMatch::await_resume() {
    const client::WaitState& state = impl_->waiter->state;
    if (state.error()) std::rethrow_exception(state.error());
    return state.matched();
}

}  // namespace intent::detail
