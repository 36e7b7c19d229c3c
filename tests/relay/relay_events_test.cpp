// From the gateway to the stream.
#include "relay/relay/event_publisher.hpp"
#include "tests/relay/relay_world.hpp"

#include <intent/raw/gateway.hpp>

#include <atomic>

namespace intent::test::relay_events_test {
namespace {

TEST(RelayEvents, a_dispatch_arrives_in_the_stream_as_it_came) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    Relay relay(world.options());
    relay.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    const auto id = world.platform.say("alice", world.platform.general(), "hello");
    const auto event = world.wait_event("MESSAGE_CREATE");
    ASSERT_TRUE(event) << world.log->all();
    EXPECT_EQ(event->content(), "hello");
    EXPECT_EQ(event->id, "mc:" + id.str());
    EXPECT_EQ(event->place.channel, world.platform.general());
    EXPECT_EQ(event->headers.source, DeliverySource::live);
    EXPECT_GT(event->headers.seq, 0U);
    EXPECT_FALSE(event->headers.session.empty());
    EXPECT_EQ(event->headers.session, relay.status().session_id);
    const auto age = std::chrono::system_clock::now() - event->headers.received;
    EXPECT_LT(std::chrono::abs(age), 60s);
    relay.stop();
    EXPECT_EQ(relay.wait(0ms), 0);
}

TEST(RelayEvents, ready_is_in_the_bucket_before_its_event) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    Relay relay(world.options());
    relay.start();
    const auto event = world.wait_event("READY");
    ASSERT_TRUE(event) << world.log->all();
    const auto entry = world.bucket().get(relay::ready_key);
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->value, event->data);
    const auto ready = codec::from_msgpack<raw::Ready>(event->bytes());
    ASSERT_TRUE(ready);
    EXPECT_EQ(ready->user.username, "bot");
    ASSERT_EQ(ready->servers.size(), 1U);
    EXPECT_EQ(ready->servers[0].id, world.platform.server());
}

TEST(RelayEvents, a_restart_continues_without_loss_or_duplicates) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    {
        Relay relay(world.options());
        relay.start();
        ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
        world.say(1, 50);
        ASSERT_TRUE(world.wait_contents(50)) << world.log->all();
        world.say(51, 60);
    }
    world.say(61, 70);
    Relay relay(world.options());
    relay.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    world.say(71, 80);
    ASSERT_TRUE(world.wait_contents(80)) << world.log->all();
    EXPECT_EQ(world.contents(), numbers(1, 80));
    EXPECT_EQ(world.platform.identifies(), 1U);
    EXPECT_EQ(world.platform.resumes(), 1U);
    for (const auto& event : world.events()) {
        if (event.headers.type != "MESSAGE_CREATE" || event.content() != "65") continue;
        EXPECT_EQ(event.headers.source, DeliverySource::replay);
    }
    EXPECT_EQ(relay.status().gaps, 0U);
}

TEST(RelayEvents, nothing_is_lost_while_the_broker_is_killed_and_restarted) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    Relay relay(world.options());
    relay.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    world.say(1, 10);
    ASSERT_TRUE(world.wait_contents(10));
    world.server.kill();
    world.say(11, 40);
    world.server.start();
    ASSERT_TRUE(world.connection->wait_connected(long_enough));
    world.say(41, 50);
    ASSERT_TRUE(world.wait_contents(50)) << world.log->all();
    EXPECT_EQ(world.contents(), numbers(1, 50)) << world.log->all();
    EXPECT_EQ(relay.status().gaps, 0U);
}

TEST(RelayEvents, a_session_that_is_gone_becomes_a_gap_and_a_back_fill) {
    INTENT_NEEDS_NATS();
    sandbox::Options options;
    options.hello = true;
    RelayWorld world(options);
    const auto other = world.platform.create_channel("alice", world.platform.server(), "other");
    {
        Relay relay(world.options());
        relay.start();
        ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
        world.say(1, 3);
        ASSERT_TRUE(world.wait_contents(3)) << world.log->all();
    }
    world.platform.forget_sessions();
    world.say(4, 250);
    world.platform.say("alice", other, "in a channel without messages before");
    Relay relay(world.options());
    relay.start();
    const auto gap = world.wait_event("_GAP");
    ASSERT_TRUE(gap) << world.log->all();
    const auto payload = relay::read_gap(gap->bytes());
    ASSERT_TRUE(payload) << payload.failure().text();
    EXPECT_LE(payload->from, payload->to);
    EXPECT_FALSE(payload->reason.empty());
    ASSERT_TRUE(world.wait_contents(251)) << world.log->all();
    std::vector<std::string> general;
    for (const auto& event : world.events()) {
        if (event.headers.type != "MESSAGE_CREATE") continue;
        if (event.place.channel == other) {
            EXPECT_EQ(event.content(), "in a channel without messages before");
            EXPECT_EQ(event.headers.source, DeliverySource::backfill);
        } else {
            general.push_back(event.content());
            EXPECT_EQ(event.headers.source, general.size() > 3 ? DeliverySource::backfill : DeliverySource::live);
        }
    }
    EXPECT_EQ(general, numbers(1, 250));
    ASSERT_TRUE(eventually([&] { return !relay.status().backfilling; }));
    EXPECT_EQ(relay.status().gaps, 1U);
    // The back-fill is complete: the next leader does not repeat it.
    ASSERT_TRUE(eventually([&] {
        const auto entry = world.bucket().get(relay::backfill_key);
        return entry && entry->value.empty();
    }));
}

TEST(RelayEvents, the_token_never_leaves_the_relay) {
    INTENT_NEEDS_NATS();
    sandbox::Options options;
    options.bots = {{"bot", "bot_abcdefghijklmnopqrstuvwxyz0123456789"}};
    RelayWorld world(options);
    const std::string token(world.platform.bot_token().reveal());
    Relay relay(world.options());
    relay.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    world.platform.say("alice", world.platform.general(), "is " + token + " yours?");
    const auto event = world.wait_event("MESSAGE_CREATE");
    ASSERT_TRUE(event);
    EXPECT_EQ(event->content(), "is " + std::string(token.size(), '*') + " yours?");
    const auto answer = world.ask(world.get("/channels/" + world.platform.general().str() + "/messages"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.find(token), std::string::npos);
    EXPECT_NE(answer.body.find("yours?"), std::string::npos);
    auto odd = world.get("/" + token);
    EXPECT_EQ(world.ask(odd).body.find(token), std::string::npos);
    odd.method = token;
    EXPECT_EQ(world.ask(odd).text.find(token), std::string::npos);
    ASSERT_TRUE(eventually([&] { return world.bucket().get(relay::session_key).has_value(); }));
    for (const auto& key : world.bucket().keys())
        EXPECT_EQ(world.bucket().get(key)->value.find(token), std::string::npos) << key;
    for (const auto& one : world.events()) {
        EXPECT_EQ(one.data.find(token), std::string::npos);
        EXPECT_EQ(one.subject.find(token), std::string::npos);
    }
    EXPECT_EQ(relay.metrics().find(token), std::string::npos);
    relay.stop();
    EXPECT_EQ(world.log->all().find(token), std::string::npos);
}

TEST(RelayEvents, names_of_unknown_events_are_safe_subjects) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    Relay relay(world.options());
    relay.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    world.platform.dispatch("ODD.NAME > *", R"({"channel_id":"5","x":1})");
    const auto event = world.wait_event("ODD.NAME > *");
    ASSERT_TRUE(event) << world.log->all();
    EXPECT_EQ(event->place.channel, ChannelId{5});
    EXPECT_EQ(event->json(), R"({"channel_id":"5","x":1})");
}

TEST(RelayEvents, an_event_that_the_broker_refuses_becomes_a_gap) {
    INTENT_NEEDS_NATS();
    RelayWorld world({}, "max_payload: 20000");
    Relay relay(world.options());
    relay.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    world.platform.dispatch("LARGE", R"({"x":")" + std::string(30'000, 'x') + "\"}");
    world.say(1, 1);
    ASSERT_TRUE(world.wait_contents(1)) << world.log->all();
    const auto gap = world.wait_event("_GAP");
    ASSERT_TRUE(gap) << world.log->all();
    const auto payload = relay::read_gap(gap->bytes());
    ASSERT_TRUE(payload);
    EXPECT_NE(payload->reason.find("LARGE"), std::string::npos) << payload->reason;
    EXPECT_EQ(relay.status().refused, 1U);
}

TEST(RelayEvents, an_event_whose_dead_letter_would_be_too_large_becomes_a_gap) {
    INTENT_NEEDS_NATS();
    RelayWorld world({}, "max_payload: 20000");
    Relay relay(world.options());
    relay.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    world.platform.dispatch("LARGE", R"({"x":")" + std::string(19'400, 'x') + "\"}");
    const auto gap = world.wait_event("_GAP");
    ASSERT_TRUE(gap) << world.log->all();
    const auto payload = relay::read_gap(gap->bytes());
    ASSERT_TRUE(payload);
    EXPECT_NE(payload->reason.find("over the limit of 18976"), std::string::npos) << payload->reason;
    world.platform.dispatch("FITS", R"({"x":")" + std::string(18'500, 'x') + "\"}");
    EXPECT_TRUE(world.wait_event("FITS")) << world.log->all();
}

/// Notes whether it is still held.
class Held final : public detail::PendingDispatch {
public:
    explicit Held(std::atomic<bool>& held) : held_(held) { held_ = true; }
    ~Held() override { held_ = false; }

private:
    std::atomic<bool>& held_;
};

TEST(RelayEvents, a_refused_event_is_not_handled_before_its_gap_is_stored) {
    INTENT_NEEDS_NATS();
    RelayWorld world({}, "max_payload: 20000");
    relay::broker::StreamConfig stream;
    stream.name = world.names.stream();
    stream.subjects = {world.names.events()};
    world.streams().ensure_stream(stream);
    const auto publisher = relay::EventPublisher::make({
        .connection = world.connection,
        .names = world.names,
        .label = "test",
        .tokens = std::make_shared<relay::TokenFilter>(""),
        .counters = std::make_shared<relay::Counters>(),
        .last_messages = std::make_shared<relay::LastMessages>(),
        .now = [] { return Timestamp(1s); },
        .log = relay::RelayLog(world.log, {}),
    });
    const codec::Bytes large(30'000);
    std::atomic<bool> held = false;
    world.server.suspend();
    publisher->publish(
        {.type = "LARGE", .session = "s", .seq = 1, .payload = large, .pending = std::make_shared<Held>(held)});
    EXPECT_TRUE(held) << "the stream has no gap yet";
    world.server.resume();
    ASSERT_TRUE(world.wait_event("_GAP"));
    ASSERT_TRUE(publisher->drain(long_enough));
    EXPECT_TRUE(eventually([&] { return !held; }));
}

TEST(RelayEvents, reading_stops_while_the_broker_does_not_acknowledge) {
    INTENT_NEEDS_NATS();
    constexpr std::size_t limit = 64u << 10;
    constexpr int events = 300;
    RelayWorld world;
    auto options = world.options();
    options.client.queue_bytes = limit;
    options.lease_ttl = 60s;
    Relay relay(options);
    relay.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    world.server.suspend();
    for (int i = 1; i <= events; ++i)
        world.platform.dispatch("FILL", R"({"n":)" + std::to_string(i) + R"(,"x":")" + std::string(2'000, 'x') + "\"}");
    ASSERT_TRUE(eventually([&] { return relay.metrics().find("intent_queue_paused 1\n") != std::string::npos; }));
    EXPECT_LT(relay.status().waiting_bytes, 3 * limit);
    EXPECT_GT(relay.status().waiting, 10U);
    world.server.resume();
    std::vector<std::string> arrived;
    ASSERT_TRUE(eventually([&] {
        arrived.clear();
        for (const auto& event : world.events())
            if (event.headers.type == "FILL") arrived.push_back(event.json().substr(5, event.json().find(',') - 5));
        return arrived.size() >= static_cast<std::size_t>(events);
    })) << world.log->all();
    EXPECT_EQ(arrived, numbers(1, events));
    EXPECT_TRUE(relay.status().leads);
}

TEST(RelayEvents, metrics_of_relay_and_client_are_one_text) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    Relay relay(world.options());
    relay.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    world.say(1, 3);
    ASSERT_TRUE(world.wait_contents(3));
    ASSERT_TRUE(eventually([&] { return relay.status().published >= 4; }));
    const auto text = relay.metrics();
    EXPECT_NE(text.find("intent_relay_leads 1\n"), std::string::npos) << text;
    EXPECT_NE(text.find("intent_relay_events_total{source=\"live\"} 4\n"), std::string::npos) << text;
    EXPECT_NE(text.find("intent_gateway_sessions_total 1\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace intent::test::relay_events_test
