#include "client/runtime/relayed_rest.hpp"

#include "text/peer_text.hpp"

#include <chrono>
#include <utility>

namespace intent::client {

namespace {

using detail::RemoteAnswer;

constexpr std::size_t max_text = 500;

runner::RestOutcome outcome_of(RemoteAnswer answer) {
    using Kind = RemoteAnswer::Kind;
    using Failure = net::HttpFailure;
    const auto text = [&](const char* otherwise) {
        return answer.text.empty() ? std::string(otherwise) : text::peer_text(answer.text, {}, max_text);
    };
    switch (answer.kind) {
        case Kind::answered:
            return net::HttpResponse{answer.status, std::move(answer.headers), std::move(answer.body)};
        case Kind::not_sent:
            return Failure{Failure::Kind::connect, false, text("not sent")};
        case Kind::broken:
            return Failure{Failure::Kind::broken, true, text("the connection ended without an answer")};
        case Kind::timeout:
            return Failure{Failure::Kind::timeout, true, text("no answer in time")};
        case Kind::wait_too_long:
            return runner::RestFailed{limits::FailReason::wait_too_long};
        case Kind::token_refused:
            return runner::RestFailed{limits::FailReason::unauthorized};
        case Kind::webhook_gone:
            return runner::WebhookGone{answer.status};
        case Kind::unknown_outcome:
            return runner::OutcomeUnknown{text("the relay ended while the request was under way")};
        case Kind::invalid:
            return runner::RequestInvalid{text("refused by the relay")};
        case Kind::cancelled:
            break;
    }
    return Failure{Failure::Kind::connect, false, text("the relay has stopped")};
}

}  // namespace

RelayedRest::RelayedRest(Running& running, detail::Remote& remote, std::optional<limits::Duration> max_wait)
    : running_(running), remote_(remote), max_wait_(max_wait), link_(std::make_shared<LoopLink>(running.loop())) {}

RelayedRest::~RelayedRest() { link_->cut(); }

void RelayedRest::submit(std::shared_ptr<const rest::Request> request, std::function<void(runner::RestOutcome)> done) {
    running_.loop().post([this, request = std::move(request), done = std::move(done)]() mutable {
        if (over_ || running_.stopping()) return done(runner::RestFailed{limits::FailReason::stopped});
        send(*request, std::move(done));
    });
}

void RelayedRest::send(const rest::Request& request, std::function<void(runner::RestOutcome)> done) {
    const std::uint64_t id = ++last_id_;
    pending_.emplace(id, std::move(done));
    detail::RemoteRequest message{.method = request.method,
                                  .path = request.path,
                                  .body = request.body,
                                  .key = request.key,
                                  .trace = request.trace};
    if (const auto wait = request.max_wait ? request.max_wait : max_wait_)
        message.max_wait = std::chrono::duration_cast<std::chrono::milliseconds>(*wait);
    remote_.request(std::move(message), [this, link = link_, id](RemoteAnswer answer) {
        auto shared = std::make_shared<RemoteAnswer>(std::move(answer));
        link->post([this, id, shared = std::move(shared)] {
            auto call = pending_.extract(id);
            if (!call.empty()) call.mapped()(outcome_of(std::move(*shared)));
        });
    });
}

void RelayedRest::limits(std::string, std::function<void(std::optional<limits::RouteLimits>)> done) {
    running_.loop().post([done = std::move(done)] { done(limits::RouteLimits{}); });
}

void RelayedRest::set_token(Token) {}

void RelayedRest::stop() {
    for (auto& [id, done] : std::exchange(pending_, {}))
        done(runner::RestFailed{limits::FailReason::stopped});
}

void RelayedRest::end() noexcept {
    over_ = true;
    link_->cut();
    pending_.clear();
}

}  // namespace intent::client
