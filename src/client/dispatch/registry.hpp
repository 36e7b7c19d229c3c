// The registry of handlers, and of coroutines that wait for an event.
#pragma once

#include "client/async/handler_list.hpp"
#include "client/async/scope_state.hpp"
#include "client/async/wait_state.hpp"
#include "client/dispatch/any_event.hpp"

#include <intent/client.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace intent::client {

class Registry;

/// The events of the handlers, a bit for each.
inline std::uint64_t bits_of(std::span<const detail::MadeHandler> made) noexcept {
    std::uint64_t bits = 0;
    for (const auto& each : made)
        bits |= std::uint64_t{1} << each.event;
    return bits;
}

/// Listens for events until it ends, once: by a match, an exception of its predicate, or from outside (`end`). Usually
/// a coroutine waits for that.
///
/// Threads: safe, except for members set before it is added to a registry.
class Waiter : public detail::Wait {
public:
    detail::Matcher* matcher = nullptr;
    std::shared_ptr<detail::ScopeState> scope = {};  ///< the scope that the predicate belongs to
    std::uint64_t key = 0;                           ///< only events of this channel (`detail::Origin::key`); 0: all

    /// The result, and the coroutine that waits for it.
    WaitState state;

    /// Calls the predicate for an event, one at a time. A match or an exception ends the waiter in this call.
    virtual void check(std::size_t event, const void* value);

    /// Ends the waiter and resumes the coroutine, in this call or after the running predicate. Returns false if it has
    /// already ended.
    bool end(std::exception_ptr why);

    void cancel() noexcept override;
    bool over() const noexcept { return state.over(); }

protected:
    /// The waiter has ended, and the coroutine is about to be resumed.
    virtual void on_end() noexcept {}

    /// For the caller of a `state.check` that ended the waiter: removes it everywhere and resumes the coroutine.
    void finish();

private:
    friend class Registry;
    using List = std::list<std::shared_ptr<Waiter>>;

    struct Place {
        std::size_t event;
        List::iterator in_list;
    };
    std::weak_ptr<Registry> registry_ = {};
    std::vector<Place> places_ = {};  // used by the registry, under its lock
};

/// The handlers and waiters of a client, by event.
///
/// Threads: safe. `dispatch` calls handlers and predicates on its caller's thread without a lock of the registry held,
/// so they may add and remove handlers.
///
/// Cost: adding or removing a waiter is O(1), a handler O(handlers of the event). An event visits its handlers, the
/// waiters of all channels, and those of its own channel.
class Registry final : public HandlerList, public std::enable_shared_from_this<Registry> {
public:
    enum class Begins { now, when_activated };
    std::uint64_t add(detail::MadeHandler made, bool once, Begins begins = Begins::now);
    /// Handlers of different events, with one id: all of them, or none if it fails.
    std::uint64_t add(std::span<detail::MadeHandler> made, bool once, Begins begins = Begins::now);
    void activate(std::size_t event, std::uint64_t id) override;
    void remove(std::size_t event, std::uint64_t id) override;
    bool holds(std::size_t event, std::uint64_t id) const override;
    /// The waiter removes itself when it ends.
    void add(std::span<const std::size_t> events, const std::shared_ptr<Waiter>& waiter);
    void remove(Waiter& waiter);

    /// True if there is a handler or waiter for the event.
    bool wanted(std::size_t event) const noexcept { return kinds_[event].count.load(std::memory_order_relaxed) != 0; }

    template <class E>
    bool wanted() const noexcept {
        return wanted(detail::AllEvents::index_of<E>());
    }

    /// Calls every handler of the event, then its waiters. `failed` receives a handler's exception; the other handlers
    /// still run.
    template <class Failed>
    void dispatch(std::size_t event, const void* value, const detail::Origin& origin, Failed&& failed) {
        call(event, value, origin, &failed, [](void* told, std::exception_ptr error) {
            (*static_cast<std::remove_reference_t<Failed>*>(told))(std::move(error));
        });
    }

private:
    static_assert(detail::AllEvents::size <= 64, "Subscription has a bit for each event");

    struct Entry {
        std::uint64_t id = 0;
        detail::Owned<detail::Handler> handler;
        bool once = false;
        std::atomic<bool> active = true;
    };
    using Entries = std::vector<std::shared_ptr<Entry>>;
    using Waiters = Waiter::List;  // each is removed in O(1)

    struct Kind {
        std::shared_ptr<const Entries> entries = std::make_shared<Entries>();  // replaced, never changed
        Waiters waiters;                                                       // for events of all channels
        std::unordered_map<std::uint64_t, Waiters> waiters_in;                 // for those of one, by the waiters' key
        std::size_t waiter_count = 0;                                          // of both
        std::atomic<std::size_t> count = 0;
    };

    static void call_with_key(const Entry& entry, const void* value, const detail::Origin& origin);
    void call(std::size_t event, const void* value, const detail::Origin& origin, void* told,
              void (*failed)(void* told, std::exception_ptr error));
    static Waiters& list_of(Kind& kind, const Waiter& waiter) {
        return waiter.key == 0 ? kind.waiters : kind.waiters_in[waiter.key];
    }
    static void recount(Kind& kind) { kind.count = kind.entries->size() + kind.waiter_count; }

    mutable std::mutex mutex_;
    std::array<Kind, detail::AllEvents::size> kinds_;
    std::uint64_t last_id_ = 0;
};

}  // namespace intent::client
