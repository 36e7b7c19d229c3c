#include "client/runtime/runtime.hpp"

#include "client/api/io_thread.hpp"
#include "client/async/guaranteed.hpp"
#include "client/async/thread_context.hpp"
#include "client/runtime/gateway.hpp"
#include "client/runtime/local_rest.hpp"
#include "client/runtime/metrics_text.hpp"
#include "client/runtime/relayed_gateway.hpp"
#include "client/runtime/relayed_rest.hpp"
#include "client/values/guarded_log.hpp"
#include "net/clock.hpp"
#include "net/environment.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <exception>
#include <iterator>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace intent::client {

namespace {

constexpr auto stop_deadline = std::chrono::seconds(2);

// The runtime that this thread is tearing down.
thread_local const Runtime* torn_down_here = nullptr;

// The runtime whose upstream started this thread.
thread_local const Runtime* upstream_thread_of = nullptr;

class TearsDown {
public:
    explicit TearsDown(const Runtime* runtime) noexcept : outer_(std::exchange(torn_down_here, runtime)) {}
    ~TearsDown() { torn_down_here = outer_; }
    TearsDown(const TearsDown&) = delete;
    TearsDown& operator=(const TearsDown&) = delete;

private:
    const Runtime* outer_;
};

/// Calls std::terminate, which prints the exception. User code's exceptions are caught where it is called, so this one
/// means a lack of memory or a defect, after which the client's state is unknown. With a session file, the next process
/// continues the session.
[[noreturn]] void end_process(const std::exception_ptr& error) noexcept { std::rethrow_exception(error); }

std::string text_of_source(MetricsSource& source) {
    try {
        return source.metrics();
    } catch (...) {  // the client's own metrics are more useful than none
        return "";
    }
}

}  // namespace

Runtime::Runtime(RuntimeSettings settings, const CacheLimits& caches)
    : settings_(std::move(settings)),
      tokens_(std::make_shared<TokenStore>(settings_.token)),
      metrics_(settings_.collect_metrics ? std::make_shared<Metrics>(settings_.handler_threads, event_names())
                                         : nullptr),
      dispatcher_(std::make_shared<Dispatcher>(caches, GuardedLog(settings_.log), tokens_, metrics_)),
      scheduler_(std::make_shared<Scheduler>(settings_.clock, metrics_)) {
    if (metrics_) settings_.rest.observer = {metrics_, &metrics_->rest};
    settings_.rest.log = [log = GuardedLog(settings_.log)](LogLevel level, const std::string& text,
                                                           const Trace& trace) { log(level, "rest", text, trace); };
}

Runtime::Runtime(RuntimeSettings settings) : Runtime(std::move(settings), CacheLimits::none()) {}

Runtime::Runtime(RuntimeSettings settings, ClientOptions options) : Runtime(std::move(settings), options.caches) {
    slow_handler_warning_ = options.slow_handler_warning;
    upstream_ = std::make_unique<Gateway>(std::move(options), tokens_, *dispatcher_, static_cast<UpstreamOwner&>(*this),
                                          metrics_);
}

Runtime::Runtime(RuntimeSettings settings, ClientOptions options, std::unique_ptr<detail::Remote> remote)
    : Runtime(std::move(settings), options.caches) {
    slow_handler_warning_ = options.slow_handler_warning;
    remote_ = remote.get();
    upstream_ = std::make_unique<RelayedGateway>(std::move(options), std::move(remote), tokens_, *dispatcher_,
                                                 static_cast<UpstreamOwner&>(*this));
}

Runtime::~Runtime() = default;

std::shared_ptr<Running> Runtime::running() {
    const std::lock_guard lock(mutex_);
    return phase_ == Phase::fresh ? start_locked() : running_;
}

std::shared_ptr<Running> Runtime::ensure_running() {
    const std::lock_guard lock(mutex_);
    return phase_ == Phase::running ? running_ : start_locked();
}

std::shared_ptr<Running> Runtime::current() const {
    const std::lock_guard lock(mutex_);
    return running_;
}

std::unique_ptr<RunningRest> Runtime::make_rest(Running& running) {
    if (remote_ != nullptr) return std::make_unique<RelayedRest>(running, *remote_, settings_.rest.max_wait);
    return std::make_unique<LocalRest>(running, settings_.rest, tokens_->token());
}

std::shared_ptr<Running> Runtime::start_locked() {
    const std::weak_ptr<Runtime> weak = std::static_pointer_cast<Runtime>(shared_from_this());
    const auto host = settings_.io_thread ? detail::IoThreadLoop::of(*settings_.io_thread) : nullptr;
    auto running = std::make_shared<Running>(host, end_process, detail::ClockAccess::of(settings_.clock));
    auto post_io = [weak_running = std::weak_ptr(running)](std::function<void()> work) {
        if (const auto alive = weak_running.lock())
            alive->loop().post([run = guaranteed([work = std::move(work)](bool) { work(); })] { run(false); });
        else
            work();
    };
    running->set_lanes(std::make_shared<Lanes>(settings_.handler_threads, settings_.queue_bytes,
                                               std::weak_ptr<LaneSink>(dispatcher_), std::move(post_io),
                                               running->loop().clock()));
    auto rest = make_rest(*running);
    rest_ = rest.get();
    running->set_parts(std::move(rest), [own_rest = rest_, upstream = upstream_.get()] {
        if (upstream != nullptr) upstream->end();
        own_rest->end();
    });
    Follower* const follower = upstream_ ? upstream_->begin(*running) : nullptr;
    const auto on_room = [weak] {
        if (const auto runtime = weak.lock()) runtime->on_room();
    };
    dispatcher_->begin({.lanes = running->lanes(),
                        .client = ref(),
                        .on_room = on_room,
                        .follower = follower,
                        .tracing = settings_.tracing});
    // A thread that several clients share has no fixed place: its place is the client that is running a handler.
    running->loop().post([lanes = running->lanes(), shares = running->loop().shares()] {
        ThreadContext::mark_for_good(lanes->threaded() || shares ? detail::Place{} : lanes->home());
    });
    running->lanes()->start();
    running->loop().start();
    running_ = running;
    loop_probe_ = std::make_shared<LoopProbe>();
    phase_ = Phase::running;
    stop_requested_ = false;
    ended_ = false;
    session_started_ = false;
    status_.reset();
    backlog_at_stop_ = Lanes::Backlog::dropped;
    return running;
}

void Runtime::start() {
    const auto running = ensure_running();
    const std::lock_guard lock(mutex_);
    if (!upstream_ || session_started_) return;
    open_endpoint_locked();
    auto connect = upstream_->prepare();
    session_started_ = true;
    scheduler_->begin(running);
    running->loop().post([this, &on = *running, connect = std::move(connect)] {
        if (on.stopping()) return;
        connect();
        watch_handlers(on);
    });
}

/// Checks periodically for a handler that does not return, so that handling an event reads no clock.
void Runtime::watch_handlers(Running& running) {
    if (slow_handler_warning_.count() == 0 || !running.lanes()->threaded()) return;
    const auto watch = [this, &running](bool cancelled) {
        if (cancelled) return;
        for (const auto& origin : running.lanes()->stuck()) {
            GuardedLog(settings_.log)(LogLevel::warn, "client",
                                      "a handler has been running for more than " +
                                          std::to_string(slow_handler_warning_.count()) + " ms: " + text_of(origin) +
                                          "; later events wait");
        }
        watch_handlers(running);
    };
    running.after(slow_handler_warning_, watch, net::Timer::Kind::real);
}

void Runtime::on_room() noexcept {
    const auto running = current();
    if (running) running->loop().post([this] { upstream_->resume_reading(); });
}

bool Runtime::on_own_thread() const {
    if (upstream_thread_of == this) return true;
    if (!ThreadContext::here()) return false;
    const auto running = current();
    return running && (running->loop().on_thread() || ThreadContext::place().executor == running->lanes());
}

void Runtime::request_stop(Running& running) {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(stop_requested_, true)) return;
        dispatcher_->begin_stop();
        scheduler_->end();
    }
    running.loop().post([this, &running] {
        running.begin_stop();
        rest_->stop();
        running.cancel_delays();
        if (upstream_)
            upstream_->begin_stop();
        else
            on_upstream_stopped();
    });
}

void Runtime::on_upstream_stopped() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
}

void Runtime::mark_own_thread() noexcept {
    upstream_thread_of = this;
    ThreadContext::mark_for_good({});
}

void Runtime::on_session_over(int status, Lanes::Backlog backlog) {
    const std::lock_guard lock(mutex_);
    status_ = status;
    backlog_at_stop_ = backlog;
    changed_.notify_all();
}

void Runtime::stop() {
    const auto alive = shared_from_this();  // a log sink may call this from a thread that is left behind
    const auto running = current();
    if (!running) {
        const std::lock_guard lock(mutex_);
        phase_ = Phase::stopped;
        dispatcher_->begin_stop();
        return;
    }
    request_stop(*running);
    if (on_own_thread()) {
        // A thread cannot join itself: another thread does the rest and keeps all this alive.
        std::thread([this, alive] { stop(); }).detach();
        return;
    }

    // User code that the teardown calls (a log sink, code that waited for a lane) must not wait.
    if (torn_down_here == this) return;
    const std::lock_guard teardown(teardown_);
    const TearsDown mark(this);
    const auto deadline = net::now() + stop_deadline;
    {
        std::unique_lock lock(mutex_);
        if (running_ != running) return;  // another thread has already done it
        changed_.wait_until(lock, deadline, [&] { return ended_; });
        running->lanes()->begin_stop(backlog_at_stop_);
    }
    running->lanes()->join(deadline);
    running->end();
    dispatcher_->end();
    if (upstream_) upstream_->finish();
    const std::lock_guard lock(mutex_);
    running_ = nullptr;
    phase_ = Phase::stopped;
}

void Runtime::reload(PendingRef pending) {
    const auto running = current();
    if (!upstream_ || !running) return;
    running->loop().post([this, &on = *running, pending = std::move(pending)]() mutable {
        if (on.stopping()) return;
        GuardedLog(settings_.log)(LogLevel::info, "client", "reload");
        dispatcher_->emit_session_event("reload", Reload{}, std::move(pending));
        on.lanes()->flush();
    });
}

void Runtime::set_token(Token token) {
    const std::lock_guard lock(mutex_);
    tokens_->set(token);
    if (running_) rest_->set_token(std::move(token));
}

std::optional<int> Runtime::wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, net::time_in(timeout), [&] { return status_.has_value(); });
    return status_;
}

int Runtime::run() {
    if (ThreadContext::here()) {
        throw UsageError("Client::run(): called on a thread of the SDK, where it would wait for itself");
    }
    const auto running = ensure_running();
    {
        auto signalled = std::make_shared<bool>(false);
        const auto self = std::static_pointer_cast<Runtime>(shared_from_this());
        // Before the first connect: from here on, a signal ends the program cleanly.
        const net::SignalWaiter signals(running->loop(), [self, signalled](int) {
            const std::lock_guard lock(self->mutex_);
            *signalled = true;
            self->changed_.notify_all();
        });
        start();
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return status_ || *signalled; });
    }
    stop();
    const std::lock_guard lock(mutex_);
    return status_.value_or(0);
}

ConnectionState Runtime::state() const noexcept {
    return upstream_ ? upstream_->board().state() : ConnectionState::stopped;
}

Gauges Runtime::gauges() const {
    if (!upstream_) return {};
    Gauges gauges = upstream_->board().read();
    const auto running = current();
    if (!running) return gauges;
    const auto load = running->lanes()->load();
    gauges.queued_events = load.events;
    gauges.queued_bytes = running->lanes()->queued_bytes();
    gauges.lag = std::chrono::duration_cast<std::chrono::milliseconds>(load.lag);
    return gauges;
}

std::string Runtime::metrics_text() {
    if (!upstream_) return {};
    std::optional<std::chrono::nanoseconds> loop_lag;
    {
        const std::lock_guard lock(mutex_);
        if (running_) loop_lag = loop_probe_->probe(running_->loop());
    }
    const Gauges figures = gauges();
    std::string text = client::metrics_text({.board = upstream_->board(),
                                             .gauges = figures,
                                             .queue_limit = settings_.queue_bytes,
                                             .caches = dispatcher_->caches(),
                                             .jobs = scheduler_->size(),
                                             .loop_lag = loop_lag,
                                             .metrics = metrics_.get()});
    if (remote_ != nullptr) text += remote_->metrics();
    if (settings_.metrics_source) text += text_of_source(*settings_.metrics_source);
    return text;
}

std::optional<std::uint16_t> Runtime::metrics_port() const {
    const std::lock_guard lock(mutex_);
    if (!endpoint_) return std::nullopt;
    return endpoint_->port();
}

void Runtime::open_endpoint() {
    const std::lock_guard lock(mutex_);
    open_endpoint_locked();
}

void Runtime::open_endpoint_locked() {
    if (endpoint_ || !settings_.metrics_endpoint) return;
    try {
        endpoint_ = std::make_unique<Endpoint>(*settings_.metrics_endpoint, static_cast<EndpointSource&>(*this));
    } catch (const std::system_error& error) {
        throw ConfigError("ClientOptions::metrics.listen: " + std::string(error.what()) +
                          "; choose an address of this computer and a free port, or port 0");
    }
}

std::vector<std::string> Runtime::unready_reasons() const {
    const GaugeBoard& board = upstream_->board();
    const auto for_time = [now = settings_.clock.now()](net::Time since) {
        const auto time = std::chrono::duration_cast<std::chrono::seconds>(now - since);
        return " for " + std::to_string(time.count()) + " s";
    };
    std::vector<std::string> reasons;
    if (const auto state = board.state(); state != ConnectionState::ready) {
        const bool stopped = state == ConnectionState::stopped;
        reasons.push_back("gateway: " + std::string(to_text(state)) + (stopped ? "" : for_time(board.unready_since())));
    }
    if (board.reading_paused()) reasons.push_back("queue: reading paused" + for_time(board.paused_since()));
    if (settings_.metrics_source)
        std::ranges::move(settings_.metrics_source->unready_reasons(), std::back_inserter(reasons));
    return reasons;
}

bool Runtime::ask_io_thread(std::function<void()> answer) {
    const auto running = current();
    if (!running) return false;
    running->loop().post([run = guaranteed([answer = std::move(answer)](bool) { answer(); })] { run(false); });
    return true;
}

}  // namespace intent::client

namespace intent::inline v0 {

std::shared_ptr<detail::ClientContext> detail::make_client(ClientOptions options) {
    auto settings = client::rest_settings(options);
    return std::make_shared<client::Runtime>(std::move(settings), std::move(options));
}

std::shared_ptr<detail::ClientContext> detail::make_remote_client(ClientOptions options,
                                                                  std::unique_ptr<Remote> remote) {
    auto settings = client::remote_settings(options);
    return std::make_shared<client::Runtime>(std::move(settings), std::move(options), std::move(remote));
}

std::shared_ptr<detail::ClientContext> detail::make_rest_client(RestOptions options) {
    return std::make_shared<client::Runtime>(client::rest_settings(std::move(options)));
}

}  // namespace intent
