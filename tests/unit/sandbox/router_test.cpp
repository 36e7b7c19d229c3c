#include "sandbox/rest/router.hpp"

#include "sandbox/base/problem.hpp"

#include <gtest/gtest.h>

namespace intent::sandbox::router_test {
namespace {

struct Row {
    std::string_view method;
    std::string_view path;
    Route route;
    std::string_view bucket;
};

constexpr Row routes[] = {
    {"GET", "/servers", Route::list_servers, ""},
    {"POST", "/servers", Route::create_server, "srv:new"},
    {"GET", "/servers/1", Route::get_server, "srv:1"},
    {"PATCH", "/servers/1", Route::edit_server, "srv:1:edit"},
    {"DELETE", "/servers/1", Route::delete_server, ""},
    {"DELETE", "/servers/1/members/@me", Route::leave_server, ""},
    {"GET", "/servers/1/channels", Route::list_channels, ""},
    {"POST", "/servers/1/channels", Route::create_channel, "srv:1:ch"},
    {"GET", "/channels/2", Route::get_channel, "ch:2"},
    {"PATCH", "/channels/2", Route::edit_channel, "ch:2:edit"},
    {"DELETE", "/channels/2", Route::delete_channel, ""},
    {"GET", "/channels/2/messages", Route::list_messages, "ch:2:msg:read"},
    {"POST", "/channels/2/messages", Route::create_message, "ch:2:msg"},
    {"GET", "/channels/2/messages/3", Route::get_message, "ch:2:msg:read"},
    {"PATCH", "/channels/2/messages/3", Route::edit_message, "ch:2:msg:edit"},
    {"DELETE", "/channels/2/messages/3", Route::delete_message, "ch:2:msg:delete"},
    {"GET", "/users/@me", Route::get_me, ""},
    {"PATCH", "/users/@me", Route::edit_me, ""},
    {"GET", "/users/4", Route::get_user, ""},
    {"POST", "/auth/register", Route::register_user, "auth:register"},
    {"POST", "/auth/login", Route::login, "auth:login"},
    {"POST", "/auth/logout", Route::logout, ""},
    {"POST", "/channels/2/messages/bulk-delete", Route::delete_messages, ""},
    {"POST", "/channels/2/typing", Route::start_typing, ""},
    {"GET", "/servers/1/members", Route::list_members, ""},
    {"GET", "/servers/1/members/@me", Route::get_member, ""},
    {"PATCH", "/servers/1/members/@me", Route::edit_member, ""},
    {"GET", "/servers/1/members/4", Route::get_member, ""},
    {"PATCH", "/servers/1/members/4", Route::edit_member, ""},
    {"DELETE", "/servers/1/members/4", Route::kick_member, ""},
    {"GET", "/servers/1/roles", Route::list_roles, ""},
    {"POST", "/servers/1/roles", Route::create_role, ""},
    {"PATCH", "/servers/1/roles/5", Route::edit_role, ""},
    {"DELETE", "/servers/1/roles/5", Route::delete_role, ""},
    {"GET", "/servers/1/invites", Route::list_invites, ""},
    {"POST", "/servers/1/invites", Route::create_invite, ""},
    {"GET", "/invites/aB-1", Route::get_invite, ""},
    {"POST", "/invites/aB-1", Route::accept_invite, ""},
    {"DELETE", "/invites/aB-1", Route::delete_invite, ""},
    {"GET", "/channels/2/webhooks", Route::list_channel_webhooks, ""},
    {"POST", "/channels/2/webhooks", Route::create_webhook, ""},
    {"GET", "/servers/1/webhooks", Route::list_server_webhooks, ""},
    {"GET", "/webhooks/6", Route::get_webhook, ""},
    {"PATCH", "/webhooks/6", Route::edit_webhook, ""},
    {"DELETE", "/webhooks/6", Route::delete_webhook, ""},
    {"POST", "/webhooks/6/regenerate-token", Route::regenerate_webhook_token, ""},
    {"GET", "/webhooks/6/s3cret", Route::get_webhook_by_token, ""},
    {"PATCH", "/webhooks/6/s3cret", Route::edit_webhook_by_token, ""},
    {"DELETE", "/webhooks/6/s3cret", Route::delete_webhook_by_token, ""},
    {"POST", "/webhooks/6/s3cret", Route::execute_webhook, "wh:6"},
    {"GET", "/webhooks/6/s3cret/messages/3", Route::get_webhook_message, ""},
    {"PATCH", "/webhooks/6/s3cret/messages/3", Route::edit_webhook_message, ""},
    {"DELETE", "/webhooks/6/s3cret/messages/3", Route::delete_webhook_message, ""},
    {"GET", "/voice/regions", Route::list_voice_regions, ""},
    {"POST", "/voice/turn-credentials", Route::create_turn_credentials, ""},
};

int status_of(std::string_view method, std::string_view path) {
    try {
        match_route(method, path);
        return 200;
    } catch (const Problem& problem) {
        return problem.status();
    }
}

TEST(Router, every_route_is_found_with_its_bucket) {
    for (const auto& row : routes) {
        const Match match = match_route(row.method, row.path);
        EXPECT_EQ(match.route, row.route) << row.method << row.path;
        EXPECT_EQ(bucket_name(match), row.bucket) << row.method << row.path;
        EXPECT_EQ(limit_rule(row.route).limit > 0, !row.bucket.empty()) << row.method << row.path;
    }
}

TEST(Router, ids_of_the_path_are_read) {
    const Match match = match_route("PATCH", "/channels/18446744073709551615/messages/7");
    EXPECT_EQ(match.channel_id, 18446744073709551615u);
    EXPECT_EQ(match.message_id, 7u);
    EXPECT_FALSE(match.server_id);
}

TEST(Router, codes_and_tokens_of_the_path_are_decoded) {
    EXPECT_EQ(match_route("POST", "/webhooks/6/a%2Db").token, "a-b");
    EXPECT_EQ(match_route("GET", "/invites/a%5F").code, "a_");
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

TEST(Router, the_short_message_path_means_the_same_route) {
    EXPECT_EQ(match_route("PATCH", "/messages/3").route, Route::edit_message);
    EXPECT_EQ(match_route("DELETE", "/messages/3").route, Route::delete_message);
}

TEST(Router, unknown_paths_methods_and_ids_are_told_apart) {
    for (const auto* path :
         {"", "/", "/server", "/servers/", "/servers//channels", "/channels/2/messages/3/4", "/users"})
        EXPECT_EQ(status_of("GET", path), 404) << path;
    EXPECT_EQ(status_of("PUT", "/servers"), 405);
    EXPECT_EQ(status_of("GET", "/messages/3"), 405);
    EXPECT_EQ(status_of("get", "/servers"), 405);
    for (const auto* path : {"/servers/12a", "/servers/007", "/servers/-1", "/servers/18446744073709551616"})
        EXPECT_EQ(status_of("GET", path), 400) << path;
}

TEST(Router, a_refused_method_is_told_what_is_allowed) {
    EXPECT_EQ(allowed_methods("/servers/1"), (std::vector<std::string_view>{"GET", "PATCH", "DELETE"}));
    EXPECT_TRUE(allowed_methods("/nothing").empty());
    // "@me" is never an id: `/users/@me` has no other methods than its own.
    EXPECT_EQ(allowed_methods("/users/@me"), (std::vector<std::string_view>{"GET", "PATCH"}));
}

TEST(Router, an_id_that_is_no_snowflake_is_named) {
    try {
        match_route("GET", "/channels/12a");
        FAIL();
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.text(), "channel_id: not a snowflake (decimal digits, at most 64 bits)");
    }
}

}  // namespace
}  // namespace intent::sandbox::router_test
