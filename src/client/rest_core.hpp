// What a RestClient and a Client have in common: the engine, REST calls, errors, the log.
#pragma once

#include "client/engine.hpp"
#include "client/freshness.hpp"
#include "codec/result.hpp"
#include "text/redactor.hpp"

#include <intent/client.hpp>
#include <intent/rest.hpp>

#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace intent::detail {

/// Owns the engine. It starts with the first call (or `start`), ends with `stop`, and a client may start another.
///
/// Threads: safe where nothing else is said.
class RestCore : public client::LaneSink, public std::enable_shared_from_this<RestCore> {
public:
    struct Settings {
        Token token;
        runner::RestSettings rest;
        unsigned handler_threads = 1;
        std::size_t queue_bytes = 64u << 20;
        std::shared_ptr<LogSink> log;
        std::shared_ptr<IoThread> io_thread = {};  ///< null: a thread of its own
    };

    explicit RestCore(Settings settings);
    ~RestCore() override;

    /// The running engine; one is started unless there was a `stop`. Nothing after a `stop`.
    std::shared_ptr<client::Engine> engine();

    /// Starts an engine, after a `stop` too. No effect while one runs.
    std::shared_ptr<client::Engine> start();

    void stop();
    bool on_own_thread() const;

    Token token() const;
    void set_token(Token token);

    /// Finds the token, and the one before, in text of the server.
    text::Redactor secrets() const;

    void log(LogLevel level, std::string_view component, const std::string& text) const noexcept;

    /// What decides whether answers are new enough for the caches; null if there are no caches.
    virtual client::Freshness* freshness() noexcept { return nullptr; }

    /// The answer of a REST call that began at that mark showed this: the caches may take it. On the I/O thread.
    virtual void saw(const raw::Server&, client::Freshness::Mark) {}
    virtual void saw(const raw::Channel&, client::Freshness::Mark) {}
    virtual void saw(const raw::User&, client::Freshness::Mark) {}
    virtual void saw(const raw::Member&, client::Freshness::Mark) {}
    virtual void saw(const raw::Role&, client::Freshness::Mark) {}

    /// From the cache, if it is there.
    virtual std::optional<raw::Server> known(ServerId) { return std::nullopt; }
    virtual std::optional<raw::Channel> known(ChannelId) { return std::nullopt; }
    virtual std::optional<raw::Member> known(MemberId) { return std::nullopt; }

    /// Whom the token belongs to, once that is known.
    virtual std::optional<UserId> self_id() const { return std::nullopt; }

    // LaneSink
    void handle(client::Envelope&) noexcept override {}
    void handle_dropped(std::exception_ptr error, const Origin& origin) noexcept override;
    void on_room() noexcept override {}
    bool stopping() const noexcept override;

    /// Lets a task go on by itself; `keep` lives until it has ended. UsageError for one that was moved from.
    void spawn(std::string name, task<> work, std::shared_ptr<const void> keep);

    task<> sleep_for(std::chrono::milliseconds delay);

protected:
    /// Something belongs to no call: a handler's exception, a broken event. `where` says which.
    virtual void report(std::exception_ptr error, const std::string& where) noexcept;

    /// Adds what a subclass runs on the engine, before its loop's thread starts.
    virtual void equip(client::Engine&) {}

    /// Begins to end that; `ended()` once it has ended. On the I/O thread.
    virtual void begin_stop(client::Engine&) { ended(); }
    void ended();

    /// Every thread of the engine has ended, but for handlers that do not return.
    virtual void after_stop() {}

    const Token& token_locked() const noexcept { return settings_.token; }
    const text::Redactor& secrets_locked() const noexcept { return secrets_; }

    std::shared_ptr<client::Engine> current() const;

    mutable std::mutex mutex_;
    std::condition_variable changed_;                                           // with mutex_
    client::Lanes::Backlog backlog_at_stop_ = client::Lanes::Backlog::dropped;  // guarded by mutex_

private:
    enum class Phase { fresh, running, stopped };

    /// A CancelledError that is no news.
    bool is_expected(const std::exception_ptr& error, const Origin& origin) const noexcept;

    std::shared_ptr<client::Engine> start_locked();
    void request_stop(client::Engine& engine);

    Settings settings_;
    text::Redactor secrets_;  // guarded by mutex_
    Phase phase_ = Phase::fresh;
    bool stop_requested_ = false;
    bool ended_ = false;
    std::shared_ptr<client::Engine> engine_;
    std::mutex teardown_;
};

/// What origins call an ErrorEvent. Compared by its address: a spawned task may have this name too.
inline constexpr char error_event_name[] = "error";

/// "MESSAGE_CREATE seq 42"
std::string text_of(const Origin& origin);

/// What the exception says of itself.
std::string text_of(const std::exception_ptr& error);

/// Awaits one REST call: ends with the answer of a success status, or throws the error of errors.hpp that fits.
class RestCall {
public:
    RestCall(std::shared_ptr<RestCore> core, rest::Call call);
    ~RestCall();
    RestCall(const RestCall&) = delete;
    RestCall& operator=(const RestCall&) = delete;

    bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> waiting) {
        return start(waiting, waiting.promise());
    }
    net::HttpResponse await_resume();

private:
    bool start(std::coroutine_handle<> waiting, TaskState& state);
    std::shared_ptr<RestCore> core_;
    rest::Call call_;
    std::optional<runner::RestOutcome> outcome_;
    std::exception_ptr refused_;
};

/// Awaits what the limiter knows of a bucket; nothing is sent.
///
/// Errors: CancelledError when the client is stopped.
class LimitsCall {
public:
    LimitsCall(std::shared_ptr<RestCore> core, std::string bucket);
    ~LimitsCall();
    LimitsCall(const LimitsCall&) = delete;
    LimitsCall& operator=(const LimitsCall&) = delete;

    bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> waiting) {
        return start(waiting, waiting.promise());
    }
    limits::RouteLimits await_resume();

private:
    bool start(std::coroutine_handle<> waiting, TaskState& state);
    std::shared_ptr<RestCore> core_;
    std::string bucket_;
    std::optional<std::optional<limits::RouteLimits>> known_;
};

/// Awaits a time. Errors: CancelledError when the client stops first.
class Sleep {
public:
    Sleep(std::shared_ptr<RestCore> core, std::chrono::milliseconds delay);
    ~Sleep();
    Sleep(const Sleep&) = delete;
    Sleep& operator=(const Sleep&) = delete;

    bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> waiting) {
        return start(waiting, waiting.promise());
    }
    void await_resume();

private:
    bool start(std::coroutine_handle<> waiting, TaskState& state);
    std::shared_ptr<RestCore> core_;
    std::chrono::milliseconds delay_;
    std::shared_ptr<ScopeState> scope_;
    std::shared_ptr<Wait> wait_;
    const std::optional<bool>* cancelled_ = nullptr;  // of `wait_`
};

}  // namespace intent::detail
