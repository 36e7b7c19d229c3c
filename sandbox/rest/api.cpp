#include "sandbox/rest/api.hpp"

#include "codec/utf8.hpp"
#include "sandbox/base/problem.hpp"

#include <array>
#include <cstdio>

namespace intent::sandbox {
namespace {

/// What a sandbox without limits says: without headers, clients go by the table of protocol §10 and wait.
constexpr LimitVerdict unreachable_limit{
    .limit = 1'000'000, .remaining = 999'999, .reset = std::chrono::milliseconds(1000)};

std::string seconds_text(std::chrono::milliseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", static_cast<double>(time.count()) / 1000.0);
    return text;
}

/// The word of a 429 says which kind of limit was met (protocol §10).
std::string limit_word(const LimitVerdict& verdict, const std::optional<Match>& match) {
    if (verdict.global) return "RATE_LIMIT_GLOBAL";
    const bool by_address = match && (match->route == Route::login || match->route == Route::register_user);
    return by_address ? "RATE_LIMIT_AUTH" : "RATE_LIMIT_EXCEEDED";
}

ApiReply too_many(const LimitVerdict& verdict, const std::optional<Match>& match) {
    const std::string wait = seconds_text(verdict.retry_after);
    ApiReply reply{.status = 429, .headers = {{"Retry-After", wait}}};
    reply.body = "{\"error\":\"too many requests: wait " + wait + " s\",\"code\":\"" + limit_word(verdict, match) +
                 "\",\"retry_after\":" + wait + ",\"global\":" + (verdict.global ? "true" : "false") + "}";
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

/// Refusals and failures become answers.
template <class Work>
ApiReply guarded(Work work) {
    try {
        return work();
    } catch (const Problem& problem) {
        return error_reply(problem.status(), word_of(problem.status()), problem.text());
    } catch (const std::exception& error) {
        return failure_reply(error);
    }
}

/// With the headers that every answer has.
ApiReply completed(ApiReply reply, const Headers& limits, std::string_view path, const std::string& origin) {
    if (reply.status == 405) {
        std::string allowed;
        for (const auto method : allowed_methods(path))
            allowed += (allowed.empty() ? "" : ", ") + std::string(method);
        reply.headers.emplace_back("Allow", allowed);
    }
    if (!reply.body.empty()) reply.headers.emplace_back("Content-Type", "application/json");
    reply.headers.insert(reply.headers.end(), limits.begin(), limits.end());
    add_cross_origin_headers(reply.headers, origin);
    return reply;
}

/// Says why, and never shows what was sent: it may be a good token in a bad place.
Problem unauthorized(std::string_view authorization) {
    const auto refused = [](std::string text) { return Problem(401, "UNAUTHORIZED", std::move(text)); };
    if (authorization.empty()) return refused("no token: send the header Authorization: Bearer <token>");
    if (bearer_token(authorization).empty())
        return refused("Authorization: expected \"Bearer <token>\", got something else");
    return refused("this token is unknown, was revoked, or has run out: log in again, or use a bot's token");
}

}  // namespace

std::string_view word_of(int status) noexcept {
    // The first four are the specification's, which names none for the others.
    constexpr std::array<std::pair<int, std::string_view>, 10> words{{{400, "BAD_REQUEST"},
                                                                      {401, "UNAUTHORIZED"},
                                                                      {403, "MISSING_ACCESS"},
                                                                      {404, "NOT_FOUND"},
                                                                      {405, "METHOD_NOT_ALLOWED"},
                                                                      {409, "CONFLICT"},
                                                                      {410, "GONE"},
                                                                      {413, "BODY_TOO_LARGE"},
                                                                      {426, "UPGRADE_REQUIRED"},
                                                                      {503, "BUSY"}}};
    for (const auto& [known, word] : words)
        if (known == status) return word;
    return "INTERNAL";
}

ApiReply error_reply(int status, std::string_view code, std::string_view text) {
    ApiReply reply{.status = status, .body = "{\"error\":"};
    codec::append_json_string(reply.body, text);
    reply.body += ",\"code\":";
    codec::append_json_string(reply.body, code);
    reply.body += '}';
    return reply;
}

ApiReply failure_reply(const std::exception& error) {
    return error_reply(500, "INTERNAL", std::string("the sandbox failed: ") + error.what());
}

std::string_view bearer_token(std::string_view authorization) noexcept {
    constexpr std::string_view scheme = "Bearer ";
    return authorization.starts_with(scheme) ? authorization.substr(scheme.size()) : std::string_view{};
}

Api::Api(Platform& platform, Store& store, SandboxDialect dialect, bool limits)
    : platform_(platform), store_(store), dialect_(dialect), limits_(limits) {}

ApiReply Api::begin(const ApiRequest& request, ClockReading now) {
    if (request.method == "OPTIONS") return preflight_reply(request);
    ApiReply limit_headers;
    ApiReply reply = guarded([&] { return answer(request, now, limit_headers); });
    if (reply.step) {
        // What `finish` makes is completed in the same way, with the limits as they are now.
        reply.step->finish = [finish = std::move(reply.step->finish), limits = std::move(limit_headers.headers),
                              path = request.path,
                              origin = request.origin](const PasswordResult* result, ClockReading then) {
            return completed(guarded([&] { return finish(result, then); }), limits, path, origin);
        };
        return reply;
    }
    return completed(std::move(reply), limit_headers.headers, request.path, request.origin);
}

ApiReply Api::handle(const ApiRequest& request, ClockReading now) {
    ApiReply reply = begin(request, now);
    if (!reply.step) return reply;
    const PasswordResult result = carry_out(reply.step->work);
    return reply.step->finish(&result, now);
}

ApiReply Api::answer(const ApiRequest& request, ClockReading now, ApiReply& limit_headers) {
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
    if (!request.actor)
        if (auto refused = limit(request, match, actor, now, limit_headers)) return std::move(*refused);
    if (unroutable) throw Problem(*unroutable);
    if (!actor && !is_public(match->route)) throw unauthorized(request.authorization);
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
                                   std::optional<UserId> actor, ClockReading now, ApiReply& headers) {
    const std::string bucket = match ? bucket_name(*match) : std::string();
    if (!limits_) {
        write_limit_headers(headers, unreachable_limit, bucket, now.system);
        return std::nullopt;
    }
    const bool by_address = !actor || (match && is_public(match->route));
    std::string owner = by_address ? "ip " + request.peer : "user " + actor->str();
    if (match && is_webhooks_own(match->route)) owner = "webhook " + std::to_string(*match->webhook_id);
    const auto verdict = limiter_.take(now.steady, owner, bucket, match ? limit_rule(match->route) : LimitRule{});
    write_limit_headers(headers, verdict, bucket, now.system);
    if (verdict.allowed) return std::nullopt;
    return too_many(verdict, match);
}

ApiReply Api::held_up(const ApiRequest& request, const SandboxFault& fault, Timestamp now) const {
    LimitVerdict verdict{.allowed = false,
                         .global = true,
                         .limit = Limiter::global_limit,
                         .reset = fault.wait,
                         .retry_after = fault.wait};
    ApiReply reply = guarded([&] {
        std::string bucket;
        std::optional<Match> match;
        try {
            match = match_route(request.method, request.path);
            resolve_channel(*match);
            bucket = bucket_name(*match);
            verdict.global = fault.global || bucket.empty();
            if (!verdict.global) verdict.limit = limit_rule(match->route).limit;
        } catch (const Problem&) {
            // An unknown route has no bucket of its own.
        }
        ApiReply refused = too_many(verdict, match);
        write_limit_headers(refused, verdict, bucket, now);
        return refused;
    });
    reply.headers.emplace_back("Content-Type", "application/json");
    return reply;
}

ApiReply Api::run(const Call& call) {
    if (is_webhooks_own(call.match.route)) return run_webhooks_own(call);
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
        case Route::delete_messages:
        case Route::start_typing:
            return run_messages(call);
        case Route::list_members:
        case Route::get_member:
        case Route::edit_member:
        case Route::kick_member:
            return run_members(call);
        case Route::list_roles:
        case Route::create_role:
        case Route::edit_role:
        case Route::delete_role:
            return run_roles(call);
        case Route::list_invites:
        case Route::create_invite:
        case Route::create_channel_invite:
        case Route::get_invite:
        case Route::accept_invite:
        case Route::delete_invite:
            return run_invites(call);
        case Route::get_me:
        case Route::edit_me:
        case Route::get_user:
            return run_users(call);
        case Route::register_user:
        case Route::login:
        case Route::logout:
            return run_accounts(call);
        case Route::list_voice_regions:
        case Route::create_turn_credentials:
            return run_voice(call);
        case Route::open_direct_channel:
        case Route::add_recipient:
        case Route::remove_recipient:
            return run_direct(call);
        default:
            return run_webhooks(call);
    }
}

ApiReply Api::list_json(std::string_view key, const std::vector<std::string>& items) const {
    std::string body = "[";
    for (const auto& item : items) {
        if (body.size() > 1) body += ',';
        body += item;
    }
    body += ']';
    if (dialect_ == SandboxDialect::web && !key.empty()) body = "{\"" + std::string(key) + "\":" + body + "}";
    return {.status = 200, .body = std::move(body)};
}

}  // namespace intent::sandbox
