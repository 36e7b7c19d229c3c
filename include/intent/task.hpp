// Coroutine tasks: what every asynchronous call of the SDK returns, and what a handler may be.
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

namespace intent {

/// The result of an asynchronous call. The call starts when it is made, not when it is awaited. A task is awaited at
/// most once, `co_await client.rest().get_channel(id)`, or waited for with `get()`; a second time is a UsageError, and
/// so is a task that was moved from. It may be dropped: the call goes on, and an error goes to the client's ErrorEvent,
/// which names the event whose handler made the call. `Client::spawn` drops a task under a name of its own. A
/// `wait_for` or `sleep_for` that is dropped ends.
///
/// After `co_await` a coroutine goes on where it was: on its handler thread if it is a handler, else on the first
/// handler thread of the client that the call belongs to.
///
/// Write arguments of an awaited call as the SDK's classes (`MessageBody{"x"}.embed(…)`), never as an aggregate of your
/// own that stands as a temporary inside the `co_await` expression: g++ 12 destroys such temporaries twice.
///
/// Distinct objects: safe. Shared objects: unsafe.
template <class T>
class [[nodiscard]] task {
public:
    using promise_type = detail::Promise<T>;

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

    /// False of a task that was moved from.
    bool valid() const noexcept { return promise_ != nullptr; }

    /// True once the result (or the error) is there. Of a task that was moved from: true.
    bool done() const noexcept { return !promise_ || promise_->done(); }

    bool await_ready() const noexcept { return done(); }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> waiting) noexcept {
        if constexpr (std::is_base_of_v<detail::TaskState, Promise>) {
            return promise_->await(waiting, &waiting.promise());
        } else {
            return promise_->await(waiting, nullptr);
        }
    }
    T await_resume() { return promise().take(); }

    /// Blocks until the result is there and returns it, for programs without coroutines.
    ///
    /// Errors: what the call throws; UsageError on a thread of the SDK (a handler, a coroutine that was resumed), where
    /// it would wait for itself, and for a task whose result was taken before.
    T get() {
        promise().wait();
        return promise().take();
    }

    /// Drops the task as the destructor does, for handlers (see `TaskState::drop`).
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

template <class T>
struct is_task : std::false_type {};
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
