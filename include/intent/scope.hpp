// What a part of a bot has going, ended together with it.
#pragma once

#include <intent/client.hpp>
#include <intent/detail/in_scope.hpp>
#include <intent/errors.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace intent {

/// The handlers, waits and tasks of one part of a bot. It ends them when it is destroyed: make it the *last* member of
/// a class whose handlers use `this`, so that it is destroyed first.
///
///     class Reminders {
///     public:
///         explicit Reminders(intent::Client& client) : scope_(client) { scope_.on(&Reminders::on_message, this); }
///     private:
///         intent::task<> on_message(intent::MessageCreate event);
///         std::map<intent::UserId, std::string> notes_;
///         intent::Scope scope_;
///     };
///
/// To a scope belong its handlers, what `spawn` starts, and every task that starts while code of it runs: a coroutine
/// that a handler calls, and that coroutine's own calls. After `end` (which the destructor calls) has returned:
///
/// - No handler of the scope begins, and no coroutine of it goes on. Coroutines that were suspended in a `co_await` of
///   a task are destroyed, their locals with them, before `end` returns; no `catch` of theirs runs.
/// - Predicates of its waits are not called any more. A wait or a sleep of it that code outside of the scope awaits
///   ends with CancelledError.
/// - A handler or coroutine that runs at that moment on another thread goes on up to its end or its next `co_await`
///   that has to wait, and `end` waits for that. Do not hold a lock that such code takes. A `sleep_for` or `wait_for`
///   that it begins meanwhile ends with CancelledError at once.
/// - Called by code of the scope itself (a handler that deletes its object), `end` does not wait for that code: it
///   runs on to its next `co_await` that has to wait, where it ends, and must not touch the object any more.
/// - Requests that have been sent are not taken back; their results are dropped.
/// - For the session file the events of coroutines that it has ended are handled.
///
/// An awaitable of your own that is not a task is not ended: a coroutine that is suspended in it stays so, and when it
/// is resumed it runs on to its next `co_await` of a task, so check `ended()` behind it.
///
/// Lifetime: the client may go first; a scope of a client that is gone is empty. Do not end two scopes from each
/// other's handlers on two threads at once: each waits for the other. Threads: `end` and `ended` any; the rest as the
/// client.
class Scope {
public:
    explicit Scope(Client& client);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

    // As those of Client. No effect once the scope has ended. Errors: UsageError when the client is gone.

    template <class F>
    Subscription on(F handler) {
        return subscribe(detail::make_handler<detail::Order::none>(std::move(handler)), false);
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on(M member, O* object) {
        return on(detail::Bound<M, O>(member, object));
    }

    template <class F>
    Subscription once(F handler) {
        return subscribe(detail::make_handler<detail::Order::none>(std::move(handler)), true);
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription once(M member, O* object) {
        return once(detail::Bound<M, O>(member, object));
    }

    template <class F>
    Subscription on_in_order(F handler) {
        return subscribe(detail::make_handler<detail::Order::of_channel>(std::move(handler)), false);
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on_in_order(M member, O* object) {
        return on_in_order(detail::Bound<M, O>(member, object));
    }

    /// Errors: as those of Client; CancelledError when the scope ends first.
    template <Event E, class Predicate>
    task<std::optional<E>> wait_for(Predicate predicate, std::chrono::milliseconds timeout) {
        const detail::InScope stretch(state_);
        if (!stretch) return ended_task<std::optional<E>>();
        return detail::wait_for<E, Predicate>(context(), std::move(predicate), timeout);
    }
    template <Event First, Event Second, Event... More, class Predicate>
    task<std::optional<std::variant<First, Second, More...>>> wait_for(Predicate predicate,
                                                                       std::chrono::milliseconds timeout) {
        const detail::InScope stretch(state_);
        if (!stretch) return ended_task<std::optional<std::variant<First, Second, More...>>>();
        return detail::wait_for_any<Predicate, First, Second, More...>(context(), std::move(predicate), timeout);
    }

    /// Ends after `delay`. Errors: CancelledError when the scope ends or the client stops first.
    task<> sleep_for(std::chrono::milliseconds delay);

    /// Starts a coroutine of the scope and lets it go on by itself: `scope_.spawn("ticker", &Bot::tick, this)`, or with
    /// a function that starts it, `[this] { return tick(); }`. It is not the task itself, which would have begun
    /// outside of the scope. The function and its captures are kept until the coroutine has ended. What it throws
    /// becomes an ErrorEvent whose `where` is `name`.
    template <class F>
    void spawn(std::string name, F start) {
        static_assert(!is_task<F>::value,
                      "intent: give Scope::spawn a function that starts the task, as in [this] { return tick(); }, so "
                      "that it belongs to the scope from its beginning");
        if constexpr (!is_task<F>::value) {
            static_assert(std::is_invocable_r_v<task<>, F&>,
                          "intent: Scope::spawn takes a function that returns task<>");
            const detail::InScope stretch(state_);
            if (!stretch) return;
            auto function = std::make_shared<F>(std::move(start));
            auto work = (*function)();
            spawn_with(std::move(name), std::move(work), std::move(function));
        }
    }
    /// With a member function, and copies of its arguments: `scope_.spawn("post", &Bot::post, this, channel)`.
    template <class M, class O, class... Arguments>
    requires std::is_member_function_pointer_v<M>
    void spawn(std::string name, M member, O* object, Arguments... arguments) {
        spawn(std::move(name),
              [member, object, ... arguments = std::move(arguments)] { return (object->*member)(arguments...); });
    }

    /// Ends all of it, as the destructor does. Any number of times.
    void end() noexcept;
    bool ended() const noexcept;

private:
    template <class T>
    static task<T> ended_task() {
        throw CancelledError("the scope has ended");
        co_return T();
    }
    std::shared_ptr<detail::ClientContext> context() const;
    Subscription subscribe(detail::MadeHandler made, bool once);
    void spawn_with(std::string name, task<> work, std::shared_ptr<const void> keep);

    std::weak_ptr<detail::ClientContext> context_;
    std::shared_ptr<detail::ScopeState> state_;
};

}  // namespace intent
