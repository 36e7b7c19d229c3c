// How relays and workers reach the broker. The CMake component `relay`.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/secret.hpp>

#include <string>
#include <vector>

namespace intent::inline v0 {

/// The broker, NATS with JetStream, and the names of a bot there. The same for the relays and all workers of a bot.
///
/// At most one way to log in may be set: user and password, token, credentials file, or NKey. `intent relay accounts`
/// prints accounts for relays and workers.
struct BrokerOptions {
    /// "nats://host:4222", or "tls://host:4222" for TLS; the servers of one cluster, 1 to 16. Without user or password.
    std::vector<std::string> urls = {"nats://127.0.0.1:4222"};
    /// The name of the bot on the broker: 1 to 32 characters of a-z, 0-9, '_' and '-'. Bots that share a broker need
    /// different names.
    std::string bot = "bot";

    std::string user = {};              ///< with `password`
    Secret password = {};               ///< with `user`
    Secret token = {};                  ///< of the broker; not the bot's
    std::string credentials_file = {};  ///< JWT and seed, as `nsc` writes them
    std::string nkey = {};              ///< public user key ("U…"), with `nkey_seed_file`
    std::string nkey_seed_file = {};    ///< a file with the seed ("SU…") that belongs to `nkey`

    bool tls = false;                   ///< requires TLS; implied by "tls://" and the files below
    std::string ca_file = {};           ///< PEM; empty: the system's certificate authorities
    std::string certificate_file = {};  ///< PEM, of a client certificate, with `key_file`
    std::string key_file = {};          ///< PEM

    /// The first tokens of the subjects on which answers arrive. Workers whose accounts must not read the answers of
    /// others need a prefix of their own.
    std::string inbox_prefix = "_INBOX";

    std::chrono::milliseconds connect_timeout = std::chrono::seconds(2);  ///< of one attempt; 100 ms to 60 s
    std::chrono::milliseconds request_timeout = std::chrono::seconds(5);  ///< of requests to the broker; 100 ms to 60 s
};

/// Returns options from INTENT_BROKER (URLs, separated by commas), INTENT_BOT, INTENT_BROKER_USER,
/// INTENT_BROKER_PASSWORD or INTENT_BROKER_PASSWORD_FILE, INTENT_BROKER_TOKEN, INTENT_BROKER_CREDENTIALS (a file),
/// INTENT_BROKER_NKEY and INTENT_BROKER_NKEY_SEED (a file), INTENT_BROKER_CA, INTENT_BROKER_CERTIFICATE and
/// INTENT_BROKER_KEY (files), and INTENT_BROKER_INBOX. Variables that are unset leave the defaults.
///
/// Errors: ConfigError that names the variable.
INTENT_API BrokerOptions broker_options_from_env();

}  // namespace intent
