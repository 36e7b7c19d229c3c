// Members, roles and what they may do.
#include "tests/unit/sandbox/api_driver.hpp"

namespace intent::inline v0::sandbox::api_members_test {
namespace {

TEST_F(ApiTest, members_are_listed_with_their_roles) {
    const auto members = got(server + "/members").as_array();
    ASSERT_EQ(members.size(), 4u);
    EXPECT_EQ(text(members[0].at("user"), "username"), "alice");
    const std::string everyone = platform->seed_server().str();
    EXPECT_EQ(members[0].at("roles"), json::parse("[\"" + everyone + "\"]"));
    const auto bot = got(server + "/members/" + id_of("one"));
    EXPECT_EQ(bot.at("roles").as_array().size(), 2u);
    EXPECT_EQ(bot, got(server + "/members/@me"));
    EXPECT_EQ(text(bot, "server_id"), everyone);
    EXPECT_EQ(refusal("GET", server + "/members/1"), "404 NOT_FOUND user 1 is not a member of server \"Sandbox\"");
}

TEST_F(ApiTest, the_web_dialects_members_are_users_as_well) {
    use(Dialect::web, false);
    const auto members = got(server + "/members").at("members").as_array();
    EXPECT_EQ(text(members.at(0), "username"), "alice");
    EXPECT_EQ(text(members.at(0).at("user"), "username"), "alice");
    EXPECT_EQ(text(members.at(0), "server_id"), platform->seed_server().str());
}

TEST_F(ApiTest, members_set_their_nickname_and_managers_those_of_others) {
    const std::string bob = server + "/members/" + id_of("bob");
    const auto named = call("PATCH", server + "/members/@me", R"({"nickname": "Bobby"})", "bob");
    EXPECT_EQ(text(json::parse(named.body), "nickname"), "Bobby");
    EXPECT_EQ(refusal("PATCH", server + "/members/" + id_of("alice"), R"({"nickname": "x"})", "bob"),
              "403 MISSING_ACCESS bob lacks MANAGE_SERVER in server \"Sandbox\"");
    for (const auto* none : {R"({"nickname": null})", R"({"nickname": ""})"}) {
        EXPECT_EQ(status("PATCH", bob, R"({"nickname": "Robert"})", "alice"), 200);
        EXPECT_EQ(text(got(bob), "nickname"), "Robert");
        EXPECT_EQ(status("PATCH", bob, none), 200);
        EXPECT_TRUE(got(bob).at("nickname").is_null());
    }
    EXPECT_EQ(refusal("PATCH", bob, R"({"nickname": ")" + std::string(33, 'x') + "\"}"),
              "400 BAD_REQUEST nickname: 1-32 characters allowed, got 33");
    EXPECT_EQ(refusal("PATCH", bob, "{}"), "400 BAD_REQUEST nickname: nothing to change: give nickname, roles or both");
}

TEST_F(ApiTest, a_role_is_created_assigned_and_deleted) {
    const auto role = made(server + "/roles", R"({"name": "mods", "permissions": "8", "color": 255, "hoist": true})");
    const std::string id = text(role, "id");
    EXPECT_EQ(text(role, "permissions"), "8");
    EXPECT_EQ(role.at("color").as_int64(), 255);
    EXPECT_EQ(got(server + "/roles").as_array().size(), 3u);

    const std::string carol = platform->add_user("carol", std::nullopt, "", now.system).id.str();
    const std::string kick = server + "/members/" + carol;
    EXPECT_EQ(refusal("DELETE", kick, "", "bob"), "403 MISSING_ACCESS bob lacks KICK_MEMBERS in server \"Sandbox\"");
    const std::string bob = server + "/members/" + id_of("bob");
    EXPECT_EQ(refusal("PATCH", bob, "{\"roles\": [\"" + id + "\"]}", "bob"),
              "403 MISSING_ACCESS bob lacks MANAGE_ROLES in server \"Sandbox\"");
    const auto given = call("PATCH", bob, "{\"roles\": [\"" + id + "\"]}", "alice");
    EXPECT_EQ(json::parse(given.body).at("roles").as_array().size(), 2u);
    EXPECT_EQ(status("DELETE", kick, "", "bob"), 204);

    const auto edited = json::parse(call("PATCH", server + "/roles/" + id, R"({"name": "m", "permissions": 0})").body);
    EXPECT_EQ(text(edited, "permissions"), "0");
    EXPECT_EQ(text(edited, "name"), "m");
    EXPECT_EQ(status("DELETE", server + "/members/" + id_of("two"), "", "bob"), 403);
    EXPECT_EQ(status("DELETE", server + "/roles/" + id), 204);
    EXPECT_EQ(got(bob).at("roles").as_array().size(), 1u);
}

TEST_F(ApiTest, an_invalid_role_names_the_field) {
    const std::string roles = server + "/roles";
    EXPECT_EQ(refusal("POST", roles, "{}"), "400 BAD_REQUEST name: required");
    EXPECT_EQ(refusal("POST", roles, R"({"name": ""})"), "400 BAD_REQUEST name: 1-100 characters allowed, got 0");
    EXPECT_EQ(refusal("POST", roles, R"({"name": "x", "permissions": "lots"})"),
              "400 BAD_REQUEST permissions: not a permission set (decimal digits, at most 64 bits)");
    EXPECT_EQ(refusal("POST", roles, R"({"name": "x", "permissions": true})"),
              "400 BAD_REQUEST permissions: expected a permission set (decimal digits as text), got a boolean");
    EXPECT_EQ(refusal("POST", roles, R"({"name": "x", "color": 16777216})"),
              "400 BAD_REQUEST color: expected a whole number from 0 to 16777215");
    EXPECT_EQ(refusal("POST", roles, R"({"name": "x", "hoist": 1})"),
              "400 BAD_REQUEST hoist: expected true or false, got a number");
    EXPECT_EQ(refusal("POST", roles, R"({"name": "x"})", "bob"),
              "403 MISSING_ACCESS bob lacks MANAGE_ROLES in server \"Sandbox\"");
    EXPECT_EQ(refusal("PATCH", roles + "/1", R"({"name": "x"})"), "404 NOT_FOUND role 1 does not exist");
    EXPECT_EQ(refusal("PATCH", server + "/members/@me", R"({"roles": ["1"]})"),
              "400 BAD_REQUEST roles[0]: 1 is not a role of this server");
    EXPECT_EQ(refusal("PATCH", server + "/members/@me", R"({"roles": "1"})"),
              "400 BAD_REQUEST roles: expected a list of ids, got text");
    EXPECT_EQ(refusal("DELETE", roles + "/" + platform->seed_server().str()),
              "403 MISSING_ACCESS the role that every member has cannot be deleted; change its permissions instead");
}

TEST_F(ApiTest, a_new_role_is_above_the_others_up_to_the_maximum) {
    const std::string roles = server + "/roles";
    EXPECT_EQ(refusal("POST", roles, R"({"name": "x", "position": 1000001})"),
              "400 BAD_REQUEST position: expected a whole number from 0 to 1000000");
    const auto position = [&] { return made(roles, R"({"name": "x"})").at("position").as_int64(); };
    EXPECT_EQ(position(), 2);
    auto top = made(roles, R"({"name": "top", "position": 1000000})");
    EXPECT_EQ(position(), 1'000'000);
    auto beyond = *store->role(*RoleId::parse(text(top, "id")));
    beyond.position = 2'147'483'647;
    store->update_role(beyond);
    EXPECT_EQ(position(), 1'000'000) << "in a file from when more was allowed";
}

TEST_F(ApiTest, kicking_sends_events_to_the_user_and_the_members) {
    EXPECT_EQ(status("DELETE", server + "/members/" + id_of("bob"), "", "one"), 204);
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].rfind("bob SERVER_DELETE {\"server_id\":", 0), 0u) << events[0];
    EXPECT_EQ(events[1].rfind("alice one two MEMBER_REMOVE {\"server_id\":", 0), 0u) << events[1];
    EXPECT_EQ(refusal("GET", server, "", "bob"), "403 MISSING_ACCESS bob is not a member of server \"Sandbox\"");
    EXPECT_EQ(refusal("DELETE", server + "/members/" + id_of("alice")),
              "403 MISSING_ACCESS alice owns server \"Sandbox\" and cannot be removed from it");
}

TEST_F(ApiTest, each_default_permission_can_be_denied) {
    const std::string voice = "/channels/" + text(made(server + "/channels", R"({"name": "v", "type": 1})"), "id");
    made(messages, R"({"content": "hi"})");
    take_away(Permission::embed_links);
    EXPECT_EQ(refusal("POST", messages, R"({"embeds": [{"title": "t"}]})", "bob"),
              "403 MISSING_ACCESS bob lacks EMBED_LINKS in #general");
    const std::string own = messages + "/" + text(made(messages, R"({"content": "t"})", "bob"), "id");
    EXPECT_EQ(refusal("PATCH", own, R"({"embeds": [{"title": "t"}]})", "bob"),
              "403 MISSING_ACCESS bob lacks EMBED_LINKS in #general");
    EXPECT_EQ(status("PATCH", own, R"({"content": "u", "embeds": []})", "bob"), 200);
    take_away(Permission::send_messages);
    EXPECT_EQ(refusal("POST", messages, R"({"content": "t"})", "bob"),
              "403 MISSING_ACCESS bob lacks SEND_MESSAGES in #general");
    EXPECT_EQ(refusal("POST", channel + "/typing", "", "bob"),
              "403 MISSING_ACCESS bob lacks SEND_MESSAGES in #general");
    EXPECT_EQ(got(messages, "bob").as_array().size(), 2u);
    take_away(Permission::read_message_history);
    EXPECT_EQ(refusal("GET", messages, "", "bob"), "403 MISSING_ACCESS bob lacks READ_MESSAGE_HISTORY in #general");
    EXPECT_EQ(status("GET", channel, "", "bob"), 200);
    take_away(Permission::view_channel);
    EXPECT_EQ(refusal("GET", channel, "", "bob"), "403 MISSING_ACCESS bob lacks VIEW_CHANNEL in #general");
    EXPECT_TRUE(got(server + "/channels", "bob").as_array().empty());
    EXPECT_EQ(status("POST", messages, R"({"content": "t"})", "alice"), 201) << "the owner may everything";
    EXPECT_EQ(status("POST", messages, R"({"content": "t"})", "one"), 201) << "the bots' role allows it";
}

TEST_F(ApiTest, members_who_cannot_see_a_channel_get_none_of_its_events) {
    take_away(Permission::view_channel);
    made(messages, R"({"content": "hi"})");
    made(server + "/channels", R"({"name": "den"})");
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].rfind("alice one two MESSAGE_CREATE", 0), 0u) << events[0];
    EXPECT_EQ(events[1].rfind("alice one two CHANNEL_CREATE", 0), 0u) << events[1];
}

TEST_F(ApiTest, typing_is_announced_to_the_others) {
    EXPECT_EQ(status("POST", channel + "/typing", "", "bob"), 204);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0], "alice one two TYPING_START {\"channel_id\":\"" + platform->seed_channel().str() +
                             "\",\"user_id\":\"" + id_of("bob") + "\",\"timestamp\":1767225600}");
}

TEST_F(ApiTest, channels_belong_to_categories) {
    const auto category = text(made(server + "/channels", R"({"name": "c", "type": 2})"), "id");
    const auto inside = made(server + "/channels", R"({"name": "x", "parent_id": ")" + category + "\"}");
    EXPECT_EQ(text(inside, "parent_id"), category);
    const std::string path = "/channels/" + text(inside, "id");
    EXPECT_EQ(
        refusal("PATCH", path, R"({"parent_id": ")" + platform->seed_channel().str() + "\"}"),
        "400 BAD_REQUEST parent_id: " + platform->seed_channel().str() + " is not a category (type 2) of this server");
    events.clear();
    EXPECT_EQ(status("DELETE", "/channels/" + category), 204);
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].rfind("alice one two bob CHANNEL_UPDATE {\"channel\":{\"id\":\"" + text(inside, "id"), 0), 0u)
        << events[0];
    EXPECT_NE(events[0].find("\"parent_id\":null"), std::string::npos) << events[0];
    EXPECT_NE(events[1].find("CHANNEL_DELETE"), std::string::npos) << events[1];
    EXPECT_TRUE(got(path).at("parent_id").is_null());
}

TEST_F(ApiTest, bulk_deletion_deletes_all_messages_or_none) {
    const std::string first = text(made(messages, R"({"content": "1"})"), "id");
    const std::string second = text(made(messages, R"({"content": "2"})", "bob"), "id");
    const std::string bulk = messages + "/bulk-delete";
    const auto body = [](const std::string& list) { return "{\"messages\":[" + list + "]}"; };
    EXPECT_EQ(refusal("POST", bulk, body("\"" + first + "\""), "bob"),
              "403 MISSING_ACCESS bob lacks MANAGE_MESSAGES in #general");
    EXPECT_EQ(refusal("POST", bulk, body("\"" + first + "\",\"7\"")),
              "404 NOT_FOUND messages[1]: message 7 does not exist in this channel; nothing was deleted");
    EXPECT_EQ(refusal("POST", bulk, body("\"x\"")),
              "400 BAD_REQUEST messages[0]: not a snowflake (decimal digits, at most 64 bits)");
    EXPECT_EQ(refusal("POST", bulk, body("")), "400 BAD_REQUEST messages: 1-100 ids allowed, got 0");
    EXPECT_EQ(refusal("POST", bulk, "{}"), "400 BAD_REQUEST messages: required: the ids of 1-100 messages");
    events.clear();
    EXPECT_EQ(status("POST", bulk, body("\"" + first + "\",\"" + second + "\"")), 204);
    EXPECT_TRUE(got(messages).as_array().empty());
    ASSERT_EQ(events.size(), 2u);
    EXPECT_NE(events[1].find("MESSAGE_DELETE {\"id\":\"" + second), std::string::npos) << events[1];
    EXPECT_EQ(status("POST", bulk, R"({"message_ids": ["1"]})"), 404) << "the other name is read as well";
}

TEST_F(ApiTest, a_message_named_twice_is_deleted_once) {
    const std::string first = text(made(messages, R"({"content": "1"})"), "id");
    const std::string second = text(made(messages, R"({"content": "2"})"), "id");
    events.clear();
    EXPECT_EQ(status("POST", messages + "/bulk-delete",
                     R"({"messages": [")" + first + R"(", ")" + second + R"(", ")" + first + "\"]}"),
              204);
    ASSERT_EQ(events.size(), 2u);
    EXPECT_NE(events[0].find("MESSAGE_DELETE {\"id\":\"" + first), std::string::npos) << events[0];
    EXPECT_NE(events[1].find("MESSAGE_DELETE {\"id\":\"" + second), std::string::npos) << events[1];
}

TEST_F(ApiTest, users_created_by_control_requests_have_a_token) {
    for (const bool is_bot : {true, false}) {
        events.clear();
        const std::string name = is_bot ? "helper" : "carol";
        platform->add_account(name, "Shown", is_bot, now.system);
        ASSERT_EQ(events.size(), 2u) << name;
        EXPECT_EQ(events[0].rfind(name + " SERVER_CREATE ", 0), 0u) << events[0];
        EXPECT_NE(events[1].find("MEMBER_ADD"), std::string::npos) << events[1];
        EXPECT_NE(events[1].find("\"display_name\":\"Shown\""), std::string::npos) << events[1];
        EXPECT_EQ(store->account_by_name(name)->is_bot, is_bot);
        EXPECT_TRUE(store->token_of(store->account_by_name(name)->user.id, now.system));
    }
    events.clear();
    store->database().execute("DROP TABLE tokens");
    for (const bool is_bot : {true, false})
        EXPECT_THROW(platform->add_account("late", std::nullopt, is_bot, now.system), SqliteError);
    EXPECT_FALSE(store->account_by_name("late"));
    EXPECT_TRUE(events.empty());
}

TEST_F(ApiTest, turn_credentials_are_for_members_and_expire) {
    const std::string body = R"({"server_id": ")" + platform->seed_server().str() + "\"}";
    const auto reply = call("POST", "/voice/turn-credentials", body);
    ASSERT_EQ(reply.status, 200) << reply.body;
    const auto turn = json::parse(reply.body).at("ice_servers").at(1);
    EXPECT_EQ(text(turn, "username"), std::to_string(1767225600 + 43200) + ":" + id_of("one"));
    EXPECT_EQ(text(turn, "credential").size(), 28u);
    EXPECT_EQ(refusal("POST", "/voice/turn-credentials", "{}"), "400 BAD_REQUEST server_id: required");
    EXPECT_EQ(json::parse(reply.body).at("ttl").as_int64(), 43200);
    EXPECT_FALSE(json::parse(reply.body).at("ice_servers").at(0).as_object().contains("username"))
        << "a browser takes null for a text";
    use(Dialect::web, false);
    api->set_voice_endpoint("ws://x/gateway");
    EXPECT_EQ(call("GET", "/voice/regions").body,
              R"([{"id":"local","name":"This machine","endpoint":"ws://x/gateway","deprecated":false}])");
}

}  // namespace
}  // namespace intent::sandbox::api_members_test
