// The SDK on the sandbox's wider routes and commands: members, roles, invites, webhooks, presence, voice.
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace intent::sandbox_calls_test {
namespace {

RestOptions rest_options(const Sandbox& sandbox, Token token) {
    RestOptions options;
    options.token = std::move(token);
    options.rest_url = sandbox.rest_url();
    options.log = nullptr;
    return options;
}

class SandboxCalls : public testing::TestWithParam<sandbox::Dialect> {
protected:
    Sandbox sandbox{sandbox::Options{.dialect = GetParam(), .limits = false}};
    RestClient rest{rest_options(sandbox, sandbox.bot_token())};
    RestClient alice{rest_options(sandbox, sandbox.user_token("alice"))};
};

TEST_P(SandboxCalls, members_and_roles) {
    const ServerId server = sandbox.server();
    ASSERT_EQ(rest.get_members(server).get().size(), 2u);
    const Role role = rest.create_role(server, NewRole("mods").permissions(Permissions{8}).color(0xff)).get();
    const UserId bob = sandbox.add_user("bob");
    Member member = rest.get_member(server, bob).get();
    auto roles = member.roles;
    roles.push_back(role.id);
    member = rest.edit_member(server, bob, MemberEdit().roles(roles).nickname("Bobby")).get();
    EXPECT_EQ(member.nickname, "Bobby");
    const UserId owner = rest.get_server(server).get().owner_id;
    EXPECT_TRUE(permissions_in(owner, member, rest.get_roles(server).get()).has(Permission::kick_members));
    EXPECT_EQ(role.edit(RoleEdit().name("helpers")).get().name, "helpers");
    rest.remove_role(server, role.id).get();
    EXPECT_FALSE(permissions_in(owner, rest.get_member(server, bob).get(), rest.get_roles(server).get())
                     .has(Permission::kick_members));
    rest.remove_member(server, bob).get();
    EXPECT_THROW(rest.get_member(server, bob).get(), NotFoundError);
}

TEST_P(SandboxCalls, invites) {
    const Server home = alice.create_server(NewServer("Home")).get();
    const Invite invite = alice.create_invite(home.id, NewInvite().max_uses(1)).get();
    EXPECT_THROW(rest.get_server(home.id).get(), ForbiddenError);
    EXPECT_EQ(rest.accept_invite(invite.code).get().server.id, home.id);
    EXPECT_EQ(rest.get_server(home.id).get().member_count, 2);
    EXPECT_TRUE(alice.get_invites(home.id).get().empty());
}

TEST_P(SandboxCalls, webhooks) {
    const Webhook webhook = rest.create_webhook(sandbox.general(), NewWebhook("ci")).get();
    EXPECT_EQ(rest.get_webhooks(sandbox.general()).get().size(), 1u);
    EXPECT_FALSE(webhook.execute(WebhookBody("quiet")).get());
    const auto message = webhook.execute(WebhookBody("hi").username("builder").wait()).get();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->author.username, "builder");
    EXPECT_EQ(message->webhook_id, webhook.id);
    EXPECT_EQ(webhook.edit_message(message->id, "ho").get().content, "ho");
    webhook.remove_message(message->id).get();
    const Webhook renewed = webhook.regenerate_token().get();
    EXPECT_THROW(webhook.execute(WebhookBody("late")).get(), UnauthorizedError);
    EXPECT_FALSE(renewed.execute(WebhookBody("in time")).get());
    EXPECT_EQ(sandbox.messages(sandbox.general()).size(), 2u);
}

TEST_P(SandboxCalls, bulk_deletion_and_voice) {
    const MessageId first = sandbox.say("alice", sandbox.general(), "1");
    const MessageId second = sandbox.say("alice", sandbox.general(), "2");
    rest.remove_messages(sandbox.general(), {first, second}).get();
    EXPECT_TRUE(sandbox.messages(sandbox.general()).empty());
    EXPECT_EQ(rest.get_voice_regions().get().at(0).id, "local");
    const auto turn = rest.create_turn_credentials(sandbox.server()).get();
    EXPECT_GT(turn.ttl, std::chrono::hours(1));
    ASSERT_FALSE(turn.ice_servers.empty());
}

TEST_P(SandboxCalls, gateway_requests) {
    const ChannelId voice = alice.create_channel(sandbox.server(), NewChannel("voice", ChannelType::voice)).get().id;
    test::Recorder<std::string> seen;
    Client bot(test::options_for(sandbox));
    auto person_options = test::options_for(sandbox);
    person_options.token = sandbox.user_token("alice");
    Client person(person_options);
    person.on([&](const PresenceUpdate& event) { seen.add("presence " + event.status_text); });
    person.on([&](const VoiceStateUpdate& event) { seen.add(event.state.channel_id ? "in voice" : "out of voice"); });
    bot.on([&](const VoiceSignal& event) { seen.add("signal " + event.type); });
    test::Diary diary(bot), other(person);
    person.start();
    ASSERT_TRUE(other.wait_ready());
    bot.start();
    ASSERT_TRUE(diary.wait_ready());
    EXPECT_TRUE(seen.wait_contains("presence online"));
    bot.update_presence(Presence{PresenceStatus::dnd}).get();
    EXPECT_TRUE(seen.wait_contains("presence dnd"));

    EXPECT_EQ(bot.request_members(MemberQuery{sandbox.server()}).get().size(), 2u);
    EXPECT_EQ(bot.request_members(MemberQuery{sandbox.server()}.query("AL").limit(5)).get().size(), 1u);

    const auto way = bot.join_voice(sandbox.server(), voice).get();
    EXPECT_FALSE(way.token.empty());
    EXPECT_EQ(way.ice_servers.size(), 2u);
    EXPECT_TRUE(seen.wait_contains("in voice"));
    bot.send_voice_signal(VoiceOffer{"v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", way.token}).get();
    EXPECT_TRUE(seen.wait_contains("signal answer"));
    bot.leave_voice(sandbox.server()).get();
    EXPECT_TRUE(seen.wait_contains("out of voice"));
    EXPECT_THROW(bot.join_voice(sandbox.server(), sandbox.general()).get(), VoiceError);
}

TEST(SandboxMembers, are_requested_before_the_session_is_ready) {
    Sandbox sandbox;
    Client bot(test::options_for(sandbox));
    bot.start();
    // Seven characters fewer than it has bytes: it is characters that are counted.
    const std::string longest = std::string(93, 'x') + "ééééééé";
    EXPECT_EQ(bot.request_members(MemberQuery{sandbox.server()}.query(longest)).get().size(), 0u);
    EXPECT_EQ(bot.request_members(MemberQuery{sandbox.server()}).get().size(), 2u);
}

TEST(SandboxLog, reports_webhook_requests_without_the_token) {
    const auto log = std::make_shared<test::NotedLog>();
    const Sandbox sandbox(sandbox::Options{.log = log});
    RestClient rest{rest_options(sandbox, sandbox.bot_token())};
    const Webhook webhook = rest.create_webhook(sandbox.general(), NewWebhook("ci")).get();
    webhook.execute(WebhookBody("hi")).get();
    EXPECT_THROW(rest.get_webhook_message(webhook.id, webhook.token, MessageId{1}).get(), NotFoundError);
    const std::string token(webhook.token.reveal());
    bool logged = false;
    for (const auto& line : log->lines.all()) {
        logged = logged || line.find("POST /api/v1/webhooks/" + webhook.id.str() + "/*** 204") != line.npos;
        EXPECT_EQ(line.find(token), line.npos) << line;
    }
    EXPECT_TRUE(logged);
}

INSTANTIATE_TEST_SUITE_P(Dialects, SandboxCalls,
                         testing::Values(sandbox::Dialect::spec, sandbox::Dialect::web, sandbox::Dialect::flat),
                         [](const auto& row) -> std::string {
                             return row.param == sandbox::Dialect::spec  ? "spec"
                                    : row.param == sandbox::Dialect::web ? "web"
                                                                         : "flat";
                         });

}  // namespace
}  // namespace intent::sandbox_calls_test
