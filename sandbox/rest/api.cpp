#include "sandbox/rest/api.hpp"

#include "sandbox/base/problem.hpp"
#include "sandbox/rest/preflight.hpp"

#include <cstdio>
#include <utility>

namespace intent::inline v0::sandbox {
namespace {

/// What a sandbox without limits reports: without headers, clients go by the table of protocol §10 and wait.
constexpr LimitVerdict unreachable_limit{
    .limit = 1'000'000, .remaining = 999'999, .reset = std::chrono::milliseconds(1000)};

std::string seconds_text(std::chrono::milliseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", static_cast<double>(time.count()) / 1000.0);
    return text;
}

bool is_auth(const std::optional<Match>& match, Auth auth) { return match && match->route->auth == auth; }

/// The scope of a 429: the kind of the reached limit (protocol §10).
std::string limit_word(const LimitVerdict& verdict, const std::optional<Match>& match) {
    if (verdict.global) return "RATE_LIMIT_GLOBAL";
    return is_auth(match, Auth::none) ? "RATE_LIMIT_AUTH" : "RATE_LIMIT_EXCEEDED";
}

ApiReply too_many(const LimitVerdict& verdict, const std::optional<Match>& match) {
    const std::string wait = seconds_text(verdict.retry_after);
    ApiReply reply{.status = 429, .headers = {{"Retry-After", wait}}};
    reply.body = "{\"error\":\"too many requests: wait " + wait + " s\",\"code\":\"" + limit_word(verdict, match) +
                 "\",\"retry_after\":" + wait + ",\"global\":" + (verdict.global ? "true" : "false") + "}";
    return reply;
}

void write_limit_headers(Headers& headers, const LimitVerdict& verdict, const std::string& bucket, Timestamp now) {
    const auto reset = std::chrono::ceil<std::chrono::seconds>(now + verdict.reset).time_since_epoch();
    headers.emplace_back("X-RateLimit-Limit", std::to_string(verdict.limit));
    headers.emplace_back("X-RateLimit-Remaining", std::to_string(verdict.remaining));
    headers.emplace_back("X-RateLimit-Reset", std::to_string(reset.count()));
    headers.emplace_back("X-RateLimit-Bucket", bucket.empty() || verdict.global ? "global" : bucket);
    headers.emplace_back("X-RateLimit-Global", verdict.global ? "true" : "false");
}

/// The owner of the requests that are counted together.
std::string limit_owner(const RestRequest& request, const std::optional<Match>& match) {
    if (is_auth(match, Auth::webhook)) return "webhook " + std::to_string(match->arguments.id("webhook_id"));
    if (!request.actor || is_auth(match, Auth::none)) return "ip " + request.peer;
    return "user " + request.actor->str();
}

/// Refusals and failures become answers.
template <class Work>
ApiReply guarded(Work work) {
    try {
        return work();
    } catch (const Problem& problem) {
        return problem_reply(problem);
    } catch (const std::exception& error) {
        return failure_reply(error);
    }
}

ApiReply completed(ApiReply reply, const Headers& limits, const std::string& origin) {
    reply.headers.insert(reply.headers.end(), limits.begin(), limits.end());
    return with_common_headers(std::move(reply), origin);
}

/// The answer to a request that has no route.
ApiReply unroutable_reply(const Problem& problem, std::string_view path) {
    ApiReply reply = problem_reply(problem);
    if (problem.status() == 405) reply.headers.emplace_back("Allow", allowed_methods(path));
    return reply;
}

/// Never shows what was sent: it may be a valid token in a wrong place.
Problem unauthorized(std::string_view authorization) {
    const auto refused = [](std::string text) { return Problem(401, "UNAUTHORIZED", std::move(text)); };
    if (authorization.empty()) return refused("no token: send the header Authorization: Bearer <token>");
    if (bearer_token(authorization).empty())
        return refused("Authorization: expected \"Bearer <token>\", got something else");
    return refused("this token is unknown, was revoked, or has run out: log in again, or use a bot's token");
}

}  // namespace

Api::Api(Platform& platform, Store& store, Dialect dialect, bool limits)
    : store_(store), handlers_(platform, store, dialect), limits_(limits) {}

void Api::authenticate(RestRequest& request, Timestamp now) const {
    const auto token = bearer_token(request.authorization);
    request.actor = token.empty() ? std::nullopt : store_.token_user(token, now);
}

ApiReply Api::begin(const RestRequest& request, ClockReading now) {
    if (request.method == "OPTIONS") return with_common_headers(preflight_reply(request), request.origin);
    Headers limits;
    ApiReply reply = guarded([&] { return answer(request, now, limits); });
    if (!reply.step) return completed(std::move(reply), limits, request.origin);
    // What `finish` returns is completed in the same way, with the limits as they are now.
    reply.step->finish = [finish = std::move(reply.step->finish), limits = std::move(limits), origin = request.origin](
                             const PasswordResult* result, ClockReading then) {
        return completed(guarded([&] { return finish(result, then); }), limits, origin);
    };
    return reply;
}

ApiReply Api::answer(const RestRequest& request, ClockReading now, Headers& limit_headers) {
    std::optional<Match> match;
    std::optional<Problem> unroutable;
    try {
        match = find_match(request);
    } catch (const Problem& problem) {
        unroutable = problem;
    }
    // Limits come before everything else: a refused request counts as well.
    if (request.limited)
        if (auto refused = limit(request, match, now, limit_headers)) return std::move(*refused);
    if (unroutable) return unroutable_reply(*unroutable, request.path);
    const Route& route = *match->route;
    if (route.auth == Auth::bearer && !request.actor) throw unauthorized(request.authorization);
    return (handlers_.*route.handler)(Call(request, std::move(match->arguments), now.system));
}

Match Api::find_match(const RestRequest& request) const {
    Match match = find_route(request.method, request.path);
    // `/messages/{message_id}` counts in the bucket of its channel.
    const auto message_id = match.arguments.find_id("message_id");
    if (message_id && !match.arguments.find_id("channel_id"))
        if (const auto message = store_.message(MessageId{*message_id}))
            match.arguments.add("channel_id", message->channel_id.value);
    return match;
}

std::optional<ApiReply> Api::limit(const RestRequest& request, const std::optional<Match>& match, ClockReading now,
                                   Headers& headers) {
    const std::string bucket = match ? bucket_id(*match) : std::string();
    if (!limits_) {
        write_limit_headers(headers, unreachable_limit, bucket, now.system);
        return std::nullopt;
    }
    const LimitRule rule = match ? match->route->bucket.rule : LimitRule{};
    const auto verdict = limiter_.take(now.steady, limit_owner(request, match), bucket, rule);
    write_limit_headers(headers, verdict, bucket, now.system);
    if (verdict.allowed) return std::nullopt;
    return too_many(verdict, match);
}

ApiReply Api::held_up(const RestRequest& request, const Fault& fault, Timestamp now) const {
    LimitVerdict verdict{.allowed = false,
                         .global = true,
                         .limit = Limiter::global_limit,
                         .reset = fault.wait,
                         .retry_after = fault.wait};
    ApiReply reply = guarded([&] {
        std::string bucket;
        std::optional<Match> match;
        try {
            match = find_match(request);
            bucket = bucket_id(*match);
            verdict.global = fault.global || bucket.empty();
            if (!verdict.global) verdict.limit = match->route->bucket.rule.limit;
        } catch (const Problem&) {
            // An unknown route has no bucket of its own.
        }
        ApiReply refused = too_many(verdict, match);
        write_limit_headers(refused.headers, verdict, bucket, now);
        return refused;
    });
    return with_common_headers(std::move(reply), request.origin);
}

}  // namespace intent::sandbox
