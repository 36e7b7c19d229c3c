// Handlers slower than the server: the queue is bounded, reading stops, the session lives, and nothing is lost.
#include "tests/support/client_world.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace intent::backpressure_test {
namespace {

using namespace std::chrono_literals;

/// A client whose first message blocks its handler until the door opens.
class Blocked {
public:
    static constexpr std::size_t queue_bytes = 2000;

    explicit Blocked(sandbox::Options sandbox_options) : sandbox(std::move(sandbox_options)), client(options()) {
        client.once([seen = seen](const MessageCreate&) {
            seen->entered.open();
            seen->door.pass(10min);
        });
        client.on([seen = seen](const MessageCreate& event) { seen->messages.add(event.message.content); });
        diary.emplace(client);
    }
    ~Blocked() { door.open(); }

    /// Says so many messages of about 1 KiB; the first one blocks.
    void say(int from, int to) {
        for (int i = from; i <= to; ++i)
            sandbox.say("alice", sandbox.general(), std::to_string(i) + " " + std::string(1000, 'x'));
    }

    /// Every message from 1 to `last`, once and in order?
    void expect_all(int last) {
        ASSERT_TRUE(messages.wait_count(static_cast<std::size_t>(last)));
        int next = 1;
        for (const auto& text : messages.all())
            EXPECT_EQ(text.substr(0, text.find(' ')), std::to_string(next++));
        EXPECT_EQ(next, last + 1);
    }

    /// Of the handlers, which outlive the client when a stop does not wait for them.
    struct Seen {
        test::Door entered;
        test::Door door;
        test::Recorder<std::string> messages;
    };

    Sandbox sandbox;
    std::shared_ptr<Seen> seen = std::make_shared<Seen>();
    test::Door& entered = seen->entered;
    test::Door& door = seen->door;
    test::Recorder<std::string>& messages = seen->messages;
    Client client;
    std::optional<test::Diary> diary;

private:
    ClientOptions options() {
        auto options = test::options_for(sandbox);
        options.queue_bytes = queue_bytes;
        return options;
    }
};

TEST(Backpressure, case_048_gauges_show_a_blocked_handler_and_its_end) {
    Blocked world({.heartbeat_interval = 200ms});
    const Gauges before = world.client.gauges();
    EXPECT_EQ(before, Gauges{});
    world.client.start();
    ASSERT_TRUE(world.diary->wait_ready());
    EXPECT_TRUE(test::eventually([&] { return world.client.gauges().heartbeat_round_trip.has_value(); }));
    EXPECT_TRUE(world.client.gauges().ready);
    EXPECT_EQ(world.client.gauges().sessions, 1u);
    EXPECT_EQ(world.client.gauges().reconnects, 0u);
    EXPECT_FALSE(world.client.gauges().reading_paused);

    world.say(1, 100);
    ASSERT_TRUE(world.entered.pass());
    EXPECT_TRUE(test::eventually([&] { return world.client.gauges().reading_paused; }));
    EXPECT_TRUE(test::eventually([&] { return world.client.gauges().lag > 300ms; }));
    const Gauges full = world.client.gauges();
    EXPECT_TRUE(full.ready);
    EXPECT_GT(full.queued_bytes, Blocked::queue_bytes);
    EXPECT_LT(full.queued_events, 100u);
    EXPECT_LT(full.events, 101u);

    world.door.open();
    world.expect_all(100);
    EXPECT_TRUE(test::eventually([&] {
        const Gauges now = world.client.gauges();
        return now.queued_bytes == 0 && !now.reading_paused;
    }));
    const Gauges after = world.client.gauges();
    EXPECT_EQ(after.queued_events, 0u);
    EXPECT_EQ(after.lag, 0ms);
    EXPECT_EQ(after.events, 100u);
    EXPECT_EQ(after.duplicates, 0u);
    EXPECT_EQ(after.gaps, 0u);

    world.client.stop();
    EXPECT_FALSE(world.client.gauges().ready);
    EXPECT_EQ(world.client.gauges().events, 100u);
}

TEST(Backpressure, case_028_035_acks_behind_unread_events_do_not_count_as_missed) {
    Blocked world({.heartbeat_interval = 100ms});
    world.client.start();
    ASSERT_TRUE(world.diary->wait_ready());
    world.say(1, 200);
    ASSERT_TRUE(world.entered.pass());
    ASSERT_TRUE(test::eventually([&] { return world.client.gauges().reading_paused; }));
    const auto beats = world.sandbox.heartbeats();
    EXPECT_TRUE(test::eventually([&] { return world.sandbox.heartbeats() >= beats + 12; })) << "four times dead";
    world.say(201, 300);
    EXPECT_TRUE(world.client.gauges().reading_paused);
    world.door.open();
    world.expect_all(300);
    EXPECT_EQ(world.diary->life().all(), std::vector<std::string>{"ready bot"});
    EXPECT_EQ(world.client.gauges().reconnects, 0u);
}

TEST(Backpressure, case_048_a_connection_that_is_cut_while_paused_loses_nothing) {
    Blocked world({.heartbeat_interval = 200ms});
    world.client.start();
    ASSERT_TRUE(world.diary->wait_ready());
    world.say(1, 100);
    ASSERT_TRUE(world.entered.pass());
    ASSERT_TRUE(test::eventually([&] { return world.client.gauges().reading_paused; }));
    world.sandbox.drop_connections();
    world.say(101, 150);
    world.door.open();
    world.expect_all(150);
    ASSERT_TRUE(world.diary->life().wait_contains("resumed"));
    const Gauges gauges = world.client.gauges();
    EXPECT_EQ(gauges.resumes, 1u);
    EXPECT_EQ(gauges.sessions, 1u);
    EXPECT_EQ(gauges.gaps, 0u);
    EXPECT_EQ(gauges.reconnects, 1u);
}

TEST(Backpressure, case_072_stop_does_not_wait_for_a_full_queue) {
    Blocked world({});
    world.client.start();
    ASSERT_TRUE(world.diary->wait_ready());
    world.say(1, 100);
    ASSERT_TRUE(world.entered.pass());
    ASSERT_TRUE(test::eventually([&] { return world.client.gauges().reading_paused; }));
    world.client.stop();
    EXPECT_EQ(world.messages.count(), 0u) << "the stop waited for the handler";
    EXPECT_TRUE(test::eventually([&] { return world.sandbox.connections() == 0; }));
    world.door.open();
    EXPECT_TRUE(world.messages.wait_count(1)) << "the handler that was left behind ends like any other";
}

}  // namespace
}  // namespace intent::backpressure_test
