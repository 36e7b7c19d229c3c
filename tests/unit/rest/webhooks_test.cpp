// What is refused of the calls about members, invites, accounts and webhooks, and webhooks that are gone.
#include "rest/dead_webhooks.hpp"
#include "rest/request.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace intent::rest::webhooks_test {
namespace {

constexpr ServerId server{11};
constexpr ChannelId channel{22};
constexpr MessageId message{33};
constexpr UserId user{44};
constexpr WebhookId hook{66};
const Secret token("tok");

std::string refusal(const Call& call) {
    const auto* invalid = std::get_if<Invalid>(&call);
    return invalid ? invalid->text : std::string();
}

std::string text(std::size_t length) { return std::string(length, 'x'); }

TEST(Refused, errors_name_the_field_and_its_limit) {
    const std::vector<std::pair<Call, std::string>> rows = {
        {edit_member(server, user, MemberEdit().nickname(text(32))), ""},
        {edit_member(server, user, MemberEdit().nickname(text(33))), "nickname: 33 characters; must be 1 to 32"},
        {edit_member(server, user, MemberEdit().nickname("")), "nickname: must not be empty"},
        {edit_member(server, user, {}), "changes: nothing is set; set at least one field"},
        {edit_member(server, user, MemberEdit().roles({RoleId{1}, RoleId{}})),
         "roles[1]: no id is set (0 is not an id)"},
        {edit_member(server, {}, MemberEdit().nickname("n")), "user_id: no id is set (0 is not an id)"},
        {create_role(server, ""), "name: must not be empty"},
        {create_role(server, NewRole("r").color(0x1000000)), "color: 16777216; must be at most 16777215"},
        {edit_role(server, RoleId{1}, RoleEdit().name(text(101))), "name: 101 characters; must be 1 to 100"},
        {edit_role(server, {}, RoleEdit().name("r")), "role_id: no id is set (0 is not an id)"},
        {edit_role(server, RoleId{1}, {}), "changes: nothing is set; set at least one field"},
        {create_invite(server, NewInvite().max_uses(0)), "max_uses: 0; must be at least 1"},
        {create_invite(server, NewInvite().max_age(std::chrono::seconds(-1))),
         "max_age_seconds: -1; must be at least 1"},
        {create_invite(server, NewInvite().channel({})), "channel_id: no id is set (0 is not an id)"},
        {create_invite(channel, NewInvite().channel(channel)),
         "channel_id: must not be set; the invite is for the channel in the path"},
        {create_invite(channel, NewInvite().max_uses(0)), "max_uses: 0; must be at least 1"},
        {create_invite(ChannelId{}, {}), "channel_id: no id is set (0 is not an id)"},
        {trigger_typing({}), "channel_id: no id is set (0 is not an id)"},
        {create_dm(UserId{}), "recipient_id: no id is set (0 is not an id)"},
        {create_dm(std::vector<UserId>{user}), "recipient_ids: 1 entries; must be 2 to 9"},
        {create_dm(std::vector<UserId>(10, user)), "recipient_ids: 10 entries; must be 2 to 9"},
        {create_dm({user, UserId{}}), "recipient_ids[1]: no id is set (0 is not an id)"},
        {add_recipient(channel, {}), "user_id: no id is set (0 is not an id)"},
        {remove_recipient({}, user), "channel_id: no id is set (0 is not an id)"},
        {edit_webhook(hook, WebhookEdit().channel({})), "channel_id: no id is set (0 is not an id)"},
        {edit_webhook(hook, WebhookEdit().avatar_url(std::nullopt)), ""},
        {execute_webhook(hook, token, MessageBody().mls_ciphertext("AA==")),
         "mls_ciphertext: a webhook's messages are not encrypted"},
        {edit_webhook_message(hook, token, message, MessageBody().mls_ciphertext("AA==")),
         "mls_ciphertext: a webhook's messages are not encrypted"},
        {remove_messages(channel, {}), "messages: 0 entries; must be 1 to 100"},
        {remove_messages(channel, std::vector<MessageId>(101, message)), "messages: 101 entries; must be 1 to 100"},
        {remove_messages(channel, {message, {}}), "messages[1]: no id is set (0 is not an id)"},
        {edit_current_user(UserEdit().display_name("")), "display_name: must not be empty"},
        {edit_current_user({}), "changes: nothing is set; set at least one field"},
        {register_account({"a", "a@b", "p"}), "username: 1 characters; must be 2 to 32"},
        {register_account({"Ada", "a@b", "p"}), "username: must hold only a to z, 0 to 9 and _"},
        {register_account({"ada", "", "p"}), "email: must not be empty"},
        {register_account({"ada", "a@b", ""}), "password: must not be empty"},
        {login({"", "p"}), "username_or_email: must not be empty"},
        {create_turn_credentials({}), "server_id: no id is set (0 is not an id)"},
        {create_webhook(channel, text(81)), "name: 81 characters; must be 1 to 80"},
        {edit_webhook(hook, {}), "changes: nothing is set; set at least one field"},
        {edit_webhook(hook, token, WebhookEdit().name("")), "name: must not be empty"},
        {execute_webhook(hook, token, WebhookBody()), "content: empty, and there are no embeds; one of them is needed"},
        {execute_webhook(hook, token, text(2001)), "content: 2001 characters; must be at most 2000"},
        {execute_webhook(hook, token, WebhookBody("x").username(text(81))), "username: 81 characters; must be 1 to 80"},
        {execute_webhook({}, token, "x"), "webhook_id: no id is set (0 is not an id)"},
        {get_webhook_message(hook, token, {}), "message_id: no id is set (0 is not an id)"},
    };
    for (const auto& [call, wrong] : rows)
        EXPECT_EQ(refusal(call), wrong);
}

TEST(Refused, case_107_a_token_or_code_that_could_change_the_path_is_refused_and_not_shown) {
    const std::vector<std::string> bad = {
        "", ".", "..", "1/../2", "a/b", "a\\b", "a b", "a\r\nb", "a\x7f", std::string("a\0b", 3), text(257)};
    for (const auto& part : bad) {
        SCOPED_TRACE(part);
        for (const auto& wrong : {refusal(get_invite(part)), refusal(execute_webhook(hook, Secret(part), "x")),
                                  refusal(remove_webhook_message(hook, Secret(part), message))}) {
            EXPECT_NE(wrong, "");
            EXPECT_TRUE(part.size() < 3 || wrong.find(part) == std::string::npos) << wrong;
        }
    }
    EXPECT_EQ(refusal(accept_invite("https://example.invalid/x")),
              "code: contains '/' or '\\'; pass it alone, without the link around it");
    EXPECT_EQ(refusal(get_webhook(hook, Secret())), "token: must not be empty");
    EXPECT_EQ(std::get<Request>(get_invite("%2f..")).path, "/invites/%252f..");
}

Request request_of(Call call) { return std::get<Request>(std::move(call)); }

TEST(DeadWebhooks, case_140_after_401_or_404_calls_by_that_token_are_refused_with_that_status) {
    for (const int status : {401, 404}) {
        DeadWebhooks dead;
        const auto execute = request_of(execute_webhook(hook, token, "x"));
        EXPECT_FALSE(dead.on_answer(execute, 204));
        EXPECT_FALSE(dead.on_answer(execute, 403));
        EXPECT_FALSE(dead.on_answer(execute, 500));
        EXPECT_FALSE(dead.refusal(execute));
        EXPECT_TRUE(dead.on_answer(execute, status));
        EXPECT_EQ(dead.refusal(execute), status);
        EXPECT_EQ(dead.refusal(request_of(edit_webhook_message(hook, token, message, "x"))), status);
        EXPECT_EQ(dead.refusal(request_of(remove_webhook(hook, token))), status);

        EXPECT_FALSE(dead.refusal(request_of(execute_webhook(hook, Secret("new"), "x")))) << "another token";
        EXPECT_FALSE(dead.refusal(request_of(execute_webhook(WebhookId{67}, token, "x")))) << "another webhook";
        EXPECT_FALSE(dead.refusal(request_of(get_webhook(hook)))) << "by the bot's token";
    }
}

TEST(DeadWebhooks, a_404_for_a_message_does_not_mean_that_the_webhook_is_gone) {
    DeadWebhooks dead;
    const auto edit = request_of(edit_webhook_message(hook, token, message, "x"));
    EXPECT_FALSE(dead.on_answer(edit, 404));
    EXPECT_FALSE(dead.refusal(edit));
    EXPECT_TRUE(dead.on_answer(edit, 401));
    EXPECT_EQ(dead.refusal(edit), 401);
}

TEST(DeadWebhooks, a_fetch_is_always_sent_and_its_success_re_enables_the_webhook) {
    DeadWebhooks dead;
    const auto execute = request_of(execute_webhook(hook, token, "x"));
    const auto fetch = request_of(get_webhook(hook, token));
    dead.on_answer(execute, 404);
    EXPECT_FALSE(dead.refusal(fetch));
    EXPECT_TRUE(dead.on_answer(fetch, 404));
    EXPECT_EQ(dead.refusal(execute), 404);
    EXPECT_FALSE(dead.on_answer(fetch, 200));
    EXPECT_FALSE(dead.refusal(execute));
    EXPECT_EQ(dead.size(), 0u);
}

TEST(DeadWebhooks, calls_with_the_bot_token_do_not_count) {
    DeadWebhooks dead;
    EXPECT_FALSE(dead.on_answer(request_of(get_webhook(hook)), 404));
    EXPECT_FALSE(dead.on_answer(request_of(get_server(server)), 401));
    EXPECT_EQ(dead.size(), 0u);
}

TEST(DeadWebhooks, beyond_the_maximum_the_oldest_entry_is_forgotten) {
    DeadWebhooks dead;
    for (std::uint64_t id = 1; id <= DeadWebhooks::max_webhooks + 5; ++id)
        dead.on_answer(request_of(execute_webhook(WebhookId{id}, token, "x")), 404);
    EXPECT_EQ(dead.size(), DeadWebhooks::max_webhooks);
    EXPECT_FALSE(dead.refusal(request_of(execute_webhook(WebhookId{5}, token, "x"))));
    EXPECT_TRUE(dead.refusal(request_of(execute_webhook(WebhookId{6}, token, "x"))));
}

}  // namespace
}  // namespace intent::rest::webhooks_test
