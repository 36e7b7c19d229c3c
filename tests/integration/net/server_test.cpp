#include "tests/support/certificates.hpp"
#include "tests/support/net_client.hpp"
#include "tests/support/net_http.hpp"
#include "tests/support/net_server.hpp"
#include "tests/support/raw_connection.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <system_error>

namespace intent::test::server_test {
namespace {

std::string talk(const TestServer& server, const std::string& bytes) {
    return test::talk(server.server->port(), bytes);
}

TEST(Server, a_port_in_use_is_named) {
    TestServer server;
    const auto port = server.server->port();
    try {
        net::Server second(server.loop, {.port = port}, server);
        FAIL() << "listened twice";
    } catch (const std::system_error& error) {
        EXPECT_EQ(std::string(error.what()), "127.0.0.1:" + std::to_string(port) + ": Address already in use");
        EXPECT_EQ(error.code(), std::errc::address_in_use);
    }
}

TEST(Server, an_answer_can_be_cut_in_its_body_or_never_be_given) {
    TestServer server;
    server.answer = [](net::ServerRequest request, const auto& respond) {
        if (request.path == "/cut") return respond({.body = "0123456789", .cut_after = 4});
        respond({.cut = true});
    };
    const auto cut = talk(server, "GET /cut HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_NE(cut.find("Content-Length: 10\r\n"), std::string::npos) << cut;
    EXPECT_TRUE(cut.ends_with("\r\n\r\n0123")) << cut;
    EXPECT_EQ(talk(server, "GET /none HTTP/1.1\r\nHost: x\r\n\r\n"), "");
}

TEST(Server, a_port_can_be_used_again_at_once) {
    std::uint16_t port = 0;
    for (int i = 0; i < 3; ++i) {
        TestServer server(net::ServerOptions{.port = port});
        port = server.server->port();
        TestHttp http;
        EXPECT_EQ(response(http.get(server.http_url())).status, 200);
    }
}

TEST(Server, names_and_bad_addresses_as_host) {
    TestServer local({.host = "localhost"});
    TestHttp http;
    EXPECT_EQ(response(http.get(local.http_url("/", "localhost"))).status, 200);
    EXPECT_THROW(TestServer({.host = "192.0.2.1"}), std::system_error);
    EXPECT_THROW(TestServer({.certificate_file = "/no/such.pem", .private_key_file = "/no/such.key"}),
                 std::system_error);
}

TEST(Server, several_requests_on_one_connection_are_answered_in_order) {
    TestServer server;
    const auto answer =
        talk(server,
             "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
             "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const auto first = answer.find("GET /1\n"), second = answer.find("POST /2\n"), third = answer.find("GET /3\n");
    ASSERT_NE(third, answer.npos) << answer;
    EXPECT_LT(first, second);
    EXPECT_LT(second, third);
    EXPECT_EQ(server.requests.at(1).body, "hi");
}

TEST(Server, malformed_requests_get_400_and_large_ones_413_and_431) {
    TestServer server({.max_body_bytes = 1000});
    EXPECT_TRUE(talk(server, "NONSENSE\r\n\r\n").starts_with("HTTP/1.1 400"));
    EXPECT_TRUE(talk(server, "GET / HTTP/1.1\r\nBad Header\r\n\r\n").starts_with("HTTP/1.1 400"));
    EXPECT_TRUE(talk(server, "POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n").starts_with("HTTP/1.1 413"));
    const std::string chunk =
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x') + "\r\n0\r\n\r\n";
    EXPECT_TRUE(talk(server, chunk).starts_with("HTTP/1.1 413"));
    EXPECT_TRUE(
        talk(server, "GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n").starts_with("HTTP/1.1 431"));
    EXPECT_EQ(talk(server, "GET / HTTP/1.1\r\nHo"), "");
    EXPECT_TRUE(talk(server, "GET /fine HTTP/1.1\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 200"));
    EXPECT_EQ(server.requests.size(), 1u);
}

TEST(Server, how_large_a_body_may_be_is_asked_with_each_header) {
    TestServer server({.max_body_bytes = 20});
    server.limit = [](const net::ServerRequest& head) -> std::optional<std::size_t> {
        if (head.path == "/restore" && head.peer == "127.0.0.1" && head.header("x-may") == "yes") return 2000;
        if (head.path == "/small") return 10;
        return std::nullopt;
    };
    const auto post = [&](const std::string& path, std::size_t size, const std::string& header) {
        return talk(server, "POST " + path + " HTTP/1.1\r\n" + header + "Connection: close\r\nContent-Length: " +
                                std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'));
    };
    EXPECT_TRUE(post("/restore", 2000, "X-May: yes\r\n").starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(post("/restore", 2001, "X-May: yes\r\n").starts_with("HTTP/1.1 413"));
    EXPECT_TRUE(post("/restore", 21, "").starts_with("HTTP/1.1 413"));
    EXPECT_TRUE(post("/other", 20, "").starts_with("HTTP/1.1 200"));
    const auto refused = post("/small", 11, "");
    EXPECT_TRUE(refused.starts_with("HTTP/1.1 413")) << refused;
    EXPECT_TRUE(refused.ends_with("not so much for /small\n")) << refused;
    const auto chunked =
        talk(server, "POST /small HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n");
    EXPECT_TRUE(chunked.ends_with("not so much for /small\n")) << chunked;
    const auto unasked = talk(server, "POST /small HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
    EXPECT_TRUE(unasked.starts_with("HTTP/1.1 413")) << unasked;
    EXPECT_EQ(server.requests.size(), 2u);
    EXPECT_EQ(server.requests[0].body.size(), 2000u);
}

TEST(Server, a_large_body_that_is_on_its_way_does_not_take_the_refusal_with_it) {
    TestAuthority authority;
    const auto files = authority.good();
    for (const bool tls : {false, true}) {
        net::ServerOptions options{.max_body_bytes = 1000};
        if (tls) {
            options.certificate_file = files.certificate;
            options.private_key_file = files.key;
        }
        TestServer server(options);
        net::HttpOptions trusting;
        trusting.tls.extra_ca_file = authority.ca_file();
        TestHttp http(trusting);
        const auto result = http.send({.method = "POST", .url = server.http_url(), .body = std::string(8u << 20, 'x')});
        EXPECT_EQ(response(result).status, 413);
    }
}

TEST(Server, a_client_that_expects_100_continue_gets_it) {
    TestServer server;
    const auto answer =
        talk(server, "POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")) << answer;
}

TEST(Server, a_second_answer_is_ignored_and_none_ends_the_connection) {
    TestServer server;
    server.answer = [](net::ServerRequest request, TestServer::Respond respond) {
        if (request.path == "/silent") return;
        respond({200, {}, "first"});
        respond({500, {}, "second"});
    };
    TestHttp http;
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(response(http.get(server.http_url())).body, "first");
    EXPECT_EQ(failure(http.get(server.http_url("/silent"))).kind, net::HttpFailure::Kind::broken);
}

TEST(Server, answers_may_come_after_the_client_and_the_server_are_gone) {
    TestServer::Respond late;
    {
        TestServer server;
        Monitor monitor;
        bool asked = false;
        server.answer = [&](net::ServerRequest, TestServer::Respond respond) {
            late = std::move(respond);
            monitor.change([&] { asked = true; });
        };
        {
            TestHttp http;
            http.start({.method = "GET", .url = server.http_url()});
            ASSERT_TRUE(monitor.wait([&] { return asked; }));
        }
        on_loop(server.loop, [&] {
            auto respond = late;
            respond({200, {}, "to nobody"});
        });
        server.server.reset();
        on_loop(server.loop, [&] {
            late({200, {}, "from nobody"});
            late = nullptr;
        });
    }
}

TEST(Server, header_values_cannot_split_the_answer) {
    TestServer server;
    server.answer = [](net::ServerRequest, TestServer::Respond respond) {
        respond({200, {{"x", "a\r\nEvil: 1"}, {"y", "b"}}, "ok"});
    };
    TestHttp http;
    const auto result = http.get(server.http_url());
    EXPECT_EQ(header_of(response(result), "evil"), "");
    EXPECT_EQ(header_of(response(result), "y"), "b");
}

TEST(Server, a_message_over_the_limit_is_closed_with_1009_or_the_handlers_code) {
    for (const bool own_code : {false, true}) {
        TestServer server({.max_message_bytes = 1000});
        if (own_code) server.too_large_answer = [](net::ServerSocket& socket) { socket.close(4009, "64 KiB"); };
        TestClient client(server.url());
        ASSERT_TRUE(client.wait_open());
        client.send(std::string(1000, 'x'));
        ASSERT_TRUE(client.wait_messages(1));
        client.send(std::string(200'000, 'x'));
        ASSERT_TRUE(client.wait_closed());
        EXPECT_EQ(client.closed->code, own_code ? 4009 : 1009);
        EXPECT_EQ(client.messages.size(), 1u);
        ASSERT_TRUE(server.monitor.wait([&] { return !server.closed.empty(); }));
        EXPECT_EQ(server.too_large, 1);
    }
}

TEST(Server, a_cut_socket_is_1006_on_both_sides) {
    TestServer server;
    TestClient client(server.url());
    ASSERT_TRUE(client.wait_open());
    ASSERT_TRUE(server.monitor.wait([&] { return server.requests.size() == 1; }));
    on_loop(server.loop, [&] { server.sockets.at(0)->cut(); });
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 1006);
    ASSERT_TRUE(server.monitor.wait([&] { return !server.closed.empty(); }));
    EXPECT_EQ(server.closed[0].first, 1006);
    on_loop(server.loop, [&] {
        server.sockets.at(0)->send_text("to nobody");
        server.sockets.at(0)->close(1000, "");
        server.sockets.at(0)->cut();
    });
    EXPECT_EQ(server.closed.size(), 1u);
}

TEST(Server, a_client_that_vanishes_is_1006) {
    TestServer server;
    {
        TestClient client(server.url());
        ASSERT_TRUE(client.wait_open());
    }
    ASSERT_TRUE(server.monitor.wait([&] { return !server.closed.empty(); }));
    EXPECT_EQ(server.closed[0].first, 1006);
}

TEST(Server, what_is_queued_leaves_before_the_close_frame) {
    TestServer server;
    server.greet = [](net::ServerSocket& socket) {
        for (int i = 0; i < 500; ++i)
            socket.send_binary(std::vector<std::uint8_t>(10'000));
        socket.send_text("text");
        socket.close(4000, "done");
        socket.send_text("too late");
        EXPECT_EQ(socket.queued_bytes(), 5'000'004u);
    };
    TestClient client(server.url());
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.messages.size(), 500u);
    EXPECT_EQ(client.texts, std::vector<std::string>{"text"});
    EXPECT_EQ(client.closed->code, 4000);
    EXPECT_EQ(on_loop(server.loop, [&] { return server.sockets.at(0)->queued_bytes(); }), 0u);
}

TEST(Server, a_peer_that_does_not_read_cannot_put_off_the_close) {
    TestServer server({.handshake_timeout = std::chrono::milliseconds(200)});
    server.greet = [](net::ServerSocket& socket) {
        for (int i = 0; i < 300; ++i)
            socket.send_binary(std::vector<std::uint8_t>(100'000));
        socket.close(4000, "enough");
    };
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket peer(io);
    peer.connect({boost::asio::ip::make_address("127.0.0.1"), server.server->port()});
    boost::asio::write(peer, boost::asio::buffer(std::string(
                                 "GET /gateway HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")));
    ASSERT_TRUE(server.monitor.wait([&] { return !server.closed.empty(); })) << "the close frame waits for ever";
    EXPECT_EQ(server.closed[0].first, 1006);
}

TEST(Server, its_end_cuts_every_connection_and_calls_nobody) {
    auto server = std::make_unique<TestServer>();
    TestClient first(server->url());
    TestClient second(server->url());
    ASSERT_TRUE(first.wait_open());
    ASSERT_TRUE(second.wait_open());
    server->server.reset();
    EXPECT_EQ(server->closed.size(), 0u);
    ASSERT_TRUE(first.wait_closed());
    ASSERT_TRUE(second.wait_closed());
    EXPECT_EQ(first.closed->code, 1006);
    EXPECT_EQ(server->closed.size(), 0u);
}

TEST(Server, may_be_ended_from_its_own_callback_and_with_its_loop_stopped) {
    TestServer server;
    server.answer = [&](net::ServerRequest, TestServer::Respond) { server.server.reset(); };
    TestHttp http;
    EXPECT_EQ(failure(http.get(server.http_url())).kind, net::HttpFailure::Kind::broken);
    on_loop(server.loop, [] {});

    TestServer stopped;
    TestClient client(stopped.url());
    ASSERT_TRUE(client.wait_open());
    on_loop(stopped.loop, [&] { stopped.sockets.clear(); });
    stopped.loop.stop();
    stopped.server.reset();
    ASSERT_TRUE(client.wait_closed());
}

}  // namespace
}  // namespace intent::test::server_test
