// How to reach the broker, and as whom.
#pragma once

#include <intent/secret.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace intent::relay::broker {

/// At most one way to log in: user and password, token, credentials file, or NKey.
struct ConnectionOptions {
    /// `nats://host[:port]` or `tls://host[:port]`; the servers of one cluster. Without user info: it would end up in
    /// logs, so it is refused. 1 to 16.
    std::vector<std::string> urls = {"nats://127.0.0.1:4222"};
    std::string name = "intent";  ///< how the broker's own reports call this connection

    std::string user = {};              ///< with `password`
    Secret password = {};               ///< with `user`
    Secret token = {};                  ///< of the broker, not of the bot
    std::string credentials_file = {};  ///< JWT and seed, as `nsc` writes them
    std::string nkey = {};              ///< public user key (`U…`), with `nkey_seed_file`
    std::string nkey_seed_file = {};    ///< file with the seed (`SU…`) that belongs to `nkey`

    bool tls = false;                   ///< requires TLS, as do `tls://` and the files below
    std::string ca_file = {};           ///< PEM; empty: the system's authorities
    std::string certificate_file = {};  ///< PEM of the client's certificate, with `key_file`
    std::string key_file = {};          ///< PEM

    /// First tokens of the subjects for answers to this connection. An account that may subscribe to `_INBOX.>` can
    /// read the answers to others, so workers have prefixes of their own.
    std::string inbox_prefix = "_INBOX";

    std::chrono::milliseconds connect_timeout{2'000};      ///< of one attempt; 100 ms to 60 s
    std::chrono::milliseconds request_timeout{5'000};      ///< of requests to the broker itself; 100 ms to 60 s
    std::chrono::milliseconds first_reconnect_delay{50};   ///< doubles with each round of failed attempts; 1 ms to 60 s
    std::chrono::milliseconds max_reconnect_delay{2'000};  ///< up to this; up to 25 % are added at random; to 10 min
    /// The broker is asked for a sign of life this often; after two without an answer the connection counts as lost.
    /// 100 ms to 10 min.
    std::chrono::milliseconds ping_interval{5'000};
    /// Longest blocking of a write. 100 ms to 60 s.
    std::chrono::milliseconds write_timeout{2'000};
};

/// Errors: ConfigError that names the field, and what is allowed.
void check(const ConnectionOptions& options);

}  // namespace intent::relay::broker
