// Coroutine tasks: the return type of asynchronous calls and of coroutine handlers.
#pragma once

#include <intent/detail/task_state.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace intent::inline v0 {

/// The result of an asynchronous call. The call starts immediately, not when it is awaited. A task can be awaited once
/// (`co_await client.rest().get_channel(id)`) or waited for with `get()`; a second time, or after a move, it throws
/// UsageError. It may be dropped: the call continues, and its error becomes an ErrorEvent of the client, which names
/// the event of the handler that made the call. `Client::spawn` drops a task under its own name. A dropped `wait_for`
/// or `sleep_for` ends.
///
/// After `co_await`, a coroutine continues on its own handler thread if it is a handler, otherwise on the first handler
/// thread of the client that the call belongs to.
///
/// Pass arguments of an awaited call as classes of the SDK (`MessageBody{"x"}.embed(…)`). Do not pass your own
/// aggregate as a temporary inside the `co_await` expression: g++ 12 destroys such temporaries twice.
template <class T>
class [[nodiscard]] task {
public:
    using promise_type = detail::Promise<T>;  ///< for the compiler

    task(task&& other) noexcept : promise_(std::exchange(other.promise_, nullptr)) {}
    task& operator=(task&& other) noexcept {
        if (this != &other) {
            if (promise_) promise_->drop();
            promise_ = std::exchange(other.promise_, nullptr);
        }
        return *this;
    }
    ~task() {
        if (promise_) promise_->drop();
    }

    /// False after the task was moved from.
    bool valid() const noexcept { return promise_ != nullptr; }

    /// True once the result or the error is available, and after the task was moved from.
    bool done() const noexcept { return !promise_ || promise_->done(); }

    /// For the compiler: whether `co_await` need not suspend.
    bool await_ready() const noexcept { return done(); }
    /// For the compiler: suspends the coroutine until the result is available.
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> waiting) noexcept {
        if constexpr (std::is_base_of_v<detail::TaskState, Promise>) {
            return promise_->await(waiting, &waiting.promise());
        } else {
            return promise_->await(waiting, nullptr);
        }
    }
    /// For the compiler: the result of `co_await`.
    T await_resume() { return promise().take(); }

    /// Blocks until the result is available and returns it, for programs without coroutines.
    ///
    /// Errors: what the call throws; UsageError on a thread of the SDK (in a handler or a resumed coroutine), where it
    /// would wait for itself, and if the result was already taken.
    T get() {
        promise().wait();
        return promise().take();
    }

    /// Drops the task as the destructor does; for handlers (see `TaskState::drop`).
    void detach(const detail::Origin& origin, std::shared_ptr<const void> keep,
                std::shared_ptr<detail::Executor> reporter = {}) && noexcept {
        if (promise_) std::exchange(promise_, nullptr)->drop(origin, std::move(keep), std::move(reporter));
    }

private:
    friend promise_type;
    explicit task(promise_type* promise) noexcept : promise_(promise) {}
    promise_type& promise() const {
        if (!promise_) detail::TaskState::moved_from();
        return *promise_;
    }

    promise_type* promise_;
};

/// True for the types `task<T>`.
template <class T>
struct is_task : std::false_type {};
/// True for the types `task<T>`.
template <class T>
struct is_task<task<T>> : std::true_type {};

template <class T>
task<T> detail::Promise<T>::get_return_object() noexcept {
    self_ = std::coroutine_handle<Promise>::from_promise(*this);
    return task<T>(this);
}

inline task<void> detail::Promise<void>::get_return_object() noexcept {
    self_ = std::coroutine_handle<Promise>::from_promise(*this);
    return task<void>(this);
}

}  // namespace intent
