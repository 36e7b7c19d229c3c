#include "client/waiting/timed_waiter.hpp"

#include <intent/client.hpp>

#include <utility>

namespace intent::inline v0::detail {

struct WaitForMatch::Impl {
    std::shared_ptr<ClientContext> context;
    std::span<const std::size_t> events;
    std::chrono::milliseconds timeout{};
    std::shared_ptr<client::TimedWaiter> waiter = std::make_shared<client::TimedWaiter>("wait_for");
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
    waiter->scope = state.scope();
    state.waits_for(waiter);
    if (const auto running = impl->context->running()) state.adopt(running->lanes()->home());
    if (waiter->listen(*impl->context, impl->events)) waiter->arm(impl->timeout);
}

bool WaitForMatch::await_resume() {
    const client::WaitState& state = impl_->waiter->state;
    if (state.error()) std::rethrow_exception(state.error());
    return state.matched();
}

}  // namespace intent::detail
