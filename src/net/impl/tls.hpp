// TLS as a client: trust, and error texts for invalid certificates.
#pragma once

#include "net/impl/loop_impl.hpp"
#include "net/websocket.hpp"

#include <memory>
#include <string>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace intent::net {

/// Sets TLS 1.2 or later, verification, the system's trust store and the extra CA file. Returns an error if the file
/// is invalid.
std::string configure_trust(SSL_CTX* context, const TlsOptions& options);

/// Returns the context for these options, created once per loop because a trust store is large. Throws
/// std::runtime_error that names the extra CA file if it is invalid. Threads: the loop's thread.
std::shared_ptr<boost::asio::ssl::context> tls_client_context(Loop::Impl& loop, const TlsOptions& options);

/// Sets the name to request (SNI) and to check.
void set_tls_peer(SSL* connection, const std::string& host);

/// Makes `close_notice` work for the connections of a context. Replaces the context's info callback.
void watch_close_notify(SSL_CTX* context) noexcept;

/// Becomes true when the peer announces the end of its stream (close_notify); true at once if it already has. An end
/// without it may be an attacker's (RFC 8446 §6.1). The flag may outlive the connection.
std::shared_ptr<const bool> close_notice(SSL* connection);

constexpr long certificate_name_mismatch = 62;  // X509_V_ERR_HOSTNAME_MISMATCH

/// The problem with the peer's certificate; empty if there is none.
std::string certificate_fault(const SSL* connection, const std::string& host);
std::string certificate_fault(long verify_result, const std::string& host);

}  // namespace intent::net
