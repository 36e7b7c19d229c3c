// What a client does later: renewing the typing indicator, deleting messages after a time.
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>
#include <intent/scope.hpp>
#include <intent/typing.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::timed_calls_test {
namespace {

using namespace std::chrono_literals;
namespace fault = sandbox::fault;
using Texts = std::vector<std::string>;

class TimedCalls : public testing::Test {
protected:
    TimedCalls() {
        bot.start();
        sandbox.clock().settle();
    }

    static ClientOptions options(const Sandbox& sandbox) {
        auto options = test::options_for(sandbox);
        options.clock = sandbox.clock();
        return options;
    }

    std::size_t requests(std::string_view method, std::string_view path_end) {
        sandbox.clock().settle();
        const auto entries = sandbox.journal();
        return static_cast<std::size_t>(std::ranges::count_if(entries, [&](const sandbox::Entry& entry) {
            return entry.kind == "request" && entry.method == method && entry.path.ends_with(path_end);
        }));
    }
    std::size_t typed() { return requests("POST", "/typing"); }

    Texts texts() {
        sandbox.clock().settle();
        Texts found;
        for (const auto& message : sandbox.messages(general))
            found.push_back(message.content);
        return found;
    }

    Sandbox sandbox{{.limits = false, .clock = TestClock()}};
    Client bot{options(sandbox)};
    test::Diary diary{bot};
    const ChannelId general = sandbox.general();
};

using Typings = TimedCalls;

TEST_F(Typings, are_renewed_until_they_end) {
    auto typing = bot.rest().typing(general);
    EXPECT_EQ(typed(), 1u);
    sandbox.advance(8s - 1ms);
    EXPECT_EQ(typed(), 1u);
    sandbox.advance(1ms);
    EXPECT_EQ(typed(), 2u);
    sandbox.advance(24s);
    EXPECT_EQ(typed(), 5u);
    typing.end();
    typing.end();
    sandbox.advance(1h);
    EXPECT_EQ(typed(), 5u);
}

TEST_F(Typings, last_as_long_as_their_block) {
    bot.on([this](MessageCreate event) -> task<> {
        if (event.message.content != "think") co_return;
        const Channel channel = co_await event.message.channel();
        {
            const auto typing = channel.typing();
            co_await bot.sleep_for(20s);
        }
        co_await bot.sleep_for(20s);
        co_await channel.send("done");
    });
    sandbox.say("alice", general, "think");
    sandbox.advance(30s);
    EXPECT_EQ(typed(), 3u) << "at 0, 8 and 16 s";
    sandbox.advance(30s);
    EXPECT_EQ(typed(), 3u);
    EXPECT_EQ(texts(), (Texts{"think", "done"}));
}

TEST_F(Typings, end_with_their_scope_and_when_replaced) {
    std::optional<Scope> scope(std::in_place, bot);
    scope->spawn("typing", [this]() -> task<> {
        const auto typing = bot.rest().typing(general);
        co_await bot.sleep_for(1h);
    });
    sandbox.advance(8s);
    EXPECT_EQ(typed(), 2u);
    scope.reset();
    sandbox.advance(1min);
    EXPECT_EQ(typed(), 2u);

    Typing typing;
    typing = bot.rest().typing(general);
    EXPECT_EQ(typed(), 3u);
    typing = Typing();
    sandbox.advance(1min);
    EXPECT_EQ(typed(), 3u);
}

TEST_F(Typings, have_no_errors) {
    for (const int status : {400, 403, 404}) {
        sandbox.clear_journal();
        sandbox.fault(fault::status(status).path("/channels/*/typing"));
        const auto typing = bot.rest().typing(general);
        sandbox.advance(1min);
        EXPECT_EQ(typed(), 1u) << status << ": repeating it is pointless";
    }
    sandbox.clear_journal();
    sandbox.fault(fault::status(503).path("/channels/*/typing").times(1));
    const auto typing = bot.rest().typing(general);
    sandbox.advance(20s);
    EXPECT_EQ(typed(), 3u) << "the renewals after 8 and 16 s";
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST_F(Typings, end_with_their_client) {
    std::optional<Client> other(std::in_place, options(sandbox));
    auto typing = other->rest().typing(general);
    EXPECT_EQ(typed(), 1u);
    other->stop();
    sandbox.advance(1min);
    EXPECT_EQ(typed(), 1u);
    other.reset();
    typing.end();
    EXPECT_THROW(static_cast<void>(Channel().typing()), UsageError);
}

using DeleteAfter = TimedCalls;

TEST_F(DeleteAfter, deletes_every_kind_of_post_in_time) {
    const Channel channel = bot.rest().get_channel(general).get();
    const Message first = channel.send(MessageBody("sent").delete_after(10s)).get();
    first.reply(MessageBody("reply").delete_after(20s)).get();
    { auto dropped = bot.rest().create_message(general, MessageBody("dropped").delete_after(30s)); }
    auto answer = bot.ask(
        general, MessageBody("asked").delete_after(40s), [](const Message&) { return true; }, 1s);
    bot.rest().create_message(general, "stays").get();
    EXPECT_EQ(texts().size(), 5u);
    sandbox.advance(10s - 1ms);
    EXPECT_EQ(texts().size(), 5u);
    sandbox.advance(1ms);
    EXPECT_EQ(texts(), (Texts{"reply", "dropped", "asked", "stays"}));
    sandbox.advance(10s);
    EXPECT_EQ(texts(), (Texts{"dropped", "asked", "stays"}));
    sandbox.advance(20s);
    EXPECT_EQ(texts(), Texts{"stays"});
    EXPECT_EQ(answer.get(), std::nullopt);
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST_F(DeleteAfter, ignores_a_message_that_is_gone_and_reports_other_failures) {
    const Message gone = bot.rest().create_message(general, MessageBody("gone").delete_after(10s)).get();
    gone.remove().get();
    sandbox.advance(10s);
    EXPECT_EQ(requests("DELETE", gone.id.str()), 2u);
    EXPECT_EQ(diary.errors().count(), 0u);

    sandbox.fault(fault::status(403).method("DELETE").path("/channels/*/messages/*"));
    bot.rest().create_message(general, MessageBody("kept").delete_after(10s)).get();
    sandbox.advance(10s);
    sandbox.clock().settle();
    ASSERT_EQ(diary.errors().count(), 1u);
    EXPECT_TRUE(diary.errors().all().front().starts_with("delete_after: ")) << diary.errors().all().front();
    EXPECT_EQ(texts(), Texts{"kept"});
}

TEST_F(DeleteAfter, outlives_the_scope_that_posted_but_not_the_client) {
    std::optional<Scope> scope(std::in_place, bot);
    scope->on([](MessageCreate event) -> task<> {
        if (event.message.content == "go") co_await event.message.reply(MessageBody("soon gone").delete_after(10s));
    });
    sandbox.say("alice", general, "go");
    EXPECT_EQ(texts(), (Texts{"go", "soon gone"}));
    scope.reset();
    sandbox.advance(10s);
    EXPECT_EQ(texts(), Texts{"go"});

    bot.rest().create_message(general, MessageBody("stays").delete_after(10s)).get();
    bot.stop();
    sandbox.advance(1h);
    EXPECT_EQ(texts(), (Texts{"go", "stays"}));
    EXPECT_EQ(diary.errors().count(), 0u) << "a stop is no failure";
}

TEST_F(DeleteAfter, is_refused_where_it_has_no_meaning) {
    const Message message = bot.rest().create_message(general, "old").get();
    EXPECT_THROW(message.edit(MessageBody("new").delete_after(1s)).get(), ConfigError);
    EXPECT_THROW(bot.rest().edit_message(general, message.id, MessageBody("new").delete_after(1s)).get(), ConfigError);
    EXPECT_THROW(message.reply(MessageBody("new").delete_after(-1ms)).get(), ConfigError);
    EXPECT_EQ(texts(), Texts{"old"});
}

}  // namespace
}  // namespace intent::timed_calls_test
