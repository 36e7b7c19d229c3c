#include "client/runtime/local_rest.hpp"

#include <utility>

namespace intent::client {

LocalRest::LocalRest(Running& running, runner::RestSettings settings, const Token& token)
    : running_(running), runner_(std::make_unique<runner::RestRunner>(running.loop(), std::move(settings))) {
    runner_->set_token(token);
}

LocalRest::~LocalRest() = default;

void LocalRest::submit(std::shared_ptr<const rest::Request> request, std::function<void(runner::RestOutcome)> done) {
    running_.loop().post([this, request = std::move(request), done = std::move(done)]() mutable {
        if (!runner_ || running_.stopping()) return done(runner::RestFailed{limits::FailReason::stopped});
        runner_->submit(std::move(request), std::move(done));
    });
}

void LocalRest::limits(std::string bucket, std::function<void(std::optional<limits::RouteLimits>)> done) {
    running_.loop().post([this, bucket = std::move(bucket), done = std::move(done)] {
        if (runner_)
            done(runner_->route_limits(bucket));
        else
            done(std::nullopt);
    });
}

void LocalRest::set_token(Token token) {
    running_.loop().post([this, token = std::move(token)] {
        if (runner_) runner_->set_token(token);
    });
}

void LocalRest::stop() {
    if (runner_) runner_->stop();
}

}  // namespace intent::client
