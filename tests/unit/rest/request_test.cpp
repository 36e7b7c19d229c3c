// What each call of the REST API sends (protocol §9), and which bucket it counts for (protocol §10).
#include "rest/request.hpp"

#include <intent/raw/embed.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace intent::rest::request_test {
namespace {

constexpr ServerId server{11};
constexpr ChannelId channel{22};
constexpr MessageId message{33};
constexpr UserId user{44};

struct Row {
    Call call;
    std::string method;
    std::string path;
    std::string route;
    std::string bucket;
    std::string body = {};
};

void expect_rows(const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        SCOPED_TRACE(row.method + " " + row.path);
        const auto* request = std::get_if<Request>(&row.call);
        if (!request) {
            ADD_FAILURE() << std::get<Invalid>(row.call).text;
            continue;
        }
        EXPECT_EQ(request->method, row.method);
        EXPECT_EQ(request->path, row.path);
        EXPECT_EQ(request->route, row.route);
        EXPECT_EQ(request->bucket, row.bucket);
        EXPECT_EQ(request->body, row.body);
        EXPECT_EQ(request->auth, Auth::bearer);
    }
}

TEST(Request, calls_about_servers_name_method_path_route_and_bucket) {
    expect_rows({
        {get_servers(), "GET", "/servers", "/servers", "GET /servers"},
        {get_server(server), "GET", "/servers/11", "/servers/{server_id}", "GET /servers/11"},
        {create_server("My"), "POST", "/servers", "/servers", "POST /servers", R"({"name":"My"})"},
        {create_server(NewServer("My").description("d").icon("aWNvbg==")), "POST", "/servers", "/servers",
         "POST /servers", R"({"name":"My","icon":"aWNvbg==","description":"d"})"},
        {edit_server(server, ServerEdit().name("Other")), "PATCH", "/servers/11", "/servers/{server_id}",
         "PATCH /servers/11", R"({"name":"Other"})"},
        {edit_server(server, ServerEdit().description("")), "PATCH", "/servers/11", "/servers/{server_id}",
         "PATCH /servers/11", R"({"description":""})"},
        {edit_server(server, ServerEdit().description(std::nullopt)), "PATCH", "/servers/11", "/servers/{server_id}",
         "PATCH /servers/11", R"({"description":null})"},
        {remove_server(server), "DELETE", "/servers/11", "/servers/{server_id}", "DELETE /servers/11"},
        {leave_server(server), "DELETE", "/servers/11/members/@me", "/servers/{server_id}/members/@me",
         "DELETE /servers/11/members/@me"},
        {get_members(server), "GET", "/servers/11/members", "/servers/{server_id}/members", "GET /servers/11/members"},
    });
}

TEST(Request, calls_about_channels_name_method_path_route_and_bucket) {
    expect_rows({
        {get_channels(server), "GET", "/servers/11/channels", "/servers/{server_id}/channels",
         "GET /servers/11/channels"},
        {create_channel(server, "news"), "POST", "/servers/11/channels", "/servers/{server_id}/channels",
         "POST /servers/11/channels", R"({"name":"news","type":0})"},
        {create_channel(server, NewChannel("stage", ChannelType::voice).topic("t").position(3)), "POST",
         "/servers/11/channels", "/servers/{server_id}/channels", "POST /servers/11/channels",
         R"({"name":"stage","type":1,"topic":"t","position":3})"},
        {create_channel(server, NewChannel("inside").topic(std::nullopt).parent(ChannelId{5})), "POST",
         "/servers/11/channels", "/servers/{server_id}/channels", "POST /servers/11/channels",
         R"({"name":"inside","type":0,"parent_id":"5"})"},
        {get_channel(channel), "GET", "/channels/22", "/channels/{channel_id}", "GET /channels/22"},
        {edit_channel(channel, ChannelEdit().name("a").topic("b").position(0)), "PATCH", "/channels/22",
         "/channels/{channel_id}", "PATCH /channels/22", R"({"name":"a","topic":"b","position":0})"},
        {edit_channel(channel, ChannelEdit().position(-1)), "PATCH", "/channels/22", "/channels/{channel_id}",
         "PATCH /channels/22", R"({"position":-1})"},
        {edit_channel(channel, ChannelEdit().parent(ChannelId{5})), "PATCH", "/channels/22", "/channels/{channel_id}",
         "PATCH /channels/22", R"({"parent_id":"5"})"},
        {edit_channel(channel, ChannelEdit().topic(std::nullopt).parent(std::nullopt)), "PATCH", "/channels/22",
         "/channels/{channel_id}", "PATCH /channels/22", R"({"topic":null,"parent_id":null})"},
        {remove_channel(channel), "DELETE", "/channels/22", "/channels/{channel_id}", "DELETE /channels/22"},
    });
}

TEST(Request, buckets_of_messages_contain_the_channel_id_but_not_the_message_id) {
    const std::string one = "/channels/{channel_id}/messages/{message_id}";
    const std::string all = "/channels/{channel_id}/messages";
    expect_rows({
        {get_messages(channel, {}), "GET", "/channels/22/messages", all, "GET /channels/22/messages"},
        {get_messages(channel, PageOptions().limit(5)), "GET", "/channels/22/messages?limit=5", all,
         "GET /channels/22/messages"},
        {get_messages(channel, PageOptions().limit(100).before(MessageId{7})), "GET",
         "/channels/22/messages?limit=100&before=7", all, "GET /channels/22/messages"},
        {get_messages(channel, PageOptions().after(MessageId{3})), "GET", "/channels/22/messages?after=3", all,
         "GET /channels/22/messages"},
        {get_message(channel, message), "GET", "/channels/22/messages/33", one,
         "GET /channels/22/messages/{message_id}"},
        {create_message(channel, "hi"), "POST", "/channels/22/messages", all, "POST /channels/22/messages",
         R"({"content":"hi"})"},
        {edit_message(channel, message, "new"), "PATCH", "/channels/22/messages/33", one,
         "PATCH /channels/22/messages/{message_id}", R"({"content":"new"})"},
        {remove_message(channel, message), "DELETE", "/channels/22/messages/33", one,
         "DELETE /channels/22/messages/{message_id}"},
    });
    EXPECT_EQ(message_bucket(channel), std::get<Request>(create_message(channel, "hi")).bucket);
}

TEST(Request, buckets_of_users_do_not_contain_the_user_id) {
    expect_rows({
        {get_current_user(), "GET", "/users/@me", "/users/@me", "GET /users/@me"},
        {get_user(user), "GET", "/users/44", "/users/{user_id}", "GET /users/{user_id}"},
    });
}

TEST(Request, text_of_a_message_is_escaped_as_json_and_kept_as_utf8) {
    const auto call = create_message(channel, "a \"quote\", a \\, a line\nbreak, \x01 and \u00e9 \U0001F389");
    EXPECT_EQ(std::get<Request>(call).body,
              "{\"content\":\"a \\\"quote\\\", a \\\\, a line\\nbreak, \\u0001 and \u00e9 \U0001F389\"}");
}

TEST(Request, an_embed_is_sent_with_every_set_field) {
    const auto call =
        create_message(channel, MessageBody().embed(Embed()
                                                        .title("t")
                                                        .description("d")
                                                        .url("https://example.invalid/")
                                                        .color(0xFFFFFF)
                                                        .timestamp(Timestamp(std::chrono::seconds(1705320000)))
                                                        .footer("f", "https://example.invalid/f.png")
                                                        .image("https://example.invalid/i.png")
                                                        .thumbnail("https://example.invalid/t.png")
                                                        .author("a", "https://example.invalid/a")
                                                        .field("n", "v", true)
                                                        .field("m", "w")));
    EXPECT_EQ(std::get<Request>(call).body,
              R"({"embeds":[{"title":"t","description":"d","url":"https://example.invalid/","color":16777215,)"
              R"("timestamp":"2024-01-15T12:00:00Z","footer":{"text":"f","icon_url":"https://example.invalid/f.png"},)"
              R"("image":{"url":"https://example.invalid/i.png"},"thumbnail":{"url":"https://example.invalid/t.png"},)"
              R"("author":{"name":"a","url":"https://example.invalid/a"},)"
              R"("fields":[{"name":"n","value":"v","inline":true},{"name":"m","value":"w"}]}]})");
}

TEST(Request, the_largest_id_is_written_in_full) {
    const auto call = get_channel(ChannelId{18446744073709551615u});
    EXPECT_EQ(std::get<Request>(call).path, "/channels/18446744073709551615");
}

TEST(Request, a_custom_path_is_sent_unchanged_and_its_bucket_excludes_the_query) {
    const auto call = get_path("/voice/regions?x=1%20&y=@me");
    const auto& request = std::get<Request>(call);
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.path, "/voice/regions?x=1%20&y=@me");
    EXPECT_EQ(request.route, "/voice/regions");
    EXPECT_EQ(request.bucket, "GET /voice/regions");
    EXPECT_EQ(request.body, "");
}

TEST(Request, a_custom_call_uses_the_bucket_of_its_route_and_hides_a_webhook_token) {
    struct Own {
        const char* method;
        const char* path;
        const char* route;
        const char* bucket;
        Auth auth;
    };
    const Own rows[] = {
        {"POST", "/channels/12/messages", "/channels/12/messages", "POST /channels/12/messages", Auth::bearer},
        {"PATCH", "/channels/12/messages/5?x=1", "/channels/12/messages/5", "PATCH /channels/12/messages/{message_id}",
         Auth::bearer},
        {"DELETE", "/servers/1/members/2", "/servers/1/members/2", "DELETE /servers/1/members/{user_id}", Auth::bearer},
        {"GET", "/users/7", "/users/7", "GET /users/{user_id}", Auth::bearer},
        {"PATCH", "/servers/1/roles/3", "/servers/1/roles/3", "PATCH /servers/1/roles/{role_id}", Auth::bearer},
        {"PUT", "/things/9", "/things/9", "PUT /things/{id}", Auth::bearer},
        {"POST", "/webhooks/4/s3cret?wait=true", "/webhooks/4/{token}", "POST /webhooks/4/{token}", Auth::none},
        {"POST", "/webhooks/4/regenerate-token", "/webhooks/4/regenerate-token", "POST /webhooks/4/regenerate-token",
         Auth::bearer},
        {"POST", "/auth/login", "/auth/login", "POST /auth/login", Auth::none},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.path);
        const auto call = any_path(row.method, row.path, std::string_view(row.method) == "GET" ? "" : "{}");
        const auto& request = std::get<Request>(call);
        EXPECT_EQ(request.path, row.path);
        EXPECT_EQ(request.route, row.route);
        EXPECT_EQ(request.bucket, row.bucket);
        EXPECT_EQ(request.auth, row.auth);
    }
    EXPECT_EQ(std::get<Invalid>(any_path("BREW", "/servers", "")).text.substr(0, 8), "method: ");
    EXPECT_EQ(std::get<Invalid>(any_path("GET", "/servers", "{}")).text.substr(0, 6), "body: ");
}

TEST(Request, case_107_a_custom_path_that_could_leave_the_base_url_is_refused) {
    const std::vector<std::string> refused = {
        "",
        "servers",
        "https://example.invalid/",
        "/a b",
        "/a\tb",
        "/a\r\nHost: b",
        std::string("/a\0b", 4),
        "/a#b",
        "/../secret",
        "/a/..",
        "//host/",
        "/a//b",
        "/\u00e9",
        "/a\\b",
        "/a?q=\x7f",
        "/a?b\nc=d",
    };
    for (const auto& path : refused) {
        SCOPED_TRACE(path);
        const auto call = get_path(path);
        ASSERT_TRUE(std::holds_alternative<Invalid>(call));
        EXPECT_EQ(std::get<Invalid>(call).text.substr(0, 6), "path: ");
    }
}

}  // namespace
}  // namespace intent::rest::request_test
