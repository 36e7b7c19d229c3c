// Limits of a server that anyone on the computer may reach.
#include "tests/support/net_server.hpp"
#include "tests/support/raw_connection.hpp"
#include "tests/support/waiting.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

namespace intent::test::server_limits_test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(ServerLimits, a_connection_beyond_the_limit_is_closed_and_a_freed_place_can_be_used) {
    TestServer server(net::ServerOptions{.max_connections = 1});
    const auto port = server.server->port();
    {
        RawConnection first(port);
        first.send(get);
        EXPECT_TRUE(first.read_until("\r\n\r\n").starts_with("HTTP/1.1 200"));
        RawConnection second(port);
        EXPECT_EQ(second.read_all(), "");
    }
    EXPECT_TRUE(eventually([&] { return talk(port, get).starts_with("HTTP/1.1 200"); }));
}

TEST(ServerLimits, a_connection_without_a_complete_request_is_closed) {
    TestServer server(net::ServerOptions{.idle_timeout = 100ms});
    RawConnection idle(server.server->port());
    EXPECT_EQ(idle.read_all(), "");
    RawConnection half(server.server->port());
    half.send("GET / HTTP/1.1\r\nHost");
    EXPECT_EQ(half.read_all(), "");
}

TEST(ServerLimits, a_client_that_does_not_take_its_answer_is_closed) {
    constexpr std::size_t much = 64u << 20;  // more than the buffers of the system hold
    TestServer server(net::ServerOptions{.max_connections = 1, .idle_timeout = 100ms});
    server.answer = [](const net::ServerRequest& request, const auto& respond) {
        respond({.body = std::string(request.path == "/much" ? much : 1, 'x')});
    };
    const auto port = server.server->port();
    RawConnection slow(port);
    slow.send("GET /much HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(eventually([&] { return talk(port, get).starts_with("HTTP/1.1 200"); })) << "its place is free";
    EXPECT_LT(slow.read_all().size(), much);
}

TEST(ServerLimits, a_head_beyond_the_limit_is_refused) {
    TestServer server(net::ServerOptions{.max_header_bytes = 1000});
    const auto answer =
        talk(server.server->port(), "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(2000, 'x') + "\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 431")) << answer.substr(0, 100);
}

}  // namespace
}  // namespace intent::test::server_limits_test
