// Connections through an HTTP proxy: which go through one, and what comes of it.
#include "net/proxy.hpp"

#include "net/environment.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/net_client.hpp"
#include "tests/support/net_http.hpp"
#include "tests/support/net_server.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

namespace intent::test::proxy_test {
namespace {

using namespace std::chrono_literals;
using Kind = net::HttpFailure::Kind;

bool contains(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

net::ProxyRules rules(const std::string& proxy, const std::string& exceptions = {}) {
    return {.plain = {"http_proxy", proxy}, .secure = {"HTTPS_PROXY", proxy}, .exceptions = exceptions};
}

// "host:port", "direct", or the error.
std::string choice(const std::string& proxy, const std::string& url, const std::string& exceptions = {}) {
    const auto parsed =
        net::parse_url(url, url.starts_with("ws") ? "ws" : "http", url.starts_with("ws") ? "wss" : "https");
    const auto chosen = net::choose_proxy(rules(proxy, exceptions), std::get<net::Url>(parsed));
    if (const auto* address = std::get_if<net::ProxyAddress>(&chosen)) return address->place();
    if (const auto* error = std::get_if<std::string>(&chosen)) return *error;
    return "direct";
}

TEST(Proxy, addresses_are_read_as_curl_reads_them) {
    EXPECT_EQ(choice("http://proxy.test:3128", "https://api.test/"), "proxy.test:3128");
    EXPECT_EQ(choice("HTTP://proxy.test:3128/", "https://api.test/"), "proxy.test:3128");
    EXPECT_EQ(choice("proxy.test:8080", "wss://api.test/"), "proxy.test:8080");
    EXPECT_EQ(choice("proxy.test", "ws://api.test/"), "proxy.test:1080");
    EXPECT_EQ(choice("http://proxy.test:80", "http://api.test/"), "proxy.test:80");
    EXPECT_EQ(choice("http://[fe00::1]:3128", "https://api.test/"), "[fe00::1]:3128");
    EXPECT_EQ(choice("http://[fe00::1]", "https://api.test/"), "[fe00::1]:1080");
    EXPECT_EQ(choice("http://a:b@proxy.test:3128", "https://api.test/"), "proxy.test:3128");
    EXPECT_EQ(choice("", "https://api.test/"), "direct");
    const auto chosen = net::choose_proxy(rules("http://me%40home:p%3Aw%25@proxy.test:1"),
                                          std::get<net::Url>(net::parse_url("https://api.test/", "http", "https")));
    EXPECT_EQ(std::get<net::ProxyAddress>(chosen).user, "me@home");
    EXPECT_EQ(std::get<net::ProxyAddress>(chosen).password, "p:w%");
}

TEST(Proxy, case_171_what_is_not_supported_is_an_error_that_names_the_variable_and_no_secret) {
    for (const std::string proxy :
         {"socks5://user:secret@proxy.test:1080", "https://user:secret@proxy.test", "ftp://x", "http://",
          "http://user:secret@", "http://proxy.test:0", "http://proxy.test:99999", "http://pro xy.test", "fe00::1",
          "http://us%0aer:secret@proxy.test", "http://a%3Ab@x"}) {
        const auto error = choice(proxy, "https://api.test/");
        EXPECT_TRUE(contains(error, "HTTPS_PROXY: ")) << proxy << ": " << error;
        EXPECT_FALSE(contains(error, "secret")) << error;
    }
}

TEST(Proxy, this_machine_is_never_reached_through_one) {
    for (const std::string host : {"localhost", "LOCALHOST", "localhost.", "bot.localhost", "127.0.0.1", "127.1.2.3",
                                   "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"}) {
        EXPECT_EQ(choice("http://proxy.test:1", "http://" + host + ":8080/"), "direct") << host;
        EXPECT_EQ(choice("socks5://proxy.test:1", "wss://" + host + "/"), "direct") << host;
    }
    for (const std::string host : {"notlocalhost", "localhost.test", "128.0.0.1", "[::2]", "127.0.0.1.test"})
        EXPECT_EQ(choice("http://proxy.test:1", "http://" + host + ":8080/"), "proxy.test:1") << host;
}

TEST(Proxy, exceptions_are_names_with_all_below_them_addresses_and_networks) {
    const std::vector<std::tuple<std::string, std::string, bool>> table = {
        {"*", "api.test", true},
        {"api.test", "api.test", true},
        {"API.Test", "api.test", true},
        {".test", "api.test", true},
        {"test", "api.test", true},
        {"test.", "api.test", true},
        {"pi.test", "api.test", false},
        {"api.test", "test", false},
        {"other, api.test", "api.test", true},
        {"other api.test", "api.test", true},
        {"other,,api.test,", "api.test", true},
        {"*.test", "api.test", false},
        {"", "api.test", false},
        {".", "api.test", false},
        {"10.0.0.0/8", "10.1.2.3", true},
        {"10.0.0.0/8", "11.1.2.3", false},
        {"10.1.2.3", "10.1.2.3", true},
        {"10.1.2.3", "10.1.2.4", false},
        {"10.1.2.128/25", "10.1.2.127", false},
        {"10.1.2.128/25", "10.1.2.200", true},
        {"0.0.0.0/0", "10.1.2.3", true},
        {"10.0.0.0/33", "10.0.0.0", false},
        {"10.0.0.0/", "10.0.0.0", false},
        {"fe00::/16", "fe00::5", true},
        {"[fe00::5]", "fe00::5", true},
        {"fe00::/16", "fe01::5", false},
        {"2.3", "10.1.2.3", false},
    };
    for (const auto& [exceptions, host, excepted] : table)
        EXPECT_EQ(net::is_excepted(exceptions, host), excepted) << exceptions << " | " << host;
}

// Sets variables for as long as it lives, and takes every other about proxies away.
class Variables {
public:
    explicit Variables(const std::map<std::string, std::string>& wanted) {
        for (const char* name : names) {
            if (const char* value = std::getenv(name)) before_[name] = value;
            ::unsetenv(name);
        }
        for (const auto& [name, value] : wanted)
            ::setenv(name.c_str(), value.c_str(), 1);
    }
    ~Variables() {
        for (const char* name : names)
            ::unsetenv(name);
        for (const auto& [name, value] : before_)
            ::setenv(name.c_str(), value.c_str(), 1);
    }

private:
    static constexpr const char* names[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
                                            "all_proxy",  "ALL_PROXY",  "no_proxy",    "NO_PROXY"};
    std::map<std::string, std::string> before_;
};

TEST(Proxy, the_environment_is_read_as_curl_reads_it) {
    struct Case {
        std::map<std::string, std::string> variables;
        std::string plain;
        std::string secure;
        std::string exceptions;
    };
    for (const auto& [variables, plain, secure, exceptions] : std::vector<Case>{
             {{}, "", "", ""},
             {{{"https_proxy", "a"}, {"HTTPS_PROXY", "b"}}, "", "a", ""},
             {{{"HTTPS_PROXY", "b"}, {"ALL_PROXY", "c"}}, "c", "b", ""},
             {{{"HTTP_PROXY", "a"}}, "", "", ""},
             {{{"http_proxy", "a"}}, "a", "", ""},
             {{{"https_proxy", ""}, {"all_proxy", "c"}, {"ALL_PROXY", "d"}}, "c", "c", ""},
             {{{"no_proxy", "x"}, {"NO_PROXY", "y"}}, "", "", "x"},
             {{{"NO_PROXY", "y"}}, "", "", "y"},
         }) {
        const Variables set(variables);
        const auto read = net::proxies_from_environment();
        EXPECT_EQ(read.plain.url, plain);
        EXPECT_EQ(read.secure.url, secure);
        EXPECT_EQ(read.exceptions, exceptions);
    }
}

TEST(Proxy, gateway_and_rest_go_through_a_tunnel_alike) {
    TestAuthority authority;
    const auto certificate = authority.issue("api", "DNS:api.test");
    TestServer server({.certificate_file = certificate.certificate, .private_key_file = certificate.key});
    ConnectProxy proxy("dXNlcjpwYXNz");
    net::WebSocketOptions socket;
    socket.tls.extra_ca_file = authority.ca_file();
    socket.proxy = rules(proxy.url("user:pass@"));
    TestClient client(server.url("/gateway", "api.test"), socket);
    ASSERT_TRUE(client.wait_open()) << client.failure.value_or(net::ConnectFailure{}).text;
    client.send("through");
    ASSERT_TRUE(client.wait_messages(1));
    EXPECT_EQ(client.messages[0], "through");

    net::HttpOptions options;
    options.tls.extra_ca_file = authority.ca_file();
    options.proxy = rules(proxy.url("user:pass@"));
    TestHttp http(options);
    const auto result = http.get(server.http_url("/x", "api.test"));
    EXPECT_EQ(response(result).status, 200);
    EXPECT_EQ(header_of(response(result), "x-proxy"), "") << "the proxy's headers are not the server's";
    const auto heads = proxy.heads();
    ASSERT_EQ(heads.size(), 2u);
    const std::string line = "CONNECT api.test:" + std::to_string(server.server->port()) + " HTTP/1.1\r\n";
    for (const auto& head : heads) {
        EXPECT_TRUE(head.starts_with(line)) << head;
        EXPECT_TRUE(contains(head, "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"));
    }
    const auto requests = server.monitor.read([&] { return server.requests; });
    ASSERT_EQ(requests.size(), 2u);
    for (const auto& request : requests)
        EXPECT_EQ(request.header("proxy-authorization"), "") << "it is for the proxy alone";
}

TEST(Proxy, without_tls_the_gateway_goes_through_a_tunnel_and_a_request_to_the_proxy) {
    TestServer server;
    ConnectProxy proxy;
    net::WebSocketOptions socket;
    socket.proxy = rules(proxy.url());
    TestClient client(server.url("/gateway", "gateway.test"), socket);
    ASSERT_TRUE(client.wait_open());
    net::HttpOptions options;
    options.proxy = rules(proxy.url());
    TestHttp http(options);
    EXPECT_EQ(response(http.get(server.http_url("/x?y=1", "api.test"))).body, "GET /x\n");
    const auto heads = proxy.heads();
    ASSERT_EQ(heads.size(), 2u);
    EXPECT_TRUE(heads[0].starts_with("CONNECT gateway.test:")) << heads[0];
    EXPECT_TRUE(heads[1].starts_with("GET http://api.test:")) << heads[1];
    EXPECT_TRUE(contains(heads[1], "/x?y=1 HTTP/1.1"));
}

TEST(Proxy, this_machine_and_exceptions_go_past_it) {
    TestServer server;
    ConnectProxy proxy;
    net::WebSocketOptions socket;
    socket.proxy = rules(proxy.url());
    TestClient client(server.url("/gateway", "localhost"), socket);
    ASSERT_TRUE(client.wait_open());
    net::HttpOptions options;
    options.proxy = rules(proxy.url(), "api.test");
    TestHttp http(options);
    EXPECT_EQ(response(http.get(server.http_url())).status, 200);
    EXPECT_EQ(failure(http.get(server.http_url("/", "api.test"))).kind, Kind::connect) << "the name exists nowhere";
    EXPECT_EQ(proxy.connections(), 0);
}

TEST(Proxy, case_171_a_refusal_is_told_with_its_status_and_nothing_was_sent) {
    ConnectProxy proxy("c29tZTpib2R5");
    net::WebSocketOptions socket;
    socket.proxy = rules(proxy.url("user:secret@"));
    TestClient client("wss://gateway.test/", socket);
    ASSERT_TRUE(client.wait_failed());
    EXPECT_TRUE(
        contains(client.failure->text, "gateway.test:443 through the proxy 127.0.0.1:" + std::to_string(proxy.port()) +
                                           ": the proxy refused the connection with status 407"))
        << client.failure->text;
    EXPECT_FALSE(contains(client.failure->text, "secret"));
    net::HttpOptions options;
    options.proxy = rules(proxy.url("user:secret@"));
    TestHttp http(options);
    const auto result = http.send({.method = "POST", .url = "https://api.test/x", .body = "x"});
    EXPECT_FALSE(failure(result).request_sent);
    EXPECT_TRUE(contains(failure(result).text, "refused the connection with status 407")) << failure(result).text;
    EXPECT_FALSE(contains(failure(result).text, "secret"));
}

TEST(Proxy, case_171_one_that_misbehaves_fails_the_attempt) {
    const auto refused_with = [](const std::string& answer) {
        ScriptedPeer peer([&](PeerConnection& connection) {
            connection.read_head();
            connection.send(answer);
            connection.end_sending();
            connection.wait_for_end();
        });
        net::WebSocketOptions options;
        options.proxy = rules(peer.http_url());
        TestClient client("wss://gateway.test/", options);
        return client.wait_failed() ? client.failure->text : "opened";
    };
    EXPECT_TRUE(contains(refused_with("SSH-2.0-OpenSSH\r\n"), "does not speak HTTP"));
    EXPECT_TRUE(contains(refused_with("HTTP/1.1 200"), "ended the connection before it answered"));
    EXPECT_TRUE(contains(refused_with("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x')), "too large"));
    EXPECT_TRUE(contains(refused_with("HTTP/1.1 502 Bad\r\n\r\n"), "status 502"));
    EXPECT_TRUE(contains(refused_with("HTTP/1.1 200 OK\r\n\r\nhello"), "extra bytes"));

    ScriptedPeer silent([](PeerConnection& connection) { connection.wait_for_end(); });
    net::WebSocketOptions options;
    options.proxy = rules(silent.http_url());
    options.connect_deadline = 150ms;
    TestClient client("wss://gateway.test/", options);
    ASSERT_TRUE(client.wait_failed());
    EXPECT_TRUE(contains(client.failure->text, "waiting for the answer of the proxy")) << client.failure->text;
}

TEST(Proxy, an_attempt_is_given_up_in_the_midst_of_the_tunnel) {
    Monitor monitor;
    bool asked = false;
    ScriptedPeer silent([&](PeerConnection& connection) {
        connection.read_head();
        monitor.change([&] { asked = true; });
        connection.wait_for_end();
    });
    net::WebSocketOptions options;
    options.proxy = rules(silent.http_url());
    TestClient client("wss://gateway.test/", options);
    ASSERT_TRUE(monitor.wait([&] { return asked; }));
    client.close(1000);
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 1006);
}

}  // namespace
}  // namespace intent::test::proxy_test
