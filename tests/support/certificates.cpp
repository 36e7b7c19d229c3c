#include "tests/support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace intent::test {
namespace {

EVP_PKEY* make_key() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    if (!key) throw std::runtime_error("no key");
    return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    if (!extension) throw std::runtime_error("bad certificate extension");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

void write_certificate(const std::string& path, X509* certificate) {
    FILE* file = std::fopen(path.c_str(), "w");
    if (!file) throw std::runtime_error("cannot write " + path);
    PEM_write_X509(file, certificate);
    std::fclose(file);
}

}  // namespace

void TestAuthority::Free::operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
void TestAuthority::Free::operator()(X509* certificate) const { X509_free(certificate); }

TestAuthority::TestAuthority() {
    std::string pattern = (std::filesystem::temp_directory_path() / "intent-certificates-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp failed");
    directory_ = pattern;
    key_.reset(make_key());
    certificate_.reset(make_certificate("intent test authority", key_.get(), nullptr, 3600));
    write_certificate(ca_file(), certificate_.get());
}

TestAuthority::~TestAuthority() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

CertificateFiles TestAuthority::issue(const std::string& name, const std::string& alternative_names,
                                      long valid_for_seconds) {
    const std::unique_ptr<EVP_PKEY, Free> key(make_key());
    const std::unique_ptr<X509, Free> certificate(
        make_certificate(name, key.get(), alternative_names.c_str(), valid_for_seconds));
    CertificateFiles files{(directory_ / (name + ".pem")).string(), (directory_ / (name + ".key")).string()};
    write_certificate(files.certificate, certificate.get());
    FILE* file = std::fopen(files.key.c_str(), "w");
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    return files;
}

X509* TestAuthority::make_certificate(const std::string& name, EVP_PKEY* key, const char* alternative_names,
                                      long valid_for_seconds) {
    X509* certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate), valid_for_seconds);
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                               -1, 0);
    X509* issuer = alternative_names ? certificate_.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    X509_set_pubkey(certificate, key);
    add_extension(certificate, issuer, NID_basic_constraints,
                  alternative_names ? "critical,CA:FALSE" : "critical,CA:TRUE");
    if (alternative_names) {
        add_extension(certificate, issuer, NID_subject_alt_name, alternative_names);
    } else {
        add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    }
    X509_sign(certificate, alternative_names ? key_.get() : key, EVP_sha256());
    return certificate;
}

}  // namespace intent::test
