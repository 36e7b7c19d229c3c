// Calls against a server that plays answers, whatever the sandbox would say.
#include "net/server.hpp"
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace intent::rest_routes_test {
namespace {

const std::string user_json = R"({"id":"7","username":"ada"})";
const std::string member_json =
    R"({"user":)" + user_json + R"(,"server_id":"42","nickname":"A","roles":["5"],"joined_at":"2024-01-02T00:00:00Z"})";
const std::string role_json =
    R"({"id":"5","server_id":"42","name":"mods","permissions":"2048","position":1,"color":255})";
const std::string invite_json =
    R"({"code":"aB1","server_id":"42","inviter":{"id":"7","username":"ada"},"uses":0,"created_at":"2024-01-02T00:00:00Z"})";
const std::string webhook_json =
    R"({"id":"66","type":1,"channel_id":"22","server_id":"42","name":"ci","token":"s3cr3t","created_at":"2024-01-02T00:00:00Z"})";
const std::string message_json =
    R"({"id":"33","channel_id":"22","author":{"id":"66","username":"ci"},"content":"hi","created_at":"2024-01-02T00:00:00Z","webhook_id":"66"})";
const std::string server_json = R"({"id":"42","name":"Home","owner_id":"1"})";

/// Answers each "METHOD /path" with what was set for it, in turn; the last answer stays.
class Stage : public net::ServerHandler {
public:
    Stage() {
        loop_.start();
        server_ = std::make_unique<net::Server>(loop_, net::ServerOptions{}, *this);
    }
    ~Stage() override { server_.reset(); }

    void answer(const std::string& call, int status, const std::string& body = {}) {
        const std::lock_guard lock(mutex_);
        answers_[call].push_back({status, {{"content-type", "application/json"}}, body});
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/v1"; }

    void on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) override {
        const std::string call = request.method + " " + request.path.substr(3);
        net::ServerResponse response{418, {}, R"({"error":"not expected"})"};
        {
            const std::lock_guard lock(mutex_);
            if (auto& list = answers_[call]; !list.empty()) {
                response = list.front();
                if (list.size() > 1) list.erase(list.begin());
            }
        }
        requests.add(std::move(request));
        respond(std::move(response));
    }
    std::unique_ptr<net::ServerSocketHandler> on_socket(const net::ServerRequest&,
                                                        std::shared_ptr<net::ServerSocket>) override {
        return nullptr;
    }

    test::Recorder<net::ServerRequest> requests;

private:
    std::mutex mutex_;
    std::map<std::string, std::vector<net::ServerResponse>> answers_;
    net::Loop loop_;
    std::unique_ptr<net::Server> server_;
};

class RestRoutes : public testing::Test {
protected:
    RestOptions options(Token token) const {
        RestOptions result;
        result.token = std::move(token);
        result.rest_url = stage.url();
        result.log = log;
        return result;
    }

    Stage stage;
    std::shared_ptr<test::NotedLog> log = std::make_shared<test::NotedLog>();
    RestClient rest{options("bot_abc")};
};

TEST_F(RestRoutes, members_are_read_in_every_shape) {
    for (const bool wrapped : {false, true}) {
        for (const auto& one : {member_json, user_json}) {
            const std::string list = "[" + one + "]";
            stage.answer("GET /servers/42/members", 200, wrapped ? R"({"members":)" + list + "}" : list);
        }
    }
    for (int i = 0; i < 4; ++i) {
        const auto members = rest.get_members(ServerId{42}).get();
        ASSERT_EQ(members.size(), 1u);
        EXPECT_EQ(members[0].user.username, "ada");
        EXPECT_EQ(members[0].server_id, ServerId{42});
        EXPECT_EQ(members[0].roles.size(), i % 2 == 0 ? 1u : 0u);
        EXPECT_EQ(members[0].shown_name(), i % 2 == 0 ? "A" : "ada");
    }
    stage.answer("GET /servers/43/members", 200, R"([{"name":"x"}])");
    EXPECT_THROW(rest.get_members(ServerId{43}).get(), DecodeError);
}

TEST_F(RestRoutes, a_member_is_edited_given_roles_and_kicked) {
    stage.answer("GET /servers/42/members/7", 200, member_json);
    stage.answer("PATCH /servers/42/members/7", 200, R"({"member":)" + member_json + "}");
    stage.answer("DELETE /servers/42/members/7", 204);
    const Member member = rest.get_member(ServerId{42}, UserId{7}).get();
    EXPECT_EQ(member.edit(MemberEdit().nickname("B")).get().nickname, "A");
    member.add_role(RoleId{6}).get();
    member.remove_role(RoleId{5}).get();
    member.kick().get();
    const auto sent = stage.requests.all();
    ASSERT_EQ(sent.size(), 7u);
    EXPECT_EQ(sent[1].body, R"({"nickname":"B"})");
    EXPECT_EQ(sent[3].body, R"({"roles":["5","6"]})");
    EXPECT_EQ(sent[5].body, R"({"roles":[]})");
    EXPECT_EQ(sent[6].method, "DELETE");
}

TEST_F(RestRoutes, a_role_is_added_to_those_that_the_member_has_now) {
    std::string now = member_json;
    now.replace(now.find(R"(["5"])"), 5, R"(["8","9"])");
    stage.answer("GET /servers/42/members/7", 200, member_json);
    stage.answer("GET /servers/42/members/7", 200, now);
    stage.answer("PATCH /servers/42/members/7", 200, member_json);
    const Member before = rest.get_member(ServerId{42}, UserId{7}).get();
    EXPECT_EQ(before.as_user().client().alive(), true);
    before.add_role(RoleId{6}).get();
    rest.remove_member_role(ServerId{42}, UserId{7}, RoleId{8}).get();
    auto sent = stage.requests.all();
    ASSERT_EQ(sent.size(), 5u);
    EXPECT_EQ(sent[2].body, R"({"roles":["8","9","6"]})");
    EXPECT_EQ(sent[4].body, R"({"roles":["9"]})");

    EXPECT_EQ(rest.add_member_role(ServerId{42}, UserId{7}, RoleId{9}).get().roles.size(), 2u);
    EXPECT_EQ(before.remove_role(RoleId{5}).get().roles.size(), 2u);
    EXPECT_EQ(stage.requests.count(), 7u) << "nothing to change";
    EXPECT_THROW(rest.add_member_role(ServerId{42}, UserId{7}, RoleId{}).get(), ConfigError);
    EXPECT_EQ(stage.requests.count(), 7u);
}

TEST_F(RestRoutes, a_role_is_not_added_if_the_other_roles_are_unknown) {
    stage.answer("GET /servers/42/members/7", 200, user_json);
    EXPECT_THROW(rest.add_member_role(ServerId{42}, UserId{7}, RoleId{6}).get(), DecodeError);
    EXPECT_EQ(stage.requests.count(), 1u) << "an empty list of roles would be sent";
}

TEST_F(RestRoutes, a_webhook_is_used_by_its_id_and_token) {
    stage.answer("POST /webhooks/66/s3cr3t", 204);
    stage.answer("GET /webhooks/66/s3cr3t", 200, webhook_json);
    stage.answer("GET /webhooks/66", 200, webhook_json);
    stage.answer("GET /webhooks/66/s3cr3t/messages/33", 200, message_json);
    stage.answer("PATCH /webhooks/66/s3cr3t/messages/33", 200, message_json);
    stage.answer("DELETE /webhooks/66/s3cr3t/messages/33", 204);
    const Webhook webhook = rest.webhook(WebhookId{66}, "s3cr3t");
    EXPECT_EQ(stage.requests.count(), 0u);
    webhook.execute("hi").get();
    EXPECT_EQ(webhook.message(MessageId{33}).get().content, "hi");
    webhook.edit_message(MessageId{33}, "ho").get();
    webhook.remove_message(MessageId{33}).get();
    for (const auto& request : stage.requests.all())
        EXPECT_EQ(request.header("authorization"), "") << request.path;
    EXPECT_EQ(webhook.fetch().get().name, "ci");
    EXPECT_EQ(rest.webhook(WebhookId{66}, Secret()).fetch().get().name, "ci");
    const auto sent = stage.requests.all();
    EXPECT_EQ(sent.back().path, "/v1/webhooks/66");
    EXPECT_THROW(rest.webhook(WebhookId{66}, Secret()).execute("hi").get(), ConfigError);
    EXPECT_EQ(stage.requests.count(), 6u);
}

TEST_F(RestRoutes, roles_and_invites_have_methods) {
    stage.answer("GET /servers/42", 200, server_json);
    stage.answer("GET /servers/42/roles", 200, R"({"roles":[)" + role_json + "]}");
    stage.answer("POST /servers/42/roles", 201, role_json);
    stage.answer("PATCH /servers/42/roles/5", 200, R"({"role":)" + role_json + "}");
    stage.answer("DELETE /servers/42/roles/5", 204);
    stage.answer("GET /servers/42/invites", 200, "[" + invite_json + "]");
    stage.answer("POST /servers/42/invites", 201, invite_json);
    stage.answer("GET /invites/aB1", 200, invite_json);
    stage.answer("POST /invites/aB1", 200, R"({"server":)" + server_json + R"(,"channel_id":"22"})");
    stage.answer("DELETE /invites/aB1", 204);

    const Server server = rest.get_server(ServerId{42}).get();
    EXPECT_EQ(server.roles().get().at(0).name, "mods");
    const Role role = server.create_role("mods").get();
    EXPECT_TRUE(role.permissions.has(Permission::send_messages));
    EXPECT_EQ(role.edit(RoleEdit().position(3)).get().id, RoleId{5});
    role.remove().get();

    EXPECT_EQ(server.invites().get().size(), 1u);
    EXPECT_EQ(server.create_invite(NewInvite().max_uses(1)).get().inviter.username, "ada");
    const Invite invite = rest.get_invite("aB1").get();
    const AcceptedInvite accepted = invite.accept().get();
    EXPECT_EQ(accepted.server.name, "Home");
    EXPECT_EQ(accepted.channel_id, ChannelId{22});
    invite.remove().get();
    EXPECT_EQ(stage.requests.count(), 10u);
}

TEST_F(RestRoutes, people_log_in_without_a_token_and_a_wrong_password_has_no_other_effect) {
    stage.answer("POST /auth/login", 401, R"({"error":"wrong password"})");
    stage.answer("POST /auth/login", 200, R"({"token":"usr_new","user":)" + user_json + "}");
    stage.answer("POST /auth/login", 200, R"({"token":"","user":)" + user_json + "}");
    stage.answer("GET /users/@me", 200, user_json);
    stage.answer("PATCH /users/@me", 200, user_json);
    stage.answer("POST /auth/logout", 204);
    RestClient nobody(options(Token()));
    EXPECT_THROW(nobody.login({"ada", "wrong"}).get(), UnauthorizedError);
    const Login login = nobody.login({"ada", "right"}).get();
    EXPECT_EQ(login.user.username, "ada");
    EXPECT_THROW(nobody.get_current_user().get(), ConfigError);
    nobody.set_token(login.token);
    EXPECT_EQ(nobody.get_current_user().get().id, UserId{7});
    EXPECT_EQ(nobody.edit_current_user(UserEdit().display_name("Ada")).get().id, UserId{7});
    EXPECT_THROW(nobody.login({"ada", "right"}).get(), DecodeError);
    nobody.logout().get();
    for (const auto& request : stage.requests.all())
        EXPECT_EQ(request.header("authorization"), request.path == "/v1/auth/login" ? "" : "Bearer usr_new");
}

TEST_F(RestRoutes, case_163_direct_messages_are_opened_and_take_ciphertext_only) {
    const std::string dm = R"({"id":"88","type":3,"server_id":null,"recipients":[)" + user_json +
                           R"(],"mls_initialized":true,"created_at":"2024-01-02T00:00:00Z"})";
    const std::string encrypted = R"({"id":"34","channel_id":"88","author":)" + user_json +
                                  R"(,"content":null,"mls_ciphertext":"AAEC","created_at":"2024-01-02T00:00:00Z"})";
    stage.answer("POST /users/@me/channels", 201, dm);
    stage.answer("POST /users/@me/channels", 200, R"({"channel":)" + dm + "}");
    stage.answer("POST /channels/88/messages", 201, encrypted);
    stage.answer("PATCH /channels/88/messages/34", 200, encrypted);
    stage.answer("PUT /channels/88/recipients/9", 204);
    stage.answer("DELETE /channels/88/recipients/9", 204);
    stage.answer("POST /channels/88/typing", 204);
    stage.answer("POST /channels/88/invites", 201, invite_json);
    stage.answer("GET /users/7", 200, user_json);

    const Channel channel = rest.get_user(UserId{7}).get().create_dm().get();
    EXPECT_TRUE(channel.is_direct());
    EXPECT_FALSE(channel.server_id);
    EXPECT_EQ(rest.create_dm({UserId{7}, UserId{8}}).get(), channel);
    const auto before = stage.requests.count();
    EXPECT_THROW(channel.send("plain").get(), ConfigError);
    const Message message = channel.send(MessageBody().mls_ciphertext("AAEC")).get();
    EXPECT_EQ(message.mls_ciphertext, "AAEC");
    try {
        message.reply("plain").get();
        ADD_FAILURE() << "sent";
    } catch (const ConfigError& error) {
        EXPECT_NE(std::string(error.what()).find("mls_ciphertext"), std::string::npos) << error.what();
    }
    EXPECT_THROW(message.edit("plain").get(), ConfigError);
    EXPECT_EQ(stage.requests.count(), before + 1) << "plain text was not sent";
    message.reply(MessageBody().mls_ciphertext("AAEC")).get();
    message.edit(MessageBody().mls_ciphertext("AAEC")).get();
    channel.add_recipient(UserId{9}).get();
    channel.remove_recipient(UserId{9}).get();
    channel.trigger_typing().get();
    EXPECT_EQ(channel.create_invite().get().code, "aB1");
}

TEST_F(RestRoutes, voice_regions_and_turn_credentials_have_types) {
    stage.answer("GET /voice/regions", 200,
                 R"([{"id":"eu","name":"Europe","endpoint":"eu.example","deprecated":true},{"id":"x","name":"X"}])");
    stage.answer("POST /voice/turn-credentials", 200,
                 R"({"ice_servers":[{"urls":["turn:t"],"username":"u","credential":"s3cr3t"}],"ttl":43200})");
    const auto regions = rest.get_voice_regions().get();
    ASSERT_EQ(regions.size(), 2u);
    EXPECT_EQ(regions[0].endpoint, "eu.example");
    EXPECT_TRUE(regions[0].deprecated);
    EXPECT_FALSE(regions[1].deprecated);
    const auto turn = rest.create_turn_credentials(ServerId{42}).get();
    EXPECT_EQ(turn.ttl, std::chrono::hours(12));
    EXPECT_EQ(turn.ice_servers.at(0).credential->reveal(), "s3cr3t");
}

TEST_F(RestRoutes, a_5xx_is_retried) {
    stage.answer("GET /voice/regions", 503, "<html>");
    stage.answer("GET /voice/regions", 200, "[]");
    EXPECT_TRUE(rest.get_voice_regions().get().empty());
    EXPECT_EQ(stage.requests.count(), 2u);
    stage.answer("POST /voice/turn-credentials", 503);
    EXPECT_THROW(rest.create_turn_credentials(ServerId{42}).get(), ServerError);
    EXPECT_EQ(stage.requests.count(), 3u) << "a POST is not tried again";
}

TEST_F(RestRoutes, case_139_webhooks_are_made_executed_and_edited) {
    stage.answer("GET /channels/22", 200, R"({"id":"22","server_id":"42","name":"c","type":0,"position":0})");
    stage.answer("POST /channels/22/webhooks", 201, webhook_json);
    stage.answer("GET /channels/22/webhooks", 200, "[" + webhook_json + "]");
    stage.answer("GET /servers/42/webhooks", 200, R"({"webhooks":[]})");
    stage.answer("PATCH /webhooks/66", 200, webhook_json);
    stage.answer("POST /webhooks/66/regenerate-token", 200, webhook_json);
    stage.answer("DELETE /webhooks/66", 204);
    stage.answer("POST /webhooks/66/s3cr3t", 204);
    stage.answer("POST /webhooks/66/s3cr3t", 200, message_json);
    stage.answer("POST /webhooks/66/s3cr3t", 201, R"({"message":)" + message_json + "}");
    stage.answer("POST /webhooks/66/s3cr3t", 200, "done");
    stage.answer("PATCH /webhooks/66/s3cr3t/messages/33", 200, message_json);
    stage.answer("DELETE /webhooks/66/s3cr3t/messages/33", 404, R"({"error":"Unknown message"})");
    stage.answer("POST /channels/22/messages/bulk-delete", 204);

    const Channel channel = rest.get_channel(ChannelId{22}).get();
    const Webhook webhook = channel.create_webhook("ci").get();
    EXPECT_EQ(channel.webhooks().get().size(), 1u);
    EXPECT_TRUE(rest.get_webhooks(ServerId{42}).get().empty());
    EXPECT_FALSE(webhook.execute(WebhookBody("hi").wait()).get()) << "204 although asked to wait";
    EXPECT_EQ(webhook.execute("hi").get()->id, MessageId{33}) << "200 without being asked";
    EXPECT_TRUE(webhook.execute(WebhookBody("hi").wait()).get()->from_webhook());
    EXPECT_FALSE(webhook.execute("hi").get());
    EXPECT_EQ(webhook.edit_message(MessageId{33}, "new").get().content, "hi");
    EXPECT_THROW(webhook.remove_message(MessageId{33}).get(), NotFoundError);
    EXPECT_FALSE(webhook.execute("hi").get()) << "the message was not there, the webhook is";
    EXPECT_EQ(webhook.edit(WebhookEdit().name("cd")).get().name, "ci");
    EXPECT_EQ(webhook.regenerate_token().get().token, Secret("s3cr3t"));
    webhook.remove().get();
    channel.remove_messages({MessageId{1}}).get();
    for (const auto& request : stage.requests.all()) {
        const bool by_token = request.path.find("s3cr3t") != std::string::npos;
        EXPECT_EQ(request.header("authorization"), by_token ? "" : "Bearer bot_abc") << request.path;
    }
}

TEST_F(RestRoutes, case_134_140_a_deleted_webhook_fails_its_queue_at_once_and_shows_no_token) {
    for (const int status : {404, 401}) {
        SCOPED_TRACE(status);
        const WebhookId id{static_cast<std::uint64_t>(status)};
        const std::string path = "/webhooks/" + id.str() + "/s3cr3t";
        stage.answer("POST " + path, status, R"({"error":"no webhook with token s3cr3t"})");
        stage.answer("GET /users/@me", 200, user_json);
        const auto before = stage.requests.count();
        std::vector<task<std::optional<Message>>> sending;
        for (int i = 0; i < 1000; ++i)
            sending.push_back(rest.execute_webhook(id, "s3cr3t", "hi"));
        for (auto& one : sending) {
            try {
                one.get();
                FAIL() << "no error";
            } catch (const HttpError& error) {
                EXPECT_EQ(error.status(), status);
                EXPECT_EQ(error.info().route, "/webhooks/{webhook_id}/{token}");
                ASSERT_EQ(std::string(error.what()).find("s3cr3t"), std::string::npos) << error.what();
            }
        }
        EXPECT_EQ(stage.requests.count(), before + 1);
        EXPECT_EQ(rest.get_current_user().get().id, UserId{7}) << "the bot's token is not affected";

        stage.answer("GET " + path, 200, webhook_json);
        rest.get_webhook(id, "s3cr3t").get();
        EXPECT_THROW(rest.execute_webhook(id, "s3cr3t", "hi").get(), HttpError);
        EXPECT_EQ(stage.requests.count(), before + 4) << "get_webhook asks the server again";
    }
    EXPECT_FALSE(log->mentions("s3cr3t"));
}

}  // namespace
}  // namespace intent::rest_routes_test
