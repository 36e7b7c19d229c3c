// Direct messages: who sees them, and that they are ciphertext alone (protocol §8, §16).
#include "tests/unit/sandbox/api_driver.hpp"

#include <boost/json/serialize.hpp>

namespace intent::inline v0::sandbox::api_direct_test {
namespace {

/// A channel between alice and bob; `one` is not in it.
struct DirectTest : ApiTest {
    void SetUp() override {
        ApiTest::SetUp();
        direct = text(open("alice", {"bob"}, 201), "id");
        path = "/channels/" + direct;
        events.clear();
    }
    std::string body_of(const std::vector<std::string>& others) {
        if (others.size() == 1) return R"({"recipient_id": ")" + id_of(others[0]) + "\"}";
        json::array ids;
        for (const auto& name : others)
            ids.emplace_back(id_of(name));
        return json::serialize(json::object{{"recipient_ids", ids}});
    }
    json::value open(const std::string& who, const std::vector<std::string>& others, int wanted) {
        const auto reply = call("POST", "/users/@me/channels", body_of(others), who);
        EXPECT_EQ(reply.status, wanted) << reply.body;
        return json::parse(reply.body);
    }
    json::value send(const std::string& who, const std::string& ciphertext = "YWJj") {
        return made(path + "/messages", R"({"mls_ciphertext": ")" + ciphertext + "\"}", who);
    }
    std::vector<std::string> recipients(const json::value& conversation) {
        std::vector<std::string> names;
        for (const auto& user : conversation.at("recipients").as_array())
            names.push_back(text(user, "username"));
        return names;
    }
    void add_person(const std::string& name) {
        platform->add_user(name, std::nullopt, "", now.system);
        store->add_token(name, store->account_by_name(name)->user.id, now.system, std::nullopt);
    }
    /// The events since the last call, without what is in them: "bob CHANNEL_CREATE".
    std::vector<std::string> news() {
        std::vector<std::string> names;
        for (const auto& event : std::exchange(events, {}))
            names.push_back(event.substr(0, event.find(" {")));
        return names;
    }

    std::string direct, path;
};

TEST_F(DirectTest, a_direct_channel_has_the_specified_shape) {
    EXPECT_EQ(json::serialize(got(path, "alice")),
              R"({"id":")" + direct +
                  R"(","server_id":null,"name":null,"type":3,"created_at":"2026-01-01T00:00:00.250000Z",)" +
                  R"("recipients":[{"id":")" + id_of("bob") +
                  R"(","username":"bob","display_name":"bob","avatar_url":null,)"
                  R"("created_at":"2026-01-01T00:00:00.250000Z"}],"mls_initialized":false})");
    EXPECT_EQ(recipients(got(path, "bob")), std::vector<std::string>{"alice"});
}

TEST_F(DirectTest, opening_it_again_returns_the_same_channel_to_both) {
    EXPECT_EQ(open("alice", {"bob"}, 200), got(path, "alice"));
    EXPECT_EQ(open("bob", {"alice"}, 200), got(path, "bob"));
    EXPECT_TRUE(events.empty());
    EXPECT_NE(text(open("alice", {"one"}, 201), "id"), direct);
}

TEST_F(DirectTest, a_new_channel_is_announced_only_to_its_members) {
    open("one", {"alice", "two"}, 201);
    ASSERT_EQ(events.size(), 3u);
    for (const auto& event : events) {
        const auto name = event.substr(0, event.find(' '));
        EXPECT_EQ(event.find(name + " CHANNEL_CREATE {\"channel\":{\"id\":"), 0u) << event;
        EXPECT_EQ(event.find("\"username\":\"" + name + "\""), std::string::npos) << event;
    }
    EXPECT_EQ(news(), (std::vector<std::string>{"one CHANNEL_CREATE", "alice CHANNEL_CREATE", "two CHANNEL_CREATE"}));
    use(Dialect::flat, false);
    open("alice", {"bob"}, 201);
    EXPECT_EQ(events.at(0).find("alice CHANNEL_CREATE {\"id\":"), 0u) << events.at(0);
}

TEST_F(DirectTest, ciphertext_is_stored_and_relayed_unchanged) {
    const auto sent = send("alice", "/+9hYmNk");
    EXPECT_TRUE(sent.at("content").is_null());
    EXPECT_EQ(text(sent, "mls_ciphertext"), "/+9hYmNk");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0], "alice bob MESSAGE_CREATE " + json::serialize(json::object{{"message", sent}}));
    EXPECT_EQ(got(path + "/messages", "bob"), (json::array{sent}));
    const std::string message = path + "/messages/" + text(sent, "id");
    EXPECT_EQ(got(message, "bob"), sent);

    events.clear();
    const auto edited = json::parse(call("PATCH", message, R"({"mls_ciphertext": "ZGVm"})", "alice").body);
    EXPECT_EQ(text(edited, "mls_ciphertext"), "ZGVm");
    EXPECT_TRUE(edited.at("content").is_null());
    EXPECT_EQ(got(message, "alice"), edited);
    EXPECT_EQ(status("DELETE", message, "", "alice"), 204);
    EXPECT_EQ(status("POST", path + "/typing", "", "bob"), 204);
    EXPECT_EQ(news(),
              (std::vector<std::string>{"alice bob MESSAGE_UPDATE", "alice bob MESSAGE_DELETE", "alice TYPING_START"}));
}

TEST_F(DirectTest, content_is_refused_in_direct_channels_and_ciphertext_elsewhere) {
    const std::string why = ": direct messages are end-to-end encrypted: send mls_ciphertext (base64) instead";
    const std::string where = path + "/messages";
    EXPECT_EQ(refusal("POST", where, R"({"content": "hi"})", "alice"), "400 BAD_REQUEST content" + why);
    EXPECT_EQ(refusal("POST", where, R"({"content": "hi", "mls_ciphertext": "YWJj"})", "alice"),
              "400 BAD_REQUEST content" + why);
    EXPECT_EQ(refusal("POST", where, R"({"embeds": [{"title": "t"}]})", "alice"), "400 BAD_REQUEST embeds" + why);
    EXPECT_EQ(refusal("POST", where, "{}", "alice"),
              "400 BAD_REQUEST mls_ciphertext: required: direct messages are end-to-end encrypted");
    for (const auto* odd : {"", "YWJ", "YW=j", "Y===", "YW\\nJj", "YWJ_"})
        EXPECT_EQ(refusal("POST", where, std::string(R"({"mls_ciphertext": ")") + odd + "\"}", "alice"),
                  "400 BAD_REQUEST mls_ciphertext: expected base64 (A-Z a-z 0-9 + / and padding)")
            << odd;
    EXPECT_EQ(refusal("POST", where, R"({"mls_ciphertext": ")" + std::string(65'540, 'A') + "\"}", "alice"),
              "400 BAD_REQUEST mls_ciphertext: at most 65536 characters allowed, got 65540");
    EXPECT_EQ(refusal("POST", messages, R"({"mls_ciphertext": "YWJj"})", "alice"),
              "400 BAD_REQUEST mls_ciphertext: only direct messages are encrypted: send content");
    const std::string message = where + "/" + text(send("alice"), "id");
    EXPECT_EQ(refusal("PATCH", message, R"({"content": "hi"})", "alice"), "400 BAD_REQUEST content" + why);
    EXPECT_TRUE(store->all_messages(platform->seed_channel()).empty());
}

TEST_F(DirectTest, only_members_can_access_it) {
    const std::string message = path + "/messages/" + text(send("alice"), "id");
    const std::string short_path = "/messages/" + text(got(path + "/messages", "alice").at(0), "id");
    events.clear();
    const std::tuple<const char*, std::string, const char*> calls[] = {
        {"GET", path, ""},
        {"PATCH", path, R"({"name": "x"})"},
        {"DELETE", path, ""},
        {"GET", path + "/messages", ""},
        {"POST", path + "/messages", R"({"mls_ciphertext": "YWJj"})"},
        {"GET", message, ""},
        {"PATCH", message, R"({"mls_ciphertext": "YWJj"})"},
        {"DELETE", message, ""},
        {"PATCH", short_path, R"({"mls_ciphertext": "YWJj"})"},
        {"DELETE", short_path, ""},
        {"POST", path + "/typing", ""},
        {"POST", path + "/invites", ""},
        {"POST", path + "/messages/bulk-delete", R"({"messages": ["1"]})"},
        {"POST", path + "/webhooks", R"({"name": "x"})"},
        {"GET", path + "/webhooks", ""},
        {"PUT", path + "/recipients/" + id_of("one"), ""},
        {"DELETE", path + "/recipients/" + id_of("bob"), ""},
    };
    for (const auto& [method, where, body] : calls)
        EXPECT_EQ(refusal(method, where, body), "403 MISSING_ACCESS one is not a member of channel " + direct)
            << method << " " << where;
    EXPECT_TRUE(events.empty());
    EXPECT_EQ(got(server + "/channels", "alice").as_array().size(), 1u) << "it is in no server's list";
}

TEST_F(DirectTest, no_member_can_manage_it) {
    const std::string message = path + "/messages/" + text(send("alice"), "id");
    EXPECT_EQ(refusal("DELETE", message, "", "bob"), "403 MISSING_ACCESS bob lacks MANAGE_MESSAGES in direct messages");
    EXPECT_EQ(refusal("PATCH", message, R"({"mls_ciphertext": "YWJj"})", "bob").substr(0, 18), "403 MISSING_ACCESS");
    EXPECT_EQ(refusal("DELETE", path, "", "alice"),
              "403 MISSING_ACCESS alice lacks MANAGE_CHANNELS in direct messages");
    EXPECT_EQ(refusal("POST", path + "/webhooks", R"({"name": "x"})", "alice"),
              "403 MISSING_ACCESS alice lacks MANAGE_WEBHOOKS in direct messages");
    EXPECT_EQ(refusal("POST", path + "/invites", "", "alice"),
              "400 BAD_REQUEST channel_id: invites are for servers, not for direct messages");
    EXPECT_EQ(refusal("PUT", path + "/recipients/" + id_of("one"), "", "alice"),
              "400 BAD_REQUEST channel_id: " + direct + " is not a group (type 4): it has no recipients to change");
    const std::string webhook = text(made(channel + "/webhooks", R"({"name": "x"})"), "id");
    EXPECT_EQ(status("PATCH", "/webhooks/" + webhook, R"({"channel_id": ")" + direct + "\"}", "alice"), 403);
}

TEST_F(DirectTest, a_group_has_an_owner_who_adds_and_removes_members) {
    const auto group = open("alice", {"bob", "one"}, 201);
    EXPECT_EQ(group.at("type").as_int64(), 4);
    EXPECT_EQ(text(group, "owner_id"), id_of("alice"));
    EXPECT_TRUE(group.at("name").is_null());
    EXPECT_TRUE(group.at("icon_url").is_null());
    EXPECT_FALSE(group.as_object().contains("position"));
    EXPECT_NE(text(open("alice", {"bob", "one"}, 201), "id"), text(group, "id")) << "a group is always new";
    news();
    const std::string where = "/channels/" + text(group, "id");

    EXPECT_EQ(status("PUT", where + "/recipients/" + id_of("two"), "", "bob"), 204);
    EXPECT_EQ(news(), (std::vector<std::string>{"two CHANNEL_CREATE", "alice CHANNEL_UPDATE", "one CHANNEL_UPDATE",
                                                "bob CHANNEL_UPDATE"}));
    EXPECT_EQ(recipients(got(where, "two")), (std::vector<std::string>{"alice", "one", "bob"}));
    EXPECT_EQ(status("PUT", where + "/recipients/" + id_of("two"), "", "bob"), 204);
    EXPECT_TRUE(news().empty()) << "who is in already is not announced";
    EXPECT_EQ(refusal("PUT", where + "/recipients/1", "", "bob"), "404 NOT_FOUND user 1 does not exist");

    EXPECT_EQ(
        refusal("DELETE", where + "/recipients/" + id_of("two"), "", "bob"),
        "403 MISSING_ACCESS bob does not own channel " + text(group, "id") + ": only its owner may remove others");
    EXPECT_EQ(status("DELETE", where + "/recipients/" + id_of("two"), "", "alice"), 204);
    EXPECT_EQ(events.at(0), "two CHANNEL_DELETE {\"channel_id\":\"" + text(group, "id") + "\",\"server_id\":null}");
    EXPECT_EQ(status("GET", where, "", "two"), 403);
    EXPECT_EQ(status("DELETE", where + "/recipients/" + id_of("two"), "", "alice"), 404);

    EXPECT_EQ(status("DELETE", where + "/recipients/" + id_of("alice"), "", "alice"), 204);
    EXPECT_EQ(text(got(where, "bob"), "owner_id"), id_of("one")) << "the group goes on with another owner";
    EXPECT_EQ(status("DELETE", where + "/recipients/" + id_of("one"), "", "one"), 204);
    EXPECT_EQ(status("DELETE", where + "/recipients/" + id_of("bob"), "", "bob"), 204);
    EXPECT_EQ(status("GET", where, "", "bob"), 404) << "no member is left";
}

TEST_F(DirectTest, a_group_has_at_most_ten_members) {
    std::vector<std::string> others{"alice", "bob", "two"};
    for (int i = 0; i < 6; ++i) {
        others.push_back("person_" + std::to_string(i));
        add_person(others.back());
    }
    const std::string where = "/channels/" + text(open("one", others, 201), "id");
    add_person("late");
    EXPECT_EQ(refusal("PUT", where + "/recipients/" + id_of("late"), "", "one"),
              "400 BAD_REQUEST channel_id: this group has 10 members, the maximum");
    others.push_back("late");
    EXPECT_EQ(refusal("POST", "/users/@me/channels", body_of(others), "one"),
              "400 BAD_REQUEST recipient_ids: 2-9 ids allowed, got 10");
}

TEST_F(DirectTest, an_invalid_request_to_open_names_the_field) {
    const auto refused = [&](const std::string& body) { return refusal("POST", "/users/@me/channels", body, "alice"); };
    const std::string bob = id_of("bob");
    EXPECT_EQ(refused("{}"), "400 BAD_REQUEST recipient_id: required: the id of a user; or recipient_ids, 2-9 of them");
    EXPECT_EQ(refused(R"({"recipient_id": "1"})"), "404 NOT_FOUND user 1 does not exist");
    EXPECT_EQ(refused(R"({"recipient_id": "x"})"),
              "400 BAD_REQUEST recipient_id: not a snowflake (decimal digits, at most 64 bits)");
    EXPECT_EQ(refused(R"({"recipient_id": ")" + id_of("alice") + "\"}"),
              "400 BAD_REQUEST recipient_id: must be another user than the one who opens the channel");
    EXPECT_EQ(refused(R"({"recipient_ids": [")" + bob + "\"]}"),
              "400 BAD_REQUEST recipient_ids: 2-9 ids allowed, got 1");
    EXPECT_EQ(refused(R"({"recipient_ids": [")" + bob + "\",\"" + bob + "\"]}"),
              "400 BAD_REQUEST recipient_ids: " + bob + " is given twice");
    EXPECT_EQ(refused(R"({"recipient_id": ")" + bob + R"(", "recipient_ids": []})"),
              "400 BAD_REQUEST recipient_ids: give recipient_id or recipient_ids, not both");
}

}  // namespace
}  // namespace intent::sandbox::api_direct_test
