// The server against peers that do what no good client does.
#include "tests/support/net_client.hpp"
#include "tests/support/net_http.hpp"
#include "tests/support/net_peer.hpp"
#include "tests/support/net_server.hpp"
#include "tests/support/raw_connection.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>

namespace intent::test::server_peers_test {
namespace {

using namespace std::chrono_literals;

// A client's frame: masked, here with a mask of zeros.
std::string masked_frame(int first, std::string_view payload) {
    std::string bytes{static_cast<char>(first), static_cast<char>(0x80 | payload.size()), 0, 0, 0, 0};
    return bytes.append(payload);
}

TEST(ServerPeers, case_177_frames_that_come_with_the_upgrade_request_are_served) {
    for (const std::size_t split : {0u, 1u, 9u, 1000u}) {  // bytes of the frames that come later
        TestServer server;
        RawConnection connection(server.server->port());
        const std::string frames = masked_frame(0x82, "one") + masked_frame(0x82, "two");
        const auto together = frames.size() - std::min(split, frames.size());
        connection.send(upgrade_request("/gateway", "Host: x\r\n") + frames.substr(0, together));
        EXPECT_TRUE(connection.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
        connection.send(frames.substr(together));
        ASSERT_TRUE(server.monitor.wait([&] { return server.received.size() == 2; })) << split;
        EXPECT_EQ(server.received, (std::vector<std::string>{"one", "two"}));
    }
}

TEST(ServerPeers, a_request_that_comes_with_a_refused_upgrade_is_answered) {
    TestServer server;
    const auto answer = talk(server.server->port(), upgrade_request("/nothing", "Host: x\r\n") +
                                                        "GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 404")) << answer;
    EXPECT_TRUE(answer.ends_with("GET /next\n")) << answer;
}

TEST(ServerPeers, case_177_a_bad_websocket_key_is_refused) {
    TestServer server;
    const auto status = [&](std::string_view key, std::string_view more = "") {
        return talk(server.server->port(), upgrade_request("/gateway", "Host: x\r\n" + std::string(more), key))
            .substr(0, 12);
    };
    for (const std::string key :
         {"", "x", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ===",
          "dGhlIHNhbXBsZSBub25jZS4=", "dGhlIHNhbXBs!SBub25jZQ==", "dGhlIHNhbXBsZSBub25jZ==Q"})
        EXPECT_EQ(status(key), "HTTP/1.1 400") << key;
    EXPECT_EQ(status("dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), "HTTP/1.1 400");
    EXPECT_EQ(status("dGhlIHNhbXBsZSBub25jZQ=="), "HTTP/1.1 101");
    EXPECT_EQ(server.requests.size(), 1u) << "of the refused ones the handler hears nothing";
}

TEST(ServerPeers, case_177_a_frame_whose_length_has_the_top_bit_set_is_refused_at_once) {
    TestServer server;
    RawConnection connection(server.server->port());
    connection.send(upgrade_request("/gateway", "Host: x\r\n"));
    connection.read_until("\r\n\r\n");
    connection.send(std::string("\x82\xff\x80\0\0\0\0\0\0\x01\0\0\0\0", 14));
    // It does not wait for so many bytes: a close frame comes, then the end.
    const auto answer = connection.read_all();
    const auto frames = answer.substr(answer.find("\r\n\r\n") + 4);
    EXPECT_EQ(frames, std::string("\x88\x02\x03\xf1", 4)) << "1009";
    EXPECT_TRUE(server.monitor.wait([&] { return server.closed.size() == 1; }));
}

TEST(ServerPeers, case_177_a_transfer_encoding_but_chunked_is_refused_before_the_body) {
    TestServer server;
    const auto post = [&](const std::string& headers, const std::string& body) {
        return talk(server.server->port(), "POST / HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body);
    };
    // What follows must not be taken for another request.
    const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const std::string coding : {"gzip", "gzip, chunked", "chunked, gzip", "identity", "chunked, chunked",
                                     "xchunked", "", "chunked\r\nTransfer-Encoding: chunked"}) {
        const auto answer = post("Transfer-Encoding: " + coding + "\r\n", smuggled);
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 501") || answer.starts_with("HTTP/1.1 400"))
            << coding << ": " << answer;
    }
    EXPECT_TRUE(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n" + smuggled)
                    .starts_with("HTTP/1.1 400"));
    EXPECT_TRUE(post("Content-Length: 1\r\nContent-Length: 2\r\n", "xx").starts_with("HTTP/1.1 400"));
    EXPECT_EQ(server.requests.size(), 0u);
    const auto good = post("Transfer-Encoding: CHUNKED\r\nConnection: close\r\n", "2\r\nhi\r\n0\r\n\r\n");
    EXPECT_TRUE(good.starts_with("HTTP/1.1 200")) << good;
    EXPECT_EQ(server.requests.at(0).body, "hi");
}

double seconds_of_cpu() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// In a process of its own: it takes the file descriptors away from everything.
void serve_without_descriptors() {
    TestServer server;
    const auto ask = [&](RawConnection& connection) {
        connection.send("GET /alive HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        return connection.read_all().ends_with("GET /alive\n");
    };
    {
        RawConnection first(server.server->port());
        if (!ask(first)) _exit(10);
    }
    const int free = dup(0);
    close(free);
    const rlimit few{static_cast<rlim_t>(free) + 1, static_cast<rlim_t>(free) + 1};
    if (setrlimit(RLIMIT_NOFILE, &few) != 0) _exit(11);
    auto waiting = std::make_unique<RawConnection>(server.server->port());  // takes the last one
    if (!waiting->open() || dup(0) >= 0) _exit(12);
    waiting->send("GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const double before = seconds_of_cpu();
    std::this_thread::sleep_for(500ms);  // that nothing spins is seen by letting time pass
    if (seconds_of_cpu() - before > 0.2) _exit(13);
    const auto is_served = [&] { return !server.requests.empty() && server.requests.back().path == "/late"; };
    if (server.monitor.read(is_served)) _exit(14);
    // One is free again for the server: the connection that waited was in its queue all the time.
    const int spare = 0;
    close(spare);
    if (!waiting->read_all().ends_with("GET /late\n")) _exit(15);
    _exit(0);
}

TEST(ServerPeersDeathTest, case_178_without_a_free_descriptor_it_waits_and_goes_on_once_there_is_one) {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP()
        << "the undefined-behaviour sanitizer opens a pipe to look at an object, and takes a failure for a bad one";
#endif
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(serve_without_descriptors(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace intent::test::server_peers_test
