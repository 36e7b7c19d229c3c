// The handlers, jobs and coroutines of a part of a bot, which end together with it.
#pragma once

#include <intent/client.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/in_scope.hpp>
#include <intent/detail/keep_function.hpp>
#include <intent/errors.hpp>
#include <intent/schedule.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace intent::inline v0 {

/// The handlers, jobs, waits and tasks of one part of a bot. The destructor ends them. Make the scope the *last* member
/// of a class with handlers that use `this`, so that it is destroyed first.
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
/// A scope owns its handlers and jobs, the coroutines that `spawn` starts, and every task that starts while its code
/// runs: a coroutine that a handler calls, and that coroutine's own calls. After `end` (called by the destructor) has
/// returned:
///
/// - No handler or job of the scope starts, and none of its coroutines continues. Coroutines suspended in a `co_await`
///   of a task are destroyed with their locals before `end` returns; none of their `catch` blocks runs.
/// - Predicates of its waits are no longer called. Code outside the scope that awaits a wait or a sleep of the scope
///   gets a CancelledError.
/// - A handler or coroutine that is running on another thread continues up to its end or its next `co_await` that has
///   to wait, and `end` waits for that. Do not hold a lock that such code needs. A `sleep_for` or `wait_for` that it
///   starts in the meantime ends at once with CancelledError.
/// - If code of the scope itself calls `end` (e.g. a handler that deletes its object), `end` does not wait for that
///   code. The code continues up to its next `co_await` that has to wait and ends there; it must not use the object any
///   more.
/// - Requests that were sent are not revoked; their results are dropped.
/// - For the session file, the events of the ended coroutines count as handled.
///
/// Your own awaitables that are not tasks are not ended: a coroutine suspended in one stays suspended. When it is
/// resumed, it runs up to its next `co_await` of a task, so check `ended()` after the awaitable.
///
/// Lifetime: the client may be destroyed first; the scope is then empty. Two scopes must not end each other from their
/// handlers on two threads at the same time: each would wait for the other. Threads: any for `end` and `ended`;
/// otherwise as the client.
class INTENT_API Scope {
public:
    /// An empty scope of a client.
    explicit Scope(Client& client);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

    // As those of Client. No effect after the scope has ended. Errors: UsageError if the client is gone.

    /// As `Client::on`.
    template <class F>
    Subscription on(F handler) {
        return subscribe(detail::make_handler<detail::Order::none>(std::move(handler)), false);
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on(M member, O* object) {
        return on(detail::Bound<M, O>(member, object));
    }

    /// As `Client::once`.
    template <class F>
    Subscription once(F handler) {
        return subscribe(detail::make_handler<detail::Order::none>(std::move(handler)), true);
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription once(M member, O* object) {
        return once(detail::Bound<M, O>(member, object));
    }

    /// As `Client::on_in_order`.
    template <class F>
    Subscription on_in_order(F handler) {
        return subscribe(detail::make_handler<detail::Order::of_channel>(std::move(handler)), false);
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on_in_order(M member, O* object) {
        return on_in_order(detail::Bound<M, O>(member, object));
    }
    template <Event First, Event Second, Event... More, class F>
    Subscription on_in_order(F handler) {
        auto made = detail::make_handlers<First, Second, More...>(std::move(handler));
        return subscribe(made, false);
    }
    template <Event First, Event Second, Event... More, class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on_in_order(M member, O* object) {
        return on_in_order<First, Second, More...>(detail::Bound<M, O>(member, object));
    }

    /// As `Client::every`.
    template <class... F>
    Job every(std::chrono::milliseconds period, F... job) {
        return schedule(detail::plan_every(period), detail::make_job(std::move(job)...));
    }
    /// As `Client::daily`.
    template <class... F>
    Job daily(DailyTime time, F... job) {
        return schedule(detail::plan_daily(std::move(time)), detail::make_job(std::move(job)...));
    }
    template <class... F>
    Job daily(std::string_view time, std::string_view zone, F... job) {
        return daily(DailyTime(time, zone), std::move(job)...);
    }
    template <class... F>
    Job daily(std::chrono::seconds since_midnight, std::string_view zone, F... job) {
        return daily(DailyTime(since_midnight, zone), std::move(job)...);
    }
    /// As `Client::at`.
    template <class... F>
    Job at(Timestamp time, F... job) {
        return schedule(detail::plan_at(time), detail::make_job(std::move(job)...));
    }
    /// As `Client::after`.
    template <class... F>
    Job after(std::chrono::milliseconds delay, F... job) {
        return schedule(detail::plan_after(delay), detail::make_job(std::move(job)...));
    }

    /// Errors: as those of Client; CancelledError if the scope ends first.
    template <Event E, class Predicate>
    task<std::optional<E>> wait_for(Predicate predicate, std::chrono::milliseconds timeout) {
        const detail::InScope stretch(state_);
        if (!stretch) return ended_task<std::optional<E>>();
        return detail::wait_for<E, Predicate>(context(), std::move(predicate), timeout);
    }
    /// As `Client::wait_for` with several types. Errors: CancelledError if the scope ends first.
    template <Event First, Event Second, Event... More, class Predicate>
    task<std::optional<std::variant<First, Second, More...>>> wait_for(Predicate predicate,
                                                                       std::chrono::milliseconds timeout) {
        const detail::InScope stretch(state_);
        if (!stretch) return ended_task<std::optional<std::variant<First, Second, More...>>>();
        return detail::wait_for_any<Predicate, First, Second, More...>(context(), std::move(predicate), timeout);
    }

    /// Returns after `delay`. Errors: CancelledError if the scope ends or the client stops first.
    task<> sleep_for(std::chrono::milliseconds delay);

    /// Starts a coroutine of the scope in the background: `scope_.spawn("ticker", &Bot::tick, this)`, or with a
    /// function that starts it, `[this] { return tick(); }`. Passing a task is an error, because it would have started
    /// outside the scope. The function and its captures are kept until the coroutine has ended. Its exception becomes
    /// an ErrorEvent with `where` set to `name`.
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
            auto function = detail::keep_function<F>(std::move(start));
            auto work = (*static_cast<F*>(function.get()))();
            spawn_with(std::move(name), std::move(work), std::move(function));
        }
    }
    /// Starts a member function with copies of the arguments: `scope_.spawn("post", &Bot::post, this, channel)`.
    template <class M, class O, class... Arguments>
    requires std::is_member_function_pointer_v<M>
    void spawn(std::string name, M member, O* object, Arguments... arguments) {
        spawn(std::move(name),
              [member, object, ... arguments = std::move(arguments)] { return (object->*member)(arguments...); });
    }

    /// As `Client::report_error`. No effect if the client is gone.
    void report_error(std::string where, std::exception_ptr error = std::current_exception());

    /// Ends the scope, as the destructor does. It may be called any number of times.
    void end() noexcept;
    /// True once the scope has ended.
    bool ended() const noexcept;

private:
    friend class Module;
    friend class detail::CollectorHome;
    template <class T>
    static task<T> ended_task() {
        throw CancelledError("the scope has ended");
        co_return T();
    }
    std::shared_ptr<detail::ClientContext> context() const;
    Subscription subscribe(detail::MadeHandler made, bool once);
    Subscription subscribe(std::span<detail::MadeHandler> made, bool once);
    void spawn_with(std::string name, task<> work, std::shared_ptr<const void> keep);
    Job schedule(detail::JobPlan plan, detail::JobFunction function);

    std::weak_ptr<detail::ClientContext> context_;
    std::shared_ptr<detail::ScopeState> state_;
};

}  // namespace intent
