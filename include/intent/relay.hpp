// A bot of many processes: the side that owns token, session and limits. The CMake component `relay`.
#pragma once

#include <intent/broker_options.hpp>
#include <intent/client_options.hpp>
#include <intent/connection_state.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace intent::inline v0 {

/// The streams of a bot on the broker. They are created by the first relay; a stream that exists must have these
/// values.
struct StreamLimits {
    std::chrono::seconds max_age = std::chrono::hours(24);  ///< older events are removed; 1 min to 365 days
    /// The oldest events make room. At least 1 MiB. The broker reserves it in its store, and a quarter of it for dead
    /// letters.
    std::int64_t max_bytes = std::int64_t{1} << 30;
    /// A second copy of an event within this time is dropped. 1 s to `max_age`.
    std::chrono::seconds duplicates = std::chrono::minutes(10);
    int replicas = 1;  ///< copies in a cluster, 1 to 5
};

/// What a relay fetches by REST after events were lost (Gap): the messages after the last known one of each channel.
struct BackfillLimits {
    bool enabled = true;                       ///< false: the Gap is published, and nothing is fetched
    std::size_t channels = 1'000;              ///< maximum number of channels; those with the latest messages first
    std::size_t messages_per_channel = 1'000;  ///< the log reports channels with more
    std::size_t messages = 50'000;             ///< of all channels
    std::size_t concurrency = 4;               ///< requests at a time; 1 to 50
};

/// Settings of a relay. Only the client's token has no default.
struct RelayOptions {
    /// Token, URLs, intents, proxy, TLS, timeouts, log and metrics of the client that holds the gateway connection.
    /// The relay sets the handler threads, the caches and the session itself: `session_file`, `session_store` and
    /// `io_thread` must be unset. `queue_bytes` limits events that the broker has not acknowledged: above it, reading
    /// from the gateway stops.
    ClientOptions client = {};
    BrokerOptions broker = {};  ///< how to reach the broker, and the name of the bot there
    /// The name of this relay in reports, unique among the relays of the bot: up to 64 letters, digits, '-', '_' and
    /// '.'. Empty: host name, process id and a random part.
    std::string id = {};
    StreamLimits stream = {};  ///< what the broker keeps
    /// Changes streams and buckets that exist with other values, if the broker can. False: they end the relay.
    bool migrate = false;
    BackfillLimits backfill = {};  ///< what is fetched after a Gap
    /// A leader that ends without releasing the lead is replaced after about this time. 2 s to 10 min; the same for all
    /// relays of a bot.
    std::chrono::milliseconds lease_ttl = std::chrono::seconds(10);
    /// Answers to REST requests are kept for this long for requests with the same idempotency key. 1 s to 1 day; the
    /// same for all relays of a bot.
    std::chrono::seconds answers_kept = std::chrono::minutes(10);
    /// For these answers; the broker reserves it in its store. While it is full, requests with a key are refused. At
    /// least 1 MiB; the same for all relays of a bot.
    std::int64_t answers_bytes = std::int64_t{256} << 20;
    std::size_t max_requests = 1'000;  ///< REST requests at a time; further ones are refused. 1 to 100,000
};

/// Returns options from the variables of `options_from_env` and `broker_options_from_env`, and INTENT_RELAY_ID.
///
/// Errors: ConfigError that names the variable.
INTENT_API RelayOptions relay_options_from_env();

/// A relay's current state, and its counters since its construction.
struct RelayStatus {
    std::string id;        ///< of this relay
    bool leads = false;    ///< this relay holds the gateway connection
    std::string leader;    ///< the id of the leader that was seen last; empty: none
    std::uint64_t term{};  ///< of this relay's lead; 0: it has never led

    bool broker_connected = false;  ///< the broker answers
    std::string broker;             ///< the address of the broker; empty: not connected
    std::string broker_problem;     ///< why it is not connected, or why the stream refuses events; empty: no problem
    ConnectionState gateway = ConnectionState::stopped;  ///< of the leader; a standby has none

    std::string session_id;         ///< of the last published event; empty: none, or the server sent none
    std::uint64_t seq = 0;          ///< the last event of the session that was given to the broker
    std::size_t waiting = 0;        ///< events that the broker has not acknowledged
    std::size_t waiting_bytes = 0;  ///< their size

    std::uint64_t published = 0;   ///< events that the stream has stored
    std::uint64_t duplicates = 0;  ///< events that the stream had already
    std::uint64_t refused = 0;     ///< events that the stream can never store, such as those over its limit
    std::uint64_t resent = 0;      ///< events sent to the broker again
    std::uint64_t gaps = 0;        ///< spans in which events were lost
    std::uint64_t backfilled = 0;  ///< messages fetched by REST and published, with those that the stream had already
    bool backfilling = false;      ///< a back-fill is under way

    std::size_t requests = 0;             ///< REST requests of workers under way
    std::uint64_t requests_answered = 0;  ///< REST requests answered by the server
    std::uint64_t requests_repeated = 0;  ///< answered from memory, because the key was known
    std::uint64_t requests_refused = 0;   ///< invalid, late, too large, or too many
    std::uint64_t requests_failed = 0;    ///< ended without an answer of the server
    std::uint64_t unknown_outcomes = 0;   ///< answered `unknown-outcome`
    std::uint64_t commands = 0;           ///< gateway commands of workers that were sent
};

/// Holds the gateway connection, the token and the rate limits of a bot, and passes events and REST requests between
/// the platform and the workers (worker.hpp). Events go to a stream of the broker, in which workers find them after any
/// crash of relay or worker; REST requests come from the workers.
///
///     intent::RelayOptions options;
///     options.client.token = intent::token_from_env();
///     intent::Relay relay(options);
///     return relay.run();
///
/// **Leader and standby.** Of all relays of a bot that are running, one leads: it holds the gateway connection and
/// answers requests. When it stops, a standby takes over at once; when it is killed, after `RelayOptions::lease_ttl`
/// and about a second. The session is kept on the broker, so the next leader resumes it and no event is lost.
///
/// **Events.** An event is handled, for the session, when the stream has stored it. So after a crash the gateway sends
/// again what the stream may not have; the stream drops what it has, by an id made of the event's content or of session
/// and sequence number. If the session cannot be resumed, the relay publishes a Gap, and then the messages that it
/// fetches by REST (`BackfillLimits`), oldest first, whose `delivery().source` is DeliverySource::backfill.
///
/// **Requests.** A request that changes something and has an idempotency key takes effect at most once, also if it
/// arrives again at another relay: its answer is kept for `RelayOptions::answers_kept`. If the leader ends while it is
/// under way, its outcome is unknown, which is the answer to a repetition.
///
/// **Failures.** A broker that cannot be reached is tried until it answers; while it is away, reading from the gateway
/// stops when `queue_bytes` are waiting. A stream of another configuration ends the relay with a text that names the
/// differences.
///
/// Distinct objects: safe. Shared objects: safe, except for moving and destroying.
class INTENT_API Relay {
public:
    /// Checks the options. `run` or `start` connects.
    ///
    /// Errors: ConfigError that names the option.
    explicit Relay(RelayOptions options);
    Relay(Relay&&) noexcept;
    Relay& operator=(Relay&&) noexcept;
    ~Relay();  ///< `stop`

    /// Connects and blocks until SIGINT, SIGTERM, `stop()`, or a refusal after which another attempt is pointless.
    ///
    /// Returns a process exit status: 0 stopped, 3 the gateway refused the token, 4 the gateway refused the
    /// configuration, or a stream of the broker has another one, 1 any other failure.
    ///
    /// Errors: those of `start`.
    int run();

    /// Connects in the background and returns at once. Does nothing if the relay is running, or was stopped.
    ///
    /// Errors: ConfigError if a file of `BrokerOptions` cannot be read, or the endpoint of `MetricsOptions::listen`
    /// cannot be opened.
    void start();

    /// Waits until the relay has ended (see `run`), at most `timeout` (0 or less: does not wait). Returns the exit
    /// status, or no value if the relay is still running.
    std::optional<int> wait(std::chrono::milliseconds timeout);

    /// Gives the lead to a standby relay: closes the gateway connection, waits for the acknowledgements of the broker,
    /// stores the session and releases the lease. Blocks for up to about 10 s. Requests that are under way are
    /// answered if that takes no longer.
    ///
    /// Threads: any, at any time, any number of times.
    void stop();

    /// The current state. Cheap: it contacts nobody. Threads: any.
    RelayStatus status() const;

    /// The metrics of the relay and of its client in the text format of Prometheus (docs/metrics.md). The endpoint of
    /// `MetricsOptions::listen` serves the same text, also on a standby.
    std::string metrics() const;

    /// The port of the endpoint of `MetricsOptions::listen`, from the first `start` or `run` on. No value before, or
    /// without an endpoint.
    std::optional<std::uint16_t> metrics_port() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace intent
