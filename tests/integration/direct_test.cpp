// Direct messages between a client and the sandbox: they reach the bot typed, and its members alone (protocol §16).
#include "tests/support/control_client.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

namespace intent::direct_test {
namespace {

using test::ControlClient;

struct SandboxDirectMessages : testing::Test {
    void SetUp() override {
        client.on([this](const ChannelCreate& event) { created.add(event.channel.id.str()); });
        client.on([this](const MessageCreate& event) {
            messages.add(event.message.mls_ciphertext.value_or("") + " " + event.message.content);
        });
        client.on([this](const MlsWelcome& event) { welcomes.add(event.welcome); });
        client.on([this](const ErrorEvent& event) { errors.add(event.message); });
        client.start();
        ASSERT_TRUE(diary.wait_ready());
    }

    Sandbox sandbox;
    Client client{test::options_for(sandbox)};
    test::Diary diary{client};
    test::Recorder<std::string> created, messages, welcomes, errors;
};

TEST_F(SandboxDirectMessages, reach_the_bot_with_their_ciphertext) {
    const auto direct = sandbox.open_direct("alice", {"bot"});
    ASSERT_TRUE(created.wait_contains(direct.str()));
    sandbox.user("alice").say_encrypted(direct, "c2VjcmV0");
    ASSERT_TRUE(messages.wait_contains("c2VjcmV0 "));
    EXPECT_EQ(
        sandbox.dispatch("MLS_WELCOME",
                         R"({"channel_id":")" + direct.str() + R"(","welcome":"dw==","group_info":"Zw=="})", {"bot"}),
        1u);
    ASSERT_TRUE(welcomes.wait_contains("dw=="));
    const auto channel = client.rest().get_channel(direct).get();
    EXPECT_EQ(channel.type, ChannelType::direct);
    EXPECT_FALSE(channel.server_id);
    ASSERT_EQ(channel.recipients.size(), 1u);
    EXPECT_EQ(channel.recipients[0].username, "alice");
    EXPECT_EQ(errors.count(), 0u);
}

TEST_F(SandboxDirectMessages, of_others_never_reach_it) {
    sandbox.add_user("bob");
    const auto theirs = sandbox.open_direct("alice", {"bob"});
    sandbox.user("bob").say_encrypted(theirs, "b3RoZXJz");
    sandbox.user("bob").type(theirs);
    EXPECT_THROW(client.rest().get_channel(theirs).get(), ForbiddenError);
    EXPECT_THROW(client.rest().get_messages(theirs).get(), ForbiddenError);
    sandbox.say("alice", sandbox.general(), "the last word");
    ASSERT_TRUE(messages.wait_contains(" the last word"));
    EXPECT_EQ(messages.count(), 1u);
    EXPECT_EQ(created.count(), 0u);
    EXPECT_THROW(sandbox.user("alice").say(theirs, "plain"), ConfigError);
    EXPECT_EQ(sandbox.messages(theirs).at(0).mls_ciphertext, "b3RoZXJz");
}

TEST_F(SandboxDirectMessages, can_be_opened_through_the_control_api) {
    ControlClient control(sandbox);
    const auto made =
        control.post("/direct-channels", R"({"user":"alice","recipients":["bot"],"mls_initialized":true})");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json().at("recipients").at(0).at("username"), "bot");
    EXPECT_EQ(made.json().at("mls_initialized"), true);
    EXPECT_EQ(control.post("/direct-channels", R"({"user":"alice","recipients":["bot"]})").status, 200);
    ASSERT_TRUE(created.wait_contains(std::string(made.json().at("id").as_string())));
    const auto all = control.get("/direct-channels").json().at("channels").as_array();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].at("recipients").as_array().size(), 2u);
    EXPECT_EQ(control.get("/state").json().at("direct_channels"), boost::json::value(all));
    EXPECT_EQ(control.post("/direct-channels", R"({"user":"alice"})").error(), "recipients: required: 1-9 users");
    const std::string path = "/as/alice/channels/" + std::string(made.json().at("id").as_string()) + "/messages";
    EXPECT_EQ(control.post(path, R"({"content":"hi"})").status, 400);
    EXPECT_EQ(control.post(path, R"({"mls_ciphertext":"YWJj"})").status, 201);
    ASSERT_TRUE(messages.wait_contains("YWJj "));
    EXPECT_NE(sandbox.transcript().find("said in direct messages:"), std::string::npos);
}

}  // namespace
}  // namespace intent::direct_test
