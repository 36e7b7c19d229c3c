#include "sandbox/rest/router.hpp"

#include "sandbox/base/fields.hpp"
#include "sandbox/base/path_pattern.hpp"
#include "sandbox/base/problem.hpp"

#include <intent/snowflake.hpp>

#include <algorithm>
#include <array>

namespace intent::sandbox {
namespace {

struct Entry {
    std::string_view method;
    std::string_view pattern;
    Route route;
};

constexpr std::array entries{
    Entry{"GET", "/servers", Route::list_servers},
    Entry{"POST", "/servers", Route::create_server},
    Entry{"GET", "/servers/{server_id}", Route::get_server},
    Entry{"PATCH", "/servers/{server_id}", Route::edit_server},
    Entry{"DELETE", "/servers/{server_id}", Route::delete_server},
    Entry{"GET", "/servers/{server_id}/members", Route::list_members},
    Entry{"GET", "/servers/{server_id}/members/@me", Route::get_member},
    Entry{"PATCH", "/servers/{server_id}/members/@me", Route::edit_member},
    Entry{"DELETE", "/servers/{server_id}/members/@me", Route::leave_server},
    Entry{"GET", "/servers/{server_id}/members/{user_id}", Route::get_member},
    Entry{"PATCH", "/servers/{server_id}/members/{user_id}", Route::edit_member},
    Entry{"DELETE", "/servers/{server_id}/members/{user_id}", Route::kick_member},
    Entry{"GET", "/servers/{server_id}/roles", Route::list_roles},
    Entry{"POST", "/servers/{server_id}/roles", Route::create_role},
    Entry{"PATCH", "/servers/{server_id}/roles/{role_id}", Route::edit_role},
    Entry{"DELETE", "/servers/{server_id}/roles/{role_id}", Route::delete_role},
    Entry{"GET", "/servers/{server_id}/invites", Route::list_invites},
    Entry{"POST", "/servers/{server_id}/invites", Route::create_invite},
    Entry{"GET", "/servers/{server_id}/webhooks", Route::list_server_webhooks},
    Entry{"GET", "/servers/{server_id}/channels", Route::list_channels},
    Entry{"POST", "/servers/{server_id}/channels", Route::create_channel},
    Entry{"GET", "/channels/{channel_id}", Route::get_channel},
    Entry{"PATCH", "/channels/{channel_id}", Route::edit_channel},
    Entry{"DELETE", "/channels/{channel_id}", Route::delete_channel},
    Entry{"GET", "/channels/{channel_id}/messages", Route::list_messages},
    Entry{"POST", "/channels/{channel_id}/messages", Route::create_message},
    Entry{"GET", "/channels/{channel_id}/messages/{message_id}", Route::get_message},
    Entry{"PATCH", "/channels/{channel_id}/messages/{message_id}", Route::edit_message},
    Entry{"DELETE", "/channels/{channel_id}/messages/{message_id}", Route::delete_message},
    Entry{"POST", "/channels/{channel_id}/messages/bulk-delete", Route::delete_messages},
    Entry{"POST", "/channels/{channel_id}/typing", Route::start_typing},
    Entry{"PATCH", "/messages/{message_id}", Route::edit_message},
    Entry{"DELETE", "/messages/{message_id}", Route::delete_message},
    Entry{"GET", "/users/@me", Route::get_me},
    Entry{"PATCH", "/users/@me", Route::edit_me},
    Entry{"GET", "/users/{user_id}", Route::get_user},
    Entry{"POST", "/auth/register", Route::register_user},
    Entry{"POST", "/auth/login", Route::login},
    Entry{"POST", "/auth/logout", Route::logout},
    Entry{"GET", "/invites/{code}", Route::get_invite},
    Entry{"POST", "/invites/{code}", Route::accept_invite},
    Entry{"DELETE", "/invites/{code}", Route::delete_invite},
    Entry{"POST", "/channels/{channel_id}/invites", Route::create_channel_invite},
    Entry{"GET", "/channels/{channel_id}/webhooks", Route::list_channel_webhooks},
    Entry{"POST", "/channels/{channel_id}/webhooks", Route::create_webhook},
    Entry{"GET", "/webhooks/{webhook_id}", Route::get_webhook},
    Entry{"PATCH", "/webhooks/{webhook_id}", Route::edit_webhook},
    Entry{"DELETE", "/webhooks/{webhook_id}", Route::delete_webhook},
    Entry{"POST", "/webhooks/{webhook_id}/regenerate-token", Route::regenerate_webhook_token},
    Entry{"GET", "/webhooks/{webhook_id}/{token}", Route::get_webhook_by_token},
    Entry{"PATCH", "/webhooks/{webhook_id}/{token}", Route::edit_webhook_by_token},
    Entry{"DELETE", "/webhooks/{webhook_id}/{token}", Route::delete_webhook_by_token},
    Entry{"POST", "/webhooks/{webhook_id}/{token}", Route::execute_webhook},
    Entry{"GET", "/webhooks/{webhook_id}/{token}/messages/{message_id}", Route::get_webhook_message},
    Entry{"PATCH", "/webhooks/{webhook_id}/{token}/messages/{message_id}", Route::edit_webhook_message},
    Entry{"DELETE", "/webhooks/{webhook_id}/{token}/messages/{message_id}", Route::delete_webhook_message},
    Entry{"POST", "/users/@me/channels", Route::open_direct_channel},
    Entry{"PUT", "/channels/{channel_id}/recipients/{user_id}", Route::add_recipient},
    Entry{"DELETE", "/channels/{channel_id}/recipients/{user_id}", Route::remove_recipient},
    Entry{"GET", "/voice/regions", Route::list_voice_regions},
    Entry{"POST", "/voice/turn-credentials", Route::create_turn_credentials},
};

bool fits_route(std::string_view pattern, std::string_view path) {
    // "@me" is a word of its own, never an id.
    return match_path(pattern, path, [](std::string_view, std::string_view text) { return text != "@me"; });
}

void read_parameter(Match& match, std::string_view name, std::string_view text) {
    if (name == "code") match.code = decode_percent(text);
    if (name == "token") match.token = decode_percent(text);
    if (name == "code" || name == "token") return;
    const auto id = parse_snowflake(text);
    if (!id) throw invalid(name, "not a snowflake (decimal digits, at most 64 bits)");
    if (name == "server_id") match.server_id = id;
    if (name == "channel_id") match.channel_id = id;
    if (name == "message_id") match.message_id = id;
    if (name == "user_id") match.user_id = id;
    if (name == "role_id") match.role_id = id;
    if (name == "webhook_id") match.webhook_id = id;
}

Match read_path(const Entry& entry, std::string_view path) {
    Match match{.route = entry.route};
    match_path(entry.pattern, path, [&](std::string_view name, std::string_view text) {
        read_parameter(match, name, text);
        return true;
    });
    return match;
}

}  // namespace

Match match_route(std::string_view method, std::string_view path) {
    for (const auto& entry : entries)
        if (entry.method == method && fits_route(entry.pattern, path)) return read_path(entry, path);
    const auto methods = allowed_methods(path);
    if (methods.empty()) throw Problem(404, "UNKNOWN_ROUTE", "no such route (docs/protocol.md §9 lists them)");
    std::string text = "this route takes";
    for (const auto allowed : methods)
        text += (allowed == methods.front() ? " " : ", ") + std::string(allowed);
    throw Problem(405, "METHOD_NOT_ALLOWED", text);
}

std::vector<std::string_view> allowed_methods(std::string_view path) {
    std::vector<std::string_view> methods;
    for (const auto& entry : entries)
        if (fits_route(entry.pattern, path) && std::find(methods.begin(), methods.end(), entry.method) == methods.end())
            methods.push_back(entry.method);
    return methods;
}

bool is_public(Route route) noexcept {
    return route == Route::register_user || route == Route::login || is_webhooks_own(route);
}

bool is_webhooks_own(Route route) noexcept {
    switch (route) {
        case Route::get_webhook_by_token:
        case Route::edit_webhook_by_token:
        case Route::delete_webhook_by_token:
        case Route::execute_webhook:
        case Route::get_webhook_message:
        case Route::edit_webhook_message:
        case Route::delete_webhook_message:
            return true;
        default:
            return false;
    }
}

std::string without_secrets(std::string_view path) {
    constexpr std::string_view mark = "/webhooks/";
    std::string text(path);
    // Each of them: in a path that is put together wrongly the last one may be the real one.
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        const auto slash = text.find('/', at + mark.size());
        if (slash == std::string::npos) break;
        const auto end = std::min(text.find('/', slash + 1), text.size());
        const auto token = std::string_view(text).substr(slash + 1, end - slash - 1);
        if (token != "regenerate-token" && token != "webhooks") text.replace(slash + 1, end - slash - 1, "***");
    }
    return text;
}

LimitRule limit_rule(Route route) noexcept {
    using namespace std::chrono_literals;
    switch (route) {
        case Route::create_message:
            return {5, 5s, LimitRule::Refill::steady};
        case Route::edit_message:
        case Route::delete_message:
            return {5, 5s};
        case Route::list_messages:
        case Route::get_message:
            return {50, 60s};
        case Route::create_server:
            return {1, 600s};
        case Route::edit_server:
        case Route::create_channel:
        case Route::edit_channel:
            return {10, 60s};
        case Route::get_server:
        case Route::get_channel:
            return {100, 60s};
        case Route::login:
            return {5, 300s};
        case Route::register_user:
            return {3, 3600s};
        case Route::execute_webhook:
            return {.limit = 5, .window = 2s, .long_limit = 30, .long_window = 60s};
        default:
            return {};
    }
}

std::string bucket_name(const Match& match) {
    const auto server = [&](std::string_view what) {
        return "srv:" + std::to_string(match.server_id.value_or(0)) + std::string(what);
    };
    const auto channel = [&](std::string_view what) {
        return "ch:" + std::to_string(match.channel_id.value_or(0)) + std::string(what);
    };
    switch (match.route) {
        case Route::create_message:
            return channel(":msg");
        case Route::edit_message:
            return channel(":msg:edit");
        case Route::delete_message:
            return channel(":msg:delete");
        case Route::list_messages:
        case Route::get_message:
            return channel(":msg:read");
        case Route::create_server:
            return "srv:new";
        case Route::edit_server:
            return server(":edit");
        case Route::create_channel:
            return server(":ch");
        case Route::get_server:
            return server("");
        case Route::edit_channel:
            return channel(":edit");
        case Route::get_channel:
            return channel("");
        case Route::login:
            return "auth:login";
        case Route::register_user:
            return "auth:register";
        case Route::execute_webhook:
            return "wh:" + std::to_string(match.webhook_id.value_or(0));
        default:
            return {};
    }
}

}  // namespace intent::sandbox
