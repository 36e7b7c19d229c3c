// How WebSocket connections come to be and end.
#include "net/impl/tls.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/net_client.hpp"
#include "tests/support/net_peer.hpp"
#include "tests/support/net_server.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

namespace intent::test::lifetime_test {
namespace {

using namespace std::chrono_literals;

net::WebSocketOptions quick() {
    net::WebSocketOptions options;
    options.connect_deadline = 150ms;
    options.close_deadline = 100ms;
    return options;
}

// What the client says to an answer to its upgrade request.
net::ConnectFailure refused_with(const std::string& answer) {
    ScriptedPeer peer([&](PeerConnection& connection) {
        connection.read_head();
        connection.send(answer);
        connection.end_sending();
        connection.wait_for_end();
    });
    TestClient client(peer.url("/gateway?key=secret"));
    if (!client.wait_failed()) return {};
    EXPECT_EQ(client.ends, 1);
    EXPECT_EQ(client.failure->text.find("secret"), std::string::npos);
    return *client.failure;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

TEST(Connecting, case_003_a_refused_connection_is_reported_with_its_address) {
    std::uint16_t port = 0;
    {
        ScriptedPeer gone([](PeerConnection&) {});
        port = gone.port();
    }
    TestClient client("ws://127.0.0.1:" + std::to_string(port) + "/");
    ASSERT_TRUE(client.wait_failed());
    EXPECT_EQ(client.failure->text, "127.0.0.1:" + std::to_string(port) + ": Connection refused");
    EXPECT_EQ(client.failure->http_status, 0);
}

TEST(Connecting, case_001_an_unknown_name_is_reported) {
    TestClient client("ws://no-such-host.invalid/");
    ASSERT_TRUE(client.wait_failed());
    EXPECT_TRUE(contains(client.failure->text, "no-such-host.invalid:80: the name look-up failed"))
        << client.failure->text;
}

TEST(Connecting, case_004_silence_ends_with_the_deadline) {
    ScriptedPeer peer([](PeerConnection& connection) { connection.wait_for_end(); });
    TestClient client(peer.url(), quick());
    ASSERT_TRUE(client.wait_failed());
    EXPECT_TRUE(contains(client.failure->text, "gave up after 150 ms of waiting for the answer to the upgrade"));
}

TEST(Connecting, case_005_an_answer_that_trickles_in_ends_with_the_deadline) {
    std::atomic<int> sent = 0;
    ScriptedPeer peer([&](PeerConnection& connection) {
        connection.read_head();
        // Trickles until the client gives up: with a deadline for each read the client would wait forever.
        connection.send("HTTP/1.1 101 Switching Protocols\r\nX-Slow: ");
        while (!connection.ended_within(10ms) && connection.send("x"))
            ++sent;
    });
    TestClient client(peer.url(), quick());
    ASSERT_TRUE(client.wait_failed());
    EXPECT_TRUE(contains(client.failure->text, "gave up after 150 ms")) << client.failure->text;
    EXPECT_GT(sent, 0);
}

TEST(Connecting, case_006_a_tls_handshake_that_stalls_ends_with_the_deadline) {
    ScriptedPeer peer([](PeerConnection& connection) { connection.wait_for_end(); });
    TestClient client("wss://127.0.0.1:" + std::to_string(peer.port()) + "/", quick());
    ASSERT_TRUE(client.wait_failed());
    EXPECT_TRUE(contains(client.failure->text, "TLS handshake")) << client.failure->text;
}

TEST(Connecting, case_007_refusals_report_status_wait_and_the_start_of_the_body) {
    const auto busy =
        refused_with("HTTP/1.1 503 Busy\r\nRetry-After: 4.5\r\nContent-Length: 12\r\n\r\ncome\x07 again\n");
    EXPECT_EQ(busy.http_status, 503);
    EXPECT_EQ(busy.retry_after, 4500ms);
    EXPECT_TRUE(contains(busy.text, "status 503: come  again")) << busy.text;

    const auto page =
        refused_with("HTTP/1.1 502 Bad\r\nContent-Type: text/html\r\nRetry-After: 7\r\n\r\n<html>secret</html>");
    EXPECT_EQ(page.http_status, 502);
    EXPECT_EQ(page.retry_after, 7s);
    EXPECT_TRUE(contains(page.text, "an HTML page")) << page.text;

    const auto moved = refused_with("HTTP/1.1 301 Moved\r\nLocation: ws://elsewhere/\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(moved.http_status, 301);
    EXPECT_TRUE(contains(moved.text, "redirects are not followed"));

    const auto endless = refused_with("HTTP/1.1 403 No\r\n\r\n" + std::string(100'000, 'x'));
    EXPECT_EQ(endless.http_status, 403);
    EXPECT_LT(endless.text.size(), 400u);

    EXPECT_EQ(refused_with("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").http_status, 200);
    EXPECT_EQ(refused_with("HTTP/1.1 429 Slow\r\nRetry-After: 1e9\r\n\r\n").retry_after, 1h);
    for (const char* junk : {"-1", "NaN", "abc", "", "inf", "1e999"})
        EXPECT_EQ(refused_with("HTTP/1.1 429 Slow\r\nRetry-After: " + std::string(junk) + "\r\n\r\n").retry_after,
                  std::nullopt)
            << junk;
    EXPECT_EQ(refused_with("HTTP/1.1 429 Slow\r\nRetry-After: Fri, 01 Jan 2100 00:00:00 GMT\r\n\r\n").retry_after, 1h);
    EXPECT_EQ(refused_with("HTTP/1.1 429 Slow\r\nRetry-After: Sat, 01 Jan 2000 00:00:00 GMT\r\n\r\n").retry_after, 1ms);
}

TEST(Connecting, a_refusal_whose_body_stalls_is_reported_too) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.read_head();
        connection.send("HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\nhalf");
        connection.wait_for_end();
    });
    TestClient client(peer.url(), quick());
    ASSERT_TRUE(client.wait_failed());
    EXPECT_EQ(client.failure->http_status, 503);
    EXPECT_TRUE(contains(client.failure->text, "half"));
}

TEST(Connecting, case_008_invalid_answers_fail_the_handshake) {
    EXPECT_TRUE(contains(refused_with("SSH-2.0-OpenSSH\r\n").text, "does not speak HTTP"));
    EXPECT_TRUE(contains(refused_with("").text, "ended the connection"));
    EXPECT_TRUE(contains(refused_with("HTTP/1.1 101 Sw").text, "ended the connection"));
    EXPECT_TRUE(contains(refused_with("HTTP/1.1 101 OK\r\nX: " + std::string(20'000, 'x')).text, "too large"));
    const auto wrong = refused_with(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    EXPECT_TRUE(contains(wrong.text, "invalid")) << wrong.text;
    EXPECT_TRUE(contains(
        refused_with("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n").text,
        "invalid"));
    EXPECT_TRUE(contains(refused_with("HTTP/1.1 101 Switching Protocols\r\n\r\n").text, "invalid"));
}

TEST(Connecting, case_124_an_extension_or_subprotocol_that_was_not_offered_fails_the_handshake) {
    for (const std::string header :
         {"Sec-WebSocket-Extensions: permessage-deflate\r\n", "Sec-WebSocket-Protocol: chat\r\n"}) {
        ScriptedPeer peer([&](PeerConnection& connection) {
            connection.send(PeerConnection::accept_head(connection.read_head(), header));
            connection.wait_for_end();
        });
        TestClient client(peer.url());
        ASSERT_TRUE(client.wait_failed());
        EXPECT_TRUE(contains(client.failure->text, "not offered")) << client.failure->text;
    }
}

TEST(Connecting, a_path_without_a_socket_is_a_404) {
    TestServer server;
    TestClient client(server.url("/other"));
    ASSERT_TRUE(client.wait_failed());
    EXPECT_EQ(client.failure->http_status, 404);
}

TEST(Connecting, closing_before_open_ends_the_attempt) {
    ScriptedPeer peer([](PeerConnection& connection) { connection.wait_for_end(); });
    TestClient client(peer.url());
    client.close(1000);
    client.close(1000);
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 1006);
    EXPECT_EQ(client.ends, 1);
    EXPECT_FALSE(client.opened);
}

TEST(Tls, case_006_certificates_are_checked_and_problems_are_named) {
    TestAuthority authority;
    net::WebSocketOptions trusting;
    trusting.tls.extra_ca_file = authority.ca_file();
    const auto good = authority.good();
    {
        TestServer server({.certificate_file = good.certificate, .private_key_file = good.key});
        TestClient client(server.url(), trusting);
        ASSERT_TRUE(client.wait_open());
        const std::string large(200'000, 's');
        client.send("over tls");
        client.send(large);
        ASSERT_TRUE(client.wait_messages(2));
        EXPECT_EQ(client.messages, (std::vector<std::string>{"over tls", large}));
        client.close(1000, "bye");
        ASSERT_TRUE(client.wait_closed());
        EXPECT_EQ(client.closed->code, 1000);

        TestClient by_name(server.url("/gateway", "localhost"), trusting);
        EXPECT_TRUE(by_name.wait_open());

        TestClient strict(server.url());
        ASSERT_TRUE(strict.wait_failed());
        EXPECT_TRUE(contains(strict.failure->text, "certificate is not trusted")) << strict.failure->text;

        net::WebSocketOptions careless;
        careless.tls.dangerously_skip_verification = true;
        TestClient lax(server.url(), careless);
        EXPECT_TRUE(lax.wait_open());
    }
    const auto wrong = authority.wrong_host();
    TestServer elsewhere({.certificate_file = wrong.certificate, .private_key_file = wrong.key});
    for (const std::string host : {"127.0.0.1", "localhost"}) {
        TestClient client(elsewhere.url("/gateway", host), trusting);
        ASSERT_TRUE(client.wait_failed());
        EXPECT_TRUE(contains(client.failure->text, "certificate is not for " + host)) << client.failure->text;
    }
    const auto old = authority.expired();
    TestServer late({.certificate_file = old.certificate, .private_key_file = old.key});
    TestClient client(late.url(), trusting);
    ASSERT_TRUE(client.wait_failed());
    EXPECT_TRUE(contains(client.failure->text, "certificate has expired")) << client.failure->text;
}

TEST(Tls, both_transports_require_version_1_2_and_a_valid_certificate_by_default) {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    SSL_CTX_set_min_proto_version(context.get(), 0);
    EXPECT_EQ(net::configure_trust(context.get(), {}), "");
    EXPECT_EQ(SSL_CTX_get_min_proto_version(context.get()), TLS1_2_VERSION);
    EXPECT_EQ(SSL_CTX_get_verify_mode(context.get()), SSL_VERIFY_PEER);
}

TEST(Tls, a_ca_file_that_cannot_be_read_is_named) {
    TestServer server;
    net::WebSocketOptions options;
    options.tls.extra_ca_file = "/no/such/ca.pem";
    TestClient client("wss://127.0.0.1:" + std::to_string(server.server->port()) + "/", options);
    ASSERT_TRUE(client.wait_failed());
    EXPECT_TRUE(contains(client.failure->text, "/no/such/ca.pem"));
}

TEST(Tls, a_server_without_tls_is_reported) {
    TestServer server;
    TestClient client("wss://127.0.0.1:" + std::to_string(server.server->port()) + "/gateway");
    ASSERT_TRUE(client.wait_failed());
    EXPECT_TRUE(contains(client.failure->text, "TLS handshake")) << client.failure->text;
}

TEST(Tls, a_flood_arrives_complete_and_in_order) {
    TestAuthority authority;
    const auto good = authority.good();
    TestServer server({.certificate_file = good.certificate, .private_key_file = good.key});
    server.greet = [](net::ServerSocket& socket) {
        for (int i = 0; i < 5'000; ++i)
            socket.send_binary(bytes_of(std::to_string(i) + std::string(static_cast<std::size_t>(i % 700), '.')));
    };
    net::WebSocketOptions options;
    options.tls.extra_ca_file = authority.ca_file();
    TestClient client(server.url(), options);
    ASSERT_TRUE(client.wait_messages(5'000));
    for (int i = 0; i < 5'000; ++i)
        ASSERT_EQ(std::atoi(client.messages[static_cast<std::size_t>(i)].c_str()), i);
}

TEST(Tls, case_067_an_end_without_close_notify_is_1006) {
    TestAuthority authority;
    const auto good = authority.good();
    TestServer server({.certificate_file = good.certificate, .private_key_file = good.key});
    net::WebSocketOptions options;
    options.tls.extra_ca_file = authority.ca_file();
    TestClient client(server.url(), options);
    ASSERT_TRUE(client.wait_open());
    on_loop(server.loop, [&] { server.sockets.at(0)->cut(); });
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 1006);
}

TEST(Ending, case_067_a_half_close_a_reset_and_a_cut_frame_are_1006) {
    for (const std::string way : {"fin", "reset", "mid-frame"}) {
        ScriptedPeer peer([&](PeerConnection& connection) {
            connection.accept_upgrade(binary_frame("got"));
            connection.read_frame();
            if (way == "mid-frame") connection.send(binary_frame("cut off").substr(0, 5));
            if (way == "reset") return connection.reset();
            connection.end_sending();
            connection.wait_for_end();
        });
        TestClient client(peer.url());
        ASSERT_TRUE(client.wait_messages(1)) << way;
        client.send("go");
        ASSERT_TRUE(client.wait_closed()) << way;
        EXPECT_EQ(client.closed->code, 1006) << way;
        EXPECT_FALSE(client.closed->reason.empty());
        EXPECT_EQ(client.messages.size(), 1u);
        EXPECT_EQ(client.ends, 1);
    }
}

TEST(Ending, case_066_a_close_that_is_never_answered_ends_with_the_deadline) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.accept_upgrade();
        connection.wait_for_end();
    });
    TestClient client(peer.url(), quick());
    ASSERT_TRUE(client.wait_open());
    client.close(1000);
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 1006);
    EXPECT_TRUE(contains(client.closed->reason, "100 ms"));
}

TEST(Ending, data_between_our_close_and_the_peers_is_dropped) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.accept_upgrade();
        while (auto got = connection.read_frame())
            if (got->opcode == 8) break;
        connection.send(binary_frame("late") + binary_frame(std::string(300'000, 'l')) + frame(0x89, "ping") +
                        frame(0x02, "frag") + frame(0x88, close_payload(4007, "done")));
        connection.wait_for_end();
    });
    TestClient client(peer.url());
    ASSERT_TRUE(client.wait_open());
    client.close(4000, "bye");
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 4007);
    EXPECT_EQ(client.closed->reason, "done");
    EXPECT_EQ(client.messages.size(), 0u);
}

TEST(Ending, the_peers_close_code_is_read_after_sending_has_failed) {
    Monitor monitor;
    bool reset = false;
    ScriptedPeer peer([&](PeerConnection& connection) {
        connection.accept_upgrade();
        connection.read_frame();
        connection.send(frame(0x88, close_payload(4004, "token")));
        connection.reset();
        monitor.change([&] { reset = true; });
    });
    // Paused, so that the close frame is still unread when a send fails.
    TestClient client(peer.url(), {},
                      [](TestClient& made) { made.open_hook = [&made] { made.socket->pause_reading(); }; });
    ASSERT_TRUE(client.wait_open());
    client.send("identify");
    ASSERT_TRUE(monitor.wait([&] { return reset; }));
    client.send("more");
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 4004);
    EXPECT_EQ(client.closed->reason, "token");
    EXPECT_EQ(client.ends, 1);
}

TEST(Ending, case_036_nothing_is_sent_before_open_and_nothing_after_close) {
    Monitor monitor;
    bool sent_early = false;
    std::vector<std::string> received;
    ScriptedPeer peer([&](PeerConnection& connection) {
        const auto request = connection.read_head();
        monitor.wait([&] { return sent_early; });
        connection.send(PeerConnection::accept_head(request));
        while (auto got = connection.read_frame()) {
            monitor.change([&] { received.push_back(got->payload); });
            if (got->opcode == 8) connection.send(frame(0x88, got->payload));
        }
    });
    TestClient client(peer.url());
    client.send("too early");
    monitor.change([&] { sent_early = true; });
    ASSERT_TRUE(client.wait_open());
    on_loop(client.loop, [&] {
        client.socket->send(bytes_of("good"));
        client.socket->close(4000, "x");
        client.socket->close(4001, "y");
        client.socket->send(bytes_of("too late"));
    });
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 4000);
    EXPECT_EQ(monitor.read([&] { return received; }), (std::vector<std::string>{"good", close_payload(4000, "x")}));
}

TEST(Ending, case_076_an_exception_in_a_handler_ends_the_connection_and_not_the_loop) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.accept_upgrade(binary_frame("bad"));
        connection.wait_for_end();
    });
    const std::vector<std::function<void()>> faults{
        [] { throw std::runtime_error("handler"); },
        [] { throw std::bad_alloc(); },
    };
    for (const auto& fault : faults) {
        TestClient client(peer.url(), {}, [&](TestClient& made) { made.message_hook = fault; });
        ASSERT_TRUE(client.wait_closed());
        EXPECT_EQ(client.closed->code, 1006);
        EXPECT_EQ(client.loop_errors, 1);
        on_loop(client.loop, [] {});
        EXPECT_EQ(client.ends, 1);
    }
}

TEST(Ending, case_074_destroying_from_within_a_callback_is_safe) {
    for (int when = 0; when < 2; ++when) {
        ScriptedPeer peer([](PeerConnection& connection) {
            connection.accept_upgrade(binary_frame("1") + binary_frame("2"));
            connection.wait_for_end();
        });
        TestClient client(peer.url(), {}, [when](TestClient& made) {
            (when == 0 ? made.open_hook : made.message_hook) = [&made] { made.socket.reset(); };
        });
        ASSERT_TRUE(client.monitor.wait([&] { return when == 0 ? client.opened : !client.messages.empty(); }));
        on_loop(client.loop, [] {});
        on_loop(client.loop, [] {});
        EXPECT_EQ(client.messages.size(), static_cast<std::size_t>(when));
        EXPECT_EQ(client.ends, 0);
        EXPECT_EQ(client.batches, 0);
    }
}

TEST(Ending, case_074_destroying_at_any_moment_is_safe) {
    TestAuthority authority;
    const auto good = authority.good();
    TestServer plain;
    TestServer secure({.certificate_file = good.certificate, .private_key_file = good.key});
    net::WebSocketOptions options;
    options.tls.extra_ca_file = authority.ca_file();
    for (const auto* server : {&plain, &secure}) {
        for (int turns = 0; turns < 25; ++turns) {
            TestClient client(server->url("/gateway", turns % 2 ? "localhost" : "127.0.0.1"), options);
            for (int i = 0; i < turns; ++i)
                on_loop(client.loop, [] {});
            if (turns % 5 == 0) client.close(1000);
            client.destroy();
            const int ends = client.monitor.read([&] { return client.ends; });
            on_loop(client.loop, [] {});
            EXPECT_EQ(client.monitor.read([&] { return client.ends; }), ends);
        }
    }
}

TEST(Ending, a_loop_may_stop_while_a_connection_is_open) {
    TestServer server;
    auto client = std::make_unique<TestClient>(server.url());
    ASSERT_TRUE(client->wait_open());
    client->stop_loop();
    EXPECT_TRUE(server.monitor.wait([&] { return !server.closed.empty(); }));
    EXPECT_EQ(client->ends, 0);
}

TEST(Ending, a_loop_may_stop_at_any_stage_of_a_connection) {
    for (const bool with_answer : {false, true}) {
        Monitor monitor;
        bool asked = false;
        bool ended = false;
        ScriptedPeer peer([&](PeerConnection& connection) {
            const auto request = connection.read_head();
            if (with_answer) connection.send(PeerConnection::accept_head(request).substr(0, 40));
            monitor.change([&] { asked = true; });
            const bool end = connection.wait_for_end();
            monitor.change([&] { ended = end; });
        });
        TestClient client(peer.url());
        ASSERT_TRUE(monitor.wait([&] { return asked; }));
        client.stop_loop();
        EXPECT_TRUE(monitor.wait([&] { return ended; }));
        EXPECT_EQ(client.ends, 0);
    }
}

void pause_at_each_message(TestClient& client) {
    client.message_hook = [&client] { client.socket->pause_reading(); };
}

TEST(Reading, a_paused_connection_blocks_the_peer) {
    Monitor monitor;
    bool held_up = false;
    std::size_t sent = 0;
    constexpr std::size_t messages = 500;
    ScriptedPeer peer([&](PeerConnection& connection) {
        connection.accept_upgrade();
        const auto bytes = binary_frame(std::string(64u << 10, 'x'));
        for (std::size_t i = 0; i < messages; ++i) {
            if (!connection.send_patiently(bytes, [&] { monitor.change([&] { held_up = true; }); })) return;
            monitor.change([&] { ++sent; });
        }
        connection.wait_for_end();
    });
    TestClient client(peer.url(), {}, [](TestClient& made) {
        made.message_hook = [&made, paused = false]() mutable {
            if (!std::exchange(paused, true)) made.socket->pause_reading();
        };
    });
    ASSERT_TRUE(monitor.wait([&] { return held_up; }));
    EXPECT_LT(monitor.read([&] { return sent; }), messages);
    EXPECT_EQ(client.monitor.read([&] { return client.messages.size(); }), 1u);
    EXPECT_TRUE(on_loop(client.loop, [&] { return client.socket->unread(); }));
    on_loop(client.loop, [&] { client.socket->resume_reading(); });
    EXPECT_TRUE(client.wait_messages(messages));
    EXPECT_FALSE(on_loop(client.loop, [&] { return client.socket->unread(); }));
}

TEST(Reading, pausing_during_a_batch_keeps_the_rest_for_later) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.accept_upgrade(binary_frame("1") + binary_frame("2") + binary_frame("3"));
        connection.wait_for_end();
    });
    TestClient client(peer.url(), {}, pause_at_each_message);
    for (std::size_t count = 1; count <= 3; ++count) {
        ASSERT_TRUE(client.wait_messages(count));
        on_loop(client.loop, [] {});
        EXPECT_EQ(client.monitor.read([&] { return client.messages.size(); }), count);
        on_loop(client.loop, [&] { client.socket->resume_reading(); });
    }
}

TEST(Reading, an_end_while_paused_follows_the_messages_before_it) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.accept_upgrade(binary_frame("1") + binary_frame("2") + frame(0x88, close_payload(4000, "x")));
        connection.end_sending();
        connection.wait_for_end();
    });
    TestClient client(peer.url(), {}, pause_at_each_message);
    ASSERT_TRUE(client.wait_messages(1));
    on_loop(client.loop, [&] { client.socket->resume_reading(); });
    ASSERT_TRUE(client.wait_messages(2));
    on_loop(client.loop, [&] { client.socket->resume_reading(); });
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 4000);
}

TEST(Reading, a_paused_connection_can_be_closed) {
    TestServer server;
    server.greet = [](net::ServerSocket& socket) {
        for (int i = 0; i < 100; ++i)
            socket.send_binary(std::vector<std::uint8_t>(10'000));
    };
    TestClient client(server.url(), {}, pause_at_each_message);
    ASSERT_TRUE(client.wait_messages(1));
    client.close(1000);
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 1000);
    EXPECT_EQ(client.messages.size(), 1u);
}

}  // namespace
}  // namespace intent::test::lifetime_test
