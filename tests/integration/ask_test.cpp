// Questions and their answers: nothing is missed, however fast the answer comes.
#include "tests/support/client_world.hpp"
#include "tests/support/scripted_gateway.hpp"

#include <intent/errors.hpp>
#include <intent/scope.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace intent::ask_test {
namespace {

using namespace std::chrono_literals;

constexpr int channels = 12;
constexpr int questions_each = 5;  // what a channel's limit lets through at once

/// A bot that is asked for and one that answers whatever the first one asks, as fast as it can.
class Asking : public testing::TestWithParam<int> {
protected:
    Asking() {
        sandbox::Options options;
        options.bots = {{"bot"}, {"oracle"}};
        sandbox.emplace(options);
        for (int i = 0; i < channels; ++i)
            rooms.push_back(sandbox->create_channel("alice", sandbox->server(), "room-" + std::to_string(i)));
        auto asker = test::options_for(*sandbox);
        asker.handler_threads = GetParam();
        bot.emplace(asker);
        auto answerer = test::options_for(*sandbox);
        answerer.token = sandbox->bot_token("oracle");
        oracle.emplace(answerer);
        oracle->on([](MessageCreate event) -> task<> {
            if (event.message.content.starts_with("question "))
                co_await event.message.reply("answer " + event.message.content.substr(9));
        });
        bot->on([this](const Ready&) { ready.add(1); });
        oracle->on([this](const Ready&) { ready.add(1); });
        bot->start();
        oracle->start();
        EXPECT_TRUE(ready.wait_count(2));
    }

    std::optional<Sandbox> sandbox;
    std::vector<ChannelId> rooms;
    test::Recorder<int> ready;
    std::optional<Client> bot;
    std::optional<Client> oracle;
};

TEST_P(Asking, case_152_instant_answers_to_sixty_questions_all_arrive) {
    std::vector<task<std::optional<Message>>> asked;
    for (int i = 0; i < channels * questions_each; ++i) {
        const std::string number = std::to_string(i);
        const auto answers = [number](const Message& message) { return message.content == "answer " + number; };
        asked.push_back(bot->ask(rooms[static_cast<std::size_t>(i % channels)], "question " + number, answers, 30s));
    }
    int arrived = 0;
    for (auto& one : asked)
        if (one.get()) ++arrived;
    EXPECT_EQ(arrived, channels * questions_each);
}

TEST_P(Asking, case_152_a_handler_asks_the_author_of_a_message) {
    test::Recorder<std::string> answers;
    bot->on([&answers](MessageCreate event) -> task<> {
        if (event.message.content != "!name") co_return;
        const auto answer = co_await event.message.ask("what is your name?", 30s);
        answers.add(answer ? answer->author.username + " says " + answer->content : "nothing");
    });
    sandbox->add_user("bob");
    sandbox->say("alice", rooms[0], "!name");
    ASSERT_TRUE(sandbox->wait_message(rooms[0], "bot", "what is your name?", 30s));
    sandbox->say("bob", rooms[0], "I am somebody else");
    sandbox->say("alice", rooms[1], "in another channel");
    sandbox->say("alice", rooms[0], "Alice");
    ASSERT_TRUE(answers.wait_count(1));
    EXPECT_EQ(answers.all().front(), "alice says Alice");
}

TEST_P(Asking, a_question_that_cannot_be_sent_ends_the_wait_and_throws) {
    const auto any = [](const Message&) { return true; };
    sandbox->fault(sandbox::fault::status(403).method("POST").path("/channels/*/messages"));
    EXPECT_THROW(bot->ask(rooms[0], "question", any, 30s).get(), ForbiddenError);
    EXPECT_THROW(bot->ask(rooms[0], "", any, 30s).get(), ConfigError);
    const auto slow = sandbox::fault::delay(10s).method("POST").path("/channels/*/messages").always();
    sandbox->fault(slow);
    auto cancelled = bot->ask(rooms[0], "question", any, 30s);
    bot->stop();
    EXPECT_THROW(cancelled.get(), CancelledError);
    EXPECT_THROW(bot->ask(rooms[0], "after the end", any, 30s).get(), CancelledError);
}

TEST_P(Asking, without_an_answer_it_returns_nothing_and_a_stop_cancels_it) {
    const auto nobody = [](const Message&) { return false; };
    EXPECT_FALSE(bot->ask(rooms[0], "into the void", nobody, 50ms).get());
    EXPECT_FALSE(bot->ask(rooms[0], "into the void", nobody, 0ms).get());
    auto waiting = bot->ask(rooms[0], "for long", nobody, std::chrono::milliseconds::max());
    ASSERT_TRUE(sandbox->wait_message(rooms[0], "bot", "for long", 30s));
    bot->stop();
    EXPECT_THROW(waiting.get(), CancelledError);
}

TEST_P(Asking, an_exception_of_the_predicate_is_thrown_by_the_call) {
    auto asking = bot->ask(
        rooms[0], "question 1", [](const Message&) -> bool { throw std::runtime_error("cannot tell"); }, 30s);
    EXPECT_THROW(asking.get(), std::runtime_error);
}

TEST_P(Asking, a_predicate_may_end_the_scope_that_asks) {
    Scope scope(*bot);
    test::Recorder<bool> ended;  // noted behind `end`, which must come back
    scope.on([&scope, &ended](MessageCreate event) -> task<> {
        if (event.message.content != "!go") co_return;
        const auto end = [&scope, &ended](const Message&) {
            scope.end();
            ended.add(scope.ended());
            return false;
        };
        co_await event.message.ask("go on?", end, 30s);
    });
    sandbox->say("alice", rooms[0], "!go");
    ASSERT_TRUE(sandbox->wait_message(rooms[0], "bot", "go on?", 30s));
    sandbox->say("alice", rooms[0], "no");
    ASSERT_TRUE(ended.wait_count(1));
    EXPECT_TRUE(ended.all().front());
    bot->stop();
}

TEST(AskingBy, a_message_without_a_client_is_refused) {
    Sandbox sandbox;
    EXPECT_THROW(Message().ask("?", 1s).get(), UsageError);
    RestClient rest({.token = sandbox.bot_token(), .rest_url = sandbox.rest_url()});
    const Message message = rest.create_message(sandbox.general(), "of a RestClient").get();
    try {
        message.ask("?", 1s).get();
        ADD_FAILURE();
    } catch (const UsageError& error) {
        EXPECT_NE(std::string(error.what()).find("RestClient"), std::string::npos) << error.what();
    }
}

// ---- against a REST API whose answers the test times ----

/// A gateway of which a test says when a question is answered by REST, and what happens before.
class TimedAsking : public testing::Test {
protected:
    TimedAsking() {
        gateway.rest = [this](const net::ServerRequest&, std::function<void(net::ServerResponse)> respond) {
            on_question(std::move(respond));
        };
        client.emplace(gateway.options());
        client->on([this](const MessageCreate& event) { seen.add(event.message.content); });
        client->on([this](const Ready&) { ready.open(); });
        client->start();
        EXPECT_TRUE(ready.pass());
    }
    void message(int id, int author, const std::string& content) {
        gateway.dispatch("MESSAGE_CREATE", json(id, author, content));
    }
    static std::string json(int id, int author, const std::string& content) {
        return R"({"id":")" + std::to_string(id) + R"(","channel_id":"2","author":{"id":")" + std::to_string(author) +
               R"(","username":"u)" + std::to_string(author) + R"("},"content":")" + content +
               R"(","created_at":"2024-01-15T12:00:00Z"})";
    }
    static net::ServerResponse sent(int id) {
        return {201, {{"content-type", "application/json"}}, json(id, 1, "question")};
    }

    test::ScriptedGateway gateway;
    std::function<void(std::function<void(net::ServerResponse)>)> on_question;
    test::Recorder<std::string> seen;
    test::Door ready;
    std::optional<Client> client;
    const ChannelId channel{2};
};

TEST_F(TimedAsking, case_152_an_answer_that_arrives_before_the_acknowledgement_counts) {
    on_question = [this](auto respond) {
        message(99, 3, "older than the question");
        message(100, 1, "question");  // the bot's own
        message(101, 3, "instant");
        message(102, 3, "second");
        respond(sent(100));
    };
    const auto any = [](const Message&) { return true; };
    const auto answer = client->ask(channel, "question", any, 30s).get();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->content, "instant");
}

TEST_F(TimedAsking, messages_queued_before_the_question_are_not_answers) {
    on_question = [this](auto respond) {
        respond(sent(100));
        gateway.say([this] {
            message(98, 3, "older");
            message(101, 3, "answer");
        });
    };
    const auto any = [](const Message&) { return true; };
    const auto answer = client->ask(channel, "question", any, 30s).get();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->content, "answer");
}

TEST_F(TimedAsking, the_timeout_starts_when_the_question_has_been_sent) {
    test::Door asked;
    std::function<void(net::ServerResponse)> held;  // of the gateway's thread
    on_question = [&](auto respond) {
        held = std::move(respond);
        asked.open();
    };
    const auto any = [](const Message&) { return true; };
    auto asking = client->ask(channel, "question", any, 250ms);
    ASSERT_TRUE(asked.pass());
    client->sleep_for(500ms).get();  // longer than the timeout
    EXPECT_FALSE(asking.done());
    const auto before = std::chrono::steady_clock::now();
    gateway.say([&] { held(sent(100)); });
    EXPECT_FALSE(asking.get());
    EXPECT_GE(std::chrono::steady_clock::now() - before, 250ms);
}

INSTANTIATE_TEST_SUITE_P(Threads, Asking, testing::Values(0, 1, 4));

}  // namespace
}  // namespace intent::ask_test
