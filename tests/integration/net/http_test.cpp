#include "tests/support/certificates.hpp"
#include "tests/support/net_http.hpp"
#include "tests/support/net_peer.hpp"
#include "tests/support/net_server.hpp"

#include <gtest/gtest.h>

namespace intent::test::http_test {
namespace {

using namespace std::chrono_literals;
using Kind = net::HttpFailure::Kind;

// A port nobody listens on.
std::uint16_t closed_port() {
    return ScriptedPeer([](PeerConnection&) {}).port();
}

TEST(Http, method_path_headers_and_body_arrive_and_the_answer_comes_back) {
    TestServer server;
    server.answer = [](net::ServerRequest request, TestServer::Respond respond) {
        respond({201, {{"X-Thing", "Some Value"}, {"content-type", "application/json"}}, "<" + request.body + ">"});
    };
    TestHttp http;
    for (const std::string method : {"POST", "PUT", "PATCH", "DELETE"}) {
        const auto result = http.send({.method = method,
                                       .url = server.http_url("/a/b%2Fc?limit=5"),
                                       .headers = {{"Authorization", "Bearer x"}, {"Content-Type", "application/json"}},
                                       .body = "{\"k\":1}"});
        EXPECT_EQ(response(result).status, 201);
        EXPECT_EQ(response(result).body, "<{\"k\":1}>");
        EXPECT_EQ(header_of(response(result), "x-thing"), "Some Value");
        const auto request = server.monitor.read([&] { return server.requests.back(); });
        EXPECT_EQ(request.method, method);
        EXPECT_EQ(request.path, "/a/b%2Fc");
        EXPECT_EQ(request.query, "limit=5");
        EXPECT_EQ(request.header("authorization"), "Bearer x");
        EXPECT_EQ(request.header("content-type"), "application/json");
        EXPECT_EQ(request.header("user-agent"), "intent-cpp");
        EXPECT_EQ(request.header("expect"), "");
        EXPECT_EQ(request.peer, "127.0.0.1");
    }
}

TEST(Http, requests_without_a_body_have_no_content_type) {
    TestServer server;
    TestHttp http;
    for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
        EXPECT_EQ(response(http.send({.method = method, .url = server.http_url("/x")})).body, method + " /x\n");
        const auto request = server.monitor.read([&] { return server.requests.back(); });
        EXPECT_EQ(request.header("content-type"), "") << method;
        EXPECT_EQ(request.body, "");
    }
    const auto head = http.send({.method = "HEAD", .url = server.http_url("/x")});
    EXPECT_EQ(response(head).status, 200);
    EXPECT_EQ(response(head).body, "");
}

TEST(Http, answers_without_a_body_end) {
    TestServer server;
    server.answer = [](net::ServerRequest, TestServer::Respond respond) { respond({204, {}, ""}); };
    TestHttp http;
    EXPECT_EQ(response(http.send({.method = "DELETE", .url = server.http_url("/x")})).status, 204);
    EXPECT_EQ(response(http.get(server.http_url("/x"))).status, 204);
}

TEST(Http, requests_share_one_kept_connection) {
    int requests = 0;
    ScriptedPeer peer([&](PeerConnection& connection) {
        while (!connection.read_head().empty()) {
            ++requests;
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    });
    TestHttp http;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(response(http.get(peer.http_url())).body, "ok");
    EXPECT_EQ(peer.connections(), 1);
}

TEST(Http, many_at_once_each_get_their_own_answer) {
    std::vector<std::pair<std::string, TestServer::Respond>> held;  // the server's loop
    TestServer server;
    server.answer = [&](net::ServerRequest request, TestServer::Respond respond) {
        held.emplace_back(request.path, std::move(respond));
        if (held.size() < 20) return;
        for (auto& [path, answer] : held)
            answer({200, {}, path});
        held.clear();
    };
    TestHttp http;
    for (int i = 1; i <= 20; ++i)
        http.start({.method = "GET", .url = server.http_url("/" + std::to_string(i))});
    ASSERT_TRUE(http.monitor.wait([&] { return http.finished == 20; }));
    for (int i = 1; i <= 20; ++i)
        EXPECT_EQ(response(http.results[i]).body, "/" + std::to_string(i));
}

TEST(Http, a_refused_connection_has_sent_nothing) {
    TestHttp http;
    const auto url = "http://127.0.0.1:" + std::to_string(closed_port()) + "/a?secret=1";
    const auto result = http.send({.method = "POST", .url = url, .body = "x"});
    EXPECT_EQ(failure(result).kind, Kind::connect);
    EXPECT_FALSE(failure(result).request_sent);
    EXPECT_NE(failure(result).text.find("127.0.0.1"), std::string::npos);
    EXPECT_EQ(failure(result).text.find("secret"), std::string::npos);
}

TEST(Http, an_unknown_name_has_sent_nothing) {
    TestHttp http;
    const auto result = http.get("http://no-such-host.invalid/");
    EXPECT_EQ(failure(result).kind, Kind::connect);
    EXPECT_FALSE(failure(result).request_sent);
}

TEST(Http, silence_ends_with_the_timeout_and_the_request_counts_as_sent) {
    ScriptedPeer peer([](PeerConnection& connection) { connection.wait_for_end(); });
    TestHttp http;
    const auto result = http.send({.method = "GET", .url = peer.http_url(), .timeout = 100ms});
    EXPECT_EQ(failure(result).kind, Kind::timeout);
    EXPECT_TRUE(failure(result).request_sent);
}

TEST(Http, case_101_the_timeout_covers_a_body_that_stalls) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.read_head();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        connection.wait_for_end();
    });
    TestHttp http;
    EXPECT_EQ(failure(http.send({.method = "GET", .url = peer.http_url(), .timeout = 200ms})).kind, Kind::timeout);
}

TEST(Http, a_connection_cut_before_the_answer_is_broken_and_maybe_sent) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.read_head();
        connection.reset();
    });
    TestHttp http;
    const auto result = http.send({.method = "POST", .url = peer.http_url(), .body = "x"});
    EXPECT_EQ(failure(result).kind, Kind::broken);
    EXPECT_TRUE(failure(result).request_sent);
}

TEST(Http, case_106_an_answer_that_ends_before_its_length_is_broken_wherever_it_is_cut) {
    constexpr std::string_view whole =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nnull";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        ScriptedPeer peer([&](PeerConnection& connection) {
            connection.read_head();
            connection.send(whole.substr(0, length));
            connection.end_sending();
            connection.wait_for_end();
        });
        TestHttp http;
        const auto result = http.send({.method = "POST", .url = peer.http_url(), .body = "x"});
        ASSERT_TRUE(std::holds_alternative<net::HttpFailure>(result)) << "after " << length << " bytes";
        EXPECT_EQ(failure(result).kind, Kind::broken) << "after " << length << " bytes";
    }
}

// The first request leaves a kept connection behind; the peer takes the second one on it and hangs up.
struct HangsUpOnSecond {
    std::atomic<int> posts = 0;
    ScriptedPeer peer{[this](PeerConnection& connection) {
        if (connection.read_head().empty()) return;
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        const auto head = connection.read_head();
        if (head.starts_with("POST")) ++posts;
        if (head.find("Content-Length: 4") != head.npos) connection.read(4);
        connection.reset();
    }};
};

TEST(Http, case_100_a_post_is_never_sent_twice_when_a_kept_connection_ends) {
    for (const std::string body : {"once", ""}) {
        HangsUpOnSecond server;
        TestHttp http;
        EXPECT_EQ(response(http.get(server.peer.http_url())).body, "ok");
        const auto result = http.send({.method = "POST", .url = server.peer.http_url(), .body = body});
        if (body.empty()) {
            EXPECT_EQ(server.posts, 0);  // it went over a connection of its own
            EXPECT_EQ(response(result).body, "ok");
        } else {
            EXPECT_EQ(failure(result).kind, Kind::broken);
            EXPECT_NE(failure(result).text.find("closed before the answer began"), std::string::npos)
                << failure(result).text;
            EXPECT_TRUE(failure(result).request_sent);
            EXPECT_EQ(server.posts, 1);
        }
    }
}

TEST(Http, case_100_a_get_is_sent_again_when_a_kept_connection_ends) {
    HangsUpOnSecond server;
    TestHttp http;
    EXPECT_EQ(response(http.get(server.peer.http_url())).body, "ok");
    EXPECT_EQ(response(http.get(server.peer.http_url())).body, "ok");
    EXPECT_EQ(server.peer.connections(), 2);
}

TEST(Http, case_106_a_body_over_the_cap_ends_the_transfer) {
    TestServer server;
    server.answer = [](net::ServerRequest, TestServer::Respond respond) { respond({200, {}, std::string(2000, 'x')}); };
    net::HttpOptions options;
    options.max_body_bytes = 1999;
    TestHttp http(options);
    EXPECT_EQ(failure(http.get(server.http_url())).kind, Kind::too_large);
    options.max_body_bytes = 2000;
    TestHttp roomy(options);
    EXPECT_EQ(response(roomy.get(server.http_url())).body.size(), 2000u);
}

TEST(Http, case_106_headers_over_the_cap_end_the_transfer) {
    TestServer server;
    server.answer = [](net::ServerRequest, TestServer::Respond respond) {
        respond({200, std::vector<std::pair<std::string, std::string>>(7, {"x", std::string(10'000, 'x')}), ""});
    };
    TestHttp http;
    const auto result = http.get(server.http_url());
    EXPECT_EQ(failure(result).kind, Kind::too_large) << failure(result).text;
}

TEST(Http, case_105_redirects_are_answers) {
    TestServer server;
    server.answer = [](net::ServerRequest, TestServer::Respond respond) {
        respond({307, {{"location", "/elsewhere"}}, ""});
    };
    TestHttp http;
    const auto result = http.get(server.http_url("/a"));
    EXPECT_EQ(response(result).status, 307);
    EXPECT_EQ(header_of(response(result), "location"), "/elsewhere");
    EXPECT_EQ(server.requests.size(), 1u);
}

TEST(Http, case_107_what_must_not_be_sent_fails_at_once) {
    TestHttp http;
    for (const net::HttpRequest& request :
         {net::HttpRequest{"GET", "ftp://host/"}, net::HttpRequest{"GET", "http://user:pass@host/"},
          net::HttpRequest{"GET", ""}, net::HttpRequest{"GET", "http://host/a b"},
          net::HttpRequest{"GE T", "http://host/"},
          net::HttpRequest{"GET", "http://host/", {{"X-Reason", "a\r\nEvil: 1"}}},
          net::HttpRequest{"GET", "http://host/", {{"X:Y", "a"}}}}) {
        const auto result = http.send(request);
        EXPECT_FALSE(failure(result).request_sent) << request.url;
        EXPECT_FALSE(failure(result).text.empty());
        EXPECT_EQ(failure(result).text.find("pass"), std::string::npos);
    }
}

TEST(Http, a_cancelled_transfer_is_not_heard_of_again) {
    ScriptedPeer peer([](PeerConnection& connection) { connection.wait_for_end(); });
    TestServer server;
    TestHttp http;
    const auto id = http.start({.method = "GET", .url = peer.http_url()});
    on_loop(http.loop, [&] { http.client->cancel(id); });
    on_loop(http.loop, [&] { http.client->cancel(id); });
    on_loop(http.loop, [&] { http.client->cancel(999); });
    EXPECT_EQ(response(http.get(server.http_url())).status, 200);
    EXPECT_EQ(http.finished, 1);
}

TEST(Http, the_client_may_be_destroyed_with_transfers_under_way) {
    ScriptedPeer peer([](PeerConnection& connection) { connection.wait_for_end(); });
    TestHttp http;
    for (int i = 0; i < 3; ++i)
        http.start({.method = "GET", .url = peer.http_url()});
    on_loop(http.loop, [&] { http.client.reset(); });
    on_loop(http.loop, [] {});
    EXPECT_EQ(http.finished, 0);
}

TEST(Http, compressed_answers_are_unpacked) {
    // gzip of "hello\n"
    const std::string packed(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\xe7\x02\x00\x20\x30\x3a\x36\x06\x00\x00\x00", 26);
    TestServer server;
    server.answer = [&](net::ServerRequest, TestServer::Respond respond) {
        respond({200, {{"content-encoding", "gzip"}}, packed});
    };
    TestHttp http;
    EXPECT_EQ(response(http.get(server.http_url())).body, "hello\n");
}

TEST(Http, the_cap_is_on_the_unpacked_body) {
    // gzip of 20,000 times 'x'
    const std::string packed(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\xda\x8b\x6f\x0d\x0f\xa0"
        "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x78\x30\x03\x47\x65\x41"
        "\x20\x4e\x00\x00",
        54);
    TestServer server;
    server.answer = [&](net::ServerRequest, TestServer::Respond respond) {
        respond({200, {{"content-encoding", "gzip"}}, packed});
    };
    net::HttpOptions options;
    options.max_body_bytes = 19'999;
    TestHttp http(options);
    EXPECT_EQ(failure(http.get(server.http_url())).kind, Kind::too_large);
    options.max_body_bytes = 20'000;
    TestHttp roomy(options);
    EXPECT_EQ(response(roomy.get(server.http_url())).body, std::string(20'000, 'x'));
}

TEST(Http, tls_is_checked_against_the_extra_authority) {
    TestAuthority authority;
    const auto good = authority.good();
    TestServer server({.certificate_file = good.certificate, .private_key_file = good.key});
    net::HttpOptions trusting;
    trusting.tls.extra_ca_file = authority.ca_file();
    TestHttp http(trusting);
    EXPECT_EQ(response(http.get(server.http_url())).status, 200);
    EXPECT_EQ(response(http.get(server.http_url("/", "localhost"))).status, 200);

    TestHttp strict;
    const auto untrusted = strict.get(server.http_url());
    EXPECT_EQ(failure(untrusted).kind, Kind::tls);
    EXPECT_FALSE(failure(untrusted).request_sent);
    EXPECT_NE(failure(untrusted).text.find("not trusted"), std::string::npos) << failure(untrusted).text;

    net::HttpOptions careless;
    careless.tls.dangerously_skip_verification = true;
    TestHttp lax(careless);
    EXPECT_EQ(response(lax.get(server.http_url())).status, 200);
}

TEST(Http, wrong_and_expired_certificates_are_named) {
    TestAuthority authority;
    net::HttpOptions trusting;
    trusting.tls.extra_ca_file = authority.ca_file();
    TestHttp http(trusting);
    const auto wrong = authority.wrong_host();
    TestServer elsewhere({.certificate_file = wrong.certificate, .private_key_file = wrong.key});
    const auto result = http.get(elsewhere.http_url());
    EXPECT_EQ(failure(result).kind, Kind::tls);
    EXPECT_NE(failure(result).text.find("not for 127.0.0.1"), std::string::npos) << failure(result).text;
    const auto old = authority.expired();
    TestServer late({.certificate_file = old.certificate, .private_key_file = old.key});
    EXPECT_NE(failure(http.get(late.http_url())).text.find("expired"), std::string::npos);

    trusting.tls.extra_ca_file = "/no/such/file.pem";
    TestHttp misled(trusting);
    EXPECT_NE(failure(misled.get(late.http_url())).text.find("/no/such/file.pem"), std::string::npos);
}

}  // namespace
}  // namespace intent::test::http_test
