// Connections that come and go by the thousand leave nothing behind.
#include "tests/support/growth.hpp"

#include "tests/support/net_client.hpp"
#include "tests/support/net_server.hpp"
#include "tests/support/waiting.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace intent::test::growth_test {
namespace {

TEST(Growth, case_132_connections_that_come_and_go_leave_no_socket_and_no_memory) {
    TestServer server;
    TestClient client(server.url());
    const auto forget = [&] {  // what the server notes for tests
        on_loop(server.loop, [&] { server.sockets.clear(); });
        server.monitor.change([&] {
            server.requests.clear();
            server.closed.clear();
        });
    };
    const auto reconnect = [&](int times) {
        for (int i = 0; i < times; ++i) {
            on_loop(client.loop, [&] {
                client.monitor.change([&] { client.opened = false; });
                client.socket = std::make_unique<net::WebSocket>(client.loop, url_of(server.url()),
                                                                 net::WebSocketOptions{}, client);
            });
            ASSERT_TRUE(client.wait_open()) << i;
            forget();
        }
    };
    ASSERT_TRUE(client.wait_open());
    reconnect(200);
    ASSERT_FALSE(testing::Test::HasFatalFailure());
    EXPECT_TRUE(eventually([&] { return open_files() < 50; })) << open_files();
    const auto heap = heap_in_use();
    reconnect(2'000);
    EXPECT_TRUE(eventually([&] { return open_files() < 50; })) << open_files();
    EXPECT_TRUE(eventually([&] { return heap_in_use() <= heap + 256 * 1024; })) << heap_in_use() - heap;
}

}  // namespace
}  // namespace intent::test::growth_test
