// Certificates for TLS tests, made at run time.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

struct evp_pkey_st;  // EVP_PKEY
struct x509_st;      // X509

namespace intent::test {

/// Files with a certificate and its key.
struct CertificateFiles {
    std::string certificate;
    std::string key;
};

/// A certificate authority and the certificates it signs, as PEM files in a directory that is removed with it.
class TestAuthority {
public:
    TestAuthority();
    ~TestAuthority();
    TestAuthority(const TestAuthority&) = delete;
    TestAuthority& operator=(const TestAuthority&) = delete;

    /// The file to trust.
    std::string ca_file() const { return (directory_ / "ca.pem").string(); }

    /// A server's certificate. `alternative_names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
    CertificateFiles issue(const std::string& name, const std::string& alternative_names,
                           long valid_for_seconds = 3600);

    CertificateFiles good() { return issue("good", "DNS:localhost,IP:127.0.0.1,IP:::1"); }
    CertificateFiles wrong_host() { return issue("wrong-host", "DNS:elsewhere.example,IP:192.0.2.1"); }
    CertificateFiles expired() { return issue("expired", "DNS:localhost,IP:127.0.0.1", -60); }

private:
    struct Free {
        void operator()(evp_pkey_st* key) const;
        void operator()(x509_st* certificate) const;
    };

    // Without alternative names: the authority's own, signed by itself.
    x509_st* make_certificate(const std::string& name, evp_pkey_st* key, const char* alternative_names,
                              long valid_for_seconds);

    std::filesystem::path directory_;
    std::unique_ptr<evp_pkey_st, Free> key_;
    std::unique_ptr<x509_st, Free> certificate_;
    long serial_ = 0;
};

}  // namespace intent::test
