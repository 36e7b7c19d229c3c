// Every allocation of a transfer fails once: that transfer fails, or goes on, and no other is harmed.
#include "net/http.hpp"

#include "tests/memory/failing_allocations.hpp"
#include "tests/support/net_server.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <optional>
#include <string>

namespace intent::test::http_test {
namespace {

struct Outcome {
    Monitor monitor;
    std::optional<net::HttpResult> result;

    std::function<void(net::HttpResult)> done() {
        return [this](net::HttpResult what) { monitor.change([&] { result.emplace(std::move(what)); }); };
    }
    bool wait() {
        return monitor.wait([&] { return result.has_value(); });
    }
    int status() {
        return result && std::holds_alternative<net::HttpResponse>(*result)
                   ? std::get<net::HttpResponse>(*result).status
                   : 0;
    }
};

// "/held" is answered when the test says so.
class HoldingServer : public TestServer {
public:
    HoldingServer() {
        answer = [this](net::ServerRequest request, Respond respond) {
            if (request.path == "/held")
                monitor.change([&] { held = std::move(respond); });
            else
                respond({200, {{"x-large", std::string(500, 'h')}}, std::string(100'000, 'b')});
        };
    }
    Respond held;
};

struct Tries {
    int count = 0;     // one for each allocation, and one that lacked none
    int failures = 0;  // of them
};

// Tries `url` again and again, each time without another allocation; beside each try and after it a request goes well.
void try_without_each_allocation(const net::HttpOptions& options, HoldingServer& server, const std::string& url,
                                 Tries& tries) {
    std::unique_ptr<net::HttpClient> client;
    net::Loop loop([&](std::exception_ptr) { client->recover(); });
    loop.start();
    on_loop(loop, [&] { client = std::make_unique<net::HttpClient>(loop, options); });
    for (bool more = true; more; ++tries.count) {
        SCOPED_TRACE(tries.count);
        Outcome other;
        on_loop(loop, [&] { client->start({.method = "GET", .url = server.http_url("/held")}, other.done()); });
        ASSERT_TRUE(server.monitor.wait([&] { return server.held != nullptr; }));

        Outcome tried;
        const bool started = on_loop(loop, [&] {
            net::HttpRequest request{.method = "POST", .url = url, .body = std::string(1000, 'p')};
            auto done = tried.done();
            fail_allocation(tries.count);
            try {
                client->start(std::move(request), std::move(done));
                return true;
            } catch (const std::bad_alloc&) {
                return false;
            }
        });
        if (started) {
            ASSERT_TRUE(tried.wait());
        }
        more = on_loop(loop, [] { return allocation_failed(); });
        if (!started || tried.status() == 0) ++tries.failures;

        on_loop(server.loop, [&] { std::exchange(server.held, nullptr)({200, {}, "at last"}); });
        ASSERT_TRUE(other.wait());
        EXPECT_EQ(other.status(), 200);
        Outcome next;
        on_loop(loop, [&] { client->start({.method = "GET", .url = server.http_url("/y")}, next.done()); });
        ASSERT_TRUE(next.wait());
        EXPECT_EQ(next.status(), 200);
    }
    on_loop(loop, [&] { client.reset(); });
}

TEST(OutOfMemory, case_169_a_transfer_fails_alone_whichever_allocation_it_lacks) {
    HoldingServer server;
    Tries tries;
    try_without_each_allocation({}, server, server.http_url("/x"), tries);
    EXPECT_GT(tries.count, 10);
    EXPECT_GT(tries.failures, 5);
}

// What is wrong with the authority's file is written down while curl prepares TLS.
TEST(OutOfMemory, a_transfer_fails_alone_that_cannot_even_tell_why_nobody_is_trusted) {
    HoldingServer server;
    net::HttpOptions options;
    options.tls.extra_ca_file = "/nowhere/authority.pem";
    Tries tries;
    const std::string plain = server.http_url("/x");
    try_without_each_allocation(options, server, "https" + plain.substr(plain.find(':')), tries);
    EXPECT_GT(tries.count, 10);
    EXPECT_EQ(tries.failures, tries.count);
}

}  // namespace
}  // namespace intent::test::http_test
