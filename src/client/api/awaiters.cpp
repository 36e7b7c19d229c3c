// The awaiters of the SDK's coroutines. Each gives the loop a Completion, so that it completes even if the loop ends.
#include "client/api/awaiters.hpp"

#include "client/api/rest_errors.hpp"
#include "client/async/completion.hpp"
#include "client/async/event_context.hpp"
#include "client/async/scope_state.hpp"

#include <intent/errors.hpp>

#include <utility>

namespace intent::client {

namespace {

using detail::Executor;
using detail::Origin;
using detail::Resumption;
using detail::TaskState;
using detail::Wait;

std::exception_ptr refusal(const rest::Invalid& invalid) {
    const std::string call = invalid.call.empty() ? "" : invalid.call + ": ";
    return std::make_exception_ptr(ConfigError(call + invalid.text));
}

}  // namespace

RestCall::RestCall(Context context, rest::Call call) : context_(std::move(context)) {
    if (const auto* invalid = std::get_if<rest::Invalid>(&call))
        refused_ = refusal(*invalid);
    else
        request_ = std::make_shared<rest::Request>(std::get<rest::Request>(std::move(call)));
}

RestCall::~RestCall() = default;

bool RestCall::start(std::coroutine_handle<> waiting, TaskState& state) {
    if (refused_) return false;
    if (request_->auth == rest::Auth::bearer && !context_->can_authorize()) {
        refused_ = std::make_exception_ptr(ConfigError(request_->method + " " + request_->route +
                                                       ": no token is set; set one in the options (INTENT_TOKEN)"));
        return false;
    }
    const auto running = context_->running();
    if (!running) return false;  // stopped: await_resume reports it
    state.adopt(running->lanes()->home());
    if (const auto& of = state.context()) {
        if (request_->trace.empty()) request_->trace = of->trace;
        if (request_->method != "GET") request_->key = of->next_request();
    }
    running->rest().submit(
        request_, Completion<runner::RestOutcome>(outcome_, waiting, runner::RestFailed{limits::FailReason::stopped}));
    return true;
}

runner::RestOutcome RestCall::take_outcome() {
    if (refused_) std::rethrow_exception(refused_);
    if (!outcome_) outcome_.emplace(runner::RestFailed{limits::FailReason::stopped});
    return *std::move(outcome_);
}

net::HttpResponse RestCall::await_resume() {
    auto outcome = take_outcome();  // throws if there is no request
    return answer_of(*request_, std::move(outcome), context_->tokens().secrets(), context_->clock().wall_time());
}

LimitsCall::LimitsCall(Context context, std::string bucket)
    : context_(std::move(context)), bucket_(std::move(bucket)) {}

LimitsCall::~LimitsCall() = default;

bool LimitsCall::start(std::coroutine_handle<> waiting, TaskState& state) {
    const auto running = context_->running();
    if (!running) return false;
    state.adopt(running->lanes()->home());
    running->rest().limits(bucket_, Completion<std::optional<limits::RouteLimits>>(known_, waiting, std::nullopt));
    return true;
}

limits::RouteLimits LimitsCall::await_resume() {
    if (!known_ || !*known_) throw CancelledError("rate limit: the client was stopped");
    return **known_;
}

namespace {

/// A coroutine that waits for a delay.
class TimeWait final : public Wait, public std::enable_shared_from_this<TimeWait> {
public:
    explicit TimeWait(const std::shared_ptr<Running>& running) : running_(running) {}

    void begin(Running& running, std::chrono::milliseconds delay, std::coroutine_handle<> waiting) {
        Completion<bool> done(cancelled, waiting, true);
        running.loop().post([&running, delay, done, self = shared_from_this()] {
            if (self->cancelled_early_) return done(true);
            self->delay_ = running.after(delay, done);
        });
    }

    void cancel() noexcept override {
        const auto running = running_.lock();
        if (!running) return;
        running->loop().post([&running = *running, self = shared_from_this()] {
            self->cancelled_early_ = true;
            running.end_delay(self->delay_);
        });
    }

    std::optional<bool> cancelled = {};

private:
    const std::weak_ptr<Running> running_;
    std::uint64_t delay_ = 0;       // this and the next: used on the loop's thread
    bool cancelled_early_ = false;  // before the delay started
};

}  // namespace

Sleep::Sleep(Context context, std::chrono::milliseconds delay) : context_(std::move(context)), delay_(delay) {}

Sleep::~Sleep() {
    if (scope_ && wait_) scope_->remove(*wait_);
}

bool Sleep::start(std::coroutine_handle<> waiting, TaskState& state) {
    const auto running = context_->running();
    if (!running) return false;
    state.adopt(running->lanes()->home());
    const auto wait = std::make_shared<TimeWait>(running);
    if (state.scope() && !state.scope()->add(wait)) return false;
    scope_ = state.scope();
    wait_ = wait;
    cancelled_ = &wait->cancelled;
    state.waits_for(wait);
    wait->begin(*running, delay_, waiting);
    return true;
}

void Sleep::await_resume() {
    if (!cancelled_ || cancelled_->value_or(true)) {
        throw CancelledError("sleep_for: the client was stopped, or its scope has ended");
    }
}

task<> sleep_for(Context context, std::chrono::milliseconds delay) {
    if (delay.count() < 0)
        throw ConfigError("sleep_for: " + std::to_string(delay.count()) + " ms; it must not be negative");
    Sleep sleeping(std::move(context), delay);
    co_await sleeping;
}

namespace {

/// Reports errors of a spawned task that made no call of the client and so has no home.
class Reporter final : public Executor {
public:
    explicit Reporter(std::weak_ptr<detail::ClientContext> context) : context_(std::move(context)) {}
    void resume(Resumption next, unsigned) noexcept override { next.run(); }
    void report_dropped(std::exception_ptr error, const Origin& origin) noexcept override {
        if (const auto context = context_.lock()) context->dispatcher().handle_dropped(std::move(error), origin);
    }

private:
    const std::weak_ptr<detail::ClientContext> context_;
};

struct Spawned {
    std::string name;
    std::shared_ptr<const void> keep;
};

}  // namespace

void spawn(const Context& context, std::string name, task<> work, std::shared_ptr<const void> keep) {
    if (!work.valid()) throw UsageError("spawn: the task was moved from");
    if (name.empty()) name = "a spawned task";
    auto spawned = std::make_shared<Spawned>(Spawned{std::move(name), std::move(keep)});
    const Origin origin{spawned->name.c_str(), 0};
    std::move(work).detach(origin, std::move(spawned), std::make_shared<Reporter>(context));
}

void report_error(detail::ClientContext& context, const std::string& where, std::exception_ptr error) {
    if (!error) throw UsageError("report_error: there is no error: call it in a catch block, or pass the error");
    const auto& scope = detail::InScope::current();
    Origin origin{where.c_str()};
    origin.quiet_cancel = scope && scope->ended();
    origin.within = handled_event().name;
    origin.context = handled_event().context;
    context.dispatcher().handle_dropped(std::move(error), origin);
}

}  // namespace intent::client
