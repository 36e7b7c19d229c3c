// A bot of many processes: the handlers' side. The CMake component `relay`.
#pragma once

#include <intent/broker_options.hpp>
#include <intent/client.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/program.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace intent::inline v0 {

/// How the workers of one application share its events.
enum class WorkerMode {
    /// Any worker takes any event. Two events of a channel may be handled at the same time by two workers.
    pool,
    /// Events of a channel are handled one after the other, in the order in which the gateway sent them. Each of the 16
    /// partitions of the channels belongs to one worker at a time, so more than 16 workers do not help.
    ordered,
};

/// Where an application begins that the broker does not know yet.
enum class WorkerStart {
    now,     ///< events that the relay publishes from now on
    oldest,  ///< all events that the broker still keeps: by default, those of the last 24 hours
};

/// Settings of a worker. Only `application` has no default.
struct WorkerOptions {
    /// How to reach the broker, and the name of the bot there. The default `inbox_prefix` becomes
    /// "_INBOX_<application>", as in the accounts of `intent relay accounts`.
    BrokerOptions broker = {};
    std::string application = {};          ///< 1 to 32 characters of a-z, 0-9, '_' and '-'; required. See Worker
    WorkerMode mode = WorkerMode::pool;    ///< the same for all workers of an application
    WorkerStart begin = WorkerStart::now;  ///< used once, when the application is new to the broker
    /// Maximum number of events that this worker holds at a time, including those whose coroutines wait; in ordered
    /// mode, of each partition. 1 to 10,000. If it is reached, the worker fetches no more.
    std::size_t max_in_flight = 256;
    /// An event of a worker that has died goes to another one after this time. Events of a living worker can take
    /// longer, because it reports them as in progress. 1 s to 1 h.
    std::chrono::milliseconds ack_wait = std::chrono::seconds(30);
    /// Waiting time before the delivery that follows a failed one: the first entry after the first failure, and so on;
    /// the last entry repeats. 1 to 20 entries of 0 to 1 h.
    std::vector<std::chrono::milliseconds> retry_delays = {std::chrono::seconds(1), std::chrono::seconds(5),
                                                           std::chrono::seconds(30), std::chrono::seconds(120)};
    /// After this many failed attempts an event becomes a dead letter. 1 to 100.
    unsigned max_deliveries = 5;

    /// Timeout of a REST call: how long the relay, or the server behind it, may take without counting waits for rate
    /// limits. 100 ms to 10 min.
    std::chrono::milliseconds request_timeout = std::chrono::seconds(15);
    /// As ClientOptions::max_rate_limit_wait. Unset: 15 minutes, because a call does not outlive its relay for longer.
    std::optional<std::chrono::milliseconds> max_rate_limit_wait = {};

    int handler_threads = 1;                   ///< as in ClientOptions
    std::size_t queue_bytes = 64u << 20;       ///< as in ClientOptions, but `max_in_flight` limits what waits
    std::shared_ptr<IoThread> io_thread = {};  ///< as in ClientOptions
    CacheLimits caches = {};                   ///< as in ClientOptions; every worker has the caches of the whole bot
    bool fetch_channels = true;                ///< as in ClientOptions; every worker fetches, through the relay
    std::chrono::milliseconds slow_handler_warning = std::chrono::seconds(30);  ///< as in ClientOptions
    Tracing tracing = Tracing::off;  ///< for events without a trace; a trace that the relay has begun continues
    Clock clock = {};                ///< as in ClientOptions. A TestClock does not reach the broker
    std::shared_ptr<LogSink> log = stderr_log(LogLevel::warn);  ///< null: no log
    MetricsOptions metrics = {};                                ///< as in ClientOptions
};

/// Returns options from INTENT_APPLICATION (required), INTENT_WORKER_MODE (`pool` or `ordered`), those of
/// `broker_options_from_env`, and INTENT_METRICS, INTENT_LOG and INTENT_LOG_FORMAT as `options_from_env` does.
///
/// Errors: ConfigError that names the variable.
INTENT_API WorkerOptions worker_options_from_env();

/// A part of a bot whose handlers run in many processes. It has the events, the REST calls, the caches, `wait_for` and
/// the command toolkit of a Client, but neither a token nor a gateway connection: a relay (relay.hpp) has both. Relay
/// and workers meet at a broker, NATS JetStream. Handlers are written and registered as for a Client.
///
///     intent::Worker worker({.application = "greeter"});
///     worker.on([](intent::MessageCreate event) -> intent::task<> { co_await event.message.reply("hi"); });
///     return worker.run();
///
/// All workers with the same `application` share its events: each event goes to one of them. Another application of
/// the same bot gets every event too. An application exists on the broker until it is removed there, so events that
/// occur while none of its workers runs wait for the next one, as long as the broker keeps them.
///
/// **Deliveries.** The worker acknowledges an event when all its handlers have ended, including their coroutines and
/// the tasks that these have started. If one throws, the event fails, and arrives again after
/// `WorkerOptions::retry_delays`, at any worker. After `max_deliveries` failed attempts it goes to the stream of dead
/// letters (`intent relay dlq`). An event whose worker dies arrives again after `ack_wait`; this counts as a failed
/// attempt if its handlers had begun, so an event that crashes its workers ends as a dead letter too. Events of a
/// worker that has died begin one at a time, so that they do not share the fate of the one that has killed it. `stop`
/// hands over what is not handled at once, which is no attempt. `event.delivery()` returns the number of the attempt.
///
/// So every event is handled *at least once*, and handlers should not mind seeing one twice. Their REST calls do not
/// take effect twice: a call carries a key made of the event and the number of the call, and a relay answers a call
/// whose key it has seen in the last 10 minutes from memory. This holds for handlers that make the same calls in the
/// same order at each attempt. A call whose outcome is unknown, because the relay died meanwhile, throws an
/// UnknownOutcomeError instead of taking effect twice.
///
/// **Order.** In pool mode there is none among workers. In ordered mode, the events of a channel (those without a
/// channel: of a server) are handled one after the other: an event begins when all earlier ones of its channel have
/// been handled or have become dead letters. An event that fails therefore delays the later events of its channel until
/// its last attempt, for up to 156 s with the default delays; other channels continue, until `max_in_flight` events
/// of the partition wait. Each partition has one owner at a time, by a lease of 10 s that the owner renews. A worker
/// that joins, leaves or dies moves partitions; the new owner begins with new events when those of the old owner are
/// handled: at once after `stop`, after `ack_wait` if the worker has died. A handler that is still running when its
/// worker has lost the lease, because it was suspended or cut off, can overlap with the next attempt of the same event.
///
/// **Waiting for other events.** `wait_for`, `ask` and collectors see the events that this worker gets. In pool mode
/// with several workers, the answer to a question may go to another one. In ordered mode, the events of a channel go to
/// the same worker, but one that a handler waits for begins only after that handler, if it is of the same channel: such
/// a wait ends with its timeout. So bots that ask run in one pool worker, or keep what they wait for in a database.
///
/// **Jobs.** `every`, `daily`, `at` and `after` run in every worker. Ready is an event of every worker too.
///
/// **Caches.** Every worker keeps servers, channels, members and voice states of the whole bot, from the same events,
/// which it receives apart from those of its handlers; messages and authors are those of its own events. So a handler
/// may see a cache that is ahead of its event or, for some milliseconds, behind it. In `MessageUpdate::before` and its
/// like, this matters: prefer a Client for handlers that compare both.
///
/// **Failures.** A broker or relay that is not there is not an error: the worker logs one line, and continues when they
/// are back; `state()` is `connecting` meanwhile. A REST call fails with a NetworkError if no relay takes it for 30 s.
/// Events of a schema newer than this library are reported once and left to workers that understand it, without
/// counting an attempt; in ordered mode they hold up their channel until such a worker owns it. So update workers
/// before relays.
///
/// `Client::run` and `Client::start` throw nothing about the broker. The gateway commands (`update_presence`,
/// `join_voice`, `request_members`) go through the relay too; all workers share one presence and one voice state per
/// server.
///
/// Cost: in addition to a Client, one connection to the broker, and a thread for each subscription on it, which the
/// library of the broker starts and which sleeps most of the time. An event that is handled is one message to the
/// broker; one that is delivered again costs up to three requests more. Threads: as Client.
class INTENT_API Worker : public Client {
public:
    /// Checks the options. `run` or `start` connects.
    ///
    /// Errors: ConfigError that names the option.
    explicit Worker(WorkerOptions options);
};

namespace detail {

/// How `run` gets the options of a Worker.
struct WorkerProgram {
    const WorkerOptions* options = nullptr;  ///< null: from the environment ...
    void* configure_context = nullptr;
    void (*configure)(void* context, WorkerOptions& options) = nullptr;  ///< ... changed by this
};

/// Creates a Worker from a WorkerProgram, `Program::other_options`.
INTENT_API int run_other_worker(const Program& program);

template <class F>
int run_worker(const WorkerProgram& worker, F& setup) {
    Program program;
    program.other_options = &worker;
    program.run_other = &run_other_worker;
    set_up(program, setup);
    return run_program(program);
}

}  // namespace detail

/// Runs a worker until SIGINT, SIGTERM or its end, as `intent::run` (run.hpp) does for a Client: `setup` is the same
/// function.
///
/// Returns a process exit status, as that function.
template <class F>
requires std::is_invocable_v<F&, Client&>
int run(const WorkerOptions& options, F setup) { return detail::run_worker({.options = &options}, setup); }

/// The same with options from the environment (`worker_options_from_env`), which `configure` changes:
///
///     return intent::run([](intent::WorkerOptions& options) { options.max_in_flight = 64; },
///                        [](intent::Client& client) { … });
template <class Configure, class F>
requires(std::is_invocable_v<Configure&, WorkerOptions&> &&
         !std::is_invocable_v<Configure&, ClientOptions&>) int run(Configure configure, F setup) {
    return detail::run_worker(
        {.configure_context = &configure,
         .configure = [](void* context, WorkerOptions& options) { (*static_cast<Configure*>(context))(options); }},
        setup);
}

}  // namespace intent
