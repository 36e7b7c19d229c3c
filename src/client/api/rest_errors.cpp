#include "client/api/rest_errors.hpp"

#include "limits/headers.hpp"
#include "rest/answer.hpp"
#include "text/peer_text.hpp"

#include <intent/errors.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace intent::client {

namespace {

[[noreturn]] void fail(const rest::Request& request, limits::FailReason reason) {
    const std::string call = request.method + " " + request.route + ": ";
    switch (reason) {
        case limits::FailReason::unauthorized: {
            HttpErrorInfo info;
            info.status = 401;
            info.message = "the token was refused before and has not been changed since; nothing was sent";
            info.method = request.method;
            info.route = request.route;
            throw UnauthorizedError(std::move(info));
        }
        case limits::FailReason::wait_too_long:
            throw TimeoutError(call + "the wait for its rate limit would exceed max_rate_limit_wait");
        case limits::FailReason::cancelled:
            throw CancelledError(call + "cancelled");
        case limits::FailReason::stopped:
            break;
    }
    throw CancelledError(call + "the client was stopped");
}

[[noreturn]] void fail(const rest::Request& request, runner::WebhookGone gone) {
    HttpErrorInfo info;
    info.status = gone.status;
    info.message =
        "this webhook, or its token, was refused before; nothing was sent (get_webhook with the token asks "
        "again)";
    info.method = request.method;
    info.route = request.route;
    if (gone.status == 401) throw UnauthorizedError(std::move(info));
    throw NotFoundError(std::move(info));
}

[[noreturn]] void fail(const rest::Request& request, const net::HttpFailure& failure, const text::Redactor& secrets) {
    const std::string text = request.method + " " + request.route + ": " + secrets.redact(failure.text);
    if (failure.kind == net::HttpFailure::Kind::timeout) throw TimeoutError(text);
    throw NetworkError(text);
}

[[noreturn]] void fail(const rest::Request& request, const net::HttpResponse& response, const text::Redactor& secrets,
                       Timestamp now) {
    HttpErrorInfo info = rest::read_error(response.status, response.body, secrets);
    info.method = request.method;
    info.route = request.route;
    switch (rest::error_kind(response.status)) {
        case rest::ErrorKind::unauthorized:
            throw UnauthorizedError(std::move(info));
        case rest::ErrorKind::forbidden:
            throw ForbiddenError(std::move(info));
        case rest::ErrorKind::not_found:
            throw NotFoundError(std::move(info));
        case rest::ErrorKind::rate_limited: {
            const auto limit = limits::parse_rate_limit(response.status, response.headers, response.body, now);
            if (limit.retry_after) {
                info.retry_after = std::chrono::ceil<std::chrono::milliseconds>(*limit.retry_after);
            }
            info.global = limit.global;
            info.bucket = text::peer_text(limit.bucket, secrets);
            throw RateLimitError(std::move(info));
        }
        case rest::ErrorKind::server:
            throw ServerError(std::move(info));
        case rest::ErrorKind::other:
            break;
    }
    throw HttpError(std::move(info));
}

}  // namespace

net::HttpResponse answer_of(const rest::Request& request, runner::RestOutcome outcome, const text::Redactor& secrets,
                            Timestamp now) {
    if (const auto* failed = std::get_if<runner::RestFailed>(&outcome)) fail(request, failed->reason);
    if (const auto* gone = std::get_if<runner::WebhookGone>(&outcome)) fail(request, *gone);
    if (const auto* failure = std::get_if<net::HttpFailure>(&outcome))
        fail(request, *failure, secrets.with(request.secret));
    const std::string call = request.method + " " + request.route + ": ";
    if (const auto* invalid = std::get_if<runner::RequestInvalid>(&outcome)) throw ConfigError(call + invalid->text);
    if (const auto* unknown = std::get_if<runner::OutcomeUnknown>(&outcome))
        throw UnknownOutcomeError(call + unknown->text);
    auto& response = std::get<net::HttpResponse>(outcome);
    if (!rest::is_success(response.status)) fail(request, response, secrets.with(request.secret), now);
    return std::move(response);
}

}  // namespace intent::client
