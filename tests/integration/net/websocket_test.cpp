#include "tests/support/net_client.hpp"
#include "tests/support/net_peer.hpp"
#include "tests/support/net_server.hpp"

#include <gtest/gtest.h>

namespace intent::test::websocket_test {
namespace {

using namespace std::chrono_literals;

TEST(WebSocket, messages_go_both_ways_and_in_order) {
    TestServer server;
    TestClient client(server.url());
    ASSERT_TRUE(client.wait_open());
    std::string large(300'000, 'x');
    client.send("one");
    client.send("");
    client.send(large);
    ASSERT_TRUE(client.wait_messages(3));
    EXPECT_EQ(client.messages, (std::vector<std::string>{"one", "", large}));
    EXPECT_TRUE(client.monitor.wait([&] { return client.batches >= 1; }));
}

TEST(WebSocket, the_upgrade_names_host_path_query_and_agent) {
    TestServer server;
    net::WebSocketOptions options;
    options.user_agent = "bot/1.0";
    TestClient client(server.url("/gateway?v=1&x=%20"), options);
    ASSERT_TRUE(client.wait_open());
    const auto request = server.monitor.read([&] { return server.requests.at(0); });
    EXPECT_EQ(request.path, "/gateway");
    EXPECT_EQ(request.query, "v=1&x=%20");
    EXPECT_EQ(request.header("user-agent"), "bot/1.0");
    EXPECT_EQ(request.header("host"), "127.0.0.1:" + std::to_string(server.server->port()));
    EXPECT_EQ(request.header("sec-websocket-extensions"), "");
}

TEST(WebSocket, what_the_server_sends_at_once_arrives) {
    TestServer server;
    server.greet = [](net::ServerSocket& socket) { socket.send_binary({'h', 'i'}); };
    TestClient client(server.url());
    ASSERT_TRUE(client.wait_messages(1));
    EXPECT_EQ(client.messages[0], "hi");
}

TEST(WebSocket, text_goes_to_on_text) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.accept_upgrade(frame(0x81, "{}") + frame(0x81, "caf\xc3\xa9 \xf0\x9f\x98\x80") + binary_frame("b"));
        connection.wait_for_end();
    });
    TestClient client(peer.url());
    ASSERT_TRUE(client.wait_messages(1));
    EXPECT_EQ(client.texts, (std::vector<std::string>{"{}", "caf\xc3\xa9 \xf0\x9f\x98\x80"}));
}

TEST(WebSocket, close_by_the_client_is_answered_and_told) {
    TestServer server;
    TestClient client(server.url());
    ASSERT_TRUE(client.wait_open());
    client.send("last");
    client.close(4000, "bye");
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 4000);
    ASSERT_TRUE(server.monitor.wait([&] { return !server.closed.empty(); }));
    EXPECT_EQ(server.closed[0], (std::pair<int, std::string>{4000, "bye"}));
    EXPECT_EQ(server.received, std::vector<std::string>{"last"});
    EXPECT_EQ(client.ends, 1);
}

TEST(WebSocket, close_codes_and_reasons_of_the_server_come_through) {
    for (const int code : {1000, 1001, 1011, 1012, 1013, 4000, 4004, 4014, 4999}) {
        TestServer server;
        server.greet = [code](net::ServerSocket& socket) { socket.close(static_cast<std::uint16_t>(code), "because"); };
        TestClient client(server.url());
        ASSERT_TRUE(client.wait_closed()) << code;
        EXPECT_EQ(client.closed->code, code);
        EXPECT_EQ(client.closed->reason, "because");
        ASSERT_TRUE(server.monitor.wait([&] { return !server.closed.empty(); }));
        EXPECT_EQ(server.closed[0].first, code);
        EXPECT_EQ(client.ends, 1);
    }
}

}  // namespace
}  // namespace intent::test::websocket_test
