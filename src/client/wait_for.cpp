#include "client/client_core.hpp"
#include "client/surely.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>

#include <utility>

namespace intent::detail {

struct WaitForMatch::Impl {
    std::shared_ptr<ClientCore> core;
    std::size_t event = 0;
    std::chrono::milliseconds timeout{};
    std::shared_ptr<client::Waiter> waiter = std::make_shared<client::Waiter>();
};

WaitForMatch::WaitForMatch(std::shared_ptr<ClientCore> core, std::size_t event, Matcher& matcher,
                           std::chrono::milliseconds timeout)
    : impl_(std::make_shared<Impl>()) {
    impl_->core = std::move(core);
    impl_->event = event;
    impl_->timeout = timeout;
    impl_->waiter->matcher = &matcher;
}

WaitForMatch::~WaitForMatch() = default;

namespace {

void give_up(const std::shared_ptr<ClientCore>& core, std::size_t event, const std::shared_ptr<client::Waiter>& waiter,
             bool cancelled) {
    core->registry().remove(event, waiter);
    waiter->end(cancelled ? std::make_exception_ptr(CancelledError("wait_for: the client was stopped")) : nullptr);
}

}  // namespace

void WaitForMatch::start(std::coroutine_handle<> waiting, TaskState& state) {
    // By value: once registered, the coroutine, and this object with it, may be gone at any moment.
    const auto core = impl_->core;
    const auto event = impl_->event;
    const auto timeout = impl_->timeout;
    const auto waiter = impl_->waiter;
    waiter->waiting = waiting;
    const auto engine = core->engine();
    if (!engine) return give_up(core, event, waiter, true);

    state.adopt(engine->lanes->home());
    core->registry().add(event, waiter);
    // On a lane, like the predicate: the I/O thread must not wait for a predicate that runs.
    const auto expire =
        client::surely([lanes = engine->lanes, weak = std::weak_ptr(core), event, waiter](bool cancelled) {
            lanes->post(
                [weak, event, waiter, cancelled] {
                    if (const auto alive = weak.lock()) give_up(alive, event, waiter, cancelled);
                },
                0);
        });
    auto* running = engine.get();
    engine->loop.post([running, timeout, expire] { running->after(timeout, expire); });
}

bool WaitForMatch::await_resume() {
    if (impl_->waiter->error) std::rethrow_exception(impl_->waiter->error);
    return impl_->waiter->matched;
}

}  // namespace intent::detail
