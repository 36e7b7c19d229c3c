// The settings of a client.
#pragma once

#include <intent/clock.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/intents.hpp>
#include <intent/io_thread.hpp>
#include <intent/log.hpp>
#include <intent/metrics.hpp>
#include <intent/proxy.hpp>
#include <intent/rest.hpp>
#include <intent/session_store.hpp>
#include <intent/token.hpp>
#include <intent/trace.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace intent::inline v0 {

/// Maximum number of entries of each cache. A full cache drops the least recently used entry; 0 disables a cache.
/// docs/caches.md lists what fills and empties each one.
struct CacheLimits {
    std::size_t servers = 10'000;    ///< filled by Ready, events and REST answers
    std::size_t channels = 100'000;  ///< filled by `ClientOptions::fetch_channels`, events and REST answers
    std::size_t users = 100'000;     ///< filled by authors, members and REST answers
    std::size_t members = 100'000;   ///< filled by MemberAdd, member requests and REST answers
    std::size_t roles = 100'000;     ///< filled by REST answers
    std::size_t messages = 0;        ///< filled by events; `MessageUpdate::before` and `MessageDelete::message` need it
    std::size_t voice_states = 100'000;  ///< filled by VoiceStateUpdate: who is in a voice channel

    /// Disables all caches.
    static constexpr CacheLimits none() noexcept { return {0, 0, 0, 0, 0, 0, 0}; }
};

/// What the client does if sequence numbers are missing on a live connection. A SequenceGap event is sent in both
/// cases.
enum class SequenceGapPolicy {
    go_on,   ///< accept the next event and keep the connection
    resume,  ///< reconnect and resume after the last number, if the session can be resumed
};

/// Settings of a client. Only the token has no default.
struct ClientOptions {
    Token token = {};                                       ///< of the bot; required
    std::string gateway_url = "wss://gateway.intent.chat";  ///< wss:// or ws://
    std::string rest_url = "https://api.intent.chat/v1";    ///< https:// or http://, with the base path
    std::optional<Intents> intents = {};                    ///< unset: left out of Identify (protocol §7)
    int handler_threads = 1;              ///< 0-64; 0: handlers run on the I/O thread and must not block
    std::size_t queue_bytes = 64u << 20;  ///< limit for events that wait for handlers; if it is reached, reading stops
    std::shared_ptr<IoThread> io_thread = {};  ///< shared with other clients; null: the client creates its own
    /// A file that lets the next process continue the session; empty: no file. It holds the session id, which events
    /// are handled (including the handlers' coroutines), and a salted hash of the token. It is written about once per
    /// second and at `stop()`, which then closes with 4000 instead of 1000 so that the server keeps the session. The
    /// next start resumes the session: unhandled events arrive then. After a stop, each event is handled exactly once;
    /// after a crash, events handled since the last write arrive again. Each file serves one client at a time; see
    /// docs/robust-operation.md.
    std::string session_file = {};
    /// Keeps the session in another place than a file; null: in none. Only one of `session_file` and `session_store`
    /// may be set.
    std::shared_ptr<SessionStore> session_store = {};
    /// What to do if sequence numbers are missing on a live connection.
    SequenceGapPolicy sequence_gaps = SequenceGapPolicy::go_on;
    /// Reconnect if no event arrives for this long although heartbeats are acknowledged. 1 min to 7 days; 0 (default)
    /// disables it: a quiet bot is normal.
    std::chrono::milliseconds silence_limit{};
    CacheLimits caches = {};  ///< maximum number of entries of each cache
    /// Fetch the channels of every server after each Ready, and those of each new server, so that `Client::channels()`
    /// is complete. ChannelsReady reports when it is. A resumed session fetches nothing.
    ///
    /// Cost: one request per server and session, within the rate limits, at most 25 per second and 4 at a time. The
    /// bot's own calls keep half of the 50 requests per second of protocol §10; 1,000 servers take 40 s.
    bool fetch_channels = true;
    TlsSettings tls = {};  ///< of the gateway and the REST API
    Proxy proxy = {};      ///< for gateway and REST API; default: from the environment (HTTPS_PROXY, NO_PROXY, …)
    /// Timeout of one attempt of a REST call, from connect to the last byte.
    std::chrono::milliseconds request_timeout = std::chrono::seconds(15);
    /// If a call would have to wait longer than this for its rate limit, it fails with a TimeoutError and sends
    /// nothing. 0 or more; unset: calls wait as long as necessary.
    std::optional<std::chrono::milliseconds> max_rate_limit_wait = {};
    /// Log a handler once if it runs longer than this; the log line appears after at most twice this time. 0: never.
    /// Not available without handler threads.
    std::chrono::milliseconds slow_handler_warning = std::chrono::seconds(30);
    /// Whether each event starts a trace. REST requests of its handlers and of their coroutines then carry the header
    /// `traceparent` with its id, and so do log lines. `current_trace()` returns it (docs/logging.md).
    Tracing tracing = Tracing::off;
    /// Where the client reads the time and waits. A TestClock (usually `sandbox.clock()`) makes tests of delays
    /// instant and repeatable; the random parts of delays are then the same in every run (docs/testing-bots.md).
    Clock clock = {};
    std::shared_ptr<LogSink> log = stderr_log(LogLevel::warn);  ///< null: no log
    MetricsOptions metrics = {};  ///< what is measured, and the endpoint that serves it; off by default
};

/// Returns options from INTENT_TOKEN or INTENT_TOKEN_FILE (one is required, see `token_from_env`), INTENT_GATEWAY_URL,
/// INTENT_REST_URL, INTENT_SESSION_FILE and INTENT_METRICS (the address of the endpoint, `MetricsOptions::listen`), and
/// a log to standard error with the levels of INTENT_LOG (`parse_log_levels`) in the format of INTENT_LOG_FORMAT
/// (`parse_log_format`).
///
/// Errors: ConfigError that names the variable.
INTENT_API ClientOptions options_from_env();

}  // namespace intent
