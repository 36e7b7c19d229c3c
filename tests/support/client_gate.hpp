// An awaitable that a test opens when it likes.
#pragma once

#include <atomic>
#include <coroutine>

namespace intent::test {

/// Suspends one coroutine until `open` is called, on whatever thread; `open` lets it go on inside the call.
///
/// Threads: one awaits, one opens, at any times.
class Gate {
public:
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiting) noexcept {
        void* expected = nullptr;
        return state_.compare_exchange_strong(expected, waiting.address());
    }
    void await_resume() const noexcept {}

    void open() {
        void* const before = state_.exchange(this);
        if (before) std::coroutine_handle<>::from_address(before).resume();
    }

private:
    std::atomic<void*> state_ = nullptr;
};

}  // namespace intent::test
