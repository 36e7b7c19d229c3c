// Publishing to a stream that fails in several ways.
#include "relay/broker/publisher.hpp"

#include "relay/broker/errors.hpp"
#include "tests/relay/broker_world.hpp"

#include <set>
#include <thread>

namespace intent::relay::broker {
namespace {

/// The ids in the stream, in their order.
std::vector<std::string> stored_ids(JetStream& streams) {
    std::vector<std::string> ids;
    const auto info = streams.stream_info("EVENTS");
    if (!info) return ids;
    for (auto sequence = info->first_sequence; sequence <= info->last_sequence && sequence > 0; ++sequence)
        if (const auto stored = streams.get_message("EVENTS", sequence))
            ids.push_back(*stored->message.headers.find(message_id_header));
    return ids;
}

TEST(BrokerPublisher, each_message_is_acknowledged_with_its_sequence) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    JetStream streams(connection);
    streams.ensure_stream(events_stream());
    PublisherOptions options{.stream = "EVENTS"};
    options.window.acknowledge_timeout = long_enough;
    Publisher publisher(connection, options, {});
    Recorder<std::uint64_t> sequences;
    for (int i = 0; i < 1'000; ++i)
        ASSERT_TRUE(publisher.publish(event("evt.a", std::to_string(i)), [&](const Published& result) {
            EXPECT_FALSE(result.error);
            EXPECT_FALSE(result.duplicate);
            sequences.add(result.sequence);
        }));
    ASSERT_TRUE(publisher.drain(long_enough));
    const auto all = sequences.all();
    ASSERT_EQ(all.size(), 1'000u);
    for (std::size_t i = 0; i < all.size(); ++i)
        ASSERT_EQ(all[i], i + 1);
    Recorder<bool> again;
    publisher.publish(event("evt.a", "7"), [&](const Published& result) {
        EXPECT_EQ(result.sequence, 8u);
        again.add(result.duplicate);
    });
    EXPECT_TRUE(again.wait_contains(true));
    EXPECT_EQ(publisher.statistics().acknowledged, 1'001u);
    EXPECT_EQ(publisher.statistics().resent, 0u);
}

TEST(BrokerPublisher, a_full_window_takes_nothing_and_reports_room) {
    INTENT_NEEDS_NATS();
    NatsServer server;
    const auto connection = connected(server);
    JetStream(connection).ensure_stream(events_stream());
    Recorder<int> room;
    PublisherOptions options;
    options.window.max_messages = 10;
    Publisher publisher(connection, options, {.room = [&] { room.add(1); }});
    server.suspend();
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(publisher.publish(event("evt.a", std::to_string(i)), {}));
    EXPECT_TRUE(publisher.full());
    EXPECT_FALSE(publisher.publish(event("evt.a", "more"), {}));
    EXPECT_EQ(room.count(), 0u);
    server.resume();
    EXPECT_TRUE(room.wait_count(1));
    EXPECT_TRUE(publisher.publish(event("evt.a", "more"), {}));
    EXPECT_TRUE(publisher.drain(long_enough));
    EXPECT_EQ(JetStream(connection).stream_info("EVENTS")->messages, 11u);
}

TEST(BrokerPublisher, what_can_never_be_stored_is_refused) {
    INTENT_NEEDS_NATS();
    const NatsServer server("max_payload: 4000");
    const auto connection = connected(server);
    auto stream = events_stream();
    stream.max_message_bytes = 2'000;
    JetStream(connection).ensure_stream(stream);
    Publisher publisher(connection, {.stream = "EVENTS"}, {});
    EXPECT_NE(text_of<ConfigError>([&] { publisher.publish({.subject = "evt.a"}, {}); }).find("Nats-Msg-Id"),
              std::string::npos);
    const auto text =
        text_of<ConfigError>([&] { publisher.publish(event("evt.a", "1", std::string(4'000, 'x')), {}); });
    EXPECT_NE(text.find("limit of 4000"), std::string::npos) << text;
    Recorder<std::string> errors;
    publisher.publish(event("evt.a", "2", std::string(3'000, 'x')),
                      [&](const Published& result) { errors.add(text_of_error(result.error)); });
    publisher.publish(event("evt.a", "3"), [&](const Published& result) { errors.add(text_of_error(result.error)); });
    ASSERT_TRUE(errors.wait_count(2));
    EXPECT_NE(errors.all()[0].find("message size exceeds maximum"), std::string::npos) << errors.all()[0];
    EXPECT_EQ(errors.all()[1], "");
    // Another stream has the subjects: a mistake in the configuration.
    Publisher strict(connection, {.stream = "OTHER"}, {});
    strict.publish(event("evt.a", "4"), [&](const Published& result) { errors.add(text_of_error(result.error)); });
    ASSERT_TRUE(errors.wait_count(3));
    EXPECT_NE(errors.all()[2].find("the stream EVENTS has the subject instead of OTHER"), std::string::npos)
        << errors.all()[2];
}

TEST(BrokerPublisher, a_missing_stream_is_reported_and_awaited) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    Recorder<std::string> problems;
    PublisherOptions options;
    options.window.retry_delay = 20ms;
    Publisher publisher(connection, options, {.problem = [&](const std::string& text) { problems.add(text); }});
    for (int i = 0; i < 5; ++i)
        publisher.publish(event("evt.a", std::to_string(i)), {});
    ASSERT_TRUE(problems.wait_count(1));
    EXPECT_NE(problems.all()[0].find("no stream takes the subject"), std::string::npos) << problems.all()[0];
    JetStream streams(connection);
    streams.ensure_stream(events_stream());
    ASSERT_TRUE(publisher.drain(long_enough));
    EXPECT_EQ(problems.count(), 1u);
    EXPECT_EQ(stored_ids(streams), (std::vector<std::string>{"0", "1", "2", "3", "4"}));
}

TEST(BrokerPublisher, messages_wait_for_the_first_connection) {
    INTENT_NEEDS_NATS();
    NatsServer server;
    const auto connection = connected(server);
    JetStream streams(connection);
    streams.ensure_stream(events_stream());
    server.kill();
    ASSERT_TRUE(eventually([&] { return !connection->connected(); }));
    const auto late = std::make_shared<Connection>(options_for(server));
    Publisher publisher(late, {}, {});
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(publisher.publish(event("evt.a", std::to_string(i)), {}));
    server.start();
    ASSERT_TRUE(publisher.drain(long_enough));
    ASSERT_TRUE(connection->wait_connected(long_enough));
    EXPECT_EQ(streams.stream_info("EVENTS")->messages, 100u);
}

TEST(BrokerPublisher, nothing_is_lost_or_stored_twice_while_the_broker_is_killed) {
    INTENT_NEEDS_NATS();
    NatsServer server;
    const auto connection = connected(server);
    JetStream streams(connection);
    streams.ensure_stream(events_stream());
    constexpr int count = 10'000;
    constexpr int kills = 3;
    PublisherOptions options;
    options.window.max_messages = 500;
    Recorder<int> acknowledged;
    Recorder<int> room;
    Publisher publisher(connection, options, {.room = [&] { room.add(1); }});
    std::jthread killer([&] {
        for (int kill = 1; kill <= kills; ++kill) {
            const auto enough = static_cast<std::size_t>(count / (kills + 1) * kill);
            if (!acknowledged.wait_for([&](const auto& done) { return done.size() >= enough; })) return;
            server.kill();
            server.start();
        }
    });
    std::size_t rooms = 0;
    for (int i = 0; i < count; ++i) {
        while (!publisher.publish(event("evt.a", std::to_string(i)), [&acknowledged, i](const Published& result) {
            EXPECT_FALSE(result.error);
            acknowledged.add(i);
        })) {
            ASSERT_TRUE(room.wait_count(++rooms));
        }
    }
    ASSERT_TRUE(publisher.drain(long_enough));
    killer.join();
    ASSERT_TRUE(connection->wait_connected(long_enough));
    const auto all = acknowledged.all();
    EXPECT_EQ(std::set<int>(all.begin(), all.end()).size(), static_cast<std::size_t>(count));
    EXPECT_EQ(all.size(), static_cast<std::size_t>(count));
    const auto ids = stored_ids(streams);
    ASSERT_EQ(ids.size(), static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        ASSERT_EQ(ids[static_cast<std::size_t>(i)], std::to_string(i));
    EXPECT_GT(publisher.statistics().resent, 0u);
}

TEST(BrokerPublisher, a_full_disk_is_waited_out) {
    INTENT_NEEDS_NATS();
    const NatsServer server(R"(jetstream { store_dir: "$DIR", max_file_store: 200000 })");
    const auto connection = connected(server);
    JetStream streams(connection);
    streams.ensure_stream(events_stream());
    Recorder<std::string> problems;
    PublisherOptions options;
    options.window.retry_delay = 20ms;
    Publisher publisher(connection, options, {.problem = [&](const std::string& text) { problems.add(text); }});
    for (int i = 0; i < 30; ++i)
        publisher.publish(event("evt.a", std::to_string(i), std::string(10'000, 'x')),
                          [](const Published& result) { EXPECT_FALSE(result.error) << text_of_error(result.error); });
    ASSERT_TRUE(problems.wait_count(1));
    EXPECT_NE(problems.all()[0].find("resource"), std::string::npos) << problems.all()[0];
    EXPECT_FALSE(publisher.drain(50ms));
    const auto before = streams.stream_info("EVENTS")->messages;
    streams.purge("EVENTS");
    ASSERT_TRUE(publisher.drain(long_enough));
    EXPECT_EQ(before + streams.stream_info("EVENTS")->messages, 30u);
}

TEST(BrokerPublisher, a_forbidden_stream_is_reported) {
    INTENT_NEEDS_NATS();
    const NatsServer server(R"(accounts { A { jetstream: enabled, users: [
        { user: a, password: b, permissions: { publish: ["other.>"], subscribe: ["_INBOX.>"] } }] } }
        no_auth_user: a)");
    const auto connection = connected(server);
    Recorder<std::string> problems;
    PublisherOptions options;
    options.window.acknowledge_timeout = 100ms;
    Publisher publisher(connection, options, {.problem = [&](const std::string& text) { problems.add(text); }});
    publisher.publish(event("evt.a", "1"), {});
    ASSERT_TRUE(problems.wait_count(1));
    EXPECT_NE(problems.all()[0].find("forbids this account"), std::string::npos) << problems.all()[0];
}

TEST(BrokerPublisher, it_can_be_destroyed_while_messages_wait) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    JetStream(connection).ensure_stream(events_stream());
    auto publisher = std::make_unique<Publisher>(connection, PublisherOptions{}, Publisher::Events{});
    const auto kept = std::make_shared<int>(1);
    for (int i = 0; i < 1'000; ++i)
        publisher->publish(event("evt.a", std::to_string(i)), [kept](const Published&) {});
    publisher.reset();
    EXPECT_TRUE(eventually([&] { return kept.use_count() == 1; }));
}

}  // namespace
}  // namespace intent::relay::broker
