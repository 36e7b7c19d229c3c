#include "client/async/scope_state.hpp"

#include "client/async/thread_context.hpp"

#include <intent/detail/scope_control.hpp>

#include <algorithm>

namespace intent::inline v0::detail {

namespace {

thread_local const InScope* innermost = nullptr;

}  // namespace

InScope::InScope(std::shared_ptr<ScopeState> scope, TaskState* resumed) noexcept
    : scope_(std::move(scope)), outer_(innermost), entered_(!scope_ || scope_->enter(resumed)) {
    innermost = this;
}

InScope::~InScope() {
    innermost = outer_;
    if (scope_ && entered_) scope_->leave();
}

const std::shared_ptr<ScopeState>& InScope::current() noexcept {
    static const std::shared_ptr<ScopeState> none;
    return innermost ? innermost->scope_ : none;
}

std::size_t InScope::count(const ScopeState& scope) noexcept {
    std::size_t found = 0;
    for (const auto* one = innermost; one; one = one->outer_)
        if (one->scope_.get() == &scope && one->entered_) ++found;
    return found;
}

bool ScopeState::enter(TaskState* resumed) noexcept {
    const std::lock_guard lock(mutex_);
    if (ended() || !admits_this_thread()) return false;
    ++running_;
    if (resumed) resumed->parked_ = false;
    return true;
}

void ScopeState::leave() noexcept {
    std::unique_lock lock(mutex_);
    --running_;
    if (!ended()) return;
    left_.notify_all();
    clear_if_left(std::move(lock));
}

void ScopeState::hold() noexcept {
    const std::lock_guard lock(mutex_);
    builder_ = std::this_thread::get_id();
}

void ScopeState::begin() noexcept {
    std::unique_lock lock(mutex_);
    builder_ = {};
    const auto subscriptions = subscriptions_;
    const auto handlers = handlers_.lock();
    auto deferred = std::exchange(deferred_, {});
    lock.unlock();
    if (handlers) {
        for (const auto& [event, id] : subscriptions)
            handlers->activate(event, id);
    }
    for (const auto& later : deferred)
        later();
}

bool ScopeState::defer(std::function<void()> later) {
    const std::lock_guard lock(mutex_);
    if (ended()) return true;
    if (admits_this_thread()) return false;
    deferred_.push_back(std::move(later));
    return true;
}

bool ScopeState::loosen(TaskState& state) noexcept {
    std::unique_lock lock(mutex_);
    if (ended() && state.parked_ && !kept_) {
        lock.unlock();
        state.self_.destroy();
        return true;
    }
    state.loose_ = true;
    state.previous_ = nullptr;
    state.next_ = loose_;
    if (loose_) loose_->previous_ = &state;
    loose_ = &state;
    return false;
}

void ScopeState::forget(TaskState& state) noexcept {
    const std::lock_guard lock(mutex_);
    if (state.loose_) unlist(state);
}

void ScopeState::unlist(TaskState& state) noexcept {
    state.loose_ = false;
    (state.previous_ ? state.previous_->next_ : loose_) = state.next_;
    if (state.next_) state.next_->previous_ = state.previous_;
}

bool ScopeState::add(const std::shared_ptr<Wait>& wait) {
    const std::lock_guard lock(mutex_);
    if (ended()) return false;
    wait->place_ = waits_.insert(waits_.end(), wait);
    wait->listed_ = true;
    return true;
}

void ScopeState::remove(Wait& wait) noexcept {
    std::shared_ptr<Wait> held;  // destroyed without the lock
    const std::lock_guard lock(mutex_);
    if (!std::exchange(wait.listed_, false)) return;
    held = std::move(*wait.place_);
    waits_.erase(wait.place_);
}

void ScopeState::add(const std::weak_ptr<client::HandlerList>& list, std::size_t event, std::uint64_t id) {
    const auto handlers = list.lock();
    if (!handlers) return;
    {
        const std::lock_guard lock(mutex_);
        if (!ended()) {
            handlers_ = list;
            if (subscriptions_.size() >= subscriptions_before_prune_) {
                std::erase_if(subscriptions_, [&](const auto& one) { return !handlers->holds(one.first, one.second); });
                subscriptions_before_prune_ = std::max<std::size_t>(64, 2 * subscriptions_.size());
            }
            subscriptions_.emplace_back(event, id);
            if (builder_ != std::thread::id()) return;
        }
    }
    // Without the lock, in which the list may be held. A scope that ends in the meantime has removed the handler.
    handlers->activate(event, id);
    if (ended()) handlers->remove(event, id);
}

void ScopeState::end() noexcept {
    std::unique_lock lock(mutex_);
    ended_.store(true, std::memory_order_release);
    const std::size_t own = InScope::count(*this);
    ending_ += own;
    left_.notify_all();  // for another `end` that waits for this thread
    left_.wait(lock, [&] { return running_ <= ending_; });
    clear(std::move(lock));
    lock = std::unique_lock(mutex_);
    ending_ -= own;
}

void ScopeState::end_soon(std::shared_ptr<void> kept) noexcept {
    std::unique_lock lock(mutex_);
    ended_.store(true, std::memory_order_release);
    kept_ = std::move(kept);
    clear_if_left(std::move(lock));
}

void ScopeState::clear_if_left(std::unique_lock<std::mutex> lock) noexcept {
    if (running_ > 0 || !kept_) return;
    const auto kept = std::move(kept_);  // destroyed without the lock, after the coroutines
    clear(std::move(lock));
}

void ScopeState::clear(std::unique_lock<std::mutex> lock) noexcept {
    const auto deferred = std::exchange(deferred_, {});
    const auto waits = std::exchange(waits_, {});
    for (const auto& wait : waits)
        wait->listed_ = false;
    const auto subscriptions = std::exchange(subscriptions_, {});
    const auto handlers = handlers_.lock();
    TaskState* parked = nullptr;
    for (TaskState* state = loose_; state;) {
        TaskState* const next = state->next_;
        if (state->parked_) {
            unlist(*state);
            state->next_ = std::exchange(parked, state);
        }
        state = next;
    }
    lock.unlock();

    if (handlers) {
        for (const auto& [event, id] : subscriptions)
            handlers->remove(event, id);
    }
    while (parked) {
        TaskState* const state = std::exchange(parked, parked->next_);
        state->self_.destroy();
    }
    for (const auto& wait : waits)
        wait->cancel();
}

void hold_scope(ScopeState& scope) noexcept { scope.hold(); }

void begin_scope(ScopeState& scope) noexcept { scope.begin(); }

void end_scope_soon(ScopeState& scope, std::shared_ptr<void> kept) noexcept { scope.end_soon(std::move(kept)); }

}  // namespace intent::detail
