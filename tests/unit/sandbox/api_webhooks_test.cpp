// Webhooks (protocol §12).
#include "tests/unit/sandbox/api_driver.hpp"

namespace intent::inline v0::sandbox::api_webhooks_test {
namespace {

struct WebhookTest : ApiTest {
    void make() {
        const auto webhook = made(channel + "/webhooks", R"({"name": "builds", "avatar_url": "http://x/a.png"})");
        id = text(webhook, "id");
        token = text(webhook, "token");
        path = "/webhooks/" + id;
        own = path + "/" + token;
        events.clear();
    }
    void SetUp() override {
        ApiTest::SetUp();
        make();
    }
    /// Runs a call that has no bearer token.
    ApiReply bare(std::string method, std::string where, std::string body = "") {
        return call(std::move(method), std::move(where), std::move(body), "");
    }

    std::string id, token, path, own;
};

TEST_F(WebhookTest, a_webhook_is_created_changed_and_deleted) {
    const auto webhook = got(path);
    EXPECT_EQ(webhook.at("type").as_int64(), 1);
    EXPECT_EQ(text(webhook, "creator_id"), id_of("one"));
    EXPECT_EQ(text(webhook, "token"), token);
    auto shown = webhook.as_object();
    shown.erase("creator_id");
    EXPECT_EQ(json::parse(bare("GET", own).body), shown) << "its creator is shown to users who may manage it";
    EXPECT_EQ(got(channel + "/webhooks").as_array().size(), 1u);
    EXPECT_EQ(got(server + "/webhooks").as_array().size(), 1u);
    EXPECT_EQ(text(json::parse(call("PATCH", path, R"({"name": "b2", "avatar_url": null})").body), "name"), "b2");
    EXPECT_EQ(text(json::parse(bare("PATCH", own, R"({"name": "b3"})").body), "name"), "b3");
    EXPECT_TRUE(got(path).at("avatar_url").is_null());
    EXPECT_EQ(bare("DELETE", own).status, 204);
    EXPECT_EQ(refusal("GET", path), "404 NOT_FOUND webhook " + id + " does not exist");
    make();
    EXPECT_EQ(status("DELETE", path), 204);
    EXPECT_EQ(bare("GET", own).status, 404);
}

TEST_F(WebhookTest, the_url_is_returned_if_the_base_is_known) {
    EXPECT_TRUE(got(path).at("url").is_null());
    api->set_base("http://127.0.0.1:8080/api/v1");
    EXPECT_EQ(text(got(path), "url"), "http://127.0.0.1:8080/api/v1" + own);
}

TEST_F(WebhookTest, it_posts_under_its_own_name_or_another) {
    EXPECT_EQ(bare("POST", own, R"({"content": "silent"})").status, 204);
    const auto reply = bare("POST", own + "?wait=true", R"({"content": "hi", "username": "CI of ours"})");
    ASSERT_EQ(reply.status, 200) << reply.body;
    const auto message = json::parse(reply.body);
    EXPECT_EQ(text(message, "webhook_id"), id);
    EXPECT_EQ(text(message.at("author"), "id"), id);
    EXPECT_EQ(text(message.at("author"), "username"), "CI of ours");
    const auto page = got(messages).as_array();
    ASSERT_EQ(page.size(), 2u);
    EXPECT_EQ(page[0], message);
    EXPECT_EQ(text(page[1].at("author"), "username"), "builds");
    EXPECT_EQ(text(page[1].at("author"), "avatar_url"), "http://x/a.png");
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[1].rfind("alice one two bob MESSAGE_CREATE {\"message\":{\"id\":", 0), 0u) << events[1];
    EXPECT_NE(events[1].find("\"webhook_id\":\"" + id + "\""), std::string::npos) << events[1];
}

TEST_F(WebhookTest, it_reads_edits_and_deletes_only_its_own_messages) {
    const auto written = json::parse(bare("POST", own + "?wait=true", R"({"content": "hi"})").body);
    const std::string message = own + "/messages/" + text(written, "id");
    EXPECT_EQ(json::parse(bare("GET", message).body), written);
    EXPECT_EQ(text(json::parse(bare("PATCH", message, R"({"content": "ho"})").body), "content"), "ho");
    EXPECT_EQ(status("PATCH", messages + "/" + text(written, "id"), R"({"content": "x"})"), 403);
    const std::string others = text(made(messages, R"({"content": "not yours"})"), "id");
    EXPECT_EQ(bare("DELETE", own + "/messages/" + others).status, 404);
    EXPECT_EQ(bare("DELETE", message).status, 204);
    EXPECT_EQ(bare("GET", message).status, 404);
    EXPECT_NE(events.back().find("MESSAGE_DELETE"), std::string::npos);
}

TEST_F(WebhookTest, its_messages_outlive_it) {
    EXPECT_EQ(bare("POST", own, R"({"content": "hi"})").status, 204);
    EXPECT_EQ(status("DELETE", path), 204);
    EXPECT_EQ(text(got(messages).at(0).at("author"), "username"), "builds");
    EXPECT_EQ(status("DELETE", messages + "/" + text(got(messages).at(0), "id")), 204);
}

TEST_F(WebhookTest, a_new_token_ends_the_old_one) {
    const auto renewed = json::parse(call("POST", path + "/regenerate-token").body);
    EXPECT_NE(text(renewed, "token"), token);
    const auto reply = bare("POST", own, R"({"content": "hi"})");
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(text(json::parse(reply.body), "code"), "UNAUTHORIZED");
    EXPECT_EQ(reply.body.find(token), std::string::npos) << "no error shows a token";
    EXPECT_EQ(bare("POST", path + "/" + text(renewed, "token"), R"({"content": "hi"})").status, 204);
}

TEST_F(WebhookTest, managing_webhooks_needs_the_permission) {
    EXPECT_EQ(refusal("POST", channel + "/webhooks", R"({"name": "x"})", "bob"),
              "403 MISSING_ACCESS bob lacks MANAGE_WEBHOOKS in #general");
    EXPECT_EQ(refusal("GET", path, "", "bob"), "403 MISSING_ACCESS bob lacks MANAGE_WEBHOOKS in #general");
    EXPECT_EQ(refusal("GET", path, "", "").substr(0, 16), "401 UNAUTHORIZED");
}

TEST_F(WebhookTest, an_invalid_field_is_named) {
    EXPECT_EQ(refusal("POST", channel + "/webhooks", "{}"), "400 BAD_REQUEST name: required");
    EXPECT_EQ(refusal("POST", channel + "/webhooks", R"({"name": ")" + std::string(81, 'x') + "\"}"),
              "400 BAD_REQUEST name: 1-80 characters allowed, got 81");
    EXPECT_EQ(refusal("POST", own, "{}", ""),
              "400 BAD_REQUEST content: a message needs content (1-2000 characters) or embeds (1-10)");
    EXPECT_EQ(refusal("POST", own + "?wait=perhaps", R"({"content": "x"})", ""),
              "400 BAD_REQUEST wait: expected true or false");
    EXPECT_EQ(refusal("POST", own, R"({"content": "x", "username": ""})", ""),
              "400 BAD_REQUEST username: 1-80 characters allowed, got 0");
    for (int i = 1; i < 15; ++i)
        made(channel + "/webhooks", R"({"name": "x"})");
    EXPECT_EQ(refusal("POST", channel + "/webhooks", R"({"name": "x"})"),
              "400 BAD_REQUEST #general has 15 webhooks, the maximum");
}

TEST_F(WebhookTest, it_moves_within_its_server) {
    const std::string lab = text(made(server + "/channels", R"({"name": "lab"})"), "id");
    const auto moved = json::parse(call("PATCH", path, R"({"channel_id": ")" + lab + "\"}").body);
    EXPECT_EQ(text(moved, "channel_id"), lab);
    EXPECT_EQ(got("/channels/" + lab + "/webhooks").at(0), moved);
    EXPECT_EQ(text(json::parse(bare("POST", own + "?wait=true", R"({"content": "hi"})").body), "channel_id"), lab);
    const std::string back = R"({"channel_id": ")" + platform->seed_channel().str() + "\"}";
    EXPECT_EQ(bare("PATCH", own, back).status, 200);
    EXPECT_TRUE(got("/channels/" + lab + "/webhooks").as_array().empty());

    const std::string home = text(made("/servers", R"({"name": "Home"})"), "id");
    const std::string away = text(made("/servers/" + home + "/channels", R"({"name": "den"})"), "id");
    const std::string body = R"({"channel_id": ")" + away + "\"}";
    EXPECT_EQ(refusal("PATCH", path, body),
              "400 BAD_REQUEST channel_id: " + away + " is not a channel of the webhook's server");
    EXPECT_EQ(bare("PATCH", own, body).status, 400);
    const std::string voice = text(made(server + "/channels", R"({"name": "v", "type": 1})"), "id");
    EXPECT_EQ(status("PATCH", path, R"({"channel_id": ")" + voice + "\"}"), 400);
    EXPECT_EQ(bare("PATCH", own, R"({"channel_id": ")" + voice + "\"}").status, 400);
}

TEST_F(WebhookTest, a_full_channel_refuses_another) {
    const std::string lab = text(made(server + "/channels", R"({"name": "lab"})"), "id");
    for (int i = 0; i < 15; ++i)
        made("/channels/" + lab + "/webhooks", R"({"name": "x"})");
    EXPECT_EQ(refusal("PATCH", path, R"({"channel_id": ")" + lab + "\"}"),
              "400 BAD_REQUEST #lab has 15 webhooks, the maximum");
}

TEST_F(WebhookTest, a_disabled_webhook_posts_nothing_until_it_is_enabled) {
    EXPECT_EQ(json::parse(call("PATCH", path, R"({"enabled": false})").body).at("enabled"), false);
    EXPECT_EQ(got(path).at("enabled"), false);
    EXPECT_EQ(refusal("POST", own, R"({"content": "x"})", ""),
              "403 MISSING_ACCESS webhook " + id + R"( is disabled: PATCH it with {"enabled": true})");
    EXPECT_EQ(bare("PATCH", own, R"({"enabled": true})").status, 200);
    EXPECT_EQ(bare("POST", own, R"({"content": "x"})").status, 204);
    EXPECT_EQ(refusal("PATCH", path, R"({"enabled": 1})"),
              "400 BAD_REQUEST enabled: expected true or false, got a number");
    EXPECT_EQ(refusal("PATCH", path, "{}"),
              "400 BAD_REQUEST name: nothing to change: give name, avatar_url, channel_id or enabled");
}

TEST_F(WebhookTest, fields_of_other_platforms_are_ignored_with_any_value) {
    const auto reply = bare("POST", own + "?wait=true&thread_id=9", R"({"content": "hi", "tts": true, "flags": 4,
        "allowed_mentions": {"parse": []}, "components": [{"type": 1}], "thread_id": "9", "attachments": [{"id": 0}],
        "poll": null, "embeds": [{"type": "rich", "title": "t", "provider": {"name": "p"}, "video": {}}]})");
    ASSERT_EQ(reply.status, 200) << reply.body;
    const auto message = json::parse(reply.body);
    EXPECT_EQ(text(message, "content"), "hi");
    EXPECT_EQ(text(message.at("embeds").at(0), "title"), "t");
    EXPECT_TRUE(message.at("attachments").as_array().empty());
}

TEST_F(WebhookTest, both_limits_of_a_webhook_apply_to_every_caller) {
    use(Dialect::spec, true);
    make();
    int sent = 0;
    for (int window = 0; window < 6; ++window) {
        for (int i = 0; i < 5; ++i, ++sent)
            ASSERT_EQ(bare("POST", own, R"({"content": "hi"})").status, 204) << sent;
        const auto refused = call("POST", own, R"({"content": "hi"})", window % 2 == 0 ? "one" : "");
        EXPECT_EQ(refused.status, 429);
        EXPECT_EQ(header(refused, "X-RateLimit-Bucket"), "wh:" + id);
        pass(std::chrono::seconds(2));
    }
    const auto refused = bare("POST", own, R"({"content": "hi"})");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(header(refused, "X-RateLimit-Limit"), "30");
    EXPECT_EQ(header(refused, "Retry-After"), "48.000");
    EXPECT_EQ(store->all_messages(platform->seed_channel()).size(), 30u);
}

}  // namespace
}  // namespace intent::sandbox::api_webhooks_test
