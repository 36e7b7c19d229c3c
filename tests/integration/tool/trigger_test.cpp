// `intent trigger` and `intent api`.
#include "program.hpp"

#include <intent/sandbox.hpp>
#include <intent/timestamp.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <chrono>

namespace intent::test::trigger_test {

namespace {

class ToolTrigger : public testing::Test {
protected:
    Outcome trigger(std::vector<std::string> words) {
        words.insert(words.begin(), "trigger");
        return run("intent", words, sandbox.environment());
    }

    SandboxProgram sandbox;
};

TEST_F(ToolTrigger, every_event_has_a_template_that_the_library_reads) {
    Program listen("intent", {"listen"}, sandbox.environment());
    ASSERT_TRUE(listen.wait_type("ready")) << listen.errors();
    for (const char* event :
         {"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "SERVER_CREATE", "SERVER_UPDATE", "CHANNEL_CREATE",
          "CHANNEL_UPDATE", "CHANNEL_DELETE", "MEMBER_ADD", "MEMBER_REMOVE", "TYPING_START", "PRESENCE_UPDATE",
          "VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE", "GUILD_MEMBERS_CHUNK", "SERVER_DELETE"}) {
        SCOPED_TRACE(event);
        const auto outcome = trigger({event});
        ASSERT_EQ(outcome.status, 0) << outcome.errors;
        EXPECT_EQ(outcome.errors, "");
        const auto told = parse_line(outcome.lines.at(0));
        EXPECT_EQ(told.at("event"), event);
        EXPECT_EQ(told.at("sessions"), 1);
        const auto got = listen.wait_type(event);
        ASSERT_TRUE(got);
        EXPECT_TRUE(got->contains("data"));
    }
    for (const auto& line : listen.lines().all())
        EXPECT_NE(text(parse_line(line), "type"), "error") << line;
    for (const char* event : {"READY", "RESUMED"})
        EXPECT_EQ(trigger({event}).status, 0) << event;
}

TEST_F(ToolTrigger, encryption_events_go_to_the_members_of_a_direct_channel) {
    const std::string order = text(sandbox.addresses, "web") + "_sandbox/v1/direct-channels";
    const auto opened = [&](const std::string& body) {
        Process curl({"curl", "-s", "-d", body, order}, "/");
        EXPECT_EQ(curl.wait(), 0);
        return text(parse_line(curl.lines.all().at(0)), "id");
    };
    Program listen("intent", {"listen"}, sandbox.environment());
    ASSERT_TRUE(listen.wait_type("ready")) << listen.errors();
    Process curl({"curl", "-s", "-d", R"({"username":"bob"})", text(sandbox.addresses, "web") + "_sandbox/v1/users"},
                 "/");
    EXPECT_EQ(curl.wait(), 0);
    const auto theirs = opened(R"({"user":"alice","recipients":["bob"]})");
    const auto own = opened(R"({"user":"alice","recipients":["bot"]})");
    const auto first = parse_line(trigger({"MLS_WELCOME"}).lines.at(0));
    EXPECT_EQ(text(first.at("data").as_object(), "channel_id"), theirs);
    EXPECT_EQ(first.at("sessions"), 0) << "the bot is not in it";
    const auto second = parse_line(trigger({"MLS_COMMIT", "--channel", own}).lines.at(0));
    EXPECT_EQ(text(second.at("data").as_object(), "channel_id"), own);
    EXPECT_EQ(second.at("sessions"), 1);
    EXPECT_TRUE(listen.wait_type("MLS_COMMIT"));
    EXPECT_EQ(trigger({"MLS_PROPOSAL", "--channel", "1"}).status, 2);
}

TEST_F(ToolTrigger, ids_are_those_of_the_sandbox_and_as_sets_the_user) {
    const std::string channel = sandbox.general();
    const auto sent = run("intent", {"send", channel, "real"}, sandbox.environment());
    const auto message = parse_line(sent.lines.at(0));
    const auto removed = parse_line(trigger({"MESSAGE_DELETE"}).lines.at(0));
    EXPECT_EQ(removed.at("data").at("id"), message.at("id"));
    EXPECT_EQ(text(removed.at("data").as_object(), "channel_id"), channel);

    const auto by_bot = parse_line(trigger({"MESSAGE_CREATE", "--as", "bot", "--channel", "general"}).lines.at(0));
    EXPECT_EQ(by_bot.at("data").at("message").at("author").at("username"), "bot");
    const auto by_person = parse_line(trigger({"MESSAGE_CREATE"}).lines.at(0));
    EXPECT_EQ(by_person.at("data").at("message").at("author").at("username"), "alice");
    EXPECT_TRUE(by_person.at("data").at("message").at("author").at("created_at").is_string());
    EXPECT_NE(by_person.at("data").at("message").at("id"), message.at("id"));
}

TEST(Trigger, follows_the_dialect_and_the_clock_of_the_sandbox) {
    Sandbox sandbox({.dialect = sandbox::Dialect::flat});
    sandbox.advance(std::chrono::hours(24 * 300));
    const MessageId earlier = sandbox.say("alice", sandbox.general(), "x");
    const Environment environment{"INTENT_REST_URL=" + sandbox.rest_url()};
    const auto outcome = run("intent", {"trigger", "MESSAGE_CREATE", "--set", "message.content=\"y\""}, environment);
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
    const auto data = parse_line(outcome.lines.at(0)).at("data").as_object();
    EXPECT_FALSE(data.contains("message"));
    EXPECT_EQ(data.at("content"), "y");
    EXPECT_GT(MessageId::parse(text(data, "id")).value(), earlier);
    EXPECT_GT(parse_timestamp(text(data, "created_at")).value(),
              std::chrono::system_clock::now() + std::chrono::hours(24 * 299));
}

TEST_F(ToolTrigger, set_changes_adds_and_reaches_into_lists) {
    Program listen("intent", {"listen"}, sandbox.environment());
    ASSERT_TRUE(listen.wait_type("ready")) << listen.errors();
    const auto outcome = trigger({"MESSAGE_CREATE", "--set", "message.content=\"héllo = you\"", "--set",
                                  "message.embeds.0.title=\"t\"", "--set", "message.webhook_id=\"77\""});
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
    const auto got = listen.wait_type("MESSAGE_CREATE");
    ASSERT_TRUE(got);
    const auto& message = got->at("data").at("message").as_object();
    EXPECT_EQ(message.at("content"), "héllo = you");
    EXPECT_EQ(message.at("embeds").at(0).at("title"), "t");
    EXPECT_EQ(message.at("webhook_id"), "77");
}

TEST_F(ToolTrigger, data_is_the_whole_payload_of_any_event) {
    Program listen("intent", {"listen", "--raw"}, sandbox.environment());
    ASSERT_TRUE(listen.wait_type("ready")) << listen.errors();
    const TemporaryFile file(R"({"a": [1, {"b": null}]})");
    const auto outcome = trigger({"SOMETHING_NEW", "--data", file.path(), "--set", "c=true"});
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
    const auto got = listen.wait_type("SOMETHING_NEW");
    ASSERT_TRUE(got);
    EXPECT_EQ(boost::json::serialize(got->at("data")), R"({"a":[1,{"b":null}],"c":true})");
}

TEST_F(ToolTrigger, only_named_sessions_get_it_and_zero_is_reported) {
    Program listen("intent", {"listen"}, sandbox.environment());
    ASSERT_TRUE(listen.wait_type("ready")) << listen.errors();
    const auto to_bot = trigger({"TYPING_START", "--to", "bot"});
    EXPECT_EQ(parse_line(to_bot.lines.at(0)).at("sessions"), 1);
    const auto to_nobody = trigger({"TYPING_START", "--to", "alice"});
    EXPECT_EQ(to_nobody.status, 0);
    EXPECT_EQ(parse_line(to_nobody.lines.at(0)).at("sessions"), 0);
    EXPECT_NE(to_nobody.errors.find("no session received it"), std::string::npos) << to_nobody.errors;
    EXPECT_EQ(trigger({"TYPING_START", "--session", "999"}).status, 1);
}

TEST_F(ToolTrigger, invalid_arguments_are_refused_with_the_allowed_ones) {
    const std::pair<std::vector<std::string>, const char*> rows[] = {
        {{"MESAGE_CREATE"}, "did you mean MESSAGE_CREATE?"},
        {{"MESSAGE_CREATE", "--set", "message.content=hi"}, "double quotes"},
        {{"MESSAGE_CREATE", "--set", "message"}, "'='"},
        {{"MESSAGE_CREATE", "--set", "message.content.x=1"}, "message.content is text, not an object"},
        {{"MESSAGE_CREATE", "--set", "message.embeds.5=1"}, "not an index"},
        {{"MESSAGE_CREATE", "--set", "message..x=1"}, "empty"},
        {{"MESSAGE_CREATE", "--as", "alise"}, "did you mean alice?"},
        {{"MESSAGE_CREATE", "--channel", "genral"}, "did you mean general?"},
        {{"MESSAGE_CREATE", "--session", "x"}, "--session x"},
        {{"X", "--data", "/does/not/exist"}, "No such file"},
        {{"X", "--data", "/dev/null"}, "does not contain JSON"},
    };
    for (const auto& [words, says] : rows) {
        const auto outcome = trigger(words);
        EXPECT_EQ(outcome.status, 2) << says;
        EXPECT_EQ(outcome.lines, std::vector<std::string>{});
        EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
        EXPECT_NE(outcome.errors.find(says), std::string::npos) << outcome.errors;
    }
}

class ToolApi : public testing::Test {
protected:
    Outcome api(std::vector<std::string> words) {
        words.insert(words.begin(), "api");
        return run("intent", words, sandbox.environment());
    }

    SandboxProgram sandbox;
    std::string messages = "/channels/" + sandbox.general() + "/messages";
};

TEST_F(ToolApi, fields_form_the_body_or_the_query_of_a_get) {
    const auto made = api({"post", messages, "-f", "content=a = b", "-F", R"(embeds=[{"title":"t"}])"});
    ASSERT_EQ(made.status, 0) << made.errors;
    const auto message = parse_line(made.lines.at(0));
    EXPECT_EQ(message.at("content"), "a = b");
    EXPECT_EQ(message.at("embeds").at(0).at("title"), "t");
    EXPECT_EQ(message.at("author").at("username"), "bot");

    const auto nested = api({"POST", messages, "-f", "embeds.0.title=x", "-f", "content=second"});
    EXPECT_EQ(nested.status, 1);  // a number makes no list out of nothing
    ASSERT_EQ(api({"POST", messages, "-f", "content=second"}).status, 0);
    const auto newest = api({"GET", messages, "-F", "limit=1", "-f", "after=" + text(message, "id")});
    ASSERT_EQ(newest.status, 0) << newest.errors;
    const auto list = boost::json::parse(newest.lines.at(0)).as_array();
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list.front().at("content"), "second");

    const auto gone = api({"DELETE", messages + "/" + text(message, "id")});
    EXPECT_EQ(gone.status, 0) << gone.errors;
    EXPECT_EQ(gone.lines, std::vector<std::string>{});
    const auto twice = api({"DELETE", messages + "/" + text(message, "id")});
    EXPECT_EQ(twice.status, 1);
    EXPECT_NE(twice.errors.find("404"), std::string::npos) << twice.errors;
}

TEST_F(ToolApi, data_is_the_whole_body) {
    const TemporaryFile file(R"({"content": "from a file"})");
    const auto made = api({"POST", messages, "--data", file.path()});
    ASSERT_EQ(made.status, 0) << made.errors;
    EXPECT_EQ(parse_line(made.lines.at(0)).at("content"), "from a file");
}

TEST_F(ToolApi, as_needs_no_token_and_is_not_limited) {
    Environment without_token = sandbox.environment();
    without_token.erase(without_token.begin());
    for (int i = 0; i < 7; ++i) {
        const auto made = run("intent", {"api", "POST", messages, "-f", "content=hi", "--as", "alice"}, without_token);
        ASSERT_EQ(made.status, 0) << made.errors;
        EXPECT_EQ(parse_line(made.lines.at(0)).at("author").at("username"), "alice");
    }
    const auto nobody = run("intent", {"api", "GET", "/users/@me", "--as", "nobody"}, without_token);
    EXPECT_EQ(nobody.status, 1);
    EXPECT_NE(nobody.errors.find("nobody"), std::string::npos) << nobody.errors;
}

TEST_F(ToolApi, invalid_arguments_and_an_invalid_token_have_their_statuses) {
    const std::pair<std::vector<std::string>, const char*> rows[] = {
        {{"BREW", "/servers"}, "GET, POST"},
        {{"GET", "servers"}, "must begin with '/'"},
        {{"POST", "/servers", "-f", "name"}, "'='"},
        {{"POST", "/servers", "-F", "name=x"}, "is not JSON"},
        {{"POST", "/servers", "--data", "/dev/null"}, "does not contain JSON"},
        {{"POST", "/servers", "--data", "x", "-f", "a=b"}, "--data"},
        {{"GET", "servers", "--as", "alice"}, "must begin with '/'"},
    };
    for (const auto& [words, says] : rows) {
        const auto outcome = api(words);
        EXPECT_EQ(outcome.status, 2) << says;
        EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
        EXPECT_NE(outcome.errors.find(says), std::string::npos) << outcome.errors;
    }
    auto environment = sandbox.environment();
    environment[0] = "INTENT_TOKEN=bot_wrong";
    const auto refused = run("intent", {"api", "GET", "/servers"}, environment);
    EXPECT_EQ(refused.status, 3);
    EXPECT_EQ(refused.errors.find("bot_wrong"), std::string::npos);
}

}  // namespace

}  // namespace intent::test::trigger_test
