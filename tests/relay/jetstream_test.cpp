// Streams, consumers and buckets on a real broker.
#include "relay/broker/jetstream.hpp"

#include "relay/broker/errors.hpp"
#include "relay/broker/key_value.hpp"
#include "relay/broker/publisher.hpp"
#include "tests/relay/broker_world.hpp"

namespace intent::relay::broker {
namespace {

ConsumerConfig pool_consumer() {
    ConsumerConfig config;
    config.name = "pool";
    config.filter_subject = "evt.*.MESSAGE_CREATE.>";
    config.backoff = {1s, 5s, 30s};
    config.max_deliveries = 5;
    config.max_ack_pending = 500;
    return config;
}

TEST(BrokerJetStream, a_stream_is_created_once_and_found_again) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    JetStream streams(connected(server));
    EXPECT_FALSE(streams.stream_info("EVENTS"));
    const auto made = streams.ensure_stream(events_stream());
    EXPECT_EQ(made.config.max_age, 24h);
    EXPECT_EQ(made.retention, "limits");
    EXPECT_TRUE(differences(made, events_stream()).empty());
    const auto found = streams.ensure_stream(events_stream());
    EXPECT_EQ(found.created, made.created);
    EXPECT_TRUE(streams.delete_stream("EVENTS"));
    EXPECT_FALSE(streams.delete_stream("EVENTS"));
}

TEST(BrokerJetStream, a_stream_that_differs_is_named_with_both_values_and_a_way_out) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    JetStream streams(connected(server));
    streams.ensure_stream(events_stream());
    auto wanted = events_stream();
    wanted.max_age = 1h + 30min;
    wanted.max_bytes = 1'000'000;
    const auto text = text_of<ConfigError>([&] { streams.ensure_stream(wanted); });
    EXPECT_NE(
        text.find("stream EVENTS exists with another configuration: max-age is 24h, wanted is 1h30m; max-bytes is "
                  "unlimited, wanted is 1000000"),
        std::string::npos)
        << text;
    EXPECT_NE(text.find("`nats stream edit EVENTS --max-age=1h30m --max-bytes=1000000`"), std::string::npos) << text;
    const auto edited = streams.ensure_stream(wanted, OnDifference::edit);
    EXPECT_EQ(edited.config.max_bytes, 1'000'000);
    streams.ensure_stream(wanted);

    wanted.storage = Storage::memory;
    const auto final_text = text_of<ConfigError>([&] { streams.ensure_stream(wanted, OnDifference::edit); });
    EXPECT_NE(final_text.find("storage is file, wanted is memory"), std::string::npos) << final_text;
    EXPECT_NE(final_text.find("`nats stream rm EVENTS`"), std::string::npos) << final_text;
}

TEST(BrokerJetStream, a_consumer_is_created_once_and_compared) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    JetStream streams(connected(server));
    EXPECT_THROW(streams.ensure_consumer("EVENTS", pool_consumer()), ApiError);
    streams.ensure_stream(events_stream());
    EXPECT_FALSE(streams.consumer_info("EVENTS", "pool"));
    const auto made = streams.ensure_consumer("EVENTS", pool_consumer());
    EXPECT_EQ(made.config.backoff, pool_consumer().backoff);
    EXPECT_EQ(made.config.max_deliveries, 5);
    streams.ensure_consumer("EVENTS", pool_consumer());

    auto wanted = pool_consumer();
    wanted.max_ack_pending = 1'000;
    const auto text = text_of<ConfigError>([&] { streams.ensure_consumer("EVENTS", wanted); });
    EXPECT_NE(text.find("consumer pool of stream EVENTS"), std::string::npos) << text;
    EXPECT_NE(text.find("`nats consumer edit EVENTS pool --max-pending=1000`"), std::string::npos) << text;
    EXPECT_EQ(streams.ensure_consumer("EVENTS", wanted, OnDifference::edit).config.max_ack_pending, 1'000);
    wanted.filter_subject = "evt.>";
    const auto final_text =
        text_of<ConfigError>([&] { streams.ensure_consumer("EVENTS", wanted, OnDifference::edit); });
    EXPECT_NE(final_text.find("filter is evt.*.MESSAGE_CREATE.>, wanted is evt.>"), std::string::npos) << final_text;

    auto other = pool_consumer();
    other.name = "audit";
    streams.ensure_consumer("EVENTS", other);
    EXPECT_EQ(streams.consumers("EVENTS").size(), 2u);
    EXPECT_TRUE(streams.delete_consumer("EVENTS", "audit"));
    EXPECT_FALSE(streams.delete_consumer("EVENTS", "audit"));
    EXPECT_THROW(streams.consumers("OTHER"), ApiError);
}

TEST(BrokerJetStream, stored_messages_are_read_and_deleted) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    JetStream streams(connection);
    streams.ensure_stream(events_stream());
    Publisher publisher(connection, {}, {});
    for (int i = 1; i <= 3; ++i)
        publisher.publish(event("evt." + std::to_string(i % 2), "id" + std::to_string(i), std::string("\0x", 2)), {});
    ASSERT_TRUE(publisher.drain(long_enough));
    const auto second = streams.get_message("EVENTS", 2);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->message.subject, "evt.0");
    EXPECT_EQ(second->message.data, std::string("\0x", 2));
    EXPECT_EQ(*second->message.headers.find("Nats-Msg-Id"), "id2");
    EXPECT_GT(second->time.time_since_epoch().count(), 0);
    EXPECT_EQ(streams.last_message("EVENTS", "evt.1")->sequence, 3u);
    EXPECT_FALSE(streams.last_message("EVENTS", "evt.other"));
    EXPECT_TRUE(streams.delete_message("EVENTS", 2));
    EXPECT_FALSE(streams.get_message("EVENTS", 2));
    EXPECT_FALSE(streams.delete_message("EVENTS", 2));
    streams.purge("EVENTS", "evt.1");
    EXPECT_EQ(streams.stream_info("EVENTS")->messages, 0u);
}

TEST(BrokerJetStream, without_jetstream_the_error_says_so) {
    INTENT_NEEDS_NATS();
    const NatsServer server("accounts { A { users: [{ user: a, password: b }] } }\nno_auth_user: a");
    JetStream streams(connected(server));
    const auto text = text_of<ApiError>([&] { streams.ensure_stream(events_stream()); });
    EXPECT_NE(text.find("stream EVENTS: JetStream not enabled for account"), std::string::npos) << text;
}

TEST(BrokerJetStream, a_forbidden_call_says_what_silence_may_mean) {
    INTENT_NEEDS_NATS();
    const NatsServer server(R"(accounts { A { jetstream: enabled, users: [
        { user: a, password: b, permissions: { publish: ["evt.>"], subscribe: ["_INBOX.>"] } }] } }
        no_auth_user: a)");
    auto options = options_for(server);
    options.request_timeout = 200ms;
    const auto connection = std::make_shared<Connection>(options);
    ASSERT_TRUE(connection->wait_connected(long_enough));
    JetStream streams(connection);
    const auto text = text_of<TimeoutError>([&] { streams.stream_info("EVENTS"); });
    EXPECT_NE(text.find("forbids this account"), std::string::npos) << text;
    const KeyValue bucket(connection, "BOT");
    EXPECT_THROW(bucket.put("key", "value"), Forbidden);
}

TEST(BrokerKeyValue, values_have_revisions) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    const auto bucket = KeyValue::ensure(connection, {.name = "BOT", .history = 2});
    EXPECT_FALSE(bucket.get("session"));
    const auto first = bucket.put("session", std::string("\0\xff", 2));
    const auto entry = bucket.get("session");
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->value, std::string("\0\xff", 2));
    EXPECT_EQ(entry->revision, first);
    EXPECT_FALSE(bucket.create("session", "other"));
    EXPECT_FALSE(bucket.update("session", "other", first + 7));
    const auto second = bucket.update("session", "next", first);
    ASSERT_TRUE(second);
    EXPECT_GT(*second, first);
    EXPECT_FALSE(bucket.update("session", "late", first));
    bucket.remove("session");
    EXPECT_FALSE(bucket.get("session"));
    EXPECT_TRUE(bucket.create("session", "again"));
    EXPECT_FALSE(bucket.create("session", "twice"));
    bucket.put("leader", "me");
    bucket.put("gone", "soon");
    bucket.remove("gone");
    EXPECT_EQ(bucket.keys(), (std::vector<std::string>{"leader", "session"}));
    EXPECT_TRUE(KeyValue::remove_bucket(connection, "BOT"));
    EXPECT_FALSE(KeyValue::remove_bucket(connection, "BOT"));
    const auto text = text_of<NoResponders>([&] { bucket.put("a", "b"); });
    EXPECT_NE(text.find("bucket BOT does not exist"), std::string::npos) << text;
    EXPECT_THROW(bucket.get("a"), ApiError);
}

TEST(BrokerKeyValue, a_bucket_that_differs_is_refused) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    KeyValue::ensure(connection, {.name = "BOT", .ttl = 10min});
    KeyValue::ensure(connection, {.name = "BOT", .ttl = 10min});
    const auto text = text_of<ConfigError>([&] { KeyValue::ensure(connection, {.name = "BOT", .ttl = 5min}); });
    EXPECT_NE(text.find("max-age is 10m, wanted is 5m"), std::string::npos) << text;
    EXPECT_THROW(KeyValue(connection, "a.b"), ConfigError);
    EXPECT_THROW(KeyValue(connection, "A").get("a..b"), ConfigError);
    EXPECT_THROW(KeyValue(connection, "A").get("a\",\"x"), ConfigError);
}

TEST(BrokerKeyValue, values_expire) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto bucket = KeyValue::ensure(connected(server), {.name = "BOT", .ttl = 300ms});
    bucket.put("a", "b");
    EXPECT_TRUE(eventually([&] { return !bucket.get("a"); }));
}

TEST(BrokerKeyValue, a_watch_sees_the_newest_value_also_after_a_restart) {
    INTENT_NEEDS_NATS();
    NatsServer server;
    const auto connection = connected(server);
    const auto bucket = KeyValue::ensure(connection, {.name = "BOT"});
    bucket.put("a", "0");
    Recorder<std::string> seen;
    auto watch = bucket.watch("a", [&](const Entry& entry) { seen.add(entry.deleted ? "deleted" : entry.value); });
    ASSERT_TRUE(seen.wait_contains("0"));
    bucket.put("a", "1");
    ASSERT_TRUE(seen.wait_contains("1"));
    restart(server, *connection);
    bucket.put("a", "2");
    ASSERT_TRUE(seen.wait_contains("2"));
    bucket.remove("a");
    ASSERT_TRUE(seen.wait_contains("deleted"));
    watch.reset();
    bucket.put("a", "3");
    bucket.get("a");
    EXPECT_EQ(seen.all().back(), "deleted");
}

}  // namespace
}  // namespace intent::relay::broker
