#include "client/dispatch/registry.hpp"

#include "client/async/event_context.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace intent::client {

void Waiter::check(std::size_t event, const void* value) {
    const bool ended = state.check([&] {
        const detail::InScope stretch(scope);
        return stretch && matcher->match(event, value);
    });
    if (ended) finish();
}

bool Waiter::end(std::exception_ptr why) {
    const auto ended = state.end(std::move(why));
    if (ended.now) finish();
    return ended.first;
}

void Waiter::cancel() noexcept { end(std::make_exception_ptr(CancelledError("nothing waits for the event any more"))); }

void Waiter::finish() {
    if (const auto registry = registry_.lock()) registry->remove(*this);
    if (scope) scope->remove(*this);
    on_end();
    if (const auto waiting = state.waiting()) waiting.resume();
}

std::uint64_t Registry::add(detail::MadeHandler made, bool once, Begins begins) {
    return add(std::span(&made, 1), once, begins);
}

std::uint64_t Registry::add(std::span<detail::MadeHandler> made, bool once, Begins begins) {
    std::vector<std::shared_ptr<Entries>> lists;
    lists.reserve(made.size());
    const std::lock_guard lock(mutex_);
    const std::uint64_t id = ++last_id_;
    for (auto& each : made) {
        auto entry = std::make_shared<Entry>();
        entry->id = id;
        entry->handler = std::move(each.handler);
        entry->once = once;
        entry->active = begins == Begins::now;
        lists.push_back(std::make_shared<Entries>(*kinds_[each.event].entries));
        lists.back()->push_back(std::move(entry));
    }
    for (std::size_t i = 0; i < made.size(); ++i) {  // cannot fail any more
        Kind& kind = kinds_[made[i].event];
        kind.entries = std::move(lists[i]);
        recount(kind);
    }
    return id;
}

void Registry::activate(std::size_t event, std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    for (const auto& entry : *kinds_[event].entries)
        if (entry->id == id) entry->active = true;
}

void Registry::remove(std::size_t event, std::uint64_t id) {
    std::shared_ptr<const Entries> old;  // destroyed without the lock: captures may be any type
    std::shared_ptr<Entry> ended;
    {
        const std::lock_guard lock(mutex_);
        Kind& kind = kinds_[event];
        auto entries = std::make_shared<Entries>(*kind.entries);
        std::erase_if(*entries, [&](const auto& entry) {
            if (entry->id != id) return false;
            ended = entry;
            return true;
        });
        old = std::exchange(kind.entries, std::move(entries));
        recount(kind);
    }
    // A handler for a single event is removed before its call.
    if (ended && ended->active.exchange(false)) ended->handler->end();
}

bool Registry::holds(std::size_t event, std::uint64_t id) const {
    const std::lock_guard lock(mutex_);
    return std::ranges::any_of(*kinds_[event].entries, [&](const auto& entry) { return entry->id == id; });
}

void Registry::add(std::span<const std::size_t> events, const std::shared_ptr<Waiter>& waiter) {
    waiter->registry_ = weak_from_this();
    Waiters entries(events.size(), waiter);  // first, because it can fail
    {
        const std::lock_guard lock(mutex_);
        waiter->places_.reserve(events.size());
        for (const std::size_t event : events)
            static_cast<void>(list_of(kinds_[event], *waiter));
        for (const std::size_t event : events) {  // cannot fail any more
            Kind& kind = kinds_[event];
            Waiters& waiters = list_of(kind, *waiter);
            waiters.splice(waiters.end(), entries, entries.begin());
            waiter->places_.push_back({event, std::prev(waiters.end())});
            ++kind.waiter_count;
            recount(kind);
        }
    }
    if (waiter->over()) remove(*waiter);  // cancelled before it was added
}

void Registry::remove(Waiter& waiter) {
    Waiters held;  // destroyed without the lock
    const std::lock_guard lock(mutex_);
    for (const auto& place : std::exchange(waiter.places_, {})) {
        Kind& kind = kinds_[place.event];
        Waiters& waiters = list_of(kind, waiter);
        held.splice(held.end(), waiters, place.in_list);
        if (waiter.key != 0 && waiters.empty()) kind.waiters_in.erase(waiter.key);
        --kind.waiter_count;
        recount(kind);
    }
}

/// Numbers the requests of each handler apart, because handlers of one event can run in any order.
void Registry::call_with_key(const Entry& entry, const void* value, const detail::Origin& origin) {
    const auto& of_event = *origin.context;
    detail::Origin own = origin;
    own.context = std::make_shared<const detail::EventContext>(of_event.trace, of_event.delivery,
                                                               of_event.key + '.' + std::to_string(entry.id));
    const Handling handling(own);
    entry.handler->call(value, own);
}

void Registry::call(std::size_t event, const void* value, const detail::Origin& origin, void* told,
                    void (*failed)(void* told, std::exception_ptr error)) {
    std::shared_ptr<const Entries> entries;
    std::vector<std::shared_ptr<Waiter>> waiters;
    {
        const std::lock_guard lock(mutex_);
        const Kind& kind = kinds_[event];
        entries = kind.entries;
        if (kind.waiter_count != 0) {
            const auto own = origin.key == 0 ? kind.waiters_in.end() : kind.waiters_in.find(origin.key);
            waiters.reserve(kind.waiters.size() + (own == kind.waiters_in.end() ? 0 : own->second.size()));
            for (const auto& waiter : kind.waiters)
                waiters.push_back(waiter);
            if (own != kind.waiters_in.end())
                for (const auto& waiter : own->second)
                    waiters.push_back(waiter);
        }
    }
    const bool keyed = origin.context && !origin.context->key.empty();
    const Handling handling(origin);
    for (const auto& entry : *entries) {
        if (entry->once ? !entry->active.exchange(false) : !entry->active.load()) continue;
        if (entry->once) remove(event, entry->id);
        try {
            if (keyed)
                call_with_key(*entry, value, origin);
            else
                entry->handler->call(value, origin);
        } catch (...) {
            failed(told, std::current_exception());
        }
    }
    for (const auto& waiter : waiters)
        waiter->check(event, value);
}

}  // namespace intent::client
