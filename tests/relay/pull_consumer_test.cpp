// Pulling messages through a durable consumer of a real broker.
#include "relay/broker/pull_consumer.hpp"

#include "relay/broker/errors.hpp"
#include "relay/broker/publisher.hpp"
#include "tests/relay/broker_world.hpp"

#include <optional>
#include <set>

namespace intent::relay::broker {
namespace {

/// A stream with a durable consumer.
struct World {
    explicit World(const std::string& config = {})
        : server(config), connection(connected(server)), streams(connection) {
        streams.ensure_stream(events_stream());
        consumer.name = "pool";
        consumer.ack_wait = 30s;
        streams.ensure_consumer("EVENTS", consumer);
        publisher.emplace(connection, PublisherOptions{}, Publisher::Events{});
    }

    void publish(int first, int last) {
        for (int i = first; i <= last; ++i)
            ASSERT_TRUE(publisher->publish(event("evt.a", std::to_string(i), std::to_string(i)), {}));
        ASSERT_TRUE(publisher->drain(long_enough));
    }

    PullOptions options() const { return {.stream = "EVENTS", .consumer = "pool"}; }

    ConsumerInfo info() { return *streams.consumer_info("EVENTS", "pool"); }

    NatsServer server;
    std::shared_ptr<Connection> connection;
    JetStream streams;
    ConsumerConfig consumer;
    std::optional<Publisher> publisher;
};

TEST(BrokerPullConsumer, as_many_messages_come_as_are_wanted) {
    INTENT_NEEDS_NATS();
    World world;
    world.publish(1, 20);
    Recorder<std::string> received;
    PullConsumer puller(world.connection, world.options(), {.delivered = [&](const Delivery& delivery) {
                            EXPECT_EQ(delivery.metadata().stream, "EVENTS");
                            EXPECT_EQ(delivery.metadata().consumer, "pool");
                            EXPECT_EQ(delivery.metadata().deliveries, 1u);
                            EXPECT_EQ(std::to_string(delivery.metadata().stream_sequence), delivery.message().data);
                            EXPECT_TRUE(delivery.acknowledge());
                            received.add(delivery.message().data);
                        }});
    EXPECT_EQ(received.count(), 0u);
    puller.want(3);
    ASSERT_TRUE(received.wait_count(3));
    EXPECT_EQ(puller.wanted(), 0u);
    // The broker has delivered what was asked for, and no more.
    EXPECT_TRUE(eventually([&] { return world.info().acknowledged_sequence == 3; }));
    EXPECT_EQ(world.info().delivered_sequence, 3u);
    puller.want(100);
    ASSERT_TRUE(received.wait_count(20));
    world.publish(21, 25);
    ASSERT_TRUE(received.wait_count(25));
    EXPECT_EQ(puller.wanted(), 78u);
    EXPECT_TRUE(eventually([&] { return world.info().ack_pending == 0; }));
}

TEST(BrokerPullConsumer, refused_and_forgotten_messages_come_again_and_terminated_ones_do_not) {
    INTENT_NEEDS_NATS();
    World world;
    world.consumer.ack_wait = 2s;  // also of those that are answered, which must be quicker
    world.streams.ensure_consumer("EVENTS", world.consumer, OnDifference::edit);
    world.publish(1, 3);
    Recorder<std::string> received;
    PullConsumer puller(world.connection, world.options(), {.delivered = [&](const Delivery& delivery) {
                            const auto attempt = delivery.metadata().deliveries;
                            received.add(delivery.message().data + "/" + std::to_string(attempt));
                            if (delivery.message().data == "3")
                                delivery.terminate();
                            else if (attempt >= 2)
                                delivery.acknowledge();
                            else if (delivery.message().data == "1")
                                delivery.refuse(10ms);
                        }});
    puller.want(10);
    EXPECT_TRUE(received.wait_contains("1/2"));
    EXPECT_TRUE(received.wait_contains("2/2"));
    EXPECT_TRUE(eventually([&] { return world.info().acknowledged_sequence == 3; }));
    EXPECT_EQ(received.count(), 5u);
}

TEST(BrokerPullConsumer, a_message_in_progress_is_not_delivered_again) {
    INTENT_NEEDS_NATS();
    World world;
    world.consumer.ack_wait = 2s;
    world.streams.ensure_consumer("EVENTS", world.consumer, OnDifference::edit);
    world.publish(1, 1);
    Recorder<Delivery> received;
    PullConsumer puller(world.connection, world.options(),
                        {.delivered = [&](const Delivery& delivery) { received.add(delivery); }});
    puller.want(2);
    ASSERT_TRUE(received.wait_count(1));
    const auto delivery = received.all()[0];
    const auto end = std::chrono::steady_clock::now() + 4s;
    while (std::chrono::steady_clock::now() < end && received.count() == 1) {
        EXPECT_TRUE(delivery.in_progress());
        received.wait_count(2, 100ms);
    }
    EXPECT_EQ(received.count(), 1u);
    EXPECT_TRUE(received.wait_count(2));
    Recorder<std::string> stored;
    received.all()[1].acknowledge([&](const std::exception_ptr& error) { stored.add(text_of_error(error)); });
    EXPECT_TRUE(stored.wait_contains(""));
    EXPECT_EQ(world.info().acknowledged_sequence, 1u);
}

TEST(BrokerPullConsumer, it_goes_on_after_the_broker_was_killed) {
    INTENT_NEEDS_NATS();
    World world;
    Recorder<int> received;
    PullConsumer puller(world.connection, world.options(), {.delivered = [&](const Delivery& delivery) {
                            delivery.acknowledge();
                            received.add(std::stoi(delivery.message().data));
                        }});
    puller.want(100'000);
    constexpr int rounds = 3;
    constexpr int each = 500;
    for (int round = 0; round < rounds; ++round) {
        for (int i = 1; i <= each; ++i)
            ASSERT_TRUE(world.publisher->publish(
                event("evt.a", std::to_string(round * each + i), std::to_string(round * each + i)), {}));
        ASSERT_TRUE(received.wait_for([&](const auto& all) { return all.size() > each / 4; }));
        world.server.kill();
        world.server.start();
    }
    ASSERT_TRUE(world.publisher->drain(long_enough));
    const auto distinct = [](const auto& all) { return std::set<int>(all.begin(), all.end()).size(); };
    EXPECT_TRUE(received.wait_for([&](const auto& all) { return distinct(all) == rounds * each; }))
        << distinct(received.all());
}

TEST(BrokerPullConsumer, an_acknowledgement_can_be_repeated_after_a_restart) {
    INTENT_NEEDS_NATS();
    World world;
    world.publish(1, 1);
    Recorder<Delivery> received;
    PullConsumer puller(world.connection, world.options(),
                        {.delivered = [&](const Delivery& delivery) { received.add(delivery); }});
    puller.want(10);
    ASSERT_TRUE(received.wait_count(1));
    const auto delivery = received.all()[0];
    world.server.kill();
    ASSERT_TRUE(eventually([&] { return !world.connection->connected(); }));
    EXPECT_FALSE(delivery.acknowledge());
    world.server.start();
    ASSERT_TRUE(eventually([&] { return delivery.acknowledge(); }));
    // A broker that died before it stored the delivery delivers again, and ignores the acknowledgement of the first.
    EXPECT_TRUE(eventually([&] {
        for (const auto& each : received.all())
            each.acknowledge();
        return world.info().acknowledged_sequence == 1;
    }));
}

TEST(BrokerPullConsumer, a_missing_consumer_is_reported_and_awaited) {
    INTENT_NEEDS_NATS();
    World world;
    world.streams.delete_consumer("EVENTS", "pool");
    Recorder<std::string> problems;
    Recorder<std::string> received;
    auto options = world.options();
    options.demand.retry_delay = 20ms;
    PullConsumer puller(world.connection, options,
                        {.delivered =
                             [&](const Delivery& delivery) {
                                 delivery.acknowledge();
                                 received.add(delivery.message().data);
                             },
                         .problem = [&](const std::exception_ptr& error) { problems.add(text_of_error(error)); }});
    puller.want(10);
    ASSERT_TRUE(problems.wait_count(1));
    EXPECT_NE(problems.all()[0].find("consumer pool of stream EVENTS: it does not exist"), std::string::npos)
        << problems.all()[0];
    world.streams.ensure_consumer("EVENTS", world.consumer);
    world.publish(1, 5);
    EXPECT_TRUE(received.wait_count(5));
    EXPECT_EQ(problems.count(), 1u);
    // Deleted while it waits for messages.
    world.streams.delete_consumer("EVENTS", "pool");
    EXPECT_TRUE(problems.wait_count(2));
}

TEST(BrokerPullConsumer, a_forbidden_consumer_is_reported) {
    INTENT_NEEDS_NATS();
    World world(R"(accounts { A { jetstream: enabled, users: [
        { user: all, password: all }
        { user: few, password: few, permissions: { publish: ["$JS.ACK.>"], subscribe: ["_INBOX.>"] } }] } }
        no_auth_user: all)");
    auto login = options_for(world.server);
    login.user = "few";
    login.password = "few";
    const auto connection = std::make_shared<Connection>(login);
    ASSERT_TRUE(connection->wait_connected(long_enough));
    Recorder<std::string> problems;
    auto options = world.options();
    options.demand.silence = 500ms;
    PullConsumer puller(connection, options,
                        {.delivered = [](const Delivery&) {},
                         .problem = [&](const std::exception_ptr& error) { problems.add(text_of_error(error)); }});
    puller.want(1);
    ASSERT_TRUE(problems.wait_count(1));
    EXPECT_NE(problems.all()[0].find("forbids this account"), std::string::npos) << problems.all()[0];
}

TEST(BrokerPullConsumer, an_idle_consumer_keeps_its_requests_alive) {
    INTENT_NEEDS_NATS();
    World world;
    Recorder<std::string> problems;
    Recorder<std::string> received;
    auto options = world.options();
    options.demand.silence = 2s;
    options.demand.expires = 2s;
    PullConsumer puller(world.connection, options,
                        {.delivered = [&](const Delivery& delivery) { received.add(delivery.message().data); },
                         .problem = [&](const std::exception_ptr& error) { problems.add(text_of_error(error)); }});
    puller.want(5);
    EXPECT_FALSE(problems.wait_count(1, 5s)) << problems.all()[0];
    EXPECT_LE(world.info().waiting, 1);
    world.publish(1, 5);
    EXPECT_TRUE(received.wait_count(5));
}

TEST(BrokerPullConsumer, two_pullers_share_the_messages_and_a_stopped_one_leaves_them_to_the_other) {
    INTENT_NEEDS_NATS();
    World world;
    Recorder<int> first;
    Recorder<int> second;
    const auto into = [](Recorder<int>& recorder) {
        return [&recorder](const Delivery& delivery) {
            delivery.acknowledge();
            recorder.add(std::stoi(delivery.message().data));
        };
    };
    PullConsumer one(world.connection, world.options(), {.delivered = into(first)});
    const auto other_connection = connected(world.server);
    PullConsumer two(other_connection, world.options(), {.delivered = into(second)});
    one.want(200);
    two.want(200);
    world.publish(1, 400);
    EXPECT_TRUE(first.wait_count(200));
    EXPECT_TRUE(second.wait_count(200));
    one.want(1'000);
    two.want(1'000);
    one.stop();
    const auto before = first.count();
    world.publish(401, 600);
    EXPECT_TRUE(second.wait_for([&](const auto& all) { return all.size() == 600 - before; }));
    EXPECT_EQ(first.count(), before);
}

}  // namespace
}  // namespace intent::relay::broker
