#include "sandbox/rest/router.hpp"

#include "sandbox/base/problem.hpp"
#include "sandbox/rest/handlers/handlers.hpp"
#include "tests/unit/sandbox/route_example.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <stdexcept>

namespace intent::inline v0::sandbox::router_test {
namespace {

using Handler = decltype(Route::handler);

struct Row {
    std::string_view method;
    std::string_view path;
    Handler handler;
    std::string_view bucket;
};

constexpr Row requests[] = {
    {"GET", "/servers", &Handlers::list_servers, ""},
    {"POST", "/servers", &Handlers::create_server, "srv:new"},
    {"GET", "/servers/1", &Handlers::get_server, "srv:1"},
    {"PATCH", "/servers/1", &Handlers::edit_server, "srv:1:edit"},
    {"DELETE", "/servers/1", &Handlers::delete_server, ""},
    {"DELETE", "/servers/1/members/@me", &Handlers::leave_server, ""},
    {"GET", "/servers/1/channels", &Handlers::list_channels, ""},
    {"POST", "/servers/1/channels", &Handlers::create_channel, "srv:1:ch"},
    {"GET", "/channels/2", &Handlers::get_channel, "ch:2"},
    {"PATCH", "/channels/2", &Handlers::edit_channel, "ch:2:edit"},
    {"DELETE", "/channels/2", &Handlers::delete_channel, ""},
    {"GET", "/channels/2/messages", &Handlers::list_messages, "ch:2:msg:read"},
    {"POST", "/channels/2/messages", &Handlers::create_message, "ch:2:msg"},
    {"GET", "/channels/2/messages/3", &Handlers::get_message, "ch:2:msg:read"},
    {"PATCH", "/channels/2/messages/3", &Handlers::edit_message, "ch:2:msg:edit"},
    {"DELETE", "/channels/2/messages/3", &Handlers::delete_message, "ch:2:msg:delete"},
    {"GET", "/users/@me", &Handlers::get_me, ""},
    {"PATCH", "/users/@me", &Handlers::edit_me, ""},
    {"GET", "/users/4", &Handlers::get_user, ""},
    {"POST", "/auth/register", &Handlers::register_user, "auth:register"},
    {"POST", "/auth/login", &Handlers::log_in, "auth:login"},
    {"POST", "/auth/logout", &Handlers::log_out, ""},
    {"POST", "/channels/2/messages/bulk-delete", &Handlers::delete_messages, ""},
    {"POST", "/channels/2/typing", &Handlers::start_typing, ""},
    {"GET", "/servers/1/members", &Handlers::list_members, ""},
    {"GET", "/servers/1/members/@me", &Handlers::get_own_member, ""},
    {"PATCH", "/servers/1/members/@me", &Handlers::edit_own_member, ""},
    {"GET", "/servers/1/members/4", &Handlers::get_member, ""},
    {"PATCH", "/servers/1/members/4", &Handlers::edit_member, ""},
    {"DELETE", "/servers/1/members/4", &Handlers::kick_member, ""},
    {"GET", "/servers/1/roles", &Handlers::list_roles, ""},
    {"POST", "/servers/1/roles", &Handlers::create_role, ""},
    {"PATCH", "/servers/1/roles/5", &Handlers::edit_role, ""},
    {"DELETE", "/servers/1/roles/5", &Handlers::delete_role, ""},
    {"GET", "/servers/1/invites", &Handlers::list_invites, ""},
    {"POST", "/servers/1/invites", &Handlers::create_invite, ""},
    {"GET", "/invites/aB-1", &Handlers::get_invite, ""},
    {"POST", "/invites/aB-1", &Handlers::accept_invite, ""},
    {"DELETE", "/invites/aB-1", &Handlers::delete_invite, ""},
    {"GET", "/channels/2/webhooks", &Handlers::list_channel_webhooks, ""},
    {"POST", "/channels/2/webhooks", &Handlers::create_webhook, ""},
    {"GET", "/servers/1/webhooks", &Handlers::list_server_webhooks, ""},
    {"GET", "/webhooks/6", &Handlers::get_webhook, ""},
    {"PATCH", "/webhooks/6", &Handlers::edit_webhook, ""},
    {"DELETE", "/webhooks/6", &Handlers::delete_webhook, ""},
    {"POST", "/webhooks/6/regenerate-token", &Handlers::regenerate_webhook_token, ""},
    {"GET", "/webhooks/6/s3cret", &Handlers::get_webhook_by_token, ""},
    {"PATCH", "/webhooks/6/s3cret", &Handlers::edit_webhook_by_token, ""},
    {"DELETE", "/webhooks/6/s3cret", &Handlers::delete_webhook_by_token, ""},
    {"POST", "/webhooks/6/s3cret", &Handlers::execute_webhook, "wh:6"},
    {"GET", "/webhooks/6/s3cret/messages/3", &Handlers::get_webhook_message, ""},
    {"PATCH", "/webhooks/6/s3cret/messages/3", &Handlers::edit_webhook_message, ""},
    {"DELETE", "/webhooks/6/s3cret/messages/3", &Handlers::delete_webhook_message, ""},
    {"POST", "/channels/2/invites", &Handlers::create_channel_invite, ""},
    {"PATCH", "/messages/3", &Handlers::edit_message, "ch:0:msg:edit"},
    {"DELETE", "/messages/3", &Handlers::delete_message, "ch:0:msg:delete"},
    {"POST", "/users/@me/channels", &Handlers::open_direct_channel, ""},
    {"PUT", "/channels/2/recipients/4", &Handlers::add_recipient, ""},
    {"DELETE", "/channels/2/recipients/4", &Handlers::remove_recipient, ""},
    {"GET", "/voice/regions", &Handlers::list_voice_regions, ""},
    {"POST", "/voice/turn-credentials", &Handlers::create_turn_credentials, ""},
};

int status_of(std::string_view method, std::string_view path) {
    try {
        find_route(method, path);
        return 200;
    } catch (const Problem& problem) {
        return problem.status();
    }
}

TEST(Router, every_request_is_found_with_its_handler_and_its_bucket) {
    for (const auto& row : requests) {
        const Match match = find_route(row.method, row.path);
        EXPECT_TRUE(match.route->handler == row.handler) << row.method << row.path;
        EXPECT_EQ(bucket_id(match), row.bucket) << row.method << row.path;
    }
    EXPECT_EQ(std::size(requests), routes().size()) << "a row of the table is without a row here";
}

TEST(Router, every_route_is_found_by_its_own_path_and_by_no_earlier_row) {
    for (const auto& route : routes()) {
        const Match match = find_route(route.method, example(route.path));
        EXPECT_EQ(match.route, &route) << route.method << " " << route.path << " is hidden by " << match.route->path;
    }
}

TEST(Router, every_route_has_a_handler_and_a_known_method) {
    const std::set<std::string_view> methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
    for (const auto& route : routes()) {
        EXPECT_TRUE(route.handler != nullptr) << route.method << " " << route.path;
        EXPECT_TRUE(methods.contains(route.method)) << route.method << " " << route.path;
    }
}

TEST(Router, a_bucket_has_a_rule_and_one_id_has_one_rule) {
    std::map<std::string_view, LimitRule> rules;
    for (const auto& route : routes()) {
        const auto& [id, rule] = route.bucket;
        EXPECT_EQ(rule.limit > 0, !id.empty()) << route.method << " " << route.path;
        const auto [known, is_new] = rules.emplace(id, rule);
        EXPECT_TRUE(known->second.limit == rule.limit && known->second.window == rule.window) << id;
    }
}

TEST(Router, the_parameters_of_a_bucket_are_in_the_path) {
    for (const auto& route : routes()) {
        if (route.path == "/messages/{message_id}") continue;  // the store knows the channel
        const std::string_view id = route.bucket.id;
        for (auto begin = id.find('{'); begin != id.npos; begin = id.find('{', begin + 1)) {
            const auto name = id.substr(begin, id.find('}', begin) + 1 - begin);
            EXPECT_NE(route.path.find(name), route.path.npos) << route.method << " " << route.path << " " << name;
        }
    }
}

TEST(Router, a_token_in_the_path_authenticates_only_a_webhook) {
    for (const auto& route : routes()) {
        const bool has_token = route.path.find("{token}") != route.path.npos;
        EXPECT_EQ(route.auth == Auth::webhook, has_token) << route.method << " " << route.path;
        const bool makes_token = route.path == "/auth/register" || route.path == "/auth/login";
        EXPECT_EQ(route.auth == Auth::none, makes_token) << route.method << " " << route.path;
    }
}

TEST(Router, every_path_refuses_unknown_methods) {
    const std::string_view methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "get", ""};
    for (const auto& route : routes()) {
        const std::string path = example(route.path);
        const std::string allowed = ", " + allowed_methods(path) + ", ";
        for (const auto method : methods) {
            const bool takes = allowed.find(", " + std::string(method) + ", ") != allowed.npos && !method.empty();
            EXPECT_EQ(status_of(method, path) != 405, takes) << method << " " << path;
        }
    }
}

TEST(Router, ids_of_the_path_are_read) {
    const auto arguments = find_route("PATCH", "/channels/18446744073709551615/messages/7").arguments;
    EXPECT_EQ(arguments.id("channel_id"), 18446744073709551615u);
    EXPECT_EQ(arguments.id("message_id"), 7u);
    EXPECT_FALSE(arguments.find_id("server_id"));
    EXPECT_THROW(arguments.id("server_id"), std::logic_error);
    EXPECT_THROW(arguments.text("code"), std::logic_error);
}

TEST(Router, codes_and_tokens_of_the_path_are_decoded) {
    EXPECT_EQ(find_route("POST", "/webhooks/6/a%2Db").arguments.text("token"), "a-b");
    EXPECT_EQ(find_route("GET", "/invites/a%5F").arguments.text("code"), "a_");
}

TEST(Router, an_escaped_at_sign_means_the_same) {
    EXPECT_TRUE(find_route("GET", "/users/%40me").route->handler == &Handlers::get_me);
    EXPECT_EQ(allowed_methods("/users/%40me"), "GET, PATCH");
}

TEST(Router, a_webhooks_token_is_kept_out_of_logs) {
    EXPECT_EQ(without_secrets("/api/v1/webhooks/6/s3cret"), "/api/v1/webhooks/6/***");
    EXPECT_EQ(without_secrets("/api/v1/webhooks/6/s3cret/messages/3"), "/api/v1/webhooks/6/***/messages/3");
    EXPECT_EQ(without_secrets("/v1/webhooks/6/s3%63ret"), "/v1/webhooks/6/***");
    EXPECT_EQ(without_secrets("/hooks/webhooks/1/webhooks/6/s3cret"), "/hooks/webhooks/1/webhooks/6/***");
    EXPECT_EQ(without_secrets("/webhooks/webhooks/6/s3cret").find("s3cret"), std::string::npos);
    for (const auto* path : {"/api/v1/webhooks/6", "/webhooks/6/regenerate-token", "/channels/2/webhooks", "/"})
        EXPECT_EQ(without_secrets(path), path);
}

TEST(Router, unknown_paths_methods_and_ids_have_different_statuses) {
    for (const auto* path :
         {"", "/", "/server", "/servers/", "/servers//channels", "/channels/2/messages/3/4", "/users"})
        EXPECT_EQ(status_of("GET", path), 404) << path;
    EXPECT_EQ(status_of("PUT", "/servers"), 405);
    EXPECT_EQ(status_of("GET", "/messages/3"), 405);
    EXPECT_EQ(status_of("get", "/servers"), 405);
    for (const auto* path : {"/servers/12a", "/servers/007", "/servers/-1", "/servers/18446744073709551616"})
        EXPECT_EQ(status_of("GET", path), 400) << path;
}

TEST(Router, the_allowed_methods_of_a_path_are_listed) {
    constexpr std::pair<std::string_view, std::string_view> rows[] = {
        {"/servers", "GET, POST"},
        {"/servers/1", "GET, PATCH, DELETE"},
        {"/servers/1/members", "GET"},
        {"/servers/1/members/@me", "GET, PATCH, DELETE"},
        {"/servers/1/members/4", "GET, PATCH, DELETE"},
        {"/servers/1/roles", "GET, POST"},
        {"/servers/1/roles/5", "PATCH, DELETE"},
        {"/servers/1/invites", "GET, POST"},
        {"/servers/1/webhooks", "GET"},
        {"/servers/1/channels", "GET, POST"},
        {"/channels/2", "GET, PATCH, DELETE"},
        {"/channels/2/messages", "GET, POST"},
        {"/channels/2/messages/3", "GET, PATCH, DELETE"},
        {"/channels/2/typing", "POST"},
        {"/channels/2/invites", "POST"},
        {"/channels/2/webhooks", "GET, POST"},
        {"/channels/2/recipients/4", "PUT, DELETE"},
        {"/messages/3", "PATCH, DELETE"},
        {"/users/@me", "GET, PATCH"},  // "@me" is never an id
        {"/users/@me/channels", "POST"},
        {"/users/4", "GET"},
        {"/auth/register", "POST"},
        {"/auth/login", "POST"},
        {"/auth/logout", "POST"},
        {"/invites/aB-1", "GET, POST, DELETE"},
        {"/webhooks/6", "GET, PATCH, DELETE"},
        {"/webhooks/6/s3cret", "GET, PATCH, DELETE, POST"},
        {"/webhooks/6/s3cret/messages/3", "GET, PATCH, DELETE"},
        {"/voice/regions", "GET"},
        {"/voice/turn-credentials", "POST"},
        {"/nothing", ""},
    };
    for (const auto& [path, methods] : rows)
        EXPECT_EQ(allowed_methods(path), methods) << path;
}

TEST(Router, an_invalid_id_is_named) {
    try {
        find_route("GET", "/channels/12a");
        FAIL();
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.text(), "channel_id: not a snowflake (decimal digits, at most 64 bits)");
    }
}

}  // namespace
}  // namespace intent::sandbox::router_test
