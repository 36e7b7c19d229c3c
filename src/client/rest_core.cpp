#include "client/rest_core.hpp"

#include "client/guarded_log.hpp"
#include "client/io_thread.hpp"
#include "client/judgement.hpp"
#include "client/place.hpp"
#include "client/progress.hpp"
#include "client/surely.hpp"

#include <intent/errors.hpp>

#include <chrono>
#include <thread>
#include <utility>

namespace intent::detail {

namespace {

constexpr auto stop_deadline = std::chrono::seconds(2);

// Whose teardown runs on this thread.
thread_local const RestCore* torn_down_here = nullptr;

class TearsDown {
public:
    explicit TearsDown(const RestCore* core) noexcept : outer_(std::exchange(torn_down_here, core)) {}
    ~TearsDown() { torn_down_here = outer_; }
    TearsDown(const TearsDown&) = delete;
    TearsDown& operator=(const TearsDown&) = delete;

private:
    const RestCore* outer_;
};

}  // namespace

std::string text_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

std::string text_of(const Origin& origin) {
    std::string text = *origin.name ? origin.name : "a task";
    if (origin.seq > 0) text += " seq " + std::to_string(origin.seq);
    return text;
}

RestCore::RestCore(Settings settings) : settings_(std::move(settings)) {
    secrets_.set_token(settings_.token.reveal());
    settings_.rest.log = [log = client::GuardedLog(settings_.log)](LogLevel level, const std::string& text) {
        log(level, "rest", text);
    };
}

RestCore::~RestCore() = default;

std::shared_ptr<client::Engine> RestCore::engine() {
    const std::lock_guard lock(mutex_);
    return phase_ == Phase::fresh ? start_locked() : engine_;
}

std::shared_ptr<client::Engine> RestCore::start() {
    const std::lock_guard lock(mutex_);
    return phase_ == Phase::running ? engine_ : start_locked();
}

std::shared_ptr<client::Engine> RestCore::current() const {
    const std::lock_guard lock(mutex_);
    return engine_;
}

std::shared_ptr<client::Engine> RestCore::start_locked() {
    const std::weak_ptr<RestCore> weak = weak_from_this();
    const auto host = settings_.io_thread ? IoThreadLoop::of(*settings_.io_thread) : nullptr;
    auto engine = std::make_shared<client::Engine>(host, [weak](std::exception_ptr error) {
        const auto core = weak.lock();
        if (!core) return;
        core->report(std::move(error), "the I/O thread");
        if (const auto running = core->current()) running->recover();
    });
    auto post_io = [engine = std::weak_ptr(engine)](std::function<void()> work) {
        if (const auto alive = engine.lock()) {
            alive->loop.post([run = client::surely([work = std::move(work)](bool) { work(); })] { run(false); });
        } else {
            work();
        }
    };
    engine->lanes =
        std::make_shared<client::Lanes>(settings_.handler_threads, settings_.queue_bytes, weak, std::move(post_io));
    engine->rest = std::make_unique<runner::RestRunner>(engine->loop, settings_.rest);
    engine->rest->set_token(settings_.token);
    equip(*engine);
    // A thread that several share has no place of its own: it is that of the client whose handler runs (emit.hpp).
    engine->loop.post([lanes = engine->lanes, shares = engine->loop.shares()] {
        client::OwnThread::mark_for_good(lanes->threaded() || shares ? Place{} : lanes->home());
    });
    engine->lanes->start();
    engine->loop.start();
    engine_ = engine;
    phase_ = Phase::running;
    stop_requested_ = false;
    ended_ = false;
    backlog_at_stop_ = client::Lanes::Backlog::dropped;
    return engine;
}

bool RestCore::on_own_thread() const {
    if (!client::OwnThread::here()) return false;
    const auto engine = current();
    return engine && (engine->loop.on_thread() || client::OwnThread::place().executor == engine->lanes);
}

void RestCore::request_stop(client::Engine& engine) {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(stop_requested_, true)) return;
    }
    engine.loop.post([this, &engine] {
        engine.stopping = true;
        engine.rest->stop();
        engine.cancel_delays();
        begin_stop(engine);
    });
}

void RestCore::ended() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
}

void RestCore::stop() {
    const auto alive = shared_from_this();  // a log sink may call this from a thread that is left behind
    const auto engine = current();
    if (!engine) {
        const std::lock_guard lock(mutex_);
        phase_ = Phase::stopped;
        return;
    }
    request_stop(*engine);
    if (on_own_thread()) {
        // A thread cannot wait for its own end: another one does the rest, and keeps all this alive meanwhile.
        std::thread([self = shared_from_this()] { self->stop(); }).detach();
        return;
    }

    // User code that the teardown itself calls (a log sink, what waited for a lane) has nothing to wait for.
    if (torn_down_here == this) return;
    const std::lock_guard teardown(teardown_);
    const TearsDown mark(this);
    const auto deadline = net::now() + stop_deadline;
    {
        std::unique_lock lock(mutex_);
        if (engine_ != engine) return;  // another thread was faster
        changed_.wait_until(lock, deadline, [&] { return ended_; });
        engine->lanes->begin_stop(backlog_at_stop_);
    }
    engine->lanes->join(deadline);
    engine->end();
    after_stop();
    const std::lock_guard lock(mutex_);
    engine_ = nullptr;
    phase_ = Phase::stopped;
}

Token RestCore::token() const {
    const std::lock_guard lock(mutex_);
    return settings_.token;
}

text::Redactor RestCore::secrets() const {
    const std::lock_guard lock(mutex_);
    return secrets_;
}

void RestCore::set_token(Token token) {
    const std::lock_guard lock(mutex_);
    settings_.token = token;
    secrets_.set_token(token.reveal());
    if (!engine_) return;
    auto* engine = engine_.get();
    engine->loop.post([engine, token = std::move(token)] { engine->rest->set_token(token); });
}

void RestCore::log(LogLevel level, std::string_view component, const std::string& text) const noexcept {
    client::GuardedLog(settings_.log)(level, component, text);
}

void RestCore::report(std::exception_ptr error, const std::string& where) noexcept {
    log(LogLevel::error, "client", where + ": " + text_of(error));
}

bool RestCore::stopping() const noexcept {
    const std::lock_guard lock(mutex_);
    return stop_requested_ || phase_ == Phase::stopped;
}

bool RestCore::is_expected(const std::exception_ptr& error, const Origin& origin) const noexcept {
    try {
        std::rethrow_exception(error);
    } catch (const CancelledError&) {
        // Of the stop; or of a call whose result nothing waits for, or of code whose scope has ended.
        return stopping() || origin.quiet_cancel;
    } catch (...) {
        return false;
    }
}

/// Comes from any thread, the I/O thread too; handlers run where handlers run.
void RestCore::handle_dropped(std::exception_ptr error, const Origin& origin) noexcept {
    if (is_expected(error, origin)) {
        if (origin.ticket && stopping()) origin.ticket->abandon();
        return;
    }
    try {
        // In the log alone, or a handler of errors that fails would be called for its own errors without end.
        if (origin.name == error_event_name || origin.within == error_event_name)
            return RestCore::report(std::move(error), "a handler of ErrorEvent");
        auto where = text_of(origin);
        const auto engine = current();
        if (!engine) return report(std::move(error), where);
        // Not from a predicate: those that wait for errors are asked one call at a time, and it may be one of them.
        const bool here = client::OwnThread::place().executor == engine->lanes && !client::Judgement::here();
        if (here) return report(std::move(error), where);
        engine->lanes->post([self = shared_from_this(), error = std::move(error),
                             where = std::move(where)] { self->report(error, where); },
                            0);
    } catch (...) {  // out of memory: the report is lost, the client is not
    }
}

namespace {

/// Reports what becomes of a spawned task that never met a call of the client, which would have given it a home.
class Reporter final : public Executor {
public:
    explicit Reporter(std::weak_ptr<RestCore> core) : core_(std::move(core)) {}
    void resume(Resumption next, unsigned) noexcept override { next.run(); }
    void report_dropped(std::exception_ptr error, const Origin& origin) noexcept override {
        if (const auto core = core_.lock()) core->handle_dropped(std::move(error), origin);
    }

private:
    const std::weak_ptr<RestCore> core_;
};

struct Spawned {
    std::string name;
    std::shared_ptr<const void> keep;
};

}  // namespace

void RestCore::spawn(std::string name, task<> work, std::shared_ptr<const void> keep) {
    if (!work.valid()) throw UsageError("spawn: the task was moved from");
    if (name.empty()) name = "a spawned task";
    auto spawned = std::make_shared<Spawned>(Spawned{std::move(name), std::move(keep)});
    const Origin origin{spawned->name.c_str(), 0};
    std::move(work).detach(origin, std::move(spawned), std::make_shared<Reporter>(weak_from_this()));
}

}  // namespace intent::detail
