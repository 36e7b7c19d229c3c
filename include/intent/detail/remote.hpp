// The interface between a client and the component `relay`: a client without a gateway connection, and the parts of one
// that a relay needs.
#pragma once

#include <intent/delivery.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/pending_dispatch.hpp>
#include <intent/task.hpp>
#include <intent/trace.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0 {

class Client;
struct ClientOptions;
enum class LogLevel;
struct Gap;

}  // namespace intent

namespace intent::inline v0::detail {

class ClientContext;

/// One MessagePack value.
using Payload = std::vector<std::uint8_t>;

/// A dispatch on its way to the handlers or the caches.
struct RemoteDispatch {
    std::string type = {};  ///< "MESSAGE_CREATE"
    std::uint64_t seq = 0;  ///< 0: unknown
    Payload payload = {};   ///< `d`
    Delivery delivery = {};
    std::string key = {};  ///< identifies the event in the idempotency keys of its REST requests; empty: they have none
    Trace trace = {};      ///< empty: `ClientOptions::tracing` decides
    std::shared_ptr<PendingDispatch> pending = {};
};

/// A REST request below the base URL.
struct RemoteRequest {
    std::string method = {};
    std::string path = {};  ///< "/channels/123/messages?limit=5"
    std::string body = {};  ///< JSON, or empty
    std::string key = {};   ///< idempotency key; empty: none
    Trace trace = {};
    /// A longer wait for a rate limit is refused at once. Unset: no limit.
    std::optional<std::chrono::milliseconds> max_wait = {};
};

/// How a RemoteRequest ended.
struct RemoteAnswer {
    enum class Kind : std::uint8_t {
        answered,         ///< `status`, `headers` and `body` are those of the server
        not_sent,         ///< no connection to the server; it has not seen the request
        broken,           ///< the connection ended without an answer, which may have taken effect
        timeout,          ///< no answer in time
        wait_too_long,    ///< refused: its rate limit delays it for longer than `max_wait`
        token_refused,    ///< the server refused the token earlier
        webhook_gone,     ///< the server refused the webhook earlier, with `status`
        unknown_outcome,  ///< an earlier request with this key was under way when the relay ended
        invalid,          ///< not a valid request; see `text`
        cancelled,        ///< the client, or the relay, has stopped
    };
    Kind kind = Kind::answered;
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {};  ///< names in lower case
    std::string body = {};
    std::string text = {};  ///< of a failure, for people
};

/// A client that gets its dispatches from a Remote. It outlives the Remote's use of it.
///
/// Threads: any, except where stated. All calls of one thread take effect in their order.
class INTENT_API RemoteSink {
public:
    virtual ~RemoteSink();

    /// Dispatches arrive from now on, or do not; with the reason. The client's state is `ready` in between.
    virtual void on_connected() = 0;
    virtual void on_disconnected(std::string why) = 0;

    /// The `d` of a Ready: rebuilds the caches, and queues a Ready event. An invalid one becomes an ErrorEvent.
    virtual void on_ready(Payload payload) = 0;

    /// For the handlers. Caches that are filled by `on_change` are not touched.
    virtual void on_dispatch(RemoteDispatch dispatch) = 0;

    /// For the caches alone, and for requests that are answered by dispatches.
    virtual void on_change(std::string type, Payload payload) = 0;

    /// Queues a Gap.
    virtual void on_gap(Gap gap, RemoteDispatch origin) = 0;

    /// Logs an error and queues an ErrorEvent.
    virtual void on_error(std::exception_ptr error, std::string where) = 0;
    virtual void log(LogLevel level, std::string text) = 0;

    /// The client cannot continue: ends it with this exit status (see `Client::run`).
    virtual void on_over(std::exception_ptr error, int status) = 0;
};

/// Where such a client gets its dispatches, and sends its requests. The client owns it.
///
/// Threads: `start`, `request`, `command` and `stop` on the client's I/O thread; `start` and `stop` alternate.
class INTENT_API Remote {
public:
    virtual ~Remote();

    /// Connects, and stays connected until `stop`. Returns at once.
    virtual void start(std::shared_ptr<RemoteSink> sink) = 0;

    /// Fetches no more dispatches, and calls `stopped` on any thread when none arrives any more. Acknowledgements of
    /// dispatches that are still being handled are possible until `end`.
    virtual void stop(std::function<void()> stopped) = 0;

    /// The client's threads have ended. Blocks until everything is sent, at most 2 s. Not on the I/O thread.
    virtual void end() = 0;

    /// Sends a request, and calls `done` once, on any thread.
    virtual void request(RemoteRequest request, std::function<void(RemoteAnswer)> done) = 0;

    /// What `Client::metrics` appends: metrics in the text format of Prometheus. On any thread.
    virtual std::string metrics() const { return {}; }

    /// Sends a gateway command: opcode and `d` (protocol §4). Calls `done` once, on any thread, with null if the
    /// gateway connection has sent it.
    virtual void command(std::uint8_t op, Payload data, std::function<void(std::exception_ptr)> done) = 0;
};

/// A client that gets its dispatches from `remote`. Of the options, token, URLs, intents, session, proxy and TLS are
/// not used.
///
/// Errors: ConfigError that names the option.
INTENT_API std::shared_ptr<ClientContext> make_remote_client(ClientOptions options, std::unique_ptr<Remote> remote);

/// The names of dispatches that change caches, or that answer requests of the client.
INTENT_API const std::vector<std::string_view>& names_of_changes();

// ---- for a relay, whose gateway connection is an ordinary client ----

/// The dispatch whose handler runs on this thread: while a copy exists, it is not handled, and the saved session does
/// not pass it. Null if no handler runs, or if the session is not saved.
INTENT_API std::shared_ptr<PendingDispatch> hold_dispatch() noexcept;

/// Counts bytes in `ClientOptions::queue_bytes` until the last copy is destroyed, on any thread: above the limit,
/// reading from the gateway stops, as it does for events that wait for handlers. Only in handlers. Null if the client
/// has stopped.
INTENT_API std::shared_ptr<const void> hold_bytes(std::size_t bytes);

/// The id of the session that the dispatch belongs to whose handler runs; empty if the server sent none. Only in
/// handlers on the I/O thread (`handler_threads` 0).
INTENT_API std::string session_of(const Client& client);

/// Opens the endpoint of `MetricsOptions::listen` now instead of in `Client::start`.
///
/// Errors: ConfigError if it cannot be opened.
INTENT_API void open_endpoint(Client& client);

/// Sends any request through the client's limits. The client must live until the task has ended.
INTENT_API task<RemoteAnswer> answer_request(Client& client, RemoteRequest request);

/// Sends any gateway command. Ends when it is sent.
///
/// Errors: ConfigError for an opcode that is not a command, or if it does not fit in a frame; NetworkError if 1,000
/// commands are already waiting; CancelledError if the client stops first.
INTENT_API task<> send_command(Client& client, std::uint8_t op, Payload data);

}  // namespace intent::detail
