// What the SDK's own coroutines await: each hands the loop a Completion, so that it ends whatever becomes of the loop.
#include "client/completion.hpp"
#include "client/rest_core.hpp"
#include "client/rest_errors.hpp"
#include "client/scope_state.hpp"

#include <intent/errors.hpp>

#include <utility>

namespace intent::detail {

RestCall::RestCall(std::shared_ptr<RestCore> core, rest::Call call) : core_(std::move(core)), call_(std::move(call)) {}

RestCall::~RestCall() = default;

bool RestCall::start(std::coroutine_handle<> waiting, TaskState& state) {
    if (const auto* invalid = std::get_if<rest::Invalid>(&call_)) {
        const std::string call = invalid->call.empty() ? "" : invalid->call + ": ";
        refused_ = std::make_exception_ptr(ConfigError(call + invalid->text));
        return false;
    }
    auto& request = std::get<rest::Request>(call_);
    if (request.auth == rest::Auth::bearer && core_->token().empty()) {
        refused_ = std::make_exception_ptr(ConfigError(request.method + " " + request.route +
                                                       ": no token is set; give one in the options (INTENT_TOKEN)"));
        return false;
    }
    const auto engine = core_->engine();
    if (!engine) return false;  // stopped: await_resume says so
    state.adopt(engine->lanes->home());
    client::Completion<runner::RestOutcome> done(outcome_, waiting, runner::RestFailed{limits::FailReason::stopped});
    auto* running = engine.get();
    engine->loop.post([running, request, done] {
        if (running->stopping) return done(runner::RestFailed{limits::FailReason::stopped});
        running->rest->submit(request, done);
    });
    return true;
}

net::HttpResponse RestCall::await_resume() {
    if (refused_) std::rethrow_exception(refused_);
    if (!outcome_) outcome_.emplace(runner::RestFailed{limits::FailReason::stopped});
    return client::answer_of(std::get<rest::Request>(call_), *std::move(outcome_), core_->secrets());
}

LimitsCall::LimitsCall(std::shared_ptr<RestCore> core, std::string bucket)
    : core_(std::move(core)), bucket_(std::move(bucket)) {}

LimitsCall::~LimitsCall() = default;

bool LimitsCall::start(std::coroutine_handle<> waiting, TaskState& state) {
    const auto engine = core_->engine();
    if (!engine) return false;
    state.adopt(engine->lanes->home());
    client::Completion<std::optional<limits::RouteLimits>> done(known_, waiting, std::nullopt);
    auto* running = engine.get();
    engine->loop.post([running, bucket = bucket_, done] { done(running->rest->route_limits(bucket)); });
    return true;
}

limits::RouteLimits LimitsCall::await_resume() {
    if (!known_ || !*known_) throw CancelledError("rate limit: the client was stopped");
    return **known_;
}

namespace {

/// A coroutine that waits for a time.
class TimeWait final : public Wait, public std::enable_shared_from_this<TimeWait> {
public:
    explicit TimeWait(const std::shared_ptr<client::Engine>& engine) : engine_(engine) {}

    void begin(client::Engine& engine, std::chrono::milliseconds delay, std::coroutine_handle<> waiting) {
        client::Completion<bool> done(cancelled, waiting, true);
        engine.loop.post([&engine, delay, done, self = shared_from_this()] {
            if (self->cancelled_early_) return done(true);
            self->delay_ = engine.after(delay, done);
        });
    }

    void cancel() noexcept override {
        const auto engine = engine_.lock();
        if (!engine) return;
        try {
            auto* running = engine.get();
            engine->loop.post([running, self = shared_from_this()] {
                self->cancelled_early_ = true;
                running->end_delay(self->delay_);
            });
        } catch (...) {  // out of memory: it ends at its time
        }
    }

    std::optional<bool> cancelled = {};

private:
    const std::weak_ptr<client::Engine> engine_;
    std::uint64_t delay_ = 0;       // this and the next: of the loop's thread
    bool cancelled_early_ = false;  // before it had begun
};

}  // namespace

Sleep::Sleep(std::shared_ptr<RestCore> core, std::chrono::milliseconds delay) : core_(std::move(core)), delay_(delay) {}

Sleep::~Sleep() {
    if (scope_ && wait_) scope_->remove(*wait_);
}

bool Sleep::start(std::coroutine_handle<> waiting, TaskState& state) {
    const auto engine = core_->engine();
    if (!engine) return false;
    state.adopt(engine->lanes->home());
    const auto wait = std::make_shared<TimeWait>(engine);
    if (state.scope() && !state.scope()->add(wait)) return false;
    scope_ = state.scope();
    wait_ = wait;
    cancelled_ = &wait->cancelled;
    state.waits_for(wait);
    wait->begin(*engine, delay_, waiting);
    return true;
}

void Sleep::await_resume() {
    if (!cancelled_ || cancelled_->value_or(true)) {
        throw CancelledError("sleep_for: the client was stopped, or its scope has ended");
    }
}

namespace {

task<> sleep(std::shared_ptr<RestCore> core, std::chrono::milliseconds delay) {
    if (delay.count() < 0)
        throw ConfigError("sleep_for: " + std::to_string(delay.count()) + " ms; allowed are 0 and more");
    Sleep sleeping(std::move(core), delay);
    co_await sleeping;
}

}  // namespace

task<> RestCore::sleep_for(std::chrono::milliseconds delay) { return sleep(shared_from_this(), delay); }

}  // namespace intent::detail
