#include "tests/unit/sandbox/api_driver.hpp"

#include <algorithm>

namespace intent::inline v0::sandbox::api_test {
namespace {

using namespace std::chrono_literals;
TEST_F(ApiTest, a_message_is_created_edited_and_deleted_with_events) {
    const auto message = made(messages, R"({"content": "hi"})");
    const std::string path = messages + "/" + text(message, "id");
    EXPECT_EQ(text(message.at("author"), "username"), "one");
    EXPECT_EQ(text(message, "created_at"), "2026-01-01T00:00:00.250000Z");
    EXPECT_EQ(text(message.at("author"), "created_at"), "2026-01-01T00:00:00.250000Z");
    EXPECT_TRUE(message.at("edited_at").is_null());
    EXPECT_TRUE(message.at("author").at("avatar_url").is_null());
    EXPECT_EQ(message.at("attachments"), json::array());
    EXPECT_EQ(message.at("embeds"), json::array());
    EXPECT_FALSE(message.as_object().contains("webhook_id")) << "only messages of webhooks have it";
    EXPECT_EQ(json::parse(call("GET", path).body), message);
    pass(1s);
    const auto edited = json::parse(call("PATCH", path, R"({"content": "ho"})").body);
    EXPECT_EQ(text(edited, "content"), "ho");
    EXPECT_EQ(text(edited, "edited_at"), "2026-01-01T00:00:01.250000Z");
    EXPECT_EQ(status("DELETE", path), 204);
    EXPECT_EQ(status("GET", path), 404);
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(events[0].rfind("alice one two bob MESSAGE_CREATE {\"message\":{\"id\":", 0), 0u) << events[0];
    EXPECT_EQ(json::parse(events[0].substr(events[0].find('{'))).at("message"), message);
    EXPECT_NE(events[1].find("MESSAGE_UPDATE {\"message\":"), std::string::npos) << events[1];
    EXPECT_NE(events[2].find("MESSAGE_DELETE {\"id\":\"" + text(message, "id") + "\",\"channel_id\":"),
              std::string::npos)
        << events[2];
}

TEST_F(ApiTest, the_short_message_path_edits_and_deletes_as_well) {
    const std::string path = "/messages/" + text(made(messages, R"({"content": "hi"})"), "id");
    EXPECT_EQ(status("PATCH", path, R"({"content": "ho"})"), 200);
    EXPECT_EQ(status("PATCH", path, R"({"content": "ho"})", "two"), 403);
    EXPECT_EQ(status("DELETE", path), 204);
    EXPECT_EQ(status("DELETE", path), 404);
}

TEST_F(ApiTest, pages_of_messages_are_newest_first) {
    for (int i = 0; i < 60; ++i)
        made(messages, "{\"content\": \"" + std::to_string(i) + "\"}");
    const auto page = json::parse(call("GET", messages).body).as_array();
    ASSERT_EQ(page.size(), 50u);
    EXPECT_EQ(text(page.front(), "content"), "59");
    const auto before =
        json::parse(call("GET", messages + "?limit=2&before=" + text(page.back(), "id")).body).as_array();
    ASSERT_EQ(before.size(), 2u);
    EXPECT_EQ(text(before.front(), "content"), "9");
    const auto after = json::parse(call("GET", messages + "?limit=2&after=" + text(page.back(), "id")).body).as_array();
    EXPECT_EQ(text(after.front(), "content"), "12");
    for (const auto* query : {"?limit=0", "?limit=101", "?limit=x", "?before=x", "?after=-1"})
        EXPECT_EQ(status("GET", messages + query), 400) << query;
}

TEST_F(ApiTest, the_content_of_a_message_is_checked) {
    const auto refusal = [&](const std::string& body) {
        return text(json::parse(call("POST", messages, body).body), "error");
    };
    std::string emoji;
    for (int i = 0; i < 2000; ++i)
        emoji += "\xf0\x9f\x98\x80";
    EXPECT_EQ(status("POST", messages, "{\"content\":\"" + emoji + "\"}"), 201);
    EXPECT_EQ(refusal("{\"content\":\"" + emoji + "x\"}"), "content: at most 2000 characters allowed, got 2001");
    EXPECT_EQ(refusal("{}"), "content: a message needs content (1-2000 characters) or embeds (1-10)");
    EXPECT_EQ(refusal(R"({"content": ""})"), "content: a message needs content (1-2000 characters) or embeds (1-10)");
    EXPECT_EQ(refusal(R"({"content": 5})"), "content: expected text, got a number");
    EXPECT_EQ(refusal("x"), "body: expected a JSON object");
    EXPECT_EQ(status("POST", messages, R"({"embeds": [{"title": "t"}]})"), 201);
    EXPECT_EQ(status("POST", messages, R"({"content": null, "embeds": [{"title": 5}]})"), 400);
}

TEST_F(ApiTest, only_the_author_edits_and_managers_may_delete) {
    const std::string id = text(made(messages, R"({"content": "hi"})", "alice"), "id");
    const std::string path = messages + "/" + id;
    EXPECT_EQ(refusal("PATCH", path, R"({"content": "x"})"),
              "403 MISSING_ACCESS one did not write message " + id + ": only its author may edit it");
    EXPECT_EQ(refusal("DELETE", path, "", "bob"), "403 MISSING_ACCESS bob lacks MANAGE_MESSAGES in #general");
    EXPECT_EQ(status("DELETE", path, "", "one"), 204);
    const std::string own = messages + "/" + text(made(messages, R"({"content": "hi"})", "bob"), "id");
    EXPECT_EQ(status("DELETE", own, "", "bob"), 204);
}

TEST_F(ApiTest, a_request_without_a_valid_token_is_refused_with_the_reason) {
    EXPECT_EQ(refusal("GET", "/servers", "", ""),
              "401 UNAUTHORIZED no token: send the header Authorization: Bearer <token>");
    for (const auto* token : {"nobody", "ONE", "one "})
        EXPECT_EQ(
            refusal("GET", "/servers", "", token),
            "401 UNAUTHORIZED this token is unknown, was revoked, or has run out: log in again, or use a bot's token");
    const auto bare = handle({.method = "GET", .path = "/servers", .authorization = "one"});
    EXPECT_EQ(bare.status, 401);
    EXPECT_EQ(text(json::parse(bare.body), "error"), "Authorization: expected \"Bearer <token>\", got something else");
}

TEST_F(ApiTest, errors_have_a_status_a_code_and_a_text) {
    const std::tuple<std::string, std::string, std::string, int, std::string> rows[] = {
        {"GET", "/nothing", "", 404, "NOT_FOUND"},
        {"PUT", "/servers", "", 405, "METHOD_NOT_ALLOWED"},
        {"GET", "/channels/12a", "", 400, "BAD_REQUEST"},
        {"GET", "/channels/1", "", 404, "NOT_FOUND"},
        {"GET", "/servers/1", "", 404, "NOT_FOUND"},
        {"GET", "/users/1", "", 404, "NOT_FOUND"},
        {"GET", channel + "/messages/1", "", 404, "NOT_FOUND"},
        {"DELETE", server, "", 403, "MISSING_ACCESS"},
        {"POST", "/servers", R"({"name": "x"})", 400, "BAD_REQUEST"},
        {"POST", "/servers", "{}", 400, "BAD_REQUEST"},
        {"POST", server + "/channels", R"({"name": "x", "type": 3})", 400, "BAD_REQUEST"},
        {"POST", server + "/channels", R"({"name": ""})", 400, "BAD_REQUEST"},
        {"PATCH", channel, "{\"topic\": \"" + std::string(1025, 'x') + "\"}", 400, "BAD_REQUEST"},
        {"PATCH", server, "{\"description\": \"" + std::string(501, 'x') + "\"}", 400, "BAD_REQUEST"},
        {"PATCH", "/users/@me", R"({"display_name": ""})", 400, "BAD_REQUEST"},
        {"PATCH", server, "[]", 400, "BAD_REQUEST"},
    };
    for (const auto& [method, path, body, expected, code] : rows) {
        const auto reply = call(method, path, body);
        EXPECT_EQ(reply.status, expected) << method << " " << path;
        const auto error = json::parse(reply.body);
        EXPECT_EQ(text(error, "code"), code) << method << " " << path;
        EXPECT_FALSE(text(error, "error").empty());
        EXPECT_EQ(header(reply, "Content-Type"), "application/json");
    }
    EXPECT_EQ(header(call("PUT", "/servers"), "Allow"), "GET, POST");
}

TEST_F(ApiTest, a_server_is_created_changed_and_deleted_with_events) {
    const auto made_server = made("/servers", R"({"name": "Mine", "description": "d", "icon": "aGk="})");
    const std::string path = "/servers/" + text(made_server, "id");
    EXPECT_EQ(made_server.at("member_count").as_int64(), 1);
    EXPECT_EQ(json::parse(call("GET", path).body), made_server);
    EXPECT_EQ(json::parse(call("GET", "/servers").body).as_array().size(), 2u);
    EXPECT_EQ(status("GET", path, "", "two"), 403);
    const auto edited = json::parse(call("PATCH", path, R"({"name": "Ours", "description": null})").body);
    EXPECT_EQ(text(edited, "name"), "Ours");
    EXPECT_TRUE(edited.at("description").is_null());
    EXPECT_EQ(status("DELETE", path + "/members/@me"), 403);
    EXPECT_EQ(status("DELETE", path), 204);
    EXPECT_EQ(status("GET", path), 404);
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(events[0].rfind("one SERVER_CREATE {\"server\":{", 0), 0u) << events[0];
    EXPECT_EQ(events[1].rfind("one SERVER_UPDATE {\"server\":{", 0), 0u) << events[1];
    EXPECT_EQ(events[2], "one SERVER_DELETE {\"server_id\":\"" + text(made_server, "id") + "\"}");
}

TEST_F(ApiTest, leaving_a_server_sends_events_to_the_user_and_the_members) {
    EXPECT_EQ(status("DELETE", server + "/members/@me"), 204);
    EXPECT_EQ(status("GET", server), 403);
    EXPECT_EQ(status("POST", messages, R"({"content": "hi"})"), 403);
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].rfind("one SERVER_DELETE ", 0), 0u) << events[0];
    EXPECT_EQ(events[1].rfind("alice two bob MEMBER_REMOVE {\"server_id\":", 0), 0u) << events[1];
}

TEST_F(ApiTest, the_owner_and_bots_manage_channels_and_others_do_not) {
    for (const auto* token : {"alice", "one"}) {
        const auto made_channel =
            made(server + "/channels", R"({"name": "den", "type": 1, "topic": "t", "position": 7})", token);
        const std::string path = "/channels/" + text(made_channel, "id");
        EXPECT_EQ(made_channel.at("type").as_int64(), 1);
        EXPECT_EQ(status("POST", path + "/messages", R"({"content": "hi"})", token), 400);
        EXPECT_EQ(status("PATCH", path, R"({"name": "x"})", "bob"), 403);
        EXPECT_EQ(text(json::parse(call("PATCH", path, R"({"name": "x", "topic": null})", token).body), "name"), "x");
        EXPECT_EQ(json::parse(call("GET", server + "/channels").body).as_array().size(), 2u);
        EXPECT_EQ(status("DELETE", path, "", "bob"), 403);
        EXPECT_EQ(status("DELETE", path, "", token), 204);
        EXPECT_EQ(status("GET", path), 404);
    }
    EXPECT_EQ(status("POST", server + "/channels", R"({"name": "den"})", "bob"), 403);
    ASSERT_EQ(events.size(), 6u);
    EXPECT_NE(events[0].find(" CHANNEL_CREATE {\"channel\":{"), std::string::npos) << events[0];
    EXPECT_NE(events[1].find(" CHANNEL_UPDATE {\"channel\":{"), std::string::npos) << events[1];
    EXPECT_NE(events[2].find(" CHANNEL_DELETE {\"channel_id\":"), std::string::npos) << events[2];
}

TEST_F(ApiTest, the_seed_server_and_channel_cannot_be_deleted) {
    EXPECT_EQ(status("DELETE", server, "", "alice"), 403);
    EXPECT_EQ(status("DELETE", channel, "", "alice"), 403);
}

TEST_F(ApiTest, users_register_log_in_and_log_out) {
    const std::string form = R"({"username": "carol", "email": "c@example.org", "password": "long enough"})";
    const auto registered = made("/auth/register", form, "");
    EXPECT_TRUE(text(registered, "token").starts_with("usr_"));
    EXPECT_EQ(status("POST", messages, R"({"content": "hi"})", text(registered, "token")), 201);
    EXPECT_EQ(status("POST", "/auth/register", form, ""), 409);
    for (const auto* name : {"carol", "c@example.org"}) {
        const auto body = std::string(R"({"username_or_email": ")") + name + R"(", "password": "long enough"})";
        const auto reply = call("POST", "/auth/login", body, "");
        ASSERT_EQ(reply.status, 200) << reply.body;
        const auto token = text(json::parse(reply.body), "token");
        EXPECT_EQ(text(json::parse(call("GET", "/users/@me", "", token).body), "username"), "carol");
        EXPECT_EQ(status("POST", "/auth/logout", "", token), 204);
        EXPECT_EQ(status("GET", "/users/@me", "", token), 401);
    }
    EXPECT_EQ(status("POST", "/auth/login", R"({"username_or_email": "carol", "password": "wrong"})", ""), 401);
    EXPECT_EQ(status("POST", "/auth/login", R"({"username_or_email": "one", "password": ""})", ""), 401);
    EXPECT_EQ(status("POST", "/auth/login", R"({"username_or_email": "alice", "password": "alice"})", ""), 200);
    for (const auto* bad : {R"({"username": "Carol", "email": "x@y", "password": "long enough"})",
                            R"({"username": "dave", "email": "xy", "password": "long enough"})",
                            R"({"username": "dave", "email": "x@y", "password": "short"})", "{}"})
        EXPECT_EQ(status("POST", "/auth/register", bad, ""), 400) << bad;
}

TEST_F(ApiTest, a_persons_token_expires_after_seven_days) {
    const auto reply = call("POST", "/auth/login", R"({"username_or_email": "alice", "password": "alice"})", "");
    const auto token = text(json::parse(reply.body), "token");
    pass(24h * 7 - 1ms);
    EXPECT_EQ(status("GET", "/users/@me", "", token), 200);
    pass(1ms);
    EXPECT_EQ(status("GET", "/users/@me", "", token), 401);
    EXPECT_EQ(status("GET", "/users/@me"), 200);
}

TEST_F(ApiTest, users_can_be_read_and_change_their_profile) {
    const auto me = json::parse(call("PATCH", "/users/@me", R"({"display_name": "The One"})").body);
    EXPECT_EQ(text(me, "display_name"), "The One");
    EXPECT_EQ(json::parse(call("GET", "/users/" + text(me, "id"), "", "two").body), me);
    EXPECT_FALSE(me.as_object().contains("email"));
}

TEST_F(ApiTest, dialects_shape_lists_and_events) {
    use(Dialect::web, false);
    for (const auto& [path, key] : {std::pair<std::string, std::string>{"/servers", "servers"},
                                    {server + "/channels", "channels"},
                                    {messages, "messages"}})
        EXPECT_TRUE(json::parse(call("GET", path).body).at(key).is_array()) << path;
    made(messages, R"({"content": "hi"})");
    EXPECT_NE(events.at(0).find("MESSAGE_CREATE {\"message\":{"), std::string::npos);
    use(Dialect::flat, false);
    EXPECT_TRUE(json::parse(call("GET", "/servers").body).is_array());
    made(messages, R"({"content": "hi"})");
    EXPECT_NE(events.at(0).find("MESSAGE_CREATE {\"id\":"), std::string::npos) << events.at(0);
}

TEST_F(ApiTest, without_limits_the_headers_report_one_that_is_never_reached) {
    for (int i = 0; i < 200; ++i) {
        const auto reply = call("POST", messages, R"({"content": "hi"})");
        ASSERT_EQ(reply.status, 201);
        ASSERT_EQ(header(reply, "X-RateLimit-Limit"), "1000000");
        ASSERT_EQ(header(reply, "X-RateLimit-Remaining"), "999999");
        ASSERT_EQ(header(reply, "X-RateLimit-Bucket"), "ch:" + platform->seed_channel().str() + ":msg");
        ASSERT_EQ(header(reply, "X-RateLimit-Global"), "false");
        ASSERT_EQ(header(reply, "X-RateLimit-Reset"), std::to_string(1767225600 + 2));
    }
    EXPECT_EQ(header(call("GET", "/servers"), "X-RateLimit-Bucket"), "global");
    EXPECT_EQ(header(call("GET", "/nothing"), "X-RateLimit-Limit"), "1000000");
}

TEST_F(ApiTest, every_answer_reports_its_bucket) {
    use(Dialect::spec, true);
    const auto reply = call("POST", messages, R"({"content": "hi"})");
    EXPECT_EQ(header(reply, "X-RateLimit-Limit"), "5");
    EXPECT_EQ(header(reply, "X-RateLimit-Remaining"), "4");
    EXPECT_EQ(header(reply, "X-RateLimit-Reset"), std::to_string(1767225600 + 2)) << "1.25 s past the hour, rounded up";
    EXPECT_EQ(header(reply, "X-RateLimit-Bucket"), "ch:" + platform->seed_channel().str() + ":msg");
    EXPECT_EQ(header(reply, "X-RateLimit-Global"), "false");
    for (const auto* path : {"/servers", "/nothing", "/channels/12a"})
        EXPECT_EQ(header(call("GET", path), "X-RateLimit-Limit"), "50") << path;
    EXPECT_EQ(header(call("GET", "/servers", "", ""), "X-RateLimit-Remaining"), "49") << "counted by address";
}

TEST_F(ApiTest, a_refused_request_gets_a_retry_after) {
    use(Dialect::spec, true);
    for (int i = 0; i < 5; ++i)
        ASSERT_EQ(status("POST", messages, R"({"content": "hi"})"), 201);
    pass(250ms);
    const auto reply = call("POST", messages, R"({"content": "hi"})");
    EXPECT_EQ(reply.status, 429);
    EXPECT_EQ(header(reply, "Retry-After"), "0.750");
    EXPECT_EQ(header(reply, "X-RateLimit-Remaining"), "0");
    const auto body = json::parse(reply.body);
    EXPECT_EQ(body.at("retry_after").as_double(), 0.75);
    EXPECT_EQ(body.at("global").as_bool(), false);
    EXPECT_EQ(text(body, "code"), "RATE_LIMIT_EXCEEDED");
    EXPECT_EQ(store->all_messages(platform->seed_channel()).size(), 5u);
    EXPECT_EQ(status("POST", messages, R"({"content": "hi"})", "two"), 201) << "limits are each token's own";
    pass(750ms);
    EXPECT_EQ(status("POST", messages, R"({"content": "hi"})"), 201);
}

TEST_F(ApiTest, both_message_paths_share_the_bucket_of_their_channel) {
    use(Dialect::spec, true);
    const auto id = text(made(messages, R"({"content": "hi"})"), "id");
    EXPECT_EQ(header(call("PATCH", messages + "/" + id, R"({"content": "1"})"), "X-RateLimit-Remaining"), "4");
    EXPECT_EQ(header(call("PATCH", "/messages/" + id, R"({"content": "2"})"), "X-RateLimit-Remaining"), "3");
}

TEST_F(ApiTest, the_51st_request_in_a_second_is_refused_globally) {
    use(Dialect::spec, true);
    for (int i = 0; i < 50; ++i)
        ASSERT_EQ(status("GET", "/servers"), 200);
    const auto reply = call("GET", server);
    EXPECT_EQ(reply.status, 429);
    EXPECT_EQ(header(reply, "X-RateLimit-Global"), "true");
    EXPECT_EQ(json::parse(reply.body).at("global").as_bool(), true);
    EXPECT_EQ(text(json::parse(reply.body), "code"), "RATE_LIMIT_GLOBAL");
    pass(1s);
    EXPECT_EQ(status("GET", server), 200);
}

TEST_F(ApiTest, logging_in_is_limited_by_address) {
    use(Dialect::spec, true);
    const std::string body = R"({"username_or_email": "alice", "password": "no"})";
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(status("POST", "/auth/login", body, i % 2 == 0 ? "" : "one"), 401);
    const auto refused = call("POST", "/auth/login", body, "");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(text(json::parse(refused.body), "code"), "RATE_LIMIT_AUTH");
    EXPECT_EQ(status("POST", "/auth/login", body, "two"), 429);
}

TEST_F(ApiTest, a_login_deletes_expired_tokens) {
    const auto log_in = [&] {
        return text(
            json::parse(call("POST", "/auth/login", R"({"username_or_email":"alice","password":"alice"})").body),
            "token");
    };
    const auto kept = store->tokens().size();
    const std::string first = log_in();
    pass(std::chrono::days(1));
    const std::string second = log_in();
    EXPECT_EQ(store->tokens().size(), kept + 2);
    pass(std::chrono::days(6));
    log_in();
    const auto tokens = store->tokens();
    EXPECT_EQ(tokens.size(), kept + 2);
    EXPECT_EQ(std::count(tokens.begin(), tokens.end(), first), 0);
    EXPECT_EQ(std::count(tokens.begin(), tokens.end(), second), 1);
}

}  // namespace
}  // namespace intent::sandbox::api_test
