// Whom a TLS client trusts: the system's directory of certificates, and its bundle if that does not suffice.
#include "net/impl/tls.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/net_client.hpp"
#include "tests/support/net_http.hpp"
#include "tests/support/net_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace intent::test::trust_test {
namespace {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};
using Context = std::unique_ptr<SSL_CTX, Free<&SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Free<&SSL_free>>;

/// The name under which OpenSSL looks for a certificate in a directory.
std::string hashed_name(const std::string& file) {
    FILE* const open = std::fopen(file.c_str(), "r");
    const std::unique_ptr<X509, Free<&X509_free>> certificate(PEM_read_X509(open, nullptr, nullptr, nullptr));
    std::fclose(open);
    char name[16];
    std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(certificate.get()));
    return name;
}

class Variable {
public:
    Variable(const char* name, const std::string& value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        ::setenv(name, value.c_str(), 1);
    }
    ~Variable() {
        if (before_)
            ::setenv(name_, before_->c_str(), 1);
        else
            ::unsetenv(name_);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* const name_;
    std::optional<std::string> before_;
};

/// A system's trust store: an empty bundle and directory at first.
struct System {
    TemporaryFolder folder;
    std::string directory = folder.file("certs");
    std::string bundle = folder.write("bundle.pem", "");
    Variable of_directory{"SSL_CERT_DIR", directory};
    Variable of_bundle{"SSL_CERT_FILE", bundle};

    System() { std::filesystem::create_directory(directory); }
    void add_to_directory(const std::string& ca_file) {
        std::filesystem::copy_file(ca_file, directory + "/" + hashed_name(ca_file));
    }
    void add_to_bundle(const std::string& ca_file) { write_content(bundle, content_of(bundle) + content_of(ca_file)); }
};

/// Whether a client trusts a server, both in memory.
bool handshake(SSL_CTX* client_context, const CertificateFiles& files) {
    const Context server_context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate_file(server_context.get(), files.certificate.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(server_context.get(), files.key.c_str(), SSL_FILETYPE_PEM);
    const Connection client(SSL_new(client_context)), server(SSL_new(server_context.get()));
    net::set_tls_peer(client.get(), "127.0.0.1");
    BIO* ours = nullptr;
    BIO* theirs = nullptr;
    BIO_new_bio_pair(&ours, 0, &theirs, 0);
    SSL_set_bio(client.get(), ours, ours);
    SSL_set_bio(server.get(), theirs, theirs);
    for (int i = 0; i < 10 && !SSL_is_init_finished(client.get()); ++i) {
        SSL_connect(client.get());
        SSL_accept(server.get());
    }
    const bool trusted = SSL_is_init_finished(client.get()) == 1;
    ERR_clear_error();
    return trusted;
}

Context client_context() {
    Context context(SSL_CTX_new(TLS_client_method()));
    EXPECT_EQ(net::configure_trust(context.get(), {}), "");
    return context;
}

int certificates_in(SSL_CTX* context) {
    return sk_X509_OBJECT_num(X509_STORE_get0_objects(SSL_CTX_get_cert_store(context)));
}

TEST(Trust, the_bundle_is_not_read_if_the_directory_suffices) {
    TestAuthority authority, other;
    System system;
    system.add_to_directory(authority.ca_file());
    system.add_to_bundle(authority.ca_file());
    system.add_to_bundle(other.ca_file());
    const auto context = client_context();
    EXPECT_EQ(certificates_in(context.get()), 0);
    EXPECT_TRUE(handshake(context.get(), authority.good()));
    EXPECT_EQ(certificates_in(context.get()), 1);
}

TEST(Trust, an_authority_that_only_the_bundle_has_is_trusted) {
    TestAuthority authority;
    System system;
    system.add_to_bundle(authority.ca_file());
    const auto context = client_context();
    EXPECT_TRUE(handshake(context.get(), authority.good()));
    EXPECT_TRUE(handshake(context.get(), authority.good())) << "again";
    EXPECT_EQ(certificates_in(context.get()), 1);
    EXPECT_FALSE(handshake(context.get(), authority.wrong_host()));
    EXPECT_FALSE(handshake(context.get(), authority.expired()));
}

TEST(Trust, an_authority_that_neither_has_is_not_trusted) {
    TestAuthority authority, other;
    System system;
    system.add_to_directory(other.ca_file());
    system.add_to_bundle(other.ca_file());
    const auto context = client_context();
    EXPECT_FALSE(handshake(context.get(), authority.good()));
    EXPECT_FALSE(handshake(context.get(), authority.good())) << "again";
}

TEST(Trust, a_directory_does_not_excuse_a_wrong_name_or_an_expired_certificate) {
    TestAuthority authority;
    System system;
    system.add_to_directory(authority.ca_file());
    EXPECT_FALSE(handshake(client_context().get(), authority.wrong_host()));
    EXPECT_FALSE(handshake(client_context().get(), authority.expired()));
    EXPECT_TRUE(handshake(client_context().get(), authority.good()));
}

TEST(Trust, gateway_and_requests_trust_the_directory_and_the_bundle) {
    for (const bool in_directory : {true, false}) {
        TestAuthority authority;
        System system;
        if (in_directory)
            system.add_to_directory(authority.ca_file());
        else
            system.add_to_bundle(authority.ca_file());
        const auto good = authority.good();
        TestServer server({.certificate_file = good.certificate, .private_key_file = good.key});
        TestClient client(server.url());
        EXPECT_TRUE(client.wait_open()) << in_directory;
        TestHttp http;
        EXPECT_EQ(response(http.get(server.http_url())).status, 200) << in_directory;
    }
}

}  // namespace
}  // namespace intent::test::trust_test
