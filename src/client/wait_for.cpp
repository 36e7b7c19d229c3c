#include "client/client_core.hpp"
#include "client/surely.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>

#include <utility>

namespace intent::detail {

namespace {

/// A waiter with a timeout, which goes as soon as the wait has ended.
class TimedWaiter final : public client::Waiter, public std::enable_shared_from_this<TimedWaiter> {
public:
    std::weak_ptr<client::Engine> engine = {};

    void arm(const std::shared_ptr<client::Engine>& running_on, std::chrono::milliseconds timeout) {
        // On a lane, where the predicate's captures are destroyed too.
        auto expire = client::surely([lanes = running_on->lanes, self = shared_from_this()](bool cancelled) {
            if (self->over()) return;
            lanes->post([self, cancelled] { self->end(cancelled ? stopped() : nullptr); }, 0);
        });
        auto* running = running_on.get();
        running_on->loop.post([running, timeout, self = shared_from_this(), expire = std::move(expire)] {
            if (!self->over()) self->delay_ = running->after(timeout, expire);
        });
    }

    static std::exception_ptr stopped() {
        return std::make_exception_ptr(CancelledError("wait_for: the client was stopped"));
    }

private:
    void on_end() noexcept override {
        const auto running_on = engine.lock();
        if (!running_on) return;
        try {
            auto* running = running_on.get();
            running_on->loop.post([running, self = shared_from_this()] { running->end_delay(self->delay_); });
        } catch (...) {  // out of memory: the timer stays until its time
        }
    }

    std::uint64_t delay_ = 0;  // of the loop's thread
};

}  // namespace

struct WaitForMatch::Impl {
    std::shared_ptr<ClientCore> core;
    std::span<const std::size_t> events;
    std::chrono::milliseconds timeout{};
    std::shared_ptr<TimedWaiter> waiter = std::make_shared<TimedWaiter>();
};

WaitForMatch::WaitForMatch(std::shared_ptr<ClientCore> core, std::span<const std::size_t> events, Matcher& matcher,
                           std::chrono::milliseconds timeout)
    : impl_(std::make_shared<Impl>()) {
    impl_->core = std::move(core);
    impl_->events = events;
    impl_->timeout = timeout;
    impl_->waiter->matcher = &matcher;
}

WaitForMatch::~WaitForMatch() = default;

void WaitForMatch::start(std::coroutine_handle<> waiting, TaskState& state) {
    // By value: once registered, the coroutine, and this object with it, may be gone at any moment.
    const auto impl = impl_;
    const auto& waiter = impl->waiter;
    waiter->judgement.hold(waiting);
    const auto engine = impl->core->engine();
    if (!engine) {
        waiter->end(TimedWaiter::stopped());
        return;
    }
    state.adopt(engine->lanes->home());
    state.waits_for(waiter);
    waiter->scope = state.scope();
    if (waiter->scope && !waiter->scope->add(waiter)) return waiter->cancel();
    waiter->engine = engine;
    impl->core->registry().add(impl->events, waiter);
    try {
        waiter->arm(engine, impl->timeout);
    } catch (...) {
        waiter->end(std::current_exception());
    }
}

bool WaitForMatch::await_resume() {
    const client::Judgement& judgement = impl_->waiter->judgement;
    if (judgement.error()) std::rethrow_exception(judgement.error());
    return judgement.matched();
}

}  // namespace intent::detail
