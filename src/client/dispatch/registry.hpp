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
#include <utility>
#include <vector>

namespace intent::client {

class Registry;

/// A coroutine that waits for an event. It ends once: by a match, an exception of its predicate, the timeout, the stop,
/// or because its task was dropped.
///
/// Threads: safe, except for members set before it is added to a registry.
class Waiter : public detail::Wait {
public:
    detail::Matcher* matcher = nullptr;
    std::shared_ptr<detail::ScopeState> scope = {};  ///< the scope that the predicate belongs to

    /// The result, and the coroutine that waits for it.
    WaitState state;

    /// Calls the predicate for an event, one at a time. A match or an exception ends the waiter in this call.
    void check(std::size_t event, const void* value);

    /// Ends the waiter and resumes the coroutine, in this call or after the running predicate. Returns false if it has
    /// already ended.
    bool end(std::exception_ptr why);

    void cancel() noexcept override;
    bool over() const noexcept { return state.over(); }

protected:
    /// The waiter has ended, and the coroutine is about to be resumed.
    virtual void on_end() noexcept {}

private:
    friend class Registry;
    using List = std::list<std::shared_ptr<Waiter>>;

    void go_on();

    Registry* registry_ = nullptr;
    std::vector<std::pair<std::size_t, List::iterator>> places_;  // used by the registry, under its lock
};

/// The handlers and waiters of a client, by event.
///
/// Threads: safe. `dispatch` calls handlers and predicates on its caller's thread without a lock of the registry held,
/// so they may add and remove handlers.
class Registry final : public HandlerList {
public:
    enum class Begins { now, when_activated };
    std::uint64_t add(std::size_t event, std::unique_ptr<detail::Handler> handler, bool once,
                      Begins begins = Begins::now);
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
    struct Entry {
        std::uint64_t id = 0;
        std::unique_ptr<detail::Handler> handler;
        bool once = false;
        std::atomic<bool> active = true;
    };
    using Entries = std::vector<std::shared_ptr<Entry>>;
    using Waiters = Waiter::List;  // each is removed in O(1)

    struct Kind {
        std::shared_ptr<const Entries> entries = std::make_shared<Entries>();  // replaced, never changed
        Waiters waiters;
        std::atomic<std::size_t> count = 0;
    };

    void call(std::size_t event, const void* value, const detail::Origin& origin, void* told,
              void (*failed)(void* told, std::exception_ptr error));
    void recount(Kind& kind) { kind.count = kind.entries->size() + kind.waiters.size(); }

    mutable std::mutex mutex_;
    std::array<Kind, detail::AllEvents::size> kinds_;
    std::uint64_t last_id_ = 0;
};

}  // namespace intent::client
