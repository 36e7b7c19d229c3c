// Invites, and people who come through them.
#include "tests/unit/sandbox/api_driver.hpp"

namespace intent::inline v0::sandbox::api_invites_test {
namespace {

/// A server with alice as its only member, and invites to it.
struct InviteTest : ApiTest {
    void SetUp() override {
        ApiTest::SetUp();
        home = text(made("/servers", R"({"name": "Home"})", "alice"), "id");
        invites = "/servers/" + home + "/invites";
        events.clear();
    }
    std::string code(const std::string& body = "{}") { return text(made(invites, body, "alice"), "code"); }

    std::string home, invites;
};

TEST_F(InviteTest, accepting_an_invite_adds_a_member_with_events) {
    const auto invite = made(invites, "", "alice");
    EXPECT_EQ(text(invite.at("inviter"), "username"), "alice");
    EXPECT_EQ(invite.at("uses").as_int64(), 0);
    EXPECT_TRUE(invite.at("expires_at").is_null());
    const std::string path = "/invites/" + text(invite, "code");
    EXPECT_EQ(got(path, "bob"), invite);

    EXPECT_EQ(status("GET", "/servers/" + home, "", "bob"), 403);
    const auto accepted = json::parse(call("POST", path, "", "bob").body);
    EXPECT_EQ(text(accepted.at("server"), "name"), "Home");
    EXPECT_EQ(accepted.at("server").at("member_count").as_int64(), 2);
    EXPECT_EQ(status("GET", "/servers/" + home, "", "bob"), 200);
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].rfind("bob SERVER_CREATE {\"server\":", 0), 0u) << events[0];
    EXPECT_EQ(events[1].rfind("alice MEMBER_ADD {\"server_id\":", 0), 0u) << events[1];
    EXPECT_EQ(got(path).at("uses").as_int64(), 1);
}

TEST_F(InviteTest, a_member_is_refused_without_using_up_the_invite) {
    const std::string path = "/invites/" + code(R"({"max_uses": 1})");
    EXPECT_EQ(refusal("POST", path, "", "alice"), "409 CONFLICT alice is already a member of server \"Home\"");
    EXPECT_EQ(status("POST", path, "", "bob"), 200);
    EXPECT_EQ(refusal("POST", path, "", "one"), "410 GONE code: this invite was used 1 times, its maximum");
    EXPECT_EQ(status("GET", path), 410);
    EXPECT_TRUE(got(invites, "alice").as_array().empty());
}

TEST_F(InviteTest, the_list_is_plain_in_every_dialect) {
    for (const auto dialect : {Dialect::spec, Dialect::web, Dialect::flat}) {
        use(dialect, false);
        const auto made_invite = made(server + "/invites", "{}", "alice");
        EXPECT_EQ(got(server + "/invites", "alice"), (json::array{made_invite}));
    }
}

TEST_F(InviteTest, an_invite_to_a_channel_names_it) {
    const auto invite = made(channel + "/invites", R"({"max_uses": 2, "max_age_seconds": 60})", "bob");
    EXPECT_EQ(text(invite, "channel_id"), platform->seed_channel().str());
    EXPECT_EQ(text(invite, "server_id"), platform->seed_server().str());
    EXPECT_EQ(invite.at("max_uses").as_int64(), 2);
    EXPECT_EQ(invite.at("max_age_seconds").as_int64(), 60);
    EXPECT_EQ(refusal("POST", "/channels/1/invites"), "404 NOT_FOUND channel 1 does not exist");
    take_away(Permission::view_channel);
    EXPECT_EQ(refusal("POST", channel + "/invites", "{}", "bob"),
              "403 MISSING_ACCESS bob lacks VIEW_CHANNEL in #general");
}

TEST_F(InviteTest, an_invite_expires) {
    const std::string path = "/invites/" + code(R"({"max_age_seconds": 60})");
    EXPECT_EQ(text(got(path), "expires_at"), "2026-01-01T00:01:00.250000Z");
    pass(std::chrono::milliseconds(59'999));
    EXPECT_EQ(status("GET", path), 200);
    pass(std::chrono::milliseconds(1));
    EXPECT_EQ(refusal("POST", path, "", "bob"), "410 GONE code: this invite has expired");
    EXPECT_TRUE(got(invites, "alice").as_array().empty());
}

TEST_F(InviteTest, invites_are_listed_and_deleted) {
    const std::string first = code();
    const std::string second = code();
    EXPECT_EQ(got(invites, "alice").as_array().size(), 2u);
    EXPECT_EQ(status("DELETE", "/invites/" + first, "", "bob"), 403);
    EXPECT_EQ(status("DELETE", "/invites/" + first, "", "alice"), 204);
    EXPECT_EQ(refusal("GET", "/invites/" + first), "404 NOT_FOUND code: no such invite");
    EXPECT_EQ(got(invites, "alice").as_array().size(), 1u);
}

TEST_F(InviteTest, members_without_permission_delete_only_their_own_invites) {
    const std::string alices = code();
    EXPECT_EQ(status("POST", "/invites/" + alices, "", "bob"), 200);
    const std::string bobs = text(made(invites, "{}", "bob"), "code");
    EXPECT_EQ(refusal("DELETE", "/invites/" + alices, "", "bob"),
              "403 MISSING_ACCESS bob lacks MANAGE_SERVER in server \"Home\"");
    EXPECT_EQ(status("DELETE", "/invites/" + bobs, "", "bob"), 204);
}

TEST_F(InviteTest, an_invited_bot_can_manage) {
    EXPECT_EQ(status("POST", "/invites/" + code(), "", "one"), 200);
    EXPECT_EQ(status("POST", "/servers/" + home + "/channels", R"({"name": "den"})", "one"), 201);
}

TEST_F(InviteTest, an_invalid_invite_names_the_field) {
    EXPECT_EQ(refusal("POST", invites, R"({"max_uses": 0})", "alice"),
              "400 BAD_REQUEST max_uses: expected a whole number from 1 to 2147483647");
    EXPECT_EQ(refusal("POST", invites, R"({"channel_id": ")" + platform->seed_channel().str() + "\"}", "alice"),
              "400 BAD_REQUEST channel_id: " + platform->seed_channel().str() + " is not a channel of this server");
    EXPECT_EQ(refusal("POST", invites, "{}", "bob"), "403 MISSING_ACCESS bob is not a member of server \"Home\"");
}

}  // namespace
}  // namespace intent::sandbox::api_invites_test
