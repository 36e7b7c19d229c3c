// TLS as a client: whom to trust, and what to say when a certificate is not good.
#pragma once

#include "net/impl/loop_impl.hpp"
#include "net/websocket.hpp"

#include <memory>
#include <string>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace intent::net {

/// Sets TLS 1.2 or later, verification, the system's trust store and the extra CA file. The error if the file is no
/// good.
std::string configure_trust(SSL_CTX* context, const TlsOptions& options);

/// A context for these options, made once for each loop: a trust store is large. Throws std::runtime_error that names
/// the file when the extra CA file is no good. Threads: the loop's thread.
std::shared_ptr<boost::asio::ssl::context> tls_client_context(Loop::Impl& loop, const TlsOptions& options);

/// Sets the name to ask for (SNI) and to check.
void set_tls_peer(SSL* connection, const std::string& host);

/// Makes `close_notice` work for the connections of a context. Replaces the context's info callback.
void watch_close_notify(SSL_CTX* context) noexcept;

/// Becomes true when the peer announces the end of its stream (close_notify), and true at once if it has. An end
/// without it may be an attacker's (RFC 8446 §6.1). The flag may outlive the connection.
std::shared_ptr<const bool> close_notice(SSL* connection);

constexpr long certificate_name_mismatch = 62;  // X509_V_ERR_HOSTNAME_MISMATCH

/// What is wrong with the peer's certificate; empty if nothing is.
std::string certificate_fault(const SSL* connection, const std::string& host);
std::string certificate_fault(long verify_result, const std::string& host);

}  // namespace intent::net
