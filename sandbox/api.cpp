#include "sandbox/api.hpp"

#include "codec/utf8.hpp"
#include "sandbox/problem.hpp"

#include <cstdio>

namespace intent::sandbox {
namespace {

std::string seconds_text(std::chrono::milliseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", static_cast<double>(time.count()) / 1000.0);
    return text;
}

ApiReply too_many(const LimitVerdict& verdict) {
    const std::string wait = seconds_text(verdict.retry_after);
    ApiReply reply{.status = 429, .headers = {{"Retry-After", wait}}};
    reply.body = "{\"error\":\"too many requests: wait " + wait +
                 " s\",\"code\":\"RATE_LIMITED\",\"retry_after\":" + wait +
                 ",\"global\":" + (verdict.global ? "true" : "false") + "}";
    return reply;
}

void write_limit_headers(ApiReply& reply, const LimitVerdict& verdict, const std::string& bucket, Timestamp now) {
    const auto reset = std::chrono::ceil<std::chrono::seconds>(now + verdict.reset).time_since_epoch();
    reply.headers.emplace_back("X-RateLimit-Limit", std::to_string(verdict.limit));
    reply.headers.emplace_back("X-RateLimit-Remaining", std::to_string(verdict.remaining));
    reply.headers.emplace_back("X-RateLimit-Reset", std::to_string(reset.count()));
    reply.headers.emplace_back("X-RateLimit-Bucket", bucket.empty() || verdict.global ? "global" : bucket);
    reply.headers.emplace_back("X-RateLimit-Global", verdict.global ? "true" : "false");
}

}  // namespace

ApiReply error_reply(int status, std::string_view code, std::string_view text) {
    ApiReply reply{.status = status, .body = "{\"error\":"};
    codec::append_json_string(reply.body, text);
    reply.body += ",\"code\":";
    codec::append_json_string(reply.body, code);
    reply.body += '}';
    return reply;
}

std::string_view bearer_token(std::string_view authorization) noexcept {
    constexpr std::string_view scheme = "Bearer ";
    return authorization.starts_with(scheme) ? authorization.substr(scheme.size()) : std::string_view{};
}

Api::Api(Platform& platform, Store& store, SandboxDialect dialect, bool limits)
    : platform_(platform), store_(store), dialect_(dialect), limits_(limits) {}

ApiReply Api::handle(const ApiRequest& request, Moment now) {
    ApiReply limit_headers;
    ApiReply reply;
    try {
        reply = answer(request, now, limit_headers);
    } catch (const Problem& problem) {
        reply = error_reply(problem.status(), problem.code(), problem.text());
    } catch (const std::exception& error) {
        reply = error_reply(500, "INTERNAL", std::string("the sandbox failed: ") + error.what());
    }
    if (reply.status == 405) {
        std::string allowed;
        for (const auto method : allowed_methods(request.path))
            allowed += (allowed.empty() ? "" : ", ") + std::string(method);
        reply.headers.emplace_back("Allow", allowed);
    }
    if (!reply.body.empty()) reply.headers.emplace_back("Content-Type", "application/json");
    for (auto& header : limit_headers.headers)
        reply.headers.push_back(std::move(header));
    return reply;
}

ApiReply Api::answer(const ApiRequest& request, Moment now, ApiReply& limit_headers) {
    const auto actor = request.actor ? request.actor : authenticate(request, now.system);
    std::optional<Match> match;
    std::optional<Problem> unroutable;
    try {
        match = match_route(request.method, request.path);
        resolve_channel(*match);
    } catch (const Problem& problem) {
        unroutable = problem;
    }
    // Limits come before everything else: a refused request counts as well.
    if (limits_ && !request.actor)
        if (auto refused = limit(request, match, actor, now, limit_headers)) return std::move(*refused);
    if (unroutable) throw Problem(*unroutable);
    if (!actor && !is_public(match->route))
        throw Problem(401, "UNAUTHORIZED", "the token is missing or not accepted: send Authorization: Bearer <token>");
    return run({.request = request, .match = *match, .actor = actor.value_or(UserId{}), .now = now.system});
}

std::optional<UserId> Api::authenticate(const ApiRequest& request, Timestamp now) const {
    const auto token = bearer_token(request.authorization);
    if (token.empty()) return std::nullopt;
    return store_.token_user(token, now);
}

void Api::resolve_channel(Match& match) const {
    // `/messages/{message_id}` counts in the bucket of its channel.
    if (match.message_id && !match.channel_id)
        if (const auto message = store_.message(MessageId{*match.message_id}))
            match.channel_id = message->channel_id.value;
}

std::optional<ApiReply> Api::limit(const ApiRequest& request, const std::optional<Match>& match,
                                   std::optional<UserId> actor, Moment now, ApiReply& headers) {
    const bool by_address = !actor || (match && is_public(match->route));
    const std::string owner = by_address ? "ip " + request.peer : "user " + actor->str();
    const std::string bucket = match ? bucket_name(*match) : std::string();
    const auto verdict = limiter_.take(now.steady, owner, bucket, match ? limit_rule(match->route) : LimitRule{});
    write_limit_headers(headers, verdict, bucket, now.system);
    if (verdict.allowed) return std::nullopt;
    return too_many(verdict);
}

ApiReply Api::run(const Call& call) {
    switch (call.match.route) {
        case Route::list_servers:
        case Route::create_server:
        case Route::get_server:
        case Route::edit_server:
        case Route::delete_server:
        case Route::leave_server:
            return run_servers(call);
        case Route::list_channels:
        case Route::create_channel:
        case Route::get_channel:
        case Route::edit_channel:
        case Route::delete_channel:
            return run_channels(call);
        case Route::list_messages:
        case Route::create_message:
        case Route::get_message:
        case Route::edit_message:
        case Route::delete_message:
            return run_messages(call);
        default:
            return run_users(call);
    }
}

}  // namespace intent::sandbox
