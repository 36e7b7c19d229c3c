#include "client/api/awaiters.hpp"
#include "client/async/scope_state.hpp"
#include "client/jobs/scheduler.hpp"

#include <intent/scope.hpp>

#include <utility>

namespace intent::inline v0 {

namespace {

/// A handler that runs as code of a scope.
class ScopedHandler final : public detail::Handler {
public:
    ScopedHandler(std::shared_ptr<detail::ScopeState> scope, detail::Owned<detail::Handler> handler)
        : scope_(std::move(scope)), handler_(std::move(handler)) {}

    void call(const void* event, const detail::Origin& origin) override {
        const detail::InScope stretch(scope_);
        if (stretch) handler_->call(event, origin);
    }
    void end() noexcept override { handler_->end(); }

private:
    const std::shared_ptr<detail::ScopeState> scope_;
    const detail::Owned<detail::Handler> handler_;
};

}  // namespace

Scope::Scope(Client& client) : context_(client.context_), state_(std::make_shared<detail::ScopeState>()) {}

Scope::~Scope() { end(); }

void Scope::end() noexcept { state_->end(); }

bool Scope::ended() const noexcept { return state_->ended(); }

std::shared_ptr<detail::ClientContext> Scope::context() const {
    auto context = context_.lock();
    if (!context) throw UsageError("the client of this scope is gone: keep the client alive while the scope is used");
    return context;
}

Subscription Scope::subscribe(detail::MadeHandler made, bool once) { return subscribe(std::span(&made, 1), once); }

Subscription Scope::subscribe(std::span<detail::MadeHandler> made, bool once) {
    if (ended()) return {};
    const auto context = this->context();
    for (auto& each : made)
        each.handler = detail::Owned<detail::Handler>(new ScopedHandler(state_, std::move(each.handler)));
    const auto id = context->dispatcher().registry().add(made, once, client::Registry::Begins::when_activated);
    for (const auto& each : made)
        state_->add(context->dispatcher().handlers(), each.event, id);
    return {context, client::bits_of(made), id};
}

Job Scope::schedule(detail::JobPlan plan, detail::JobFunction function) {
    if (ended()) return {};
    return Job(context()->scheduler().add(std::move(plan), std::move(function), state_));
}

task<> Scope::sleep_for(std::chrono::milliseconds delay) {
    const detail::InScope stretch(state_);
    if (!stretch) {
        auto ended = []() -> task<> {
            throw CancelledError("the scope has ended");
            co_return;
        };
        return ended();
    }
    return client::sleep_for(context(), delay);
}

void Scope::report_error(std::string where, std::exception_ptr error) {
    if (const auto context = context_.lock()) client::report_error(*context, where, std::move(error));
}

void Scope::spawn_with(std::string name, task<> work, std::shared_ptr<const void> keep) {
    client::spawn(context(), std::move(name), std::move(work), std::move(keep));
}

}  // namespace intent
