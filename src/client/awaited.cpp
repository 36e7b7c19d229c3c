// What the SDK's own coroutines await: each hands the loop a Completion, so that it ends whatever becomes of the loop.
#include "client/completion.hpp"
#include "client/rest_core.hpp"
#include "client/rest_errors.hpp"

#include <intent/errors.hpp>

#include <utility>

namespace intent::detail {

RestCall::RestCall(std::shared_ptr<RestCore> core, rest::Call call) : core_(std::move(core)), call_(std::move(call)) {}

RestCall::~RestCall() = default;

bool RestCall::start(std::coroutine_handle<> waiting, TaskState& state) {
    if (const auto* invalid = std::get_if<rest::Invalid>(&call_)) {
        refused_ = std::make_exception_ptr(ConfigError(invalid->text));
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
    client::Completion<run::RestOutcome> done(outcome_, waiting, run::RestFailed{limits::FailReason::stopped});
    auto* running = engine.get();
    engine->loop.post([running, request, done] {
        if (running->stopping) return done(run::RestFailed{limits::FailReason::stopped});
        running->rest->submit(request, done);
    });
    return true;
}

net::HttpResponse RestCall::await_resume() {
    if (refused_) std::rethrow_exception(refused_);
    if (!outcome_) outcome_.emplace(run::RestFailed{limits::FailReason::stopped});
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

Sleep::Sleep(std::shared_ptr<RestCore> core, std::chrono::milliseconds delay) : core_(std::move(core)), delay_(delay) {}

Sleep::~Sleep() = default;

bool Sleep::start(std::coroutine_handle<> waiting, TaskState& state) {
    const auto engine = core_->engine();
    if (!engine) return false;
    state.adopt(engine->lanes->home());
    client::Completion<bool> done(cancelled_, waiting, true);
    auto* running = engine.get();
    engine->loop.post([running, delay = delay_, done] { running->after(delay, done); });
    return true;
}

void Sleep::await_resume() {
    if (cancelled_.value_or(true)) throw CancelledError("sleep_for: the client was stopped");
}

}  // namespace intent::detail
