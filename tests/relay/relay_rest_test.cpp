// Requests of workers.
#include "tests/relay/relay_world.hpp"

#include <thread>

namespace intent::test::relay_rest_test {
namespace {

using relay::RestOutcome;

/// A world with one relay that leads.
struct Serving : RelayWorld {
    explicit Serving(sandbox::Options given = {}, const std::string& config = {})
        : RelayWorld(std::move(given), config), relay(RelayWorld::options()) {
        relay.start();
        EXPECT_TRUE(wait_ready(relay)) << log->all();
        EXPECT_TRUE(eventually([&] {
            try {
                return ask(get("/users/@me"), 1s).status == 200;
            } catch (const Error&) {
                return false;
            }
        })) << log->all();
    }

    Relay relay;
};

std::int64_t from_now(std::chrono::milliseconds time) {
    const auto when = std::chrono::system_clock::now() + time;
    return std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
}

TEST(RelayRest, a_request_is_answered_by_the_server) {
    INTENT_NEEDS_NATS();
    Serving world;
    const auto me = world.ask(world.get("/users/@me"));
    EXPECT_EQ(me.outcome, RestOutcome::answered);
    EXPECT_EQ(me.status, 200);
    EXPECT_NE(me.body.find("\"username\":\"bot\""), std::string::npos) << me.body;
    EXPECT_FALSE(me.headers.empty());
    EXPECT_EQ(world.ask(world.post("hi")).status, 201);
    EXPECT_EQ(world.posted("hi"), 1U);
    const auto missing = world.ask(world.get("/channels/1"));
    EXPECT_EQ(missing.outcome, RestOutcome::answered);
    EXPECT_EQ(missing.status, 404);
    EXPECT_TRUE(eventually([&] { return world.relay.status().requests == 0; }));
}

TEST(RelayRest, a_repeated_key_does_not_post_twice) {
    INTENT_NEEDS_NATS();
    Serving world;
    const auto first = world.ask(world.post("once", "mc:1/1"));
    EXPECT_EQ(first.status, 201);
    EXPECT_FALSE(first.repeated);
    const auto second = world.ask(world.post("once", "mc:1/1"));
    EXPECT_EQ(second.status, 201);
    EXPECT_TRUE(second.repeated);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(world.posted("once"), 1U);
    const auto other = world.ask(world.post("something else", "mc:1/1"));
    EXPECT_EQ(other.outcome, RestOutcome::invalid);
    EXPECT_EQ(world.posted("something else"), 0U);
}

TEST(RelayRest, a_key_is_known_to_the_next_leader) {
    INTENT_NEEDS_NATS();
    Serving world;
    const auto first = world.ask(world.post("once", "mc:1/1"));
    world.relay.stop();
    Relay next(world.options("two"));
    next.start();
    ASSERT_TRUE(world.wait_ready(next)) << world.log->all();
    relay::RestAnswer second;
    ASSERT_TRUE(eventually([&] {
        try {
            second = world.ask(world.post("once", "mc:1/1"), 1s);
            return true;
        } catch (const Error&) {
            return false;
        }
    }));
    EXPECT_TRUE(second.repeated);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(world.posted("once"), 1U);
}

TEST(RelayRest, many_requests_with_one_key_at_the_same_time_post_once) {
    INTENT_NEEDS_NATS();
    Serving world;
    std::vector<std::thread> threads;
    Recorder<int> statuses;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] { statuses.add(world.ask(world.post("crowd", "k")).status); });
    for (auto& thread : threads)
        thread.join();
    for (const int status : statuses.all())
        EXPECT_EQ(status, 201);
    EXPECT_EQ(world.posted("crowd"), 1U);
}

TEST(RelayRest, a_request_that_a_dead_relay_has_begun_has_an_unknown_outcome) {
    INTENT_NEEDS_NATS();
    Serving world;
    const auto request = world.post("maybe", "mc:2/1");
    relay::RestRecord record;
    record.leader = "dead";
    record.fingerprint = relay::fingerprint(request);
    const auto bytes = relay::write_rest_record(record);
    const relay::broker::KeyValue answers(world.connection, world.names.answer_bucket());
    answers.put(relay::answer_key(request.key), {bytes.begin(), bytes.end()});
    const auto answer = world.ask(request);
    EXPECT_EQ(answer.outcome, RestOutcome::unknown_outcome);
    EXPECT_NE(answer.text.find("dead"), std::string::npos);
    EXPECT_EQ(world.posted("maybe"), 0U);
    EXPECT_EQ(world.relay.status().unknown_outcomes, 1U);
}

TEST(RelayRest, a_request_without_effect_can_be_repeated_with_its_key) {
    INTENT_NEEDS_NATS();
    Serving world;
    auto request = world.post("second try", "k");
    const auto fault = world.platform.fault(sandbox::fault::status(403).path("/channels/*"));
    EXPECT_EQ(world.ask(request).status, 403);
    world.platform.remove_fault(fault);
    EXPECT_EQ(world.ask(request).status, 201);
    EXPECT_EQ(world.posted("second try"), 1U);
}

TEST(RelayRest, a_lost_answer_is_not_repeated) {
    INTENT_NEEDS_NATS();
    Serving world;
    auto request = world.post("lost", "k");
    world.platform.fault(sandbox::fault::drop_answer().path("/channels/*").times(1));
    const auto first = world.ask(request);
    EXPECT_EQ(first.outcome, RestOutcome::broken) << first.text;
    const auto second = world.ask(request);
    EXPECT_EQ(second.outcome, RestOutcome::unknown_outcome) << second.text;
    EXPECT_EQ(world.posted("lost"), 1U);
}

TEST(RelayRest, deadlines_are_kept) {
    INTENT_NEEDS_NATS();
    Serving world;
    auto late = world.post("late");
    late.deadline_ms = from_now(-1s);
    EXPECT_EQ(world.ask(late).outcome, RestOutcome::wait_too_long);
    EXPECT_EQ(world.posted("late"), 0U);
    world.platform.fault(sandbox::fault::rate_limit(600s).path("/channels/*").times(1));
    auto limited = world.post("limited", "k");
    limited.deadline_ms = from_now(120s);
    // Refused at once: the answer to `ask` must come within a minute.
    EXPECT_EQ(world.ask(limited).outcome, RestOutcome::wait_too_long);
    EXPECT_EQ(world.ask(limited).outcome, RestOutcome::wait_too_long);
    EXPECT_EQ(world.posted("limited"), 0U);
    world.platform.fault(sandbox::fault::rate_limit(1s).path("/users/*").times(1));
    auto patient = world.get("/users/@me");
    patient.deadline_ms = from_now(60s);
    EXPECT_EQ(world.ask(patient).status, 200);
}

TEST(RelayRest, malformed_requests_are_answered_with_a_reason) {
    INTENT_NEEDS_NATS();
    Serving world;
    EXPECT_EQ(world.ask_bytes("").outcome, RestOutcome::invalid);
    EXPECT_EQ(world.ask_bytes("\xc1\xff rubbish").outcome, RestOutcome::invalid);
    EXPECT_EQ(world.ask_bytes(std::string(100'000, '\xdf')).outcome, RestOutcome::invalid);
    auto request = world.get("/users/@me");
    request.version = 7;
    EXPECT_EQ(world.ask(request).text,
              "a REST request has version 7, but the relay supports version 1: update the relay");
    EXPECT_EQ(world.ask(world.get("/../secret")).outcome, RestOutcome::invalid);
    EXPECT_EQ(world.ask(world.get("http://elsewhere/")).outcome, RestOutcome::invalid);
    EXPECT_EQ(world.ask(world.get("/users/@me")).status, 200);
    EXPECT_GE(world.relay.status().requests_refused, 6U);
}

TEST(RelayRest, an_answer_cannot_be_directed_at_a_subject_with_a_meaning) {
    INTENT_NEEDS_NATS();
    Serving world;
    ASSERT_TRUE(world.wait_event("READY"));
    relay::broker::JetStream streams(world.connection);
    const auto before = streams.stream_info(world.names.stream())->messages;
    const auto leader = world.bucket().get(relay::leader_key)->value;
    const auto bytes = relay::write_rest_request(world.post("misdirected"));
    for (const auto& subject : {world.names.rest(), world.names.gateway()})
        for (const auto& reply :
             {"$KV." + world.names.bucket() + ".leader", "$KV." + world.names.bucket() + ".ready",
              world.names.event({.type = "MESSAGE_CREATE"}), "$JS.API.STREAM.PURGE." + world.names.stream()})
            world.connection->publish({.subject = subject, .reply = reply, .data = {bytes.begin(), bytes.end()}});
    EXPECT_TRUE(eventually([&] { return world.relay.status().requests_refused >= 4; }));
    // Behind these requests, so they have been taken.
    EXPECT_EQ(world.ask(world.get("/users/@me")).status, 200);
    EXPECT_EQ(world.bucket().get(relay::leader_key)->value, leader);
    EXPECT_EQ(streams.stream_info(world.names.stream())->messages, before);
    EXPECT_EQ(world.posted("misdirected"), 0U);
    EXPECT_TRUE(world.log->contains("is not an inbox")) << world.log->all();
}

TEST(RelayRest, a_large_answer_is_refused_with_both_sizes) {
    INTENT_NEEDS_NATS();
    sandbox::Options options;
    options.limits = false;
    Serving world(options, "max_payload: 16384");
    for (int i = 0; i < 20; ++i)
        world.platform.say("alice", world.platform.general(), std::string(1'500, 'x'));
    const auto answer = world.ask(world.get("/channels/" + world.platform.general().str() + "/messages?limit=20"));
    EXPECT_EQ(answer.outcome, RestOutcome::too_large);
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.text.find("15360"), std::string::npos) << answer.text;
    EXPECT_EQ(world.ask(world.get("/channels/" + world.platform.general().str() + "/messages?limit=2")).status, 200);
}

TEST(RelayRest, a_request_takes_its_trace_to_the_server) {
    INTENT_NEEDS_NATS();
    Serving world;
    auto request = world.get("/users/@me");
    request.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    EXPECT_EQ(world.ask(request).status, 200);
    bool found = false;
    for (const auto& entry : world.platform.journal())
        found = found || entry.json.find("0af7651916cd43dd8448eb211c80319c") != std::string::npos;
    EXPECT_TRUE(found);
}

relay::CommandAnswer command(const RelayWorld& world, const relay::CommandRequest& request) {
    relay::broker::Message message;
    message.subject = world.names.gateway();
    const auto bytes = relay::write_command_request(request);
    message.data.assign(bytes.begin(), bytes.end());
    const auto reply = world.connection->request(std::move(message), long_enough);
    const auto answer =
        relay::read_command_answer({reinterpret_cast<const std::uint8_t*>(reply.data.data()), reply.data.size()});
    EXPECT_TRUE(answer);
    return *answer;
}

TEST(RelayRest, gateway_commands_are_sent) {
    INTENT_NEEDS_NATS();
    Serving world;
    relay::CommandRequest request;
    request.op = 10;
    request.data.bytes = *codec::json_to_msgpack(R"({"status":"idle","afk":false})");
    const auto answer = command(world, request);
    EXPECT_EQ(answer.outcome, relay::CommandOutcome::sent) << answer.text;
    EXPECT_TRUE(world.platform.wait_entry([](const sandbox::Entry& entry) { return entry.incoming && entry.op == 10U; },
                                          long_enough));
    request.op = 2;
    const auto refused = command(world, request);
    EXPECT_EQ(refused.outcome, relay::CommandOutcome::invalid);
    EXPECT_EQ(refused.text, "a gateway command, op: 2 is not a command: 4, 7, 10 and 12 are allowed");
}

}  // namespace
}  // namespace intent::test::relay_rest_test
