// What a coroutine of the SDK is behind its task.
#pragma once

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace intent {

template <class T = void>
class task;

}  // namespace intent

namespace intent::detail {

/// Held by whatever comes of a dispatch, for the session file: gone once it is handled to the end.
class PendingDispatch;

/// What a Scope shares with its handlers and their coroutines.
class ScopeState;

/// A wait that can end before its time.
class Wait;

class TaskState;

/// Which event a coroutine handles, so that its failure can be reported with it. The text has static lifetime; that of
/// a spawned task lives as long as what is kept with it (see `TaskState::drop`).
struct Origin {
    const char* name = "";
    std::uint64_t seq = 0;
    std::shared_ptr<PendingDispatch> pending = {};
    std::uint64_t key = 0;      ///< the channel, else the server that the event belongs to; 0: neither
    std::size_t bytes = 0;      ///< what the event counts in the limit of the queue
    bool quiet_cancel = false;  ///< a CancelledError is no news: of a dropped call, or of a scope that has ended
    const char* within = "";    ///< the event whose handler started it
};

/// A suspended coroutine that is to go on.
struct Resumption {
    std::coroutine_handle<> coroutine = {};
    TaskState* state = nullptr;              ///< null: its promise is not one of the SDK's
    std::shared_ptr<ScopeState> scope = {};  ///< null: it belongs to none
    void run() noexcept;                     ///< it goes on in this call, unless its scope has ended
    bool may_follow() const noexcept;  ///< it may take the place of the coroutine that runs now: no scope is involved
};

/// Continues coroutines on the threads of a client.
class Executor {
public:
    virtual ~Executor() = default;
    virtual void resume(Resumption coroutine, unsigned lane) noexcept = 0;
    virtual void report_dropped(std::exception_ptr error, const Origin& origin) noexcept = 0;

    /// For events that wait outside of the queue: they count in its limit until they are released.
    virtual void hold(std::size_t) noexcept {}
    virtual void release(std::size_t) noexcept {}
    /// The client stops: events that wait are not handled any more.
    virtual bool stopping() const noexcept { return false; }
};

/// Where a coroutine runs: a handler thread of a client. No executor: a thread that is not the SDK's.
struct Place {
    std::shared_ptr<Executor> executor = {};
    unsigned lane = 0;
};

/// The part of a promise that does not depend on its result. It takes part in one hand-over between the coroutine that
/// ends and the task that is awaited, waited for, or dropped; whichever comes second does what is left to do.
///
/// A coroutine that starts while code of a Scope runs belongs to that scope. Once the scope has ended it never goes on:
/// suspended on a task it is destroyed, with its locals, as soon as nothing but the scope holds it.
class TaskState {
public:
    /// Its home is the place that it is made on; its scope and its event are those of the code that runs there.
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
    void unhandled_exception() noexcept { error_ = std::current_exception(); }

    /// Sets where those continue that await this task from a thread which is not the SDK's.
    void adopt(const Place& home) noexcept;
    const Place& home() const noexcept { return home_; }
    const std::shared_ptr<ScopeState>& scope() const noexcept { return scope_; }

    /// The coroutine waits for this, and for nothing else before: dropping the task ends the wait.
    void waits_for(std::shared_ptr<Wait> wait) noexcept;

    bool done() const noexcept;
    bool await(std::coroutine_handle<> waiting, TaskState* waiting_state) noexcept;  ///< false: it is done already
    void wait();  ///< blocks; UsageError on our threads
    void rethrow();
    void drop() noexcept;

    /// Drops the task of a handler: a failure is reported as one of `origin`, and `keep` (the handler's captures, which
    /// the coroutine may still use) lives until the coroutine has ended. `reporter`: for one whose home is not known.
    void drop(const Origin& origin, std::shared_ptr<const void> keep, std::shared_ptr<Executor> reporter) noexcept;

    [[noreturn]] static void moved_from();  ///< UsageError

protected:
    ~TaskState();
    std::coroutine_handle<> self_ = {};

private:
    friend class ScopeState;
    friend struct Resumption;

    bool finish_dropped() noexcept;  ///< true: nothing holds the task, the coroutine's frame may go
    std::coroutine_handle<> finish() noexcept;
    void report() noexcept;

    int phase_ = 0;
    bool error_taken_ = false;
    bool taken_ = false;
    bool parked_ = false;  // this and the next three: guarded by the scope's lock. Suspended on a task
    bool loose_ = false;   // dropped, and listed by the scope
    TaskState* next_ = nullptr;
    TaskState* previous_ = nullptr;
    std::shared_ptr<ScopeState> scope_;
    std::shared_ptr<Wait> waits_for_ = {};
    const char* event_name_;  // the event whose handler started it
    std::uint64_t event_seq_;
    Origin origin_ = {};  // of a handler, or of a spawned task
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
