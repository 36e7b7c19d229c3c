// Coroutine tasks: what every asynchronous call of the SDK returns, and what a handler may be.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace intent {

template <class T = void>
class task;

namespace detail {

/// Held by whatever comes of a dispatch, for the session file: gone once it is handled to the end.
class Ticket;

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
    std::shared_ptr<Ticket> ticket = {};
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

}  // namespace detail

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
