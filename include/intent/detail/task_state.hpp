// The state of the SDK's coroutines behind their tasks.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/trace.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace intent::inline v0 {

template <class T = void>
class task;

}  // namespace intent

namespace intent::inline v0::detail {

/// Held by everything that results from a dispatch, for the session file. Destroyed when the dispatch is handled.
class PendingDispatch;

/// The state that a Scope shares with its handlers and their coroutines.
class ScopeState;

/// A wait that can be cancelled.
class Wait;

class TaskState;

/// The event that a coroutine handles, to report its failure. The text has static lifetime; that of a spawned task
/// lives as long as the object kept with it (see `TaskState::drop`).
struct Origin {
    const char* name = "";
    std::uint64_t seq = 0;
    std::shared_ptr<PendingDispatch> pending = {};
    std::uint64_t key = 0;      ///< the channel, or the server, that the event belongs to; 0: neither
    std::size_t bytes = 0;      ///< what the event counts in the queue's limit
    bool quiet_cancel = false;  ///< do not report a CancelledError: the call was dropped or the scope has ended
    const char* within = "";    ///< the event of the handler that started the coroutine
    std::shared_ptr<const EventContext> context = {};  ///< of the event; null: the default
};

/// A suspended coroutine that will be resumed.
struct INTENT_API Resumption {
    std::coroutine_handle<> coroutine = {};
    TaskState* state = nullptr;              ///< null: its promise does not belong to the SDK
    std::shared_ptr<ScopeState> scope = {};  ///< null: no scope
    void run() noexcept;                     ///< resumes it in this call, unless its scope has ended
    bool may_follow() const noexcept;        ///< true if symmetric transfer to it is allowed: no scope is involved
};

/// Resumes coroutines on the threads of a client.
class INTENT_API Executor {
public:
    virtual ~Executor() = default;
    virtual void resume(Resumption coroutine, unsigned lane) noexcept = 0;
    virtual void report_dropped(std::exception_ptr error, const Origin& origin) noexcept = 0;

    /// For events that wait outside the queue: they count in its limit until they are released.
    virtual void hold(std::size_t) noexcept {}
    virtual void release(std::size_t) noexcept {}
    /// True if the client is stopping: waiting events are not handled any more.
    virtual bool stopping() const noexcept { return false; }
};

/// Where a coroutine runs: a handler thread of a client. No executor: a thread that does not belong to the SDK.
struct Place {
    std::shared_ptr<Executor> executor = {};
    unsigned lane = 0;
};

/// The part of a promise that does not depend on its result type. It is one side of a single hand-over between the
/// coroutine, which ends, and its task, which is awaited, waited for or dropped. The second side to arrive does the
/// remaining work.
///
/// A coroutine that starts while code of a Scope runs belongs to that scope. After the scope has ended, it never
/// continues: if it is suspended on a task, it is destroyed with its locals as soon as only the scope holds it.
class INTENT_API TaskState {
public:
    /// Takes its home place, scope, event and trace from the code that runs on this thread.
    TaskState() noexcept;
    TaskState(const TaskState&) = delete;
    TaskState& operator=(const TaskState&) = delete;

    struct FinalAwaiter {
        TaskState* state;
        bool await_ready() const noexcept { return state->finish_dropped(); }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept { return state->finish(); }
        void await_resume() const noexcept {}
    };
    std::suspend_never initial_suspend() noexcept { return {}; }
    FinalAwaiter final_suspend() noexcept { return FinalAwaiter{this}; }
    void unhandled_exception() noexcept;

    /// Sets the place where coroutines continue if they await this task from a thread that does not belong to the SDK.
    void adopt(const Place& home) noexcept;
    const Place& home() const noexcept { return home_; }
    const std::shared_ptr<ScopeState>& scope() const noexcept { return scope_; }
    const std::shared_ptr<const EventContext>& context() const noexcept { return context_; }

    /// The coroutine waits only for `wait` and has not waited for anything before: dropping the task ends the wait.
    void waits_for(std::shared_ptr<Wait> wait) noexcept;

    bool done() const noexcept;
    bool await(std::coroutine_handle<> waiting, TaskState* waiting_state) noexcept;  ///< false: it is already done
    void wait();  ///< blocks; UsageError on threads of the SDK
    void rethrow();
    void drop() noexcept;

    /// Drops the task of a handler. A failure is reported with `origin`. `keep` (the handler's captures, which the
    /// coroutine may still use) lives until the coroutine has ended. `reporter` reports failures of a task without a
    /// home.
    void drop(const Origin& origin, std::shared_ptr<const void> keep, std::shared_ptr<Executor> reporter) noexcept;

    [[noreturn]] static void moved_from();  ///< UsageError

protected:
    ~TaskState();
    std::coroutine_handle<> self_ = {};

private:
    friend class ScopeState;
    friend struct Resumption;

    bool finish_dropped() noexcept;  ///< true: the task was dropped, so the coroutine's frame can be destroyed
    std::coroutine_handle<> finish() noexcept;
    void report() noexcept;

    int phase_ = 0;
    bool error_taken_ = false;
    bool taken_ = false;
    bool parked_ = false;  // this and the next three are guarded by the scope's lock; suspended on a task
    bool loose_ = false;   // dropped and listed by the scope
    TaskState* next_ = nullptr;
    TaskState* previous_ = nullptr;
    std::shared_ptr<ScopeState> scope_;
    std::shared_ptr<Wait> waits_for_ = {};
    const char* event_name_;  // the event of the handler that started the coroutine
    std::uint64_t event_seq_;
    std::shared_ptr<const EventContext> context_;  // of that handler
    Origin origin_ = {};                           // of a handler, or of a spawned task
    std::shared_ptr<const void> keep_ = {};
    std::shared_ptr<Executor> reporter_ = {};
    std::exception_ptr error_ = {};
    Resumption continuation_ = {};
    void* blocked_ = nullptr;
    Place continue_at_ = {};
    Place home_ = {};
};

template <class T>
class Promise : public TaskState {
public:
    task<T> get_return_object() noexcept;
    template <class U>
    requires std::convertible_to<U&&, T>
    void return_value(U&& value) { value_.emplace(std::forward<U>(value)); }
    T take() {
        rethrow();
        return std::move(*value_);
    }

private:
    std::optional<T> value_ = {};
};

template <>
class Promise<void> : public TaskState {
public:
    task<void> get_return_object() noexcept;
    void return_void() noexcept {}
    void take() { rethrow(); }
};

}  // namespace intent::detail
