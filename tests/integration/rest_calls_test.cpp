// Every call of the RestClient against the sandbox, and every way it can fail.
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace intent::rest_calls_test {
namespace {

RestOptions rest_options(const Sandbox& sandbox, Token token) {
    RestOptions options;
    options.token = std::move(token);
    options.rest_url = sandbox.rest_url();
    options.log = nullptr;
    return options;
}

class RestCalls : public testing::TestWithParam<sandbox::Dialect> {
protected:
    Sandbox sandbox{sandbox::Options{.dialect = GetParam(), .limits = false}};
    RestClient rest{rest_options(sandbox, sandbox.bot_token())};
};

TEST_P(RestCalls, users) {
    const User me = rest.get_current_user().get();
    EXPECT_EQ(me.username, "bot");
    EXPECT_EQ(rest.get_user(sandbox.user_id("alice")).get().username, "alice");
    EXPECT_EQ(me.fetch().get().id, me.id);
}

TEST_P(RestCalls, servers) {
    const Server made = rest.create_server(NewServer("Mine").description("about")).get();
    EXPECT_EQ(made.description, "about");
    EXPECT_EQ(made.owner_id, sandbox.user_id("bot"));
    EXPECT_EQ(rest.get_server(made.id).get().name, "Mine");
    EXPECT_EQ(rest.get_servers().get().size(), 2u);

    EXPECT_EQ(rest.edit_server(made.id, ServerEdit().name("Other")).get().name, "Other");
    const Server changed = made.edit(ServerEdit().description("else")).get();
    EXPECT_EQ(changed.name, "Other");
    EXPECT_EQ(changed.description, "else");
    EXPECT_EQ(made.edit(ServerEdit().description(std::nullopt)).get().description, std::nullopt);

    rest.remove_server(made.id).get();
    EXPECT_EQ(rest.get_servers().get().size(), 1u);
    rest.leave_server(sandbox.server()).get();
    EXPECT_TRUE(rest.get_servers().get().empty());
}

TEST_P(RestCalls, channels) {
    const Server server = rest.get_server(sandbox.server()).get();
    const Channel made = rest.create_channel(server.id, NewChannel("news").topic("what is new").position(3)).get();
    EXPECT_EQ(made.topic, "what is new");
    EXPECT_EQ(made.position, 3);
    EXPECT_EQ(made.type, ChannelType::text);
    EXPECT_EQ(server.create_channel(NewChannel("stage", ChannelType::voice)).get().type, ChannelType::voice);
    EXPECT_EQ(rest.get_channels(server.id).get().size(), 3u);
    EXPECT_EQ(server.channels().get().size(), 3u);

    EXPECT_EQ(rest.edit_channel(made.id, ChannelEdit().topic("nothing")).get().topic, "nothing");
    EXPECT_EQ(made.edit(ChannelEdit().name("old-news")).get().name, "old-news");
    EXPECT_EQ(rest.get_channel(made.id).get().name, "old-news");
    EXPECT_EQ(made.edit(ChannelEdit().topic(std::nullopt)).get().topic, std::nullopt);
    rest.remove_channel(made.id).get();
    EXPECT_EQ(rest.get_channels(server.id).get().size(), 2u);
}

TEST_P(RestCalls, a_channel_is_put_into_a_category_and_taken_out_of_it) {
    const Server server = rest.get_server(sandbox.server()).get();
    const Channel category = server.create_channel(NewChannel("group", ChannelType::category)).get();
    const Channel made = server.create_channel(NewChannel("inside").parent(category.id)).get();
    EXPECT_EQ(made.parent_id, category.id);
    EXPECT_EQ(made.edit(ChannelEdit().name("still-inside")).get().parent_id, category.id);
    EXPECT_EQ(made.edit(ChannelEdit().parent(std::nullopt)).get().parent_id, std::nullopt);
    EXPECT_EQ(made.edit(ChannelEdit().parent(category.id)).get().parent_id, category.id);
}

TEST_P(RestCalls, messages) {
    const Channel general = rest.get_channel(sandbox.general()).get();
    std::vector<Message> made;
    for (int i = 1; i <= 5; ++i)
        made.push_back(general.send("number " + std::to_string(i)).get());
    EXPECT_EQ(rest.get_message(general.id, made[0].id).get().content, "number 1");

    const auto newest = general.messages(PageOptions().limit(2)).get();
    ASSERT_EQ(newest.size(), 2u);
    EXPECT_EQ(newest[0].content, "number 5");
    const auto older = rest.get_messages(general.id, PageOptions().before(made[2].id)).get();
    ASSERT_EQ(older.size(), 2u);
    EXPECT_EQ(older[0].content, "number 2");
    EXPECT_EQ(rest.get_messages(general.id, PageOptions().after(made[2].id)).get().size(), 2u);

    const Message edited = made[0].edit("changed \U0001F389").get();
    EXPECT_EQ(edited.content, "changed \U0001F389");
    EXPECT_TRUE(edited.edited_at);
    EXPECT_EQ(rest.edit_message(general.id, made[0].id, "again").get().content, "again");
    made[0].remove().get();
    rest.remove_message(general.id, made[1].id).get();
    EXPECT_EQ(rest.get_messages(general.id).get().size(), 3u);

    const Message reply = made[2].reply(MessageBody().embed(Embed().title("t").field("n", "v", true))).get();
    ASSERT_EQ(reply.embeds.size(), 1u);
    EXPECT_EQ(reply.embeds[0].title, "t");
    ASSERT_EQ(reply.embeds[0].fields.size(), 1u);
    EXPECT_TRUE(reply.embeds[0].fields[0].is_inline);
    EXPECT_EQ(reply.content, "");
}

TEST_P(RestCalls, a_custom_path) {
    const std::string text = rest.get_json("/servers").get();
    EXPECT_EQ(text.front(), GetParam() == sandbox::Dialect::web ? '{' : '[');
    EXPECT_NE(text.find("\"Sandbox\""), std::string::npos);
    EXPECT_THROW(rest.get_json("/no/such/path").get(), NotFoundError);
    EXPECT_THROW(rest.get_json("servers").get(), ConfigError);

    const std::string general = std::to_string(sandbox.general().value);
    const auto made = rest.call_json("POST", "/channels/" + general + "/messages", R"({"content":"raw"})").get();
    EXPECT_NE(made.find("\"raw\""), std::string::npos);
    const Message newest = rest.get_messages(sandbox.general()).get().front();
    EXPECT_EQ(newest.content, "raw");
    const std::string one = "/channels/" + general + "/messages/" + std::to_string(newest.id.value);
    EXPECT_EQ(rest.call_json("DELETE", one).get(), "");
    EXPECT_THROW(rest.call_json("DELETE", one).get(), NotFoundError);
}

INSTANTIATE_TEST_SUITE_P(Sandbox, RestCalls, testing::Values(sandbox::Dialect::spec, sandbox::Dialect::web),
                         [](const auto& row) { return row.param == sandbox::Dialect::web ? "web" : "spec"; });

class RestErrors : public testing::Test {
protected:
    /// What a call fails with, as the text of the error of that type.
    template <class Error, class Call>
    static std::string text_of(Call call) {
        try {
            call();
        } catch (const Error& error) {
            return error.what();
        } catch (const std::exception& error) {
            return std::string("another error: ") + error.what();
        }
        return "no error";
    }

    Sandbox sandbox{sandbox::Options{.limits = false}};
    RestClient rest{rest_options(sandbox, sandbox.bot_token())};
};

TEST_F(RestErrors, what_is_not_there_is_a_NotFoundError_with_route_and_code) {
    try {
        rest.get_message(sandbox.general(), MessageId{1}).get();
        FAIL() << "no error";
    } catch (const NotFoundError& error) {
        EXPECT_EQ(error.status(), 404);
        EXPECT_EQ(error.info().method, "GET");
        EXPECT_EQ(error.info().route, "/channels/{channel_id}/messages/{message_id}");
        EXPECT_FALSE(error.code().empty());
        EXPECT_FALSE(error.server_message().empty());
        const std::string text = error.what();
        EXPECT_EQ(text.rfind("GET /channels/{channel_id}/messages/{message_id}: 404 ", 0), 0u) << text;
    }
    EXPECT_THROW(rest.get_server(ServerId{1}).get(), NotFoundError);
}

TEST_F(RestErrors, what_is_not_allowed_is_a_ForbiddenError) {
    const auto message = sandbox.say("alice", sandbox.general(), "mine");
    EXPECT_THROW(rest.edit_message(sandbox.general(), message, "yours").get(), ForbiddenError);
    EXPECT_THROW(rest.remove_server(sandbox.server()).get(), ForbiddenError);
}

TEST_F(RestErrors, what_the_server_finds_wrong_is_an_HttpError) {
    try {
        rest.create_channel(sandbox.server(), NewChannel("x").position(-1)).get();
        FAIL() << "no error";
    } catch (const HttpError& error) {
        EXPECT_EQ(error.status(), 400);
    }
}

TEST_F(RestErrors, what_the_sdk_finds_wrong_is_a_ConfigError_and_is_not_sent) {
    EXPECT_EQ(text_of<ConfigError>([&] { rest.create_message(sandbox.general(), "").get(); }),
              "POST /channels/{channel_id}/messages: content: empty, and there are no embeds; one of them is needed");
    EXPECT_THROW(rest.get_channel(ChannelId{}).get(), ConfigError);
    EXPECT_THROW(rest.create_message(sandbox.general(), std::string(2001, 'x')).get(), ConfigError);
    EXPECT_THROW(rest.create_message(sandbox.general(), "\xff").get(), ConfigError);
    EXPECT_EQ(sandbox.requests(), 0u);

    RestClient nobody(rest_options(sandbox, Token()));
    EXPECT_EQ(text_of<ConfigError>([&] { nobody.get_servers().get(); }),
              "GET /servers: no token is set; set one in the options (INTENT_TOKEN)");
    EXPECT_EQ(sandbox.requests(), 0u);
}

TEST_F(RestErrors, a_refused_token_is_not_used_again_until_it_is_changed) {
    RestClient stranger(rest_options(sandbox, "bot_d3Jvbmc"));
    EXPECT_THROW(stranger.get_servers().get(), UnauthorizedError);
    const auto sent = sandbox.requests();
    for (int i = 0; i < 3; ++i) {
        const auto text = text_of<UnauthorizedError>([&] { stranger.create_message(sandbox.general(), "x").get(); });
        EXPECT_NE(text.find("refused before"), std::string::npos) << text;
        EXPECT_EQ(text.find("d3Jvbmc"), std::string::npos);
    }
    EXPECT_EQ(sandbox.requests(), sent);

    stranger.set_token(sandbox.bot_token());
    EXPECT_EQ(stranger.get_servers().get().size(), 1u);
    EXPECT_THROW(stranger.set_token(Token()), ConfigError);
}

TEST_F(RestErrors, a_call_without_a_server_waits_for_a_retry_and_ends_with_its_client) {
    const auto options = rest_options(sandbox, sandbox.bot_token());
    const auto general = sandbox.general();
    sandbox.stop();
    std::optional<task<Message>> running;
    {
        RestClient brief(options);
        running.emplace(brief.create_message(general, "x"));
    }
    EXPECT_THROW(running->get(), CancelledError);
}

TEST(RestLimits, a_burst_into_one_channel_earns_no_429_and_arrives_in_order) {
    constexpr int count = 20;
    Sandbox sandbox;
    RestClient rest(rest_options(sandbox, sandbox.bot_token()));
    std::vector<task<Message>> sending;
    std::vector<std::string> sent;
    for (int i = 0; i < count; ++i) {
        sent.push_back("number " + std::to_string(i));
        sending.push_back(rest.create_message(sandbox.general(), sent.back()));
    }
    const auto limit = rest.message_limit(sandbox.general()).get();
    EXPECT_GT(limit.waiting, 0u);

    // Meanwhile other channels and routes are not held up.
    const auto other = sandbox.create_channel("alice", sandbox.server(), "other");
    rest.create_message(other, "at once").get();
    EXPECT_LT(sandbox.messages(sandbox.general()).size(), static_cast<std::size_t>(count));

    for (auto& one : sending)
        one.get();
    std::vector<std::string> arrived;
    for (const auto& message : sandbox.messages(sandbox.general()))
        arrived.push_back(message.content);
    EXPECT_EQ(arrived, sent);
    EXPECT_EQ(sandbox.rate_limited(), 0u);
}

TEST(RestWithoutLimits, a_client_does_not_wait_for_a_limit_that_is_never_reached) {
    Sandbox sandbox(sandbox::Options{.limits = false});
    RestClient rest{rest_options(sandbox, sandbox.bot_token())};
    const auto begun = std::chrono::steady_clock::now();
    std::vector<task<Message>> sending;
    for (int i = 0; i < 40; ++i)
        sending.push_back(rest.create_message(sandbox.general(), std::to_string(i)));
    for (auto& one : sending)
        one.get();
    // By the table of protocol §10, to which a client keeps where headers are missing, the 40 take 35 s.
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
    EXPECT_EQ(sandbox.messages(sandbox.general()).size(), 40u);
}

}  // namespace
}  // namespace intent::rest_calls_test
