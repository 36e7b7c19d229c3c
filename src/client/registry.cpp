#include "client/registry.hpp"

#include <utility>

namespace intent::client {

bool Waiter::end(std::exception_ptr why) {
    {
        const std::lock_guard lock(mutex);
        if (std::exchange(ended, true)) return false;
        error = std::move(why);
    }
    waiting.resume();
    return true;
}

std::uint64_t Registry::add(std::size_t event, std::unique_ptr<detail::Handler> handler, bool once) {
    auto entry = std::make_shared<Entry>();
    entry->handler = std::move(handler);
    entry->once = once;
    const std::lock_guard lock(mutex_);
    Kind& kind = kinds_[event];
    entry->id = ++last_id_;
    auto entries = std::make_shared<Entries>(*kind.entries);
    entries->push_back(entry);
    kind.entries = std::move(entries);
    recount(kind);
    return entry->id;
}

void Registry::remove(std::size_t event, std::uint64_t id) {
    std::shared_ptr<const Entries> old;  // destroyed without the lock: a handler's captures may be anything
    const std::lock_guard lock(mutex_);
    Kind& kind = kinds_[event];
    auto entries = std::make_shared<Entries>(*kind.entries);
    std::erase_if(*entries, [&](const auto& entry) {
        if (entry->id != id) return false;
        entry->active = false;
        return true;
    });
    old = std::exchange(kind.entries, std::move(entries));
    recount(kind);
}

void Registry::add(std::size_t event, std::shared_ptr<Waiter> waiter) {
    const std::lock_guard lock(mutex_);
    Waiters& waiters = kinds_[event].waiters;
    const auto place = waiters.insert(waiters.end(), std::move(waiter));
    (*place)->place = place;
    (*place)->listed = true;
    recount(kinds_[event]);
}

void Registry::remove(std::size_t event, const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(waiter->listed, false)) return;
    kinds_[event].waiters.erase(waiter->place);
    recount(kinds_[event]);
}

void Registry::call(std::size_t event, const void* value, const detail::Origin& origin, void* told,
                    void (*failed)(void* told, std::exception_ptr error)) {
    std::shared_ptr<const Entries> entries;
    std::vector<std::shared_ptr<Waiter>> waiters;
    {
        const std::lock_guard lock(mutex_);
        entries = kinds_[event].entries;
        waiters.assign(kinds_[event].waiters.begin(), kinds_[event].waiters.end());
    }
    for (const auto& entry : *entries) {
        if (entry->once ? !entry->active.exchange(false) : !entry->active.load()) continue;
        if (entry->once) remove(event, entry->id);
        try {
            entry->handler->call(value, origin);
        } catch (...) {
            failed(told, std::current_exception());
        }
    }
    for (const auto& waiter : waiters) {
        {
            const std::lock_guard lock(waiter->mutex);
            if (waiter->ended) continue;
            try {
                waiter->matched = waiter->matcher->match(value);
            } catch (...) {
                waiter->error = std::current_exception();
            }
            if (!waiter->matched && !waiter->error) continue;
            waiter->ended = true;
        }
        remove(event, waiter);
        waiter->waiting.resume();
    }
}

}  // namespace intent::client
