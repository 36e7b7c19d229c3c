// Bytes that have arrived and were not read: they count against no peer.
#include "tests/support/certificates.hpp"
#include "tests/support/net_client.hpp"
#include "tests/support/net_server.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace intent::test::unread_test {
namespace {

using namespace std::chrono_literals;

class Unread : public testing::TestWithParam<bool> {
protected:
    Unread() {
        net::ServerOptions options;
        if (GetParam()) {
            const auto files = authority_.good();
            options.certificate_file = files.certificate;
            options.private_key_file = files.key;
            tls_.extra_ca_file = authority_.ca_file();
        }
        server_ = std::make_unique<TestServer>(options);
    }

    TestAuthority authority_;
    net::TlsOptions tls_;
    std::unique_ptr<TestServer> server_;
};

// The loop's thread is held up, as by a handler that blocks: what arrives meanwhile lies in the system.
TEST_P(Unread, case_137_bytes_that_arrive_while_the_thread_is_held_up_are_seen) {
    net::WebSocketOptions options;
    options.tls = tls_;
    TestClient client(server_->url(), options);
    ASSERT_TRUE(client.wait_open());
    client.send("first");
    ASSERT_TRUE(client.wait_messages(1));
    const bool seen = on_loop(client.loop, [&] {
        if (client.socket->unread()) return false;
        server_->loop.post([&] { server_->sockets[0]->send_binary({'x'}); });
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (!client.socket->unread() && std::chrono::steady_clock::now() < deadline)
            std::this_thread::yield();
        return client.socket->unread();
    });
    EXPECT_TRUE(seen);
    ASSERT_TRUE(client.wait_messages(2));
    EXPECT_FALSE(on_loop(client.loop, [&] { return client.socket->unread(); }));
}

INSTANTIATE_TEST_SUITE_P(Transports, Unread, testing::Bool(),
                         [](const auto& transport) { return transport.param ? "tls" : "tcp"; });

}  // namespace
}  // namespace intent::test::unread_test
