// Tests of bots on a test clock: hours pass in milliseconds, and every run is the same.
#include "tests/support/client_world.hpp"
#include "tests/support/control_client.hpp"

#include <intent/clock.hpp>
#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::test_clock_test {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp morning = std::chrono::sys_days{std::chrono::year{2030} / 3 / 5} + 9h;

class OnTestClock : public testing::Test {
protected:
    ClientOptions options(int handler_threads = 1) const {
        auto made = test::options_for(sandbox);
        made.handler_threads = handler_threads;
        made.clock = clock;
        return made;
    }

    /// The texts of the bot's messages in #general.
    std::vector<std::string> said() const {
        std::vector<std::string> texts;
        for (const auto& message : sandbox.messages(general))
            if (message.author.username == "bot") texts.push_back(message.content);
        return texts;
    }

    TestClock clock{morning};
    Sandbox sandbox{sandbox::Options{.clock = clock}};
    const ChannelId general = sandbox.general();
};

using Texts = std::vector<std::string>;

task<> remind(Client& client, Message request) {
    co_await client.sleep_for(2h);
    co_await request.reply("tea!");
}

void make_reminder(Client& client) {
    client.on([&client](MessageCreate event) -> task<> {
        if (event.message.content == "!remind") co_await remind(client, event.message);
    });
}

class HandlerThreads : public OnTestClock, public testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(, HandlerThreads, testing::Values(0, 1, 4));

TEST_P(HandlerThreads, a_reminder_comes_after_exactly_two_hours) {
    Client client(options(GetParam()));
    make_reminder(client);
    client.start();
    clock.advance(5s);
    sandbox.say("alice", general, "!remind");

    sandbox.advance(2h - 1ms);
    EXPECT_EQ(said(), Texts{});
    sandbox.advance(1ms);
    EXPECT_EQ(said(), Texts{"tea!"});
    EXPECT_EQ(sandbox.messages(general).back().created_at, morning + 5s + 2h);
}

TEST_F(OnTestClock, a_job_runs_every_day_at_its_time) {
    Client client(options());
    client.spawn("digest", [&client, this]() -> task<> {
        for (;;) {
            const auto today = std::chrono::floor<std::chrono::days>(client.clock().wall_time());
            auto due = today + 9h + 30min;
            if (due <= client.clock().wall_time()) due += std::chrono::days(1);
            co_await client.sleep_for(std::chrono::ceil<std::chrono::milliseconds>(due - client.clock().wall_time()));
            co_await client.rest().create_message(general, MessageBody(format_timestamp(client.clock().wall_time())));
        }
    });
    clock.advance_to(morning + 30min - 1ms);
    EXPECT_EQ(said(), Texts{});
    clock.advance_to(morning + 30min);
    EXPECT_EQ(said(), Texts{"2030-03-05T09:30:00Z"});
    sandbox.advance(std::chrono::days(2));
    EXPECT_EQ(said(), (Texts{"2030-03-05T09:30:00Z", "2030-03-06T09:30:00Z", "2030-03-07T09:30:00Z"}));
}

TEST_P(HandlerThreads, a_cut_connection_resumes_after_its_back_off) {
    Client client(options(GetParam()));
    test::Diary diary(client);
    client.start();
    clock.settle();
    EXPECT_EQ(client.state(), ConnectionState::ready);

    sandbox.drop_connections();
    clock.settle();
    EXPECT_EQ(sandbox.connections(), 0u) << "the clock stands still, and with it the back-off";
    for (const char* text : {"one", "two", "three"})
        sandbox.say("alice", general, text);
    sandbox.advance(10s);
    EXPECT_EQ(client.state(), ConnectionState::ready);
    EXPECT_EQ(diary.messages().all(), (Texts{"one", "two", "three"}));
    EXPECT_EQ(diary.life().all(), (Texts{"ready bot", "disconnect 1006 resumable", "reconnecting 1", "resumed"}));
    EXPECT_EQ(sandbox.resumes(), 1u);
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST_P(HandlerThreads, twenty_messages_keep_to_five_per_five_seconds) {
    Client client(options(GetParam()));
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content != "!spam") co_return;
        for (int i = 0; i < 20; ++i)
            co_await event.message.reply(std::to_string(i));
    });
    client.start();
    clock.settle();
    sandbox.say("alice", general, "!spam");
    std::vector<std::size_t> counts;
    for (int i = 0; i < 4; ++i) {
        clock.settle();
        counts.push_back(said().size());
        sandbox.advance(6s);  // a header's whole second is rounded up
    }
    EXPECT_EQ(counts, (std::vector<std::size_t>{5, 10, 15, 20}));
    EXPECT_EQ(sandbox.rate_limited(), 0u);
}

TEST_F(OnTestClock, a_rest_client_waits_for_its_limit_by_the_clock) {
    RestClient rest(
        RestOptions{.token = sandbox.bot_token(), .rest_url = sandbox.rest_url(), .clock = clock, .log = nullptr});
    std::vector<task<Message>> calls;
    for (int i = 0; i < 6; ++i)
        calls.push_back(rest.create_message(general, MessageBody(std::to_string(i))));
    clock.settle();
    EXPECT_EQ(said(), (Texts{"0", "1", "2", "3", "4"}));
    clock.advance(6s);
    EXPECT_EQ(said().back(), "5");
    for (auto& call : calls)
        std::move(call).get();
}

TEST_F(OnTestClock, heartbeats_keep_a_session_for_a_day) {
    Client client(options());
    test::Diary diary(client);
    client.start();
    clock.settle();
    sandbox.advance(24h);
    EXPECT_NEAR(static_cast<double>(sandbox.heartbeats()), 24.0 * 3600 / 41.25, 2);
    EXPECT_EQ(sandbox.identifies(), 1u);
    EXPECT_EQ(sandbox.sessions(), 1u);
    EXPECT_EQ(diary.life().all(), Texts{"ready bot"});
}

TEST_F(OnTestClock, identifies_keep_five_seconds_apart) {
    Client client(options());
    client.start();
    clock.settle();
    for (int i = 0; i < 5; ++i) {
        sandbox.drop_connections();
        clock.settle();
        sandbox.forget_sessions();
        sandbox.advance(30s);
    }
    std::vector<Timestamp> times;
    for (const auto& entry : sandbox.journal())
        if (entry.kind == "frame" && entry.incoming && entry.op == 2) times.push_back(entry.time);
    ASSERT_EQ(times.size(), 6u);
    for (std::size_t i = 1; i < times.size(); ++i)
        EXPECT_GE(times[i] - times[i - 1], 5s);
    EXPECT_EQ(client.state(), ConnectionState::ready);
}

TEST_F(OnTestClock, waits_and_questions_time_out) {
    Client client(options());
    test::Recorder<std::string> ends;
    client.on([&](MessageCreate event) -> task<> {
        if (event.message.content != "!go") co_return;
        auto waiting = client.wait_for<MessageUpdate>([](const auto&) { return true; }, 1h);
        ends.add(co_await std::move(waiting) ? "event" : "no event");
        auto asking = event.message.ask(MessageBody("sure?"), 30min);
        ends.add(co_await std::move(asking) ? "answer" : "no answer");
    });
    client.start();
    clock.settle();
    sandbox.say("alice", general, "!go");
    sandbox.advance(1h - 1ms);
    EXPECT_EQ(ends.all(), Texts{});
    sandbox.advance(1ms);
    EXPECT_EQ(ends.all(), Texts{"no event"});
    EXPECT_EQ(said(), Texts{"sure?"});
    sandbox.advance(30min);
    EXPECT_EQ(ends.all(), (Texts{"no event", "no answer"}));
}

TEST_F(OnTestClock, a_delayed_and_a_stalled_answer_wait_for_the_clock) {
    auto made = options();
    made.request_timeout = 10s;
    Client client(made);
    client.start();
    clock.settle();

    sandbox.fault(sandbox::fault::delay(3s).method("POST"));
    auto delayed = client.rest().create_message(general, MessageBody("late"));
    sandbox.advance(3s - 1ms);
    EXPECT_EQ(said(), Texts{});
    sandbox.advance(1ms);
    EXPECT_EQ(said(), Texts{"late"});
    EXPECT_EQ(std::move(delayed).get().content, "late");

    sandbox.fault(sandbox::fault::stall().method("GET").always());
    auto stalled = client.rest().get_channel(general);
    sandbox.advance(10min);
    EXPECT_THROW(std::move(stalled).get(), TimeoutError);
}

TEST_F(OnTestClock, several_bots_on_one_thread_move_together) {
    auto made = options(0);
    made.io_thread = std::make_shared<IoThread>();
    Client one(made);
    Client two(made);
    for (Client* client : {&one, &two}) {
        make_reminder(*client);
        client->start();
    }
    clock.settle();
    EXPECT_EQ(sandbox.sessions(), 2u);
    sandbox.say("alice", general, "!remind");
    sandbox.advance(2h);
    EXPECT_EQ(said(), (Texts{"tea!", "tea!"}));
}

TEST_F(OnTestClock, a_client_that_stops_is_not_awaited) {
    auto client = std::make_unique<Client>(options());
    make_reminder(*client);
    client->start();
    clock.settle();
    sandbox.say("alice", general, "!remind");
    client->stop();
    sandbox.advance(3h);
    client.reset();
    sandbox.advance(3h);
    EXPECT_EQ(said(), Texts{});
    EXPECT_EQ(sandbox.sessions(), 0u);
}

TEST_F(OnTestClock, a_bot_with_the_systems_clock_stays_connected) {
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.advance(2h);
    test::ControlClient control(sandbox);
    EXPECT_EQ(control.post("/clock", R"({"advance_ms":7200000})").json().at("offset_ms").as_int64(), 14'400'000);
    sandbox.say("alice", general, "still there?");
    ASSERT_TRUE(diary.messages().wait_contains("still there?")) << sandbox.transcript();
    EXPECT_EQ(diary.life().all(), Texts{"ready bot"});
}

TEST_F(OnTestClock, a_control_request_moves_the_bots_too) {
    Client client(options());
    make_reminder(client);
    client.start();
    clock.settle();
    sandbox.say("alice", general, "!remind");
    test::ControlClient control(sandbox);
    EXPECT_EQ(control.get("/clock").json().at("stands_still").as_bool(), true);
    const auto moved = control.post("/clock", R"({"advance_ms":7200000})").json();
    EXPECT_EQ(moved.at("now").as_string(), "2030-03-05T11:00:00Z");
    EXPECT_EQ(said(), Texts{"tea!"});
}

TEST_F(OnTestClock, a_handler_that_does_not_return_is_named) {
    Client client(options());
    test::Door door;
    test::Door entered;
    client.on([&](const MessageCreate&) {
        entered.open();
        door.pass();
    });
    client.start();
    clock.settle();
    sandbox.say("alice", general, "block");
    ASSERT_TRUE(entered.pass());
    std::string text;
    try {
        clock.advance(1h, 50ms);
    } catch (const TimeoutError& error) {
        text = error.what();
    }
    EXPECT_TRUE(
        text.starts_with("advance: still busy after 50 ms without progress, at 2030-03-05T09:00:00Z: 1 event or "
                         "coroutine in a handler"))
        << text;
    EXPECT_EQ(clock.wall_time(), morning) << "what is due after a blocked handler does not run before it";
    door.open();
    clock.advance(1h);
    EXPECT_EQ(clock.wall_time(), morning + 1h);
}

TEST_F(OnTestClock, cannot_be_advanced_by_a_handler_or_into_the_past) {
    Client client(options());
    test::Recorder<std::string> errors;
    client.on([&](const MessageCreate&) {
        try {
            clock.advance(1s);
        } catch (const UsageError& error) {
            errors.add(error.what());
        }
    });
    client.start();
    clock.settle();
    sandbox.say("alice", general, "now");
    clock.settle();
    ASSERT_EQ(errors.count(), 1u);
    EXPECT_THROW(clock.advance(-1ms), ConfigError);
    EXPECT_THROW(clock.advance_to(morning - 1us), ConfigError);
    EXPECT_THROW(clock.advance(std::chrono::days(3651)), ConfigError);
    EXPECT_THROW(Sandbox().clock(), UsageError);
}

}  // namespace
}  // namespace intent::test_clock_test
