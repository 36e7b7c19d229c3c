// TLS to a real broker, and what is said when it cannot be had.
#include "relay/broker/broker_options.hpp"
#include "tests/relay/relay_world.hpp"
#include "tests/support/certificates.hpp"

#include <intent/broker_options.hpp>
#include <intent/worker.hpp>

namespace intent::test::relay_tls_test {
namespace {

namespace broker = relay::broker;

/// The block of the broker's configuration. With `clients`, it demands certificates of this authority.
std::string tls_block(const CertificateFiles& files, const std::string& clients = {}) {
    return "tls { timeout: 30, cert_file: \"" + files.certificate + "\", key_file: \"" + files.key + "\"" +
           (clients.empty() ? "" : ", ca_file: \"" + clients + "\", verify: true") + " }";
}

BrokerOptions options_for(const std::string& url, const std::string& ca = {}) {
    BrokerOptions options;
    options.urls = {url};
    options.ca_file = ca;
    return options;
}

/// Why there is no connection; empty: there is one.
std::string problem_of(const BrokerOptions& options) {
    const broker::Connection connection(broker::connection_options(options, "test"));
    return connection.wait_connected(100ms) ? std::string() : connection.last_problem();
}

testing::AssertionResult names(const std::string& problem, std::initializer_list<std::string_view> parts) {
    for (const auto part : parts)
        if (problem.find(part) == std::string::npos)
            return testing::AssertionFailure() << "no '" << part << "' in '" << problem << "'";
    return testing::AssertionSuccess();
}

TEST(RelayTls, a_certificate_of_the_right_authority_is_accepted_and_of_another_one_refused) {
    INTENT_NEEDS_NATS();
    TestAuthority authority;
    const TestAuthority other;
    const NatsServer server(tls_block(authority.good()));
    EXPECT_EQ(problem_of(options_for(server.tls_url(), authority.ca_file())), "");
    EXPECT_TRUE(names(problem_of(options_for(server.tls_url(), other.ca_file())),
                      {server.tls_url(), "no authority in ca_file (--ca, INTENT_BROKER_CA) has signed"}));
    EXPECT_TRUE(names(problem_of(options_for(server.tls_url())), {"set ca_file (--ca, INTENT_BROKER_CA)"}));
}

TEST(RelayTls, a_certificate_for_another_host_or_of_yesterday_is_refused) {
    INTENT_NEEDS_NATS();
    TestAuthority authority;
    const NatsServer elsewhere(tls_block(authority.wrong_host()));
    EXPECT_TRUE(names(problem_of(options_for(elsewhere.tls_url(), authority.ca_file())),
                      {"mismatch", "must name the host of urls (--broker, INTENT_BROKER)"}));
    const NatsServer expired(tls_block(authority.expired()));
    EXPECT_TRUE(names(problem_of(options_for(expired.tls_url(), authority.ca_file())), {"expired"}));
}

TEST(RelayTls, a_broker_without_tls_is_refused_and_nats_is_no_way_around_tls) {
    INTENT_NEEDS_NATS();
    TestAuthority authority;
    const NatsServer plain;
    EXPECT_TRUE(names(problem_of(options_for(plain.tls_url())), {"the broker offers no TLS", "urls (--broker"}));
    auto options = options_for(plain.url());
    options.tls = true;
    EXPECT_TRUE(names(problem_of(options), {"the broker offers no TLS"}));
    // A broker that demands TLS gets it, with the same checks.
    const NatsServer secure(tls_block(authority.good()));
    EXPECT_TRUE(names(problem_of(options_for(secure.url())), {"set ca_file (--ca, INTENT_BROKER_CA)"}));
    EXPECT_EQ(problem_of(options_for(secure.url(), authority.ca_file())), "");
}

TEST(RelayTls, a_broker_that_verifies_clients_accepts_only_certificates_of_its_authority) {
    INTENT_NEEDS_NATS();
    TestAuthority authority;
    TestAuthority other;
    const NatsServer server(tls_block(authority.good(), authority.ca_file()));
    auto options = options_for(server.tls_url(), authority.ca_file());
    EXPECT_TRUE(names(problem_of(options), {"set certificate_file and key_file (--certificate and --key"}));
    const auto wrong = other.issue("stranger", "DNS:stranger");
    options.certificate_file = wrong.certificate;
    options.key_file = wrong.key;
    EXPECT_TRUE(names(problem_of(options), {"it does not accept certificate_file (--certificate"}));
    const auto right = authority.issue("worker", "DNS:worker");
    options.certificate_file = right.certificate;
    options.key_file = right.key;
    EXPECT_EQ(problem_of(options), "");
}

TEST(RelayTls, files_that_cannot_be_used_are_named_with_their_option) {
    TestAuthority authority;
    const auto one = authority.issue("one", "DNS:one");
    const auto two = authority.issue("two", "DNS:two");
    const auto text_of = [&](const std::string& ca, const std::string& certificate, const std::string& key) {
        auto options = options_for("tls://localhost:1", ca);
        options.certificate_file = certificate;
        options.key_file = key;
        try {
            const broker::Connection connection(broker::connection_options(options, "test"));
        } catch (const ConfigError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_TRUE(names(text_of("/no/ca.pem", "", ""), {"ca_file (--ca", "/no/ca.pem: does not exist"}));
    EXPECT_TRUE(names(text_of("", "/no/one.pem", one.key), {"certificate_file (--certificate", "/no/one.pem"}));
    EXPECT_TRUE(names(text_of("", one.certificate, "/no/one.key"), {"key_file (--key", "/no/one.key"}));
    EXPECT_TRUE(names(text_of("", one.certificate, two.key), {"certificate_file", "key_file", "mismatch"}));
    EXPECT_TRUE(names(text_of("", one.certificate, ""), {"key_file: must be set too"}));
}

TEST(RelayTls, relay_and_worker_work_over_tls_with_client_certificates) {
    INTENT_NEEDS_NATS();
    TestAuthority authority;
    const NatsServer server(tls_block(authority.good(), authority.ca_file()));
    Sandbox platform;
    const auto certificate = authority.issue("bot", "DNS:bot");
    auto options = options_for(server.tls_url(), authority.ca_file());
    options.certificate_file = certificate.certificate;
    options.key_file = certificate.key;
    RelayOptions relay_options;
    relay_options.client = platform.client_options();
    relay_options.broker = options;
    Relay relay(relay_options);
    relay.start();
    ASSERT_TRUE(eventually([&] { return relay.status().gateway == ConnectionState::ready; }));
    Worker worker({.broker = options, .application = "greeter", .log = nullptr});
    Recorder<std::string> seen;
    worker.on([&](const MessageCreate& event) { seen.add(event.message.content); });
    worker.start();
    ASSERT_TRUE(eventually([&] { return worker.state() == ConnectionState::ready; }));
    platform.say("alice", platform.general(), "over TLS");
    EXPECT_TRUE(seen.wait_contains("over TLS"));
}

}  // namespace
}  // namespace intent::test::relay_tls_test
