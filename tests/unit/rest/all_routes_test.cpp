// Every route of docs/rest.md, and what is sent for it (protocol §9, §12).
#include "rest/request.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

namespace intent::rest::all_routes_test {
namespace {

constexpr ServerId server{11};
constexpr ChannelId channel{22};
constexpr MessageId message{33};
constexpr UserId user{44};
constexpr RoleId role{55};
constexpr WebhookId hook{66};
const Secret token("tok~1");

struct Row {
    std::string function;
    Call call;
    std::string method;
    std::string path;
    std::string route = {};   // empty: as the path
    std::string bucket = {};  // without the method; empty: as the path
    std::string body = {};
    Auth auth = Auth::bearer;
};

std::vector<Row> rows() {
    const std::string members = "/servers/{server_id}/members";
    const std::string roles = "/servers/{server_id}/roles";
    const std::string invites = "/servers/{server_id}/invites";
    const std::string code = "/invites/{code}";
    const std::string one_hook = "/webhooks/{webhook_id}";
    const std::string by_token = one_hook + "/{token}";
    const std::string text = by_token + "/messages/{message_id}";
    const std::string hook_message = "/webhooks/66/tok~1/messages/33";
    const std::string hook_bucket = "/webhooks/66/{token}/messages/{message_id}";
    return {
        {"get_members", get_members(server), "GET", "/servers/11/members", members},
        {"get_member", get_member(server, user), "GET", "/servers/11/members/44", members + "/{user_id}",
         "/servers/11/members/{user_id}"},
        {"edit_member", edit_member(server, user, MemberEdit().nickname("n").roles({RoleId{5}, RoleId{6}})), "PATCH",
         "/servers/11/members/44", members + "/{user_id}", "/servers/11/members/{user_id}",
         R"({"nickname":"n","roles":["5","6"]})"},
        {"edit_member", edit_member(server, user, MemberEdit().nickname(std::nullopt).roles({})), "PATCH",
         "/servers/11/members/44", members + "/{user_id}", "/servers/11/members/{user_id}",
         R"({"nickname":null,"roles":[]})"},
        {"remove_member", remove_member(server, user), "DELETE", "/servers/11/members/44", members + "/{user_id}",
         "/servers/11/members/{user_id}"},
        {"get_roles", get_roles(server), "GET", "/servers/11/roles", roles},
        {"create_role",
         create_role(server, NewRole("mods").permissions(Permissions{2048}).color(255).hoist(true).mentionable(false)),
         "POST",
         "/servers/11/roles",
         roles,
         {},
         R"({"name":"mods","permissions":"2048","color":255,"hoist":true,"mentionable":false})"},
        {"create_role", create_role(server, "x"), "POST", "/servers/11/roles", roles, {}, R"({"name":"x"})"},
        {"edit_role", edit_role(server, role, RoleEdit().name("y").position(2).permissions(Permissions::all())),
         "PATCH", "/servers/11/roles/55", roles + "/{role_id}", "/servers/11/roles/{role_id}",
         R"({"name":"y","position":2,"permissions":"18446744073709551615"})"},
        {"remove_role", remove_role(server, role), "DELETE", "/servers/11/roles/55", roles + "/{role_id}",
         "/servers/11/roles/{role_id}"},
        {"get_invites", get_invites(server), "GET", "/servers/11/invites", invites},
        {"create_invite", create_invite(server, {}), "POST", "/servers/11/invites", invites, {}, "{}"},
        {"create_invite",
         create_invite(server, NewInvite().channel(channel).max_uses(3).max_age(std::chrono::hours(24))),
         "POST",
         "/servers/11/invites",
         invites,
         {},
         R"({"channel_id":"22","max_uses":3,"max_age_seconds":86400})"},
        {"create_invite",
         create_invite(channel, NewInvite().max_uses(3).max_age(std::chrono::hours(24))),
         "POST",
         "/channels/22/invites",
         "/channels/{channel_id}/invites",
         {},
         R"({"max_uses":3,"max_age_seconds":86400})"},
        {"get_invite", get_invite("aB-1"), "GET", "/invites/aB-1", code, code},
        {"accept_invite", accept_invite("a?b#\u00e9%"), "POST", "/invites/a%3Fb%23%C3%A9%25", code, code},
        {"remove_invite", remove_invite("aB-1"), "DELETE", "/invites/aB-1", code, code},
        {"remove_messages",
         remove_messages(channel, {message, MessageId{34}}),
         "POST",
         "/channels/22/messages/bulk-delete",
         "/channels/{channel_id}/messages/bulk-delete",
         {},
         R"({"messages":["33","34"]})"},
        {"trigger_typing", trigger_typing(channel), "POST", "/channels/22/typing", "/channels/{channel_id}/typing"},
        {"create_dm", create_dm(user), "POST", "/users/@me/channels", {}, {}, R"({"recipient_id":"44"})"},
        {"create_dm",
         create_dm({user, UserId{45}}),
         "POST",
         "/users/@me/channels",
         {},
         {},
         R"({"recipient_ids":["44","45"]})"},
        {"add_recipient", add_recipient(channel, user), "PUT", "/channels/22/recipients/44",
         "/channels/{channel_id}/recipients/{user_id}", "/channels/22/recipients/{user_id}"},
        {"remove_recipient", remove_recipient(channel, user), "DELETE", "/channels/22/recipients/44",
         "/channels/{channel_id}/recipients/{user_id}", "/channels/22/recipients/{user_id}"},
        {"get_current_user", get_current_user(), "GET", "/users/@me"},
        {"edit_current_user",
         edit_current_user(UserEdit().display_name("Ada")),
         "PATCH",
         "/users/@me",
         {},
         {},
         R"({"display_name":"Ada"})"},
        {"get_user", get_user(user), "GET", "/users/44", "/users/{user_id}", "/users/{user_id}"},
        {"register_account",
         register_account({"ada_1", "a@example.invalid", "pw"}),
         "POST",
         "/auth/register",
         {},
         {},
         R"({"username":"ada_1","email":"a@example.invalid","password":"pw"})",
         Auth::none},
        {"login",
         login({"ada", "pw"}),
         "POST",
         "/auth/login",
         {},
         {},
         R"({"username_or_email":"ada","password":"pw"})",
         Auth::none},
        {"logout", logout(), "POST", "/auth/logout"},
        {"get_voice_regions", get_voice_regions(), "GET", "/voice/regions"},
        {"create_turn_credentials",
         create_turn_credentials(server),
         "POST",
         "/voice/turn-credentials",
         {},
         {},
         R"({"server_id":"11"})"},
        {"get_webhooks", get_webhooks(channel), "GET", "/channels/22/webhooks", "/channels/{channel_id}/webhooks"},
        {"get_webhooks", get_webhooks(server), "GET", "/servers/11/webhooks", "/servers/{server_id}/webhooks"},
        {"create_webhook",
         create_webhook(channel, NewWebhook("ci").avatar_url("https://a")),
         "POST",
         "/channels/22/webhooks",
         "/channels/{channel_id}/webhooks",
         {},
         R"({"name":"ci","avatar_url":"https://a"})"},
        {"get_webhook", get_webhook(hook), "GET", "/webhooks/66", one_hook},
        {"edit_webhook",
         edit_webhook(hook, WebhookEdit().name("n")),
         "PATCH",
         "/webhooks/66",
         one_hook,
         {},
         R"({"name":"n"})"},
        {"edit_webhook",
         edit_webhook(hook,
                      WebhookEdit().avatar_url("https://a").avatar_url(std::nullopt).channel(channel).enabled(true)),
         "PATCH",
         "/webhooks/66",
         one_hook,
         {},
         R"({"avatar_url":null,"channel_id":"22","enabled":true})"},
        {"edit_webhook",
         edit_webhook(hook, WebhookEdit().avatar_url(std::nullopt).avatar_url("https://a").enabled(false)),
         "PATCH",
         "/webhooks/66",
         one_hook,
         {},
         R"({"avatar_url":"https://a","enabled":false})"},
        {"remove_webhook", remove_webhook(hook), "DELETE", "/webhooks/66", one_hook},
        {"regenerate_webhook_token", regenerate_webhook_token(hook), "POST", "/webhooks/66/regenerate-token",
         one_hook + "/regenerate-token"},
        {"get_webhook",
         get_webhook(hook, token),
         "GET",
         "/webhooks/66/tok~1",
         by_token,
         "/webhooks/66/{token}",
         {},
         Auth::none},
        {"edit_webhook", edit_webhook(hook, token, WebhookEdit().avatar_url("")), "PATCH", "/webhooks/66/tok~1",
         by_token, "/webhooks/66/{token}", R"({"avatar_url":""})", Auth::none},
        {"remove_webhook",
         remove_webhook(hook, token),
         "DELETE",
         "/webhooks/66/tok~1",
         by_token,
         "/webhooks/66/{token}",
         {},
         Auth::none},
        {"execute_webhook", execute_webhook(hook, token, "hi"), "POST", "/webhooks/66/tok~1", by_token,
         "/webhooks/66/{token}", R"({"content":"hi"})", Auth::none},
        {"execute_webhook",
         execute_webhook(hook, Secret("a b?"), WebhookBody("hi").username("ci").avatar_url("https://a").wait()),
         "refused", ""},
        {"execute_webhook",
         execute_webhook(hook, Secret("a+b?"),
                         WebhookBody("hi").username("ci").avatar_url("https://a").embed(Embed().title("t")).wait()),
         "POST", "/webhooks/66/a%2Bb%3F?wait=true", by_token, "/webhooks/66/{token}",
         R"({"content":"hi","username":"ci","avatar_url":"https://a","embeds":[{"title":"t"}]})", Auth::none},
        {"get_webhook_message",
         get_webhook_message(hook, token, message),
         "GET",
         hook_message,
         text,
         hook_bucket,
         {},
         Auth::none},
        {"edit_webhook_message", edit_webhook_message(hook, token, message, "new"), "PATCH", hook_message, text,
         hook_bucket, R"({"content":"new"})", Auth::none},
        {"remove_webhook_message",
         remove_webhook_message(hook, token, message),
         "DELETE",
         hook_message,
         text,
         hook_bucket,
         {},
         Auth::none},
        // What request_test.cpp looks into more closely.
        {"get_servers", get_servers(), "GET", "/servers"},
        {"create_server", create_server("My"), "POST", "/servers", {}, {}, R"({"name":"My"})"},
        {"get_server", get_server(server), "GET", "/servers/11", "/servers/{server_id}"},
        {"edit_server",
         edit_server(server, ServerEdit().name("My")),
         "PATCH",
         "/servers/11",
         "/servers/{server_id}",
         {},
         R"({"name":"My"})"},
        {"remove_server", remove_server(server), "DELETE", "/servers/11", "/servers/{server_id}"},
        {"leave_server", leave_server(server), "DELETE", "/servers/11/members/@me", members + "/@me"},
        {"get_channels", get_channels(server), "GET", "/servers/11/channels", "/servers/{server_id}/channels"},
        {"create_channel",
         create_channel(server, "c"),
         "POST",
         "/servers/11/channels",
         "/servers/{server_id}/channels",
         {},
         R"({"name":"c","type":0})"},
        {"get_channel", get_channel(channel), "GET", "/channels/22", "/channels/{channel_id}"},
        {"edit_channel",
         edit_channel(channel, ChannelEdit().name("c")),
         "PATCH",
         "/channels/22",
         "/channels/{channel_id}",
         {},
         R"({"name":"c"})"},
        {"remove_channel", remove_channel(channel), "DELETE", "/channels/22", "/channels/{channel_id}"},
        {"get_messages", get_messages(channel, {}), "GET", "/channels/22/messages", "/channels/{channel_id}/messages"},
        {"create_message",
         create_message(channel, "x"),
         "POST",
         "/channels/22/messages",
         "/channels/{channel_id}/messages",
         {},
         R"({"content":"x"})"},
        {"create_message",
         create_message(channel, MessageBody().mls_ciphertext("AAEC")),
         "POST",
         "/channels/22/messages",
         "/channels/{channel_id}/messages",
         {},
         R"({"mls_ciphertext":"AAEC"})"},
        {"edit_message", edit_message(channel, message, MessageBody().mls_ciphertext("AAEC")), "PATCH",
         "/channels/22/messages/33", "/channels/{channel_id}/messages/{message_id}",
         "/channels/22/messages/{message_id}", R"({"mls_ciphertext":"AAEC"})"},
        {"get_message", get_message(channel, message), "GET", "/channels/22/messages/33",
         "/channels/{channel_id}/messages/{message_id}", "/channels/22/messages/{message_id}"},
        {"edit_message", edit_message(channel, message, "x"), "PATCH", "/channels/22/messages/33",
         "/channels/{channel_id}/messages/{message_id}", "/channels/22/messages/{message_id}", R"({"content":"x"})"},
        {"remove_message", remove_message(channel, message), "DELETE", "/channels/22/messages/33",
         "/channels/{channel_id}/messages/{message_id}", "/channels/22/messages/{message_id}"},
    };
}

TEST(AllRoutes, each_call_names_method_path_route_bucket_and_body) {
    for (const auto& row : rows()) {
        SCOPED_TRACE(row.function + " " + row.path);
        const auto* request = std::get_if<Request>(&row.call);
        EXPECT_EQ(request == nullptr, row.method == "refused");
        if (!request) continue;
        EXPECT_EQ(request->method, row.method);
        EXPECT_EQ(request->path, row.path);
        EXPECT_EQ(request->route, row.route.empty() ? row.path : row.route);
        EXPECT_EQ(request->bucket, row.method + " " + (row.bucket.empty() ? row.path : row.bucket));
        EXPECT_EQ(request->body, row.body);
        EXPECT_EQ(request->auth, row.auth);
    }
}

TEST(AllRoutes, a_webhook_token_appears_only_in_the_path) {
    for (const auto& row : rows()) {
        const auto* request = std::get_if<Request>(&row.call);
        if (!request || request->path.find("tok~1") == std::string::npos) continue;
        SCOPED_TRACE(row.function);
        EXPECT_EQ(request->route.find("tok~1"), std::string::npos);
        EXPECT_EQ(request->bucket.find("tok~1"), std::string::npos);
        EXPECT_EQ(request->body.find("tok~1"), std::string::npos);
        EXPECT_EQ(request->auth, Auth::none);
        EXPECT_NE(request->webhook_use, WebhookUse::none);
        EXPECT_EQ(request->webhook, "66/tok~1");
        EXPECT_EQ(request->secret, "tok~1") << "so that no error repeats it";
    }
}

/// The rows of the page's tables: "function METHOD /route".
std::set<std::string> documented() {
    std::ifstream page(INTENT_SOURCE_DIR "/docs/rest.md");
    std::set<std::string> found;
    for (std::string line; std::getline(page, line);) {
        if (!line.starts_with("| `")) continue;
        const auto name_end = line.find_first_of("`(", 3);
        const auto route = line.find("| `", name_end);
        if (route == std::string::npos) continue;
        const auto call = line.substr(route + 3, line.find('`', route + 3) - route - 3);
        if (call.find(' ') == std::string::npos) continue;  // a table of something else
        found.insert(line.substr(3, name_end - 3) + " " + call);
    }
    return found;
}

TEST(AllRoutes, the_rest_page_lists_every_function_with_its_route) {
    std::set<std::string> built{"get_json GET path", "call_json any path"};
    for (const auto& row : rows()) {
        if (const auto* request = std::get_if<Request>(&row.call))
            built.insert(row.function + " " + request->method + " " + request->route);
    }
    EXPECT_EQ(documented(), built);
}

}  // namespace
}  // namespace intent::rest::all_routes_test
