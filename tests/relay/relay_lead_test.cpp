// Leader and standby.
#include "tests/relay/relay_world.hpp"
#include "tests/support/process.hpp"

#include <signal.h>

#include <thread>

namespace intent::test::relay_lead_test {
namespace {

/// A relay in a process of its own, which can be killed.
class RelayProcess {
public:
    RelayProcess(const RelayWorld& world, const std::string& id)
        : process_({"env", "INTENT_TOKEN=" + std::string(world.platform.bot_token().reveal()),
                    "INTENT_GATEWAY_URL=" + world.platform.gateway_url(),
                    "INTENT_REST_URL=" + world.platform.rest_url(), "INTENT_BROKER=" + world.server.url(),
                    "INTENT_RELAY_ID=" + id, "INTENT_LOG=warn", INTENT_BINARY_DIR "/intent_relay_process"},
                   ".") {}

    void kill() {
        process_.signal(SIGKILL);
        process_.wait();
    }
    void suspend() { process_.signal(SIGSTOP); }
    void resume() { process_.signal(SIGCONT); }
    std::optional<int> terminate() {
        process_.signal(SIGTERM);
        return process_.wait();
    }

private:
    Process process_;
};

std::string leader(const RelayWorld& world) {
    const auto entry = world.bucket().get(relay::leader_key);
    return entry ? entry->value : std::string();
}

/// A relay that leads has connected to the gateway. Before that, the bucket may be half made, and nats-server 2.9.10
/// crashes if a key of such a bucket is read.
bool wait_leader(const RelayWorld& world, const std::string& id) {
    return eventually([&] {
        if (world.platform.sessions() == 0) return false;
        try {
            return leader(world).find(id + "#") != std::string::npos;
        } catch (const Error&) {
            return false;
        }
    });
}

/// Starts a relay that sees the leader.
bool stands_by(Relay& relay, const std::string& leader) {
    relay.start();
    return eventually([&] { return relay.status().leader == leader; });
}

/// Ends the leader after the messages 1 to 20, and says more before and after the standby leads. The drill of the crash
/// tests judges how long a take-over may take (tests/soak/scale).
template <class End>
void expect_nothing_lost(RelayWorld& world, const Relay& standby, End end) {
    const auto begin = std::chrono::steady_clock::now();
    end();
    world.say(21, 30);
    ASSERT_TRUE(world.wait_ready(standby)) << world.log->all();
    const auto took = std::chrono::steady_clock::now() - begin;
    testing::Test::RecordProperty(
        "takeover_ms", static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
    world.say(31, 40);
    ASSERT_TRUE(world.wait_contents(40)) << world.log->all();
    EXPECT_EQ(world.contents(), numbers(1, 40)) << world.log->all();
}

TEST(RelayLead, a_standby_takes_over_at_once_when_the_leader_stops) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    // So long that only a hand-over makes the standby lead in time.
    const auto options = [&](const std::string& id) {
        auto result = world.options(id);
        result.lease_ttl = 600s;
        return result;
    };
    Relay first(options("first"));
    first.start();
    ASSERT_TRUE(world.wait_ready(first)) << world.log->all();
    Relay second(options("second"));
    ASSERT_TRUE(stands_by(second, "first")) << world.log->all();
    EXPECT_FALSE(second.status().leads);
    EXPECT_EQ(second.status().gateway, ConnectionState::stopped);
    world.say(1, 20);
    ASSERT_TRUE(world.wait_contents(20));
    expect_nothing_lost(world, second, [&] { first.stop(); });
    EXPECT_EQ(world.platform.identifies(), 1U);
    EXPECT_TRUE(second.status().leads);
    EXPECT_EQ(second.status().leader, "second");
    EXPECT_GT(second.status().term, first.status().term);
}

TEST(RelayLead, a_standby_takes_over_from_a_killed_leader) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    RelayProcess first(world, "first");
    ASSERT_TRUE(wait_leader(world, "first"));
    Relay second(world.options("second"));
    ASSERT_TRUE(stands_by(second, "first")) << world.log->all();
    world.say(1, 20);
    expect_nothing_lost(world, second, [&] { first.kill(); });
    EXPECT_EQ(second.status().gaps, 0U);
}

TEST(RelayLead, two_relays_that_believe_to_lead_do_no_harm) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    RelayProcess first(world, "first");
    ASSERT_TRUE(wait_leader(world, "first"));
    Relay second(world.options("second"));
    ASSERT_TRUE(stands_by(second, "first")) << world.log->all();
    world.say(1, 10);
    ASSERT_TRUE(world.wait_contents(10)) << world.log->all();
    first.suspend();
    world.say(11, 20);
    ASSERT_TRUE(world.wait_ready(second)) << world.log->all();
    ASSERT_TRUE(world.wait_contents(20)) << world.log->all();
    first.resume();  // it still believes to lead, and has the events from 11 on in its socket
    world.say(21, 30);
    ASSERT_TRUE(world.wait_contents(30)) << world.log->all();
    EXPECT_EQ(world.ask(world.post("once", "k")).status, 201);
    EXPECT_EQ(first.terminate(), 0);
    world.say(31, 40);
    ASSERT_TRUE(eventually([&] {
        const auto contents = world.contents();
        return !contents.empty() && contents.back() == "40";
    })) << world.log->all();
    auto contents = world.contents();
    std::erase(contents, "once");
    EXPECT_EQ(contents, numbers(1, 40)) << world.log->all();
    EXPECT_EQ(world.posted("once"), 1U);
    EXPECT_TRUE(second.status().leads);
    ASSERT_TRUE(eventually([&] {
        const auto entry = world.bucket().get(relay::session_key);
        return entry && entry->value.starts_with(std::to_string(second.status().term) + " ");
    }));
}

TEST(RelayLead, a_program_ends_on_a_signal_with_status_0) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    RelayProcess process(world, "first");
    ASSERT_TRUE(wait_leader(world, "first"));
    EXPECT_EQ(process.terminate(), 0);
    EXPECT_EQ(leader(world).find("first"), std::string::npos) << "the lease is released";
}

TEST(RelayLead, a_leader_whose_broker_is_gone_leads_again) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    auto options = world.options("first");
    options.lease_ttl = 2s;
    Relay relay(options);
    relay.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    world.say(1, 5);
    ASSERT_TRUE(world.wait_contents(5));
    world.server.kill();
    ASSERT_TRUE(eventually([&] { return !relay.status().leads; })) << world.log->all();
    ASSERT_TRUE(eventually([&] { return relay.status().gateway == ConnectionState::stopped; })) << world.log->all();
    world.say(6, 10);
    world.server.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    world.say(11, 15);
    ASSERT_TRUE(world.connection->wait_connected(long_enough));
    ASSERT_TRUE(world.wait_contents(15)) << world.log->all();
    EXPECT_EQ(world.contents(), numbers(1, 15)) << world.log->all();
    EXPECT_EQ(world.platform.identifies(), 1U);
}

TEST(RelayLead, a_broker_that_cannot_be_reached_is_one_line_until_it_answers) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    world.server.kill();
    Relay relay(world.options());
    relay.start();
    ASSERT_TRUE(eventually([&] { return world.log->contains("the broker cannot be reached"); }));
    EXPECT_FALSE(relay.status().broker_connected);
    EXPECT_FALSE(relay.status().broker_problem.empty());
    world.server.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    std::size_t lines = 0;
    for (const auto& line : world.log->lines.all())
        lines += line.find("cannot be reached") != std::string::npos;
    EXPECT_EQ(lines, 1U) << world.log->all();
}

TEST(RelayLead, another_stream_configuration_ends_the_relay_with_the_difference) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    relay::broker::StreamConfig other;
    other.name = world.names.stream();
    other.subjects = {world.names.events()};
    other.max_age = 1h;
    world.streams().ensure_stream(other);
    Relay relay(world.options());
    relay.start();
    EXPECT_EQ(relay.wait(long_enough), 4);
    EXPECT_TRUE(world.log->contains("max-age")) << world.log->all();
    EXPECT_TRUE(world.log->contains("24h")) << world.log->all();
    EXPECT_EQ(world.platform.connections(), 0U);
}

TEST(RelayLead, a_refused_token_ends_the_relay) {
    INTENT_NEEDS_NATS();
    sandbox::Options options;
    options.refuse_token = sandbox::Refusal::close_4004;
    RelayWorld world(options);
    auto wrong = world.options();
    wrong.client.token = Token("bot_00000000000000000000000000000000");
    Relay relay(wrong);
    relay.start();
    EXPECT_EQ(relay.wait(long_enough), 3) << world.log->all();
}

TEST(RelayLead, a_stop_before_anything_is_connected_is_quick) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    world.server.kill();
    Relay relay(world.options());
    relay.start();
    const auto begin = std::chrono::steady_clock::now();
    relay.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    EXPECT_EQ(relay.wait(0ms), 0);
    Relay never(world.options());
    never.stop();
    EXPECT_EQ(never.wait(0ms), 0);
    EXPECT_EQ(never.status().leads, false);
}

TEST(RelayLead, options_are_checked) {
    const auto text_of = [](auto change) {
        RelayOptions options;
        options.client.token = Token("bot_x");
        change(options);
        try {
            const Relay relay(std::move(options));
        } catch (const ConfigError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_EQ(text_of([](auto&) {}), "");
    EXPECT_EQ(text_of([](auto& o) { o.client.token = {}; }), "client.token: missing");
    EXPECT_EQ(text_of([](auto& o) { o.broker.bot = "My Bot"; }),
              "broker.bot: allowed are 1 to 32 characters of a-z, 0-9, '_' and '-'");
    EXPECT_EQ(text_of([](auto& o) { o.client.session_file = "x"; }),
              "client.session_file and client.session_store: must be unset, because a relay keeps the session on the "
              "broker");
    EXPECT_EQ(text_of([](auto& o) { o.id = "a b"; }), "id: allowed are up to 64 letters, digits, '-', '_' and '.'");
    EXPECT_EQ(text_of([](auto& o) { o.lease_ttl = 1s; }), "lease_ttl: 2 s to 10 min");
    EXPECT_EQ(text_of([](auto& o) { o.stream.replicas = 6; }), "stream.replicas: 1 to 5");
    EXPECT_NE(text_of([](auto& o) { o.client.gateway_url = "http://x"; }), "");
}

}  // namespace
}  // namespace intent::test::relay_lead_test
