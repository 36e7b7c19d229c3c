#include "net/impl/tls.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <new>
#include <stdexcept>

namespace intent::net {

static_assert(certificate_name_mismatch == X509_V_ERR_HOSTNAME_MISMATCH);

namespace {

bool is_address(const std::string& host) {
    boost::system::error_code error;
    boost::asio::ip::make_address(host, error);
    return !error;
}

using Flag = std::shared_ptr<bool>;

void drop_flag(void*, void* flag, CRYPTO_EX_DATA*, int, long, void*) noexcept { delete static_cast<Flag*>(flag); }

int flag_index() noexcept {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, &drop_flag);
    return index;
}

void note_alert(const SSL* connection, int where, int alert) noexcept {
    if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT || (alert & 0xff) != SSL_AD_CLOSE_NOTIFY) return;
    if (auto* flag = static_cast<Flag*>(SSL_get_ex_data(connection, flag_index()))) **flag = true;
}

/// Whether the certificates read so far are enough to trust the peer. Leaves `verification` untouched.
bool verifies(X509_STORE_CTX* verification) {
    const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> trial(X509_STORE_CTX_new(),
                                                                                &X509_STORE_CTX_free);
    return trial &&
           X509_STORE_CTX_init(trial.get(), X509_STORE_CTX_get0_store(verification),
                               X509_STORE_CTX_get0_cert(verification),
                               X509_STORE_CTX_get0_untrusted(verification)) == 1 &&
           X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(trial.get()), X509_STORE_CTX_get0_param(verification)) ==
               1 &&
           X509_verify_cert(trial.get()) == 1;
}

// The system's bundle takes a megabyte once parsed. Its directory, where that is indexed by hash, is read one
// certificate at a time. So the bundle is read only when the directory does not suffice.
int verify_reading_the_bundle_last(X509_STORE_CTX* verification, void*) noexcept {
    ERR_set_mark();
    if (!verifies(verification)) {
        const auto* connection =
            static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
        SSL_CTX* const context = SSL_get_SSL_CTX(connection);
        SSL_CTX_set_default_verify_file(context);
        SSL_CTX_set_cert_verify_callback(context, nullptr, nullptr);
    }
    ERR_pop_to_mark();
    return X509_verify_cert(verification);
}

}  // namespace

void watch_close_notify(SSL_CTX* context) noexcept { SSL_CTX_set_info_callback(context, &note_alert); }

std::shared_ptr<const bool> close_notice(SSL* connection) {
    if (const auto* known = static_cast<Flag*>(SSL_get_ex_data(connection, flag_index()))) return *known;
    const bool already = (SSL_get_shutdown(connection) & SSL_RECEIVED_SHUTDOWN) != 0;
    auto flag = std::make_unique<Flag>(std::make_shared<bool>(already));
    if (SSL_set_ex_data(connection, flag_index(), flag.get()) != 1) throw std::bad_alloc();
    return *flag.release();
}

std::string configure_trust(SSL_CTX* context, const TlsOptions& options) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // Frees read buffers and the like while a connection is idle.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    if (options.dangerously_skip_verification) {
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
        return {};
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_default_verify_dir(context);
    SSL_CTX_set_cert_verify_callback(context, &verify_reading_the_bundle_last, nullptr);
    std::string fault;
    if (!options.extra_ca_file.empty() &&
        SSL_CTX_load_verify_locations(context, options.extra_ca_file.c_str(), nullptr) != 1)
        fault = "the extra CA file " + options.extra_ca_file + " cannot be read as PEM certificates";
    ERR_clear_error();
    return fault;
}

std::shared_ptr<boost::asio::ssl::context> tls_client_context(Loop::Impl& loop, const TlsOptions& options) {
    const std::string key = (options.dangerously_skip_verification ? "skip:" : "verify:") + options.extra_ca_file;
    auto& known = loop.tls_contexts[key];
    if (known) return known;
    auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
    const auto fault = configure_trust(context->native_handle(), options);
    if (!fault.empty()) throw std::runtime_error(fault);
    known = std::move(context);
    return known;
}

void set_tls_peer(SSL* connection, const std::string& host) {
    X509_VERIFY_PARAM* parameters = SSL_get0_param(connection);
    if (is_address(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
        return;
    }
    SSL_set_tlsext_host_name(connection, host.c_str());
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
}

std::string certificate_fault(long verify_result, const std::string& host) {
    switch (verify_result) {
        case X509_V_OK:
            return {};
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "the server's certificate is not for " + host;
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "the server's certificate has expired";
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "the server's certificate is not valid yet (is this machine's clock right?)";
        case X509_V_ERR_CERT_REVOKED:
            return "the server's certificate has been revoked";
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_CERT_UNTRUSTED:
            return "the server's certificate is not trusted (" +
                   std::string(X509_verify_cert_error_string(verify_result)) +
                   "; for your own authority set the extra CA file)";
        default:
            return "the server's certificate is invalid: " + std::string(X509_verify_cert_error_string(verify_result));
    }
}

std::string certificate_fault(const SSL* connection, const std::string& host) {
    return certificate_fault(SSL_get_verify_result(connection), host);
}

}  // namespace intent::net
