// The state of the connection, as any thread may ask for it.
#include "tests/support/client_world.hpp"
#include "tests/support/raw_gateway.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

namespace intent::connection_state_test {
namespace {

TEST(ConnectionStates, each_state_of_a_session_can_be_seen) {
    std::atomic<int> connections = 0;
    test::Door upgrade;
    test::Door ready;
    test::Door cut;
    test::Door replay;
    test::ScriptedPeer gateway([&](test::PeerConnection& connection) {
        const bool first = connections++ == 0;
        if (first) upgrade.pass();
        test::take_opening(connection);
        if (first) {
            ready.pass();
            connection.send(test::ready_frame(40'000));
            cut.pass();
            connection.reset();
            return;
        }
        replay.pass();
        connection.send(test::gateway_frame(codec::Opcode::dispatch, "{}", "RESUMED", 1));
        test::serve(connection);
    });
    Client client(test::options_for(gateway.url()));
    const auto comes = [&client](ConnectionState state) {
        const bool came = test::eventually([&] { return client.state() == state; });
        return came ? "comes" : "the state is " + std::string(to_text(client.state()));
    };
    EXPECT_EQ(client.state(), ConnectionState::stopped);
    client.start();
    EXPECT_EQ(client.state(), ConnectionState::connecting);
    EXPECT_TRUE(test::eventually([&] { return connections == 1; }));
    EXPECT_EQ(client.state(), ConnectionState::connecting) << "the upgrade is not answered";
    upgrade.open();
    EXPECT_EQ(comes(ConnectionState::identifying), "comes");
    EXPECT_FALSE(client.gauges().ready);
    ready.open();
    EXPECT_EQ(comes(ConnectionState::ready), "comes");
    EXPECT_TRUE(client.gauges().ready);
    cut.open();
    EXPECT_EQ(comes(ConnectionState::backing_off), "comes");
    EXPECT_EQ(comes(ConnectionState::resuming), "comes");
    replay.open();
    EXPECT_EQ(comes(ConnectionState::ready), "comes");
    client.stop();
    EXPECT_EQ(client.state(), ConnectionState::stopped);
}

TEST(ConnectionStates, a_client_that_is_refused_has_the_state_stopped) {
    Sandbox sandbox({.refuse_token = sandbox::Refusal::close_4004});
    auto options = test::options_for(sandbox);
    options.token = "bot_c29tZWJvZHkgZWxzZQ";
    Client client(options);
    client.start();
    ASSERT_TRUE(client.wait(test::long_enough));
    EXPECT_EQ(client.state(), ConnectionState::stopped);
}

TEST(ConnectionStates, every_state_has_a_name) {
    EXPECT_EQ(to_text(ConnectionState::stopped), "stopped");
    EXPECT_EQ(to_text(ConnectionState::connecting), "connecting");
    EXPECT_EQ(to_text(ConnectionState::identifying), "identifying");
    EXPECT_EQ(to_text(ConnectionState::resuming), "resuming");
    EXPECT_EQ(to_text(ConnectionState::ready), "ready");
    EXPECT_EQ(to_text(ConnectionState::backing_off), "backing_off");
    EXPECT_EQ(to_text(static_cast<ConnectionState>(99)), "");
}

}  // namespace
}  // namespace intent::connection_state_test
