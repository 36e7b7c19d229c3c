// A moment that a coroutine waits for.
#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

namespace intent::toolkit {

/// An awaitable that is set once, with or without an error, which the coroutine then throws. Unlike a task it does not
/// end with the scope of the coroutine that awaits it. The coroutine continues in the call of `set`, on its thread.
///
/// Threads: safe; one coroutine awaits it. Held by a shared_ptr on each side.
class Signal {
public:
    void set(std::exception_ptr error = nullptr) noexcept {
        std::unique_lock lock(mutex_);
        is_set_ = true;
        error_ = std::move(error);
        const auto next = std::exchange(waiting_, nullptr);
        lock.unlock();
        if (next) next.resume();
    }

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiting) noexcept {
        const std::lock_guard lock(mutex_);
        if (!is_set_) waiting_ = waiting;
        return !is_set_;
    }
    void await_resume() {
        if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    }

private:
    std::mutex mutex_;
    bool is_set_ = false;
    std::exception_ptr error_;
    std::coroutine_handle<> waiting_;
};

/// Sets a signal when it is destroyed.
class SetAtEnd {
public:
    explicit SetAtEnd(std::shared_ptr<Signal> signal) : signal_(std::move(signal)) {}
    SetAtEnd(SetAtEnd&&) noexcept = default;
    SetAtEnd& operator=(SetAtEnd&&) = delete;
    ~SetAtEnd() {
        if (signal_) signal_->set(std::move(error_));
    }

    void fail(std::exception_ptr error) noexcept { error_ = std::move(error); }

private:
    std::shared_ptr<Signal> signal_;
    std::exception_ptr error_ = {};
};

}  // namespace intent::toolkit
