// The same bot in a client, and in workers behind a relay.
#include "tests/relay/relay_world.hpp"

#include <intent/commands.hpp>
#include <intent/worker.hpp>

#include <stdexcept>

namespace intent::test::worker_relay_test {
namespace {

/// The bot of these tests. It does not know what it runs in.
class Bot {
public:
    explicit Bot(Client& client) : commands_(client, "!") {
        commands_.add("greet <name>", "Greets.",
                      [](Context context, std::string name) -> task<> { co_await context.reply("hello " + name); });
        commands_.add("quiz", "Asks.", [](Context context) -> task<> {
            const auto answer = co_await context.ask("two and two?", 30s);
            co_await context.reply(answer && answer->content == "4" ? "right" : "wrong");
        });
        client.on([](MessageCreate event) -> task<> {
            if (event.message.content != "twice") co_return;
            co_await event.message.reply("once");
            if (event.delivery().attempt == 1) throw std::runtime_error("fails after its call");
        });
    }

private:
    Commands commands_;
};

/// Both answer in the same way.
void converse(RelayWorld& world) {
    auto& platform = world.platform;
    const auto general = platform.general();
    platform.say("alice", general, "!greet bob");
    EXPECT_TRUE(platform.wait_message(general, "bot", sandbox::containing("hello bob"), 30s)) << world.log->all();
    platform.say("alice", general, "!quiz");
    EXPECT_TRUE(platform.wait_message(general, "bot", sandbox::containing("two and two?"), 30s)) << world.log->all();
    platform.say("alice", general, "4");
    EXPECT_TRUE(platform.wait_message(general, "bot", sandbox::containing("right"), 30s)) << world.log->all();
}

TEST(WorkerRelay, a_bot_answers_as_a_client) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    auto options = world.platform.client_options();
    options.log = world.log;
    Client client(options);
    const Bot bot(client);
    client.start();
    ASSERT_TRUE(eventually([&] { return client.user() && client.state() == ConnectionState::ready; }));
    converse(world);
}

struct WorkerRelayModes : testing::TestWithParam<WorkerMode> {};

TEST_P(WorkerRelayModes, the_same_bot_answers_as_a_worker_and_a_redelivered_event_posts_once) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    Relay relay(world.options());
    relay.start();
    ASSERT_TRUE(world.wait_ready(relay)) << world.log->all();
    WorkerOptions options;
    options.broker.urls = {world.server.url()};
    options.application = "bot";
    options.mode = GetParam();
    options.retry_delays = {10ms};
    options.log = world.log;
    Worker worker(options);
    Recorder<bool> channels;
    worker.on([&](const ChannelsReady& event) { channels.add(event.failed.empty()); });
    const Bot bot(worker);
    worker.start();
    ASSERT_TRUE(channels.wait_contains(true)) << world.log->all();
    EXPECT_TRUE(worker.user());
    EXPECT_EQ(worker.servers().size(), 1U);
    EXPECT_TRUE(worker.channels().get(world.platform.general()));
    // In ordered mode, the answer would wait for the command that waits for it.
    if (GetParam() == WorkerMode::pool) converse(world);

    const auto general = world.platform.general();
    world.platform.say("alice", general, "twice");
    world.platform.say("alice", general, "!greet last");
    EXPECT_TRUE(world.platform.wait_message(general, "bot", sandbox::containing("hello last"), 30s));
    EXPECT_TRUE(eventually([&] {
        return worker.metrics().find("intent_worker_deliveries_total{outcome=\"failed\"} 1") != std::string::npos &&
               worker.metrics().find("intent_worker_in_flight 0") != std::string::npos;
    })) << worker.metrics();
    std::size_t once = 0;
    for (const auto& message : world.platform.messages(general))
        once += message.content == "once" ? 1 : 0;
    EXPECT_EQ(once, 1U);
}

INSTANTIATE_TEST_SUITE_P(Modes, WorkerRelayModes, testing::Values(WorkerMode::pool, WorkerMode::ordered),
                         [](const auto& mode) { return mode.param == WorkerMode::pool ? "pool" : "ordered"; });

}  // namespace
}  // namespace intent::test::worker_relay_test
