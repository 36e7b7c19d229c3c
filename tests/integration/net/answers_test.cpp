// Answers whose end is not certain, and what else a peer must not do: refused, over real sockets.
#include "tests/support/certificates.hpp"
#include "tests/support/net_client.hpp"
#include "tests/support/net_http.hpp"
#include "tests/support/net_peer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace intent::test::answers_test {
namespace {

using namespace std::chrono_literals;
using Kind = net::HttpFailure::Kind;

net::HttpResult answered_with(const std::string& answer) {
    ScriptedPeer peer([&](PeerConnection& connection) {
        connection.read_head();
        connection.send(answer);
        connection.end_sending();
        connection.wait_for_end();
    });
    TestHttp http;
    return http.get(peer.http_url());
}

TEST(Answers, case_166_two_different_content_lengths_are_refused) {
    const auto different = answered_with("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 6\r\n\r\nokokok");
    EXPECT_EQ(failure(different).kind, Kind::broken);
    EXPECT_NE(failure(different).text.find("two different Content-Length"), std::string::npos)
        << failure(different).text;
    EXPECT_EQ(response(answered_with("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok")).body,
              "ok");
    for (const std::string length : {"2, 6", "+2", "2x", "-1", "0x2", ""})
        EXPECT_EQ(failure(answered_with("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\nokokok")).kind,
                  Kind::broken)
            << length;
    // Those of an interim answer are not this one's.
    EXPECT_EQ(response(answered_with("HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n"
                                     "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
                  .body,
              "ok");
}

TEST(Answers, case_167_a_switch_of_protocols_that_nobody_asked_for_is_refused_at_once) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.read_head();
        connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: tea\r\nConnection: Upgrade\r\n\r\n");
        connection.wait_for_end();
    });
    TestHttp http;
    const auto result = http.get(peer.http_url());
    EXPECT_EQ(failure(result).kind, Kind::broken);
    EXPECT_NE(failure(result).text.find("switched to a protocol"), std::string::npos) << failure(result).text;
}

// Speaks TLS and ends the connection with or without its close_notify.
struct TlsPeer {
    TlsPeer(const CertificateFiles& certificate, std::string bytes, bool notify)
        : context(boost::asio::ssl::context::tls_server),
          acceptor(io, {boost::asio::ip::make_address("127.0.0.1"), 0}) {
        context.use_certificate_chain_file(certificate.certificate);
        context.use_private_key_file(certificate.key, boost::asio::ssl::context::pem);
        port = acceptor.local_endpoint().port();
        thread = std::thread([this, notify, answer = std::move(bytes)] {
            boost::system::error_code error;
            boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream(acceptor.accept(), context);
            stream.handshake(boost::asio::ssl::stream_base::server, error);
            std::string head(4096, '\0');
            stream.read_some(boost::asio::buffer(head), error);
            boost::asio::write(stream, boost::asio::buffer(answer), error);
            if (notify) stream.shutdown(error);
            stream.next_layer().shutdown(boost::asio::ip::tcp::socket::shutdown_both, error);
        });
    }
    ~TlsPeer() { thread.join(); }

    std::string url() const { return "https://127.0.0.1:" + std::to_string(port) + "/"; }

    boost::asio::io_context io;
    boost::asio::ssl::context context;
    boost::asio::ip::tcp::acceptor acceptor;
    std::uint16_t port = 0;
    std::thread thread;
};

TEST(Answers, case_168_an_answer_without_a_length_ends_with_close_notify_alone) {
    TestAuthority authority;
    net::HttpOptions options;
    options.tls.extra_ca_file = authority.ca_file();
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[1,2";
    {
        TlsPeer cut(authority.good(), answer, false);
        TestHttp http(options);
        const auto result = http.get(cut.url());
        EXPECT_EQ(failure(result).kind, Kind::broken);
        EXPECT_TRUE(failure(result).request_sent);
    }
    TlsPeer orderly(authority.good(), answer, true);
    TestHttp http(options);
    EXPECT_EQ(response(http.get(orderly.url())).body, "[1,2");
}

std::string upgrade_refused(const std::string& more_headers, const std::string& body = {}) {
    ScriptedPeer peer([&](PeerConnection& connection) {
        connection.send(PeerConnection::accept_head(connection.read_head(), more_headers) + body);
        connection.wait_for_end();
    });
    TestClient client(peer.url());
    if (!client.wait_failed()) return "opened";
    return client.failure->text;
}

TEST(Answers, case_167_an_upgrade_with_a_body_or_a_second_accept_is_refused) {
    const auto second = upgrade_refused("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    EXPECT_NE(second.find("more than one Sec-WebSocket-Accept"), std::string::npos) << second;
    const auto body = upgrade_refused("Content-Length: 4\r\n", frame(0x82, "xx"));
    EXPECT_NE(body.find("announces a body"), std::string::npos) << body;
    const auto chunked = upgrade_refused("Transfer-Encoding: chunked\r\n", "4\r\n\x82\x02xx\r\n0\r\n\r\n");
    EXPECT_NE(chunked.find("announces a body"), std::string::npos) << chunked;
    EXPECT_EQ(upgrade_refused("Content-Length: 0\r\n"), "opened");
}

}  // namespace
}  // namespace intent::test::answers_test
