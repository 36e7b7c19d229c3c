// Messages, requests and lost connections against a real broker.
#include "relay/broker/connection.hpp"

#include "relay/broker/errors.hpp"
#include "relay/broker/impl/connection_impl.hpp"
#include "tests/relay/broker_world.hpp"

#include <algorithm>
#include <atomic>

namespace intent::relay::broker {
namespace {

constexpr auto accounts = R"(
accounts {
  BOT {
    jetstream: enabled
    users: [
      { user: relay, password: "open sesame relay" }
      { user: worker, password: "open sesame worker", permissions: {
          publish: ["ask.>"], subscribe: ["_INBOX.worker.>"] } }
    ]
  }
}
)";

ConnectionOptions login(const NatsServer& server, const std::string& user) {
    auto options = options_for(server);
    options.user = user;
    options.password = "open sesame " + user;
    options.inbox_prefix = "_INBOX." + user;
    return options;
}

TEST(BrokerConnection, messages_keep_subject_headers_and_bytes) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    Recorder<Message> received;
    const auto subscription = connection->subscribe("a.>", [&](Message message) { received.add(std::move(message)); });
    Message sent{.subject = "a.b", .reply = "answers.here", .headers = {{"One", "1"}, {"Two", "2"}, {"Two", "zwei"}}};
    sent.data = std::string("\0\xff bytes\r\n", 10);
    connection->publish(sent);
    connection->publish({.subject = "a.empty"});
    ASSERT_TRUE(received.wait_count(2));
    const auto all = received.all();
    EXPECT_EQ(all[0].subject, "a.b");
    EXPECT_EQ(all[0].reply, "answers.here");
    EXPECT_EQ(all[0].data, sent.data);
    EXPECT_EQ(*all[0].headers.find("One"), "1");
    EXPECT_EQ(all[0].headers.all("Two"), (std::vector<std::string_view>{"2", "zwei"}));
    EXPECT_EQ(all[1], (Message{.subject = "a.empty"}));
    EXPECT_GE(connection->statistics().received_messages, 2u);
}

TEST(BrokerConnection, one_member_of_a_queue_group_gets_each_message) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    Recorder<std::string> received;
    const auto take = [&](const Message& message) { received.add(message.data); };
    const auto first = connection->subscribe("work", "pool", take);
    const auto second = connection->subscribe("work", "pool", take);
    for (int i = 0; i < 100; ++i)
        connection->publish({.subject = "work", .data = std::to_string(i)});
    connection->flush(long_enough);
    ASSERT_TRUE(received.wait_count(100));
    auto all = received.all();
    std::ranges::sort(all);
    EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
}

TEST(BrokerConnection, a_request_is_answered_on_an_inbox_of_its_own) {
    INTENT_NEEDS_NATS();
    const NatsServer server(accounts);
    const auto relay = std::make_shared<Connection>(login(server, "relay"));
    ASSERT_TRUE(relay->wait_connected(long_enough)) << relay->last_problem();
    const auto worker = std::make_shared<Connection>(login(server, "worker"));
    ASSERT_TRUE(worker->wait_connected(long_enough)) << worker->last_problem();
    std::string inbox;
    const auto service = relay->subscribe("ask.>", "relay", [&](const Message& message) {
        inbox = message.reply;
        relay->publish({.subject = message.reply, .headers = {{"Answer", "yes"}}, .data = message.data + "!"});
    });
    relay->flush(long_enough);
    const auto answer = worker->request({.subject = "ask.something", .data = "hello"}, long_enough);
    EXPECT_EQ(answer.data, "hello!");
    EXPECT_EQ(*answer.headers.find("Answer"), "yes");
    EXPECT_TRUE(inbox.starts_with("_INBOX.worker.")) << inbox;
}

TEST(BrokerConnection, a_request_ends_with_an_error_that_says_why) {
    INTENT_NEEDS_NATS();
    const NatsServer server(accounts);
    const auto relay = std::make_shared<Connection>(login(server, "relay"));
    const auto worker = std::make_shared<Connection>(login(server, "worker"));
    ASSERT_TRUE(relay->wait_connected(long_enough) && worker->wait_connected(long_enough));
    EXPECT_THROW(relay->request({.subject = "nobody.here"}, long_enough), NoResponders);
    const auto silent = relay->subscribe("ask.silence", [](const Message&) {});
    relay->flush(long_enough);
    EXPECT_NE(text_of<TimeoutError>([&] { relay->request({.subject = "ask.silence"}, 50ms); }).find("50 ms"),
              std::string::npos);
    // This broker reports it; otherwise it would be a TimeoutError.
    const auto text = text_of<Forbidden>([&] { worker->request({.subject = "secret.subject"}, long_enough); });
    EXPECT_NE(text.find("secret.subject: the broker forbids"), std::string::npos) << text;
    EXPECT_NE(text_of<ConfigError>([&] { relay->request({.subject = "a b"}, 50ms); }).find("space"), std::string::npos);
}

TEST(BrokerConnection, a_message_over_the_payload_limit_is_refused_before_it_is_sent) {
    INTENT_NEEDS_NATS();
    const NatsServer server("max_payload: 2000");
    const auto connection = connected(server);
    EXPECT_EQ(connection->max_payload(), 2'000u);
    Message message{.subject = "a", .headers = {{"H", "v"}}, .data = std::string(1'990, 'x')};
    const auto text = text_of<ConfigError>([&] { connection->publish(message); });
    EXPECT_NE(text.find("limit of 2000"), std::string::npos) << text;
    EXPECT_THROW(connection->request(message, long_enough), ConfigError);
    message.data.resize(1'900);
    connection->publish(message);
    connection->flush(long_enough);
    EXPECT_TRUE(connection->connected());
}

TEST(BrokerConnection, subjects_and_headers_cannot_smuggle_commands) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    for (const auto* subject : {"", "a b", "a\r\nPUB b 0\r\n", "a..b", ".a", "a.", "a.*", ">"})
        EXPECT_THROW(connection->publish({.subject = subject}), ConfigError) << subject;
    EXPECT_THROW(connection->publish({.subject = "a", .headers = {{"a:b", "c"}}}), ConfigError);
    EXPECT_THROW(connection->publish({.subject = "a", .headers = {{"a", "b\r\nc: d"}}}), ConfigError);
    EXPECT_THROW(connection->publish({.subject = "a", .reply = "b c"}), ConfigError);
    EXPECT_THROW(static_cast<void>(connection->subscribe("a.>.b", [](const Message&) {})), ConfigError);
}

TEST(BrokerConnection, it_waits_for_a_broker_that_is_not_there_and_says_so_once) {
    INTENT_NEEDS_NATS();
    NatsServer server;
    server.kill();
    RecordedConnection recorded(options_for(server));
    auto& connection = *recorded.connection;
    EXPECT_FALSE(connection.connected());
    EXPECT_EQ(connection.epoch(), 0u);
    ASSERT_TRUE(recorded.errors->wait_count(1));
    EXPECT_NE(recorded.errors->all()[0].find("cannot connect to the broker (" + server.url()), std::string::npos);
    EXPECT_THROW(connection.publish({.subject = "a"}), NotSent);
    EXPECT_FALSE(connection.try_publish({.subject = "a"}));
    EXPECT_THROW(connection.request({.subject = "a"}, long_enough), NotSent);
    Recorder<Message> received;
    const auto subscription = connection.subscribe("a", [&](Message message) { received.add(std::move(message)); });
    server.start();
    ASSERT_TRUE(connection.wait_connected(long_enough));
    ASSERT_TRUE(recorded.changes->wait_contains(ConnectionChange::connected));
    connection.publish({.subject = "a"});
    EXPECT_TRUE(received.wait_count(1));
    EXPECT_EQ(recorded.errors->count(), 1u);
}

TEST(BrokerConnection, a_lost_broker_ends_requests_and_comes_back) {
    INTENT_NEEDS_NATS();
    NatsServer server;
    RecordedConnection recorded(options_for(server));
    auto& connection = *recorded.connection;
    ASSERT_TRUE(connection.wait_connected(long_enough));
    const auto epoch = connection.epoch();
    const auto id = connection.server_id();
    EXPECT_FALSE(id.empty());
    Recorder<std::string> received;
    const auto service = connection.subscribe("ask", [&](const Message& message) { received.add(message.data); });
    Recorder<std::string> ended;
    connection.request({.subject = "ask", .data = "before"}, long_enough, [&](const Answer& answer) {
        EXPECT_THROW(answer.value(), LostRequest);
        ended.add("lost");
    });
    ASSERT_TRUE(received.wait_count(1));
    server.kill();
    EXPECT_TRUE(ended.wait_count(1));
    EXPECT_TRUE(recorded.changes->wait_contains(ConnectionChange::disconnected));
    server.start();
    ASSERT_TRUE(recorded.changes->wait_count(3));
    EXPECT_EQ(recorded.changes->all()[2], ConnectionChange::connected);
    EXPECT_GT(connection.epoch(), epoch);
    EXPECT_NE(connection.server_id(), id);
    connection.publish({.subject = "ask", .data = "after"});
    EXPECT_TRUE(received.wait_contains("after"));
}

TEST(BrokerConnection, a_mute_broker_counts_as_lost) {
    INTENT_NEEDS_NATS();
    NatsServer server;
    auto options = options_for(server);
    options.ping_interval = 100ms;
    RecordedConnection recorded(options);
    ASSERT_TRUE(recorded.connection->wait_connected(long_enough));
    server.suspend();
    EXPECT_TRUE(recorded.changes->wait_contains(ConnectionChange::disconnected));
    server.resume();
    EXPECT_TRUE(recorded.changes->wait_count(3));
    EXPECT_TRUE(recorded.connection->wait_connected(long_enough));
}

TEST(BrokerConnection, closing_ends_requests_and_calls) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    auto recorded = std::make_unique<RecordedConnection>(options_for(server));
    auto& connection = *recorded->connection;
    ASSERT_TRUE(connection.wait_connected(long_enough));
    const auto silent = connection.subscribe("ask", [](const Message&) {});
    Recorder<std::string> ended;
    connection.request({.subject = "ask"}, long_enough,
                       [&](const Answer& answer) { ended.add(text_of_error(answer.error)); });
    connection.close();
    EXPECT_EQ(ended.all(), std::vector<std::string>{"the connection to the broker was closed"});
    EXPECT_EQ(recorded->changes->all().back(), ConnectionChange::closed);
    EXPECT_THROW(connection.publish({.subject = "a"}), NotSent);
    EXPECT_THROW(connection.request({.subject = "a"}, 50ms), NotSent);
    EXPECT_THROW(static_cast<void>(connection.subscribe("a", [](const Message&) {})), NetworkError);
    connection.close();
}

TEST(BrokerConnection, draining_delivers_what_has_arrived) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    std::atomic<int> received = 0;
    const auto subscription = connection->subscribe("a", [&](const Message&) { ++received; });
    for (int i = 0; i < 500; ++i)
        connection->publish({.subject = "a"});
    EXPECT_TRUE(connection->drain(long_enough));
    EXPECT_EQ(received, 500);
}

TEST(BrokerConnection, an_exception_of_a_callback_is_an_error_of_the_connection) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    RecordedConnection recorded(options_for(server));
    auto& connection = *recorded.connection;
    ASSERT_TRUE(connection.wait_connected(long_enough));
    Recorder<std::string> received;
    const auto service = connection.subscribe("ask", [&](const Message& message) {
        received.add(message.data);
        // A reply subject comes from outside, and this one cannot be published to.
        connection.publish({.subject = message.reply.empty() ? "*" : message.reply});
    });
    connection.publish({.subject = "ask", .data = "odd"});
    ASSERT_TRUE(recorded.errors->wait_count(1));
    EXPECT_NE(recorded.errors->all()[0].find("a message on ask was dropped: publish: '*' has a wildcard"),
              std::string::npos)
        << recorded.errors->all()[0];
    connection.publish({.subject = "ask", .reply = "fine", .data = "next"});
    EXPECT_TRUE(received.wait_contains("next"));
}

TEST(BrokerConnection, listeners_that_have_ended_are_forgotten) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    for (int i = 0; i < 100; ++i)
        static_cast<void>(connection->listen([](ConnectionChange) {}));
    EXPECT_LE(connection->impl().listeners.size(), 1u);
}

TEST(BrokerConnection, a_subscription_can_end_itself) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    Registration subscription;
    Recorder<int> received;
    Door assigned;
    subscription = connection->subscribe("a", [&](const Message&) {
        assigned.pass();
        subscription.reset();
        received.add(1);
    });
    assigned.open();
    connection->publish({.subject = "a"});
    connection->publish({.subject = "a"});
    ASSERT_TRUE(received.wait_count(1));
    connection->flush(long_enough);
    EXPECT_EQ(received.count(), 1u);
}

TEST(BrokerConnection, a_wrong_password_closes_it_and_shows_in_no_text) {
    INTENT_NEEDS_NATS();
    const NatsServer server(accounts);
    auto options = login(server, "relay");
    options.password = "wrong sesame";
    RecordedConnection recorded(options);
    ASSERT_TRUE(recorded.errors->wait_count(1));
    EXPECT_NE(recorded.errors->all()[0].find("Authorization Violation"), std::string::npos)
        << recorded.errors->all()[0];
    EXPECT_TRUE(recorded.changes->wait_contains(ConnectionChange::closed));
    for (const auto& text : recorded.errors->all())
        EXPECT_EQ(text.find("sesame"), std::string::npos) << text;
}

TEST(BrokerConnection, options_that_cannot_work_are_named) {
    const auto problem = [](auto change) {
        ConnectionOptions options;
        change(options);
        return text_of<ConfigError>([&] { check(options); });
    };
    EXPECT_NE(problem([](auto& o) { o.urls = {}; }).find("urls"), std::string::npos);
    const auto url = problem([](auto& o) { o.urls = {"nats://me:hunter2@host"}; });
    EXPECT_NE(url.find("url"), std::string::npos);
    EXPECT_EQ(url.find("hunter2"), std::string::npos) << url;
    EXPECT_NE(problem([](auto& o) { o.urls = {"http://host"}; }).find("url"), std::string::npos);
    EXPECT_NE(problem([](auto& o) { o.user = "me"; }).find("password: must be set too"), std::string::npos);
    EXPECT_NE(problem([](auto& o) { o.token = "t", o.credentials_file = "c"; }).find("only one"), std::string::npos);
    EXPECT_NE(problem([](auto& o) { o.inbox_prefix = "a.>"; }).find("inbox_prefix"), std::string::npos);
    EXPECT_NE(problem([](auto& o) { o.ping_interval = 1ms; }).find("ping_interval: 1 ms"), std::string::npos);
    ConnectionOptions options;
    options.ca_file = "/does/not/exist.pem";
    EXPECT_NE(text_of<ConfigError>([&] { Connection connection(options); }).find("ca_file"), std::string::npos);
}

}  // namespace
}  // namespace intent::relay::broker
