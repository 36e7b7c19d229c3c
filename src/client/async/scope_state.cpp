#include "client/async/scope_state.hpp"

#include <algorithm>

namespace intent::detail {

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
    if (ended()) return false;
    ++running_;
    if (resumed) resumed->parked_ = false;
    return true;
}

void ScopeState::leave() noexcept {
    const std::lock_guard lock(mutex_);
    --running_;
    if (ended()) left_.notify_all();
}

bool ScopeState::loosen(TaskState& state) noexcept {
    std::unique_lock lock(mutex_);
    if (ended() && state.parked_) {
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
            return;
        }
    }
    handlers->remove(event, id);
}

void ScopeState::end() noexcept {
    std::unique_lock lock(mutex_);
    ended_.store(true, std::memory_order_release);
    const std::size_t own = InScope::count(*this);
    ending_ += own;
    left_.notify_all();  // for another `end` that waits for this thread
    left_.wait(lock, [&] { return running_ <= ending_; });
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
    lock.lock();
    ending_ -= own;
}

}  // namespace intent::detail
