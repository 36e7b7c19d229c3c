#include "sandbox/store/database.hpp"
#include "tests/support/plain_http.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>
#include <intent/rest.hpp>
#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <string>
#include <vector>

namespace intent::sandbox_test {
namespace {

using namespace std::chrono_literals;

template <class Call>
std::string refusal(Call call) {
    try {
        call();
        return "";
    } catch (const ConfigError& error) {
        return error.what();
    }
}

TEST(Sandbox, it_listens_and_has_its_users_from_the_start) {
    const Sandbox sandbox;
    EXPECT_EQ(sandbox.gateway_url().rfind("ws://127.0.0.1:", 0), 0u);
    EXPECT_TRUE(sandbox.rest_url().ends_with("/api/v1"));
    EXPECT_TRUE(sandbox.bot_token().reveal().starts_with("bot_"));
    EXPECT_TRUE(sandbox.user_token("alice").reveal().starts_with("usr_"));
    EXPECT_EQ(sandbox.user_token("alice"), sandbox.user_token("alice"));
    EXPECT_NE(sandbox.user_id("alice"), sandbox.user_id("bot"));
}

TEST(Sandbox, a_message_can_be_posted_edited_and_removed) {
    Sandbox sandbox;
    const auto id = sandbox.say("alice", sandbox.general(), "hi");
    const auto found = sandbox.wait_message(sandbox.general(), "alice", "hi", 0ms);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, id);
    sandbox.edit("alice", sandbox.general(), id, "ho");
    EXPECT_EQ(sandbox.messages(sandbox.general()).at(0).content, "ho");
    EXPECT_TRUE(sandbox.messages(sandbox.general()).at(0).edited_at);
    sandbox.remove("alice", sandbox.general(), id);
    EXPECT_TRUE(sandbox.messages(sandbox.general()).empty());
}

TEST(Sandbox, a_wait_returns_the_message_that_arrives) {
    Sandbox sandbox;
    auto waiting =
        std::async(std::launch::async, [&] { return sandbox.wait_message(sandbox.general(), "bot", "pong", 60s); });
    sandbox.say("alice", sandbox.general(), "pong");
    const auto pong = sandbox.say("bot", sandbox.general(), "pong");
    const auto found = waiting.get();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, pong);
}

TEST(Sandbox, a_wait_ends_at_its_timeout_and_with_the_sandbox) {
    Sandbox sandbox;
    EXPECT_FALSE(sandbox.wait_message(sandbox.general(), "bot", "never", 1ms));
    std::promise<void> begun;
    auto waiting = std::async(std::launch::async, [&, first = true]() mutable {
        sandbox.say("alice", sandbox.general(), "x");
        return sandbox.wait_message(
            sandbox.general(),
            [&](const raw::Message&) {
                if (std::exchange(first, false)) begun.set_value();
                return false;
            },
            60s);
    });
    begun.get_future().wait();
    sandbox.stop();
    EXPECT_EQ(waiting.wait_for(10s), std::future_status::ready) << "the wait goes on until its own time is over";
    EXPECT_FALSE(waiting.get());
}

TEST(Sandbox, an_exception_of_a_predicate_reaches_the_caller) {
    Sandbox sandbox;
    sandbox.say("alice", sandbox.general(), "x");
    const auto wait = [&] {
        (void)sandbox.wait_message(
            sandbox.general(), [](const raw::Message&) -> bool { throw std::runtime_error("no"); }, 1s);
    };
    EXPECT_THROW(wait(), std::runtime_error);
}

TEST(Sandbox, a_predicate_that_calls_the_sandbox_is_refused) {
    Sandbox sandbox;
    sandbox.say("alice", sandbox.general(), "x");
    const auto general = sandbox.general();
    const auto count = [&](const raw::Message&) { return sandbox.messages(general).size() == 1; };
    EXPECT_THROW((void)sandbox.wait_message(general, count, 1s), UsageError);
    RestClient rest{{.token = sandbox.bot_token(), .rest_url = sandbox.rest_url()}};
    rest.get_servers().get();  // an entry to look at
    EXPECT_THROW(sandbox.wait_entry([&](const sandbox::Entry&) { return !sandbox.journal().empty(); }, 1s), UsageError);
}

TEST(Sandbox, a_wait_after_a_message_ignores_earlier_ones) {
    Sandbox sandbox;
    const auto general = sandbox.general();
    sandbox.say("alice", general, "pong");
    const MessageId asked = sandbox.say("alice", general, "ping");
    EXPECT_TRUE(sandbox.wait_message(general, "alice", "pong", 0ms));
    EXPECT_FALSE(sandbox.wait_message(general, "alice", "pong", 0ms, asked));
    const MessageId second = sandbox.say("alice", general, "pong");
    EXPECT_EQ(sandbox.wait_message(general, "alice", "pong", 0ms, asked)->id, second);
    EXPECT_EQ(sandbox.wait_message(general, "alice", 0ms, asked)->id, second);
    const auto any = [](const raw::Message&) { return true; };
    EXPECT_EQ(sandbox.wait_message(general, any, 0ms, asked)->id, second);
}

TEST(Sandbox, a_rejected_action_throws_with_the_reason) {
    Sandbox sandbox;
    EXPECT_EQ(refusal([&] { sandbox.say("carol", sandbox.general(), "hi"); }), "there is no user \"carol\"");
    EXPECT_EQ(refusal([&] { sandbox.say("alice", ChannelId{1}, "hi"); }), "channel 1 does not exist");
    EXPECT_EQ(refusal([&] { sandbox.say("alice", sandbox.general(), std::string(2001, 'x')); }),
              "content: at most 2000 characters allowed, got 2001");
    EXPECT_EQ(refusal([&] { sandbox.bot_token("alice"); }), "there is no bot \"alice\"");
    EXPECT_NE(refusal([&] { sandbox.dispatch("X", "{"); }), "");
}

TEST(Sandbox, the_clock_can_advance_by_at_most_ten_years) {
    Sandbox sandbox;
    EXPECT_EQ(refusal([&] { sandbox.advance(-1ms); }), "step: the clock only moves forward");
    sandbox.advance(std::chrono::days(3649));
    const std::string why =
        "clock: at most 10 years (315360000000 ms) ahead of the real clock, already at 315273600000 ms";
    EXPECT_EQ(refusal([&] { sandbox.advance(std::chrono::days(2)); }), why);
    EXPECT_EQ(refusal([&] { sandbox.advance(std::chrono::milliseconds::max()); }), why);
    sandbox.advance(std::chrono::days(1));
    EXPECT_TRUE(sandbox.say("alice", sandbox.general(), "then"));
}

TEST(Sandbox, servers_channels_and_people_can_be_added) {
    Sandbox sandbox;
    sandbox.add_user("bob");
    sandbox.say("bob", sandbox.general(), "hi");
    const auto server = sandbox.create_server("bob", "Bobs");
    const auto channel = sandbox.create_channel("bob", server, "den");
    EXPECT_EQ(refusal([&] { sandbox.say("bot", channel, "hi"); }), "bot is not a member of server \"Bobs\"");
    sandbox.add_member(server, "bot");
    sandbox.say("bot", channel, "hi");
    EXPECT_EQ(sandbox.messages(channel).size(), 1u);
}

TEST(Sandbox, invalid_options_are_refused_in_one_line) {
    EXPECT_EQ(refusal([] { Sandbox sandbox({.bots = {{.name = "My Bot"}}}); }),
              "bot \"My Bot\": a name is 2-32 of a-z 0-9 _");
    EXPECT_EQ(refusal([] { Sandbox sandbox({.bots = {{.name = "alice"}}}); }), "bot \"alice\": a user has this name");
    EXPECT_EQ(refusal([] {
                  Sandbox sandbox({.bots = {{.name = "one"}, {.name = "one"}}});
              }),
              "bot \"one\" is given twice");
    EXPECT_EQ(refusal([] {
                  Sandbox sandbox({.bots = {{.name = "one", .token = "t"}, {.name = "two", .token = "t"}}});
              }),
              "bot \"two\": its token belongs to another account");
    const std::string token(60'001, 'x');
    EXPECT_EQ(refusal([&] { Sandbox sandbox({.bots = {{.name = "one", .token = token}}}); }),
              "bot \"one\": token: 60001 bytes; must be at most 60000");
    EXPECT_EQ(refusal([] { Sandbox sandbox({.certificate_file = "x"}); }),
              "certificate_file and private_key_file: set both or neither");
}

TEST(Sandbox, heartbeat_intervals_are_those_that_clients_accept) {
    for (const auto interval : {0ms, 99ms, 600'001ms})
        EXPECT_EQ(refusal([&] { Sandbox sandbox({.heartbeat_interval = interval}); }),
                  "heartbeat_interval: " + std::to_string(interval.count()) + " ms; must be 100 ms to 10 min");
    for (const auto interval : {100ms, 600'000ms})
        EXPECT_EQ(refusal([&] { Sandbox sandbox({.heartbeat_interval = interval}); }), "");
}

TEST(Sandbox, client_options_are_those_of_a_bot_or_a_person) {
    const TestClock clock;
    const Sandbox sandbox({.bots = {{.name = "one"}, {.name = "two"}}, .clock = clock});
    const ClientOptions options = sandbox.client_options();
    EXPECT_EQ(options.token, sandbox.bot_token("one"));
    EXPECT_EQ(options.gateway_url, sandbox.gateway_url());
    EXPECT_EQ(options.rest_url, sandbox.rest_url());
    EXPECT_EQ(options.clock, clock);
    EXPECT_EQ(sandbox.client_options("two").token, sandbox.bot_token("two"));
    EXPECT_EQ(sandbox.client_options("alice").token, sandbox.user_token("alice"));
    EXPECT_EQ(refusal([&] { static_cast<void>(sandbox.client_options("bob")); }), "there is no user \"bob\"");
    EXPECT_FALSE(Sandbox().client_options().clock.is_test_clock());
}

using Texts = std::vector<std::string>;

TEST(Reader, returns_what_is_new_in_each_channel) {
    for (const Clock& clock : {Clock(), Clock(TestClock())}) {
        Sandbox sandbox({.clock = clock});
        const auto general = sandbox.general();
        const auto news = sandbox.create_channel("alice", sandbox.server(), "news");
        const auto bob = sandbox.user("bob");
        auto reader = sandbox.reader("bob");
        bob.say(general, "one");
        sandbox.say("alice", general, "hello");
        bob.say(general, "two");
        bob.say(news, "three");
        EXPECT_EQ(reader.next(general), (Texts{"one", "two"}));
        EXPECT_EQ(reader.next(news), Texts{"three"});
        bob.say(general, "four");
        EXPECT_EQ(reader.next(general), Texts{"four"});
        EXPECT_EQ(reader.next(general, 1ms), Texts{});
        EXPECT_EQ(reader.next(news, 1ms), Texts{});
    }
}

TEST(Reader, waits_for_a_message_without_a_test_clock) {
    Sandbox sandbox;
    const auto bob = sandbox.user("bob");
    auto reader = sandbox.reader(bob);
    auto reading = std::async(std::launch::async, [&] { return reader.next(sandbox.general(), 60s); });
    sandbox.say("alice", sandbox.general(), "hello");
    bob.say(sandbox.general(), "at last");
    EXPECT_EQ(reading.get(), Texts{"at last"});
}

TEST(Reader, skips_what_is_older_than_the_line_that_is_answered) {
    for (const Clock& clock : {Clock(), Clock(TestClock())}) {
        Sandbox sandbox({.clock = clock});
        const auto bob = sandbox.user("bob");
        auto reader = sandbox.reader("bob");
        bob.say(sandbox.general(), "old");
        EXPECT_EQ(reader.answer_to(bob, sandbox.general(), "new"), "new");
        EXPECT_EQ(reader.answer_to(sandbox.user("alice"), sandbox.general(), "hello", 1ms), "");
        EXPECT_EQ(reader.next(sandbox.general(), 1ms), Texts{});
    }
}

TEST(Reader, an_unknown_author_or_channel_is_refused) {
    const Sandbox sandbox;
    EXPECT_EQ(refusal([&] { static_cast<void>(sandbox.reader("bob")); }), "there is no user \"bob\"");
    auto reader = sandbox.reader("alice");
    EXPECT_EQ(refusal([&] { reader.next(ChannelId{7}); }), "there is no channel 7");
}

TEST(Sandbox, an_invalid_close_code_is_refused) {
    Sandbox sandbox;
    for (const std::uint16_t code : {0, 999, 1005, 1006, 5000})
        EXPECT_EQ(refusal([&] { sandbox.close_connections(code); }),
                  "code: 1000 to 4999 allowed, but for 1004, 1005, 1006 and 1015, which are never sent");
    EXPECT_EQ(refusal([&] { sandbox.close_connections(4000, "so"); }), "");
}

std::uint16_t port_of(const Sandbox& sandbox) {
    const std::string url = sandbox.web_url();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

TEST(Sandbox, a_request_is_answered_if_the_database_fails) {
    const std::string path = ::testing::TempDir() + "intent_sandbox_failing.db";
    std::filesystem::remove(path);
    {
        Sandbox sandbox({.database = path});
        test::PlainHttp http(port_of(sandbox), std::string(sandbox.bot_token().reveal()));
        sandbox::Database(path).execute("DROP TABLE tokens");
        const auto answer = http.call("GET", "/api/v1/users/@me");
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 500);
        EXPECT_NE(answer->body.find("\"code\":\"INTERNAL\""), std::string::npos) << answer->body;
    }
    for (const auto* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(path + suffix);
}

TEST(Sandbox, a_port_in_use_is_named) {
    const Sandbox first;
    const auto port = port_of(first);
    const auto text = refusal([&] { Sandbox second({.port = port}); });
    EXPECT_EQ(text.rfind("cannot listen on 127.0.0.1:" + std::to_string(port) + ": ", 0), 0u) << text;
}

TEST(Sandbox, a_database_file_keeps_people_tokens_and_messages) {
    const std::string path = ::testing::TempDir() + "intent_sandbox_reopened.db";
    const auto remove = [&] {
        for (const auto* suffix : {"", "-wal", "-shm"})
            std::filesystem::remove(path + suffix);
    };
    remove();
    Token bot, alice;
    MessageId first{};
    {
        Sandbox sandbox({.database = path, .bots = {{.name = "one"}}});
        bot = sandbox.bot_token();
        alice = sandbox.user_token("alice");
        first = sandbox.say("alice", sandbox.general(), "hi");
    }
    {
        Sandbox sandbox({.database = path, .bots = {{.name = "one"}, {.name = "two", .token = "bot_two"}}});
        EXPECT_EQ(sandbox.bot_token("one"), bot);
        EXPECT_EQ(sandbox.bot_token("two"), Token("bot_two"));
        EXPECT_EQ(sandbox.user_token("alice"), alice);
        EXPECT_EQ(sandbox.messages(sandbox.general()).at(0).id, first);
        EXPECT_GT(sandbox.say("two", sandbox.general(), "ho"), first);
    }
    {
        Sandbox sandbox({.database = path, .bots = {{.name = "one", .token = "other"}}});
        EXPECT_EQ(sandbox.bot_token("one"), Token("other"));
    }
    remove();
}

TEST(Sandbox, after_stop_every_call_throws) {
    Sandbox sandbox;
    sandbox.stop();
    sandbox.stop();
    EXPECT_THROW(sandbox.sessions(), UsageError);
    EXPECT_THROW(sandbox.say("alice", sandbox.general(), "hi"), UsageError);
}

TEST(Sandbox, it_can_be_moved) {
    Sandbox sandbox;
    Sandbox other = std::move(sandbox);
    other.say("alice", other.general(), "hi");
    other = Sandbox();
    EXPECT_TRUE(other.messages(other.general()).empty());
}

}  // namespace
}  // namespace intent::sandbox_test
