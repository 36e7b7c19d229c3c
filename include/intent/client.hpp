// The client: one gateway connection, the REST API, handlers and caches.
#pragma once

#include <intent/connection_state.hpp>
#include <intent/detail/handlers.hpp>
#include <intent/detail/waiting.hpp>
#include <intent/events.hpp>
#include <intent/gauges.hpp>
#include <intent/intents.hpp>
#include <intent/io_thread.hpp>
#include <intent/log.hpp>
#include <intent/member_query.hpp>
#include <intent/presence.hpp>
#include <intent/proxy.hpp>
#include <intent/rest.hpp>
#include <intent/task.hpp>
#include <intent/token.hpp>
#include <intent/voice.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace intent {

/// A handler's registration. Dropping it changes nothing; `off()` ends it.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Subscription {
public:
    Subscription() = default;

    /// Ends the registration: calls that begin after this returns do not happen. Also from inside the handler, also
    /// when the client is gone, any number of times.
    void off();

private:
    friend class Client;
    friend class Scope;
    Subscription(std::weak_ptr<detail::ClientContext> context, std::size_t event, std::uint64_t id)
        : context_(std::move(context)), event_(event), id_(id) {}
    std::weak_ptr<detail::ClientContext> context_ = {};
    std::size_t event_ = 0;
    std::uint64_t id_ = 0;
};

/// How many entries of each kind the client keeps; the least recently used go first, 0 switches a cache off. What fills
/// and empties each cache is in docs/caches.md.
struct CacheLimits {
    std::size_t servers = 10'000;
    std::size_t channels = 100'000;  ///< filled by `ClientOptions::fetch_channels`, events and REST answers
    std::size_t users = 100'000;
    std::size_t members = 100'000;  ///< filled by MemberAdd, member requests and REST answers
    std::size_t roles = 100'000;    ///< filled by REST answers
    std::size_t messages = 0;  ///< filled by events; what `MessageUpdate::before` and `MessageDelete::message` need
    std::size_t voice_states = 100'000;  ///< filled by VoiceStateUpdate: who is in a voice channel
};

/// What follows when the server leaves sequence numbers out on a live connection. A SequenceGap event tells of it in
/// any case.
enum class SequenceGapPolicy {
    go_on,   ///< the event behind the hole is taken, and the connection stays
    resume,  ///< the client reconnects and asks for what came behind the last number, if the session can be resumed
};

/// Settings of a client. Every member has a default but the token.
struct ClientOptions {
    Token token = {};
    std::string gateway_url = "wss://gateway.intent.chat";  ///< wss:// or ws://
    std::string rest_url = "https://api.intent.chat/v1";    ///< https:// or http://, with the base path
    std::optional<Intents> intents = {};                    ///< left out of Identify when unset (protocol §7)
    int handler_threads = 1;                   ///< 0-64; 0: on the I/O thread, for handlers that never block
    std::size_t queue_bytes = 64u << 20;       ///< events that wait for handlers; when full, reading stops
    std::shared_ptr<IoThread> io_thread = {};  ///< shared with other clients; null: the client has one of its own
    /// A file through which the session goes on in the next process; empty: none. It holds the session's id, how far
    /// its events are handled (to the end of their handlers, coroutines too), and a salted hash of the token. It is
    /// written about once a second and at `stop()`, which then closes with 4000 in place of 1000, so that the server
    /// keeps the session. The next start resumes it: events that were not handled come then, and so may again those
    /// handled since the last writing. One client per file; see docs/robust-operation.md.
    std::string session_file = {};
    SequenceGapPolicy sequence_gaps = SequenceGapPolicy::go_on;
    /// Reconnects when no event has come for so long although heartbeats are answered: for bots that are never without
    /// events, against servers that fall silent. 1 min to 7 days; 0: off, because a quiet bot is no fault.
    std::chrono::milliseconds silence_limit{};
    CacheLimits caches = {};
    /// Fetch the channels of every server after each Ready, and those of each new server, so that `Client::channels()`
    /// is complete; ChannelsReady reports when it is. A resumed session fetches nothing.
    ///
    /// Cost: one request per server and session, through the rate limits, at most 25 a second and 4 at a time: the
    /// bot's own calls keep half of the 50 requests a second of protocol §10, and 1,000 servers take 40 s.
    bool fetch_channels = true;
    TlsSettings tls = {};
    Proxy proxy = {};  ///< for gateway and REST API; default: as the environment says (HTTPS_PROXY, NO_PROXY, …)
    std::chrono::milliseconds request_timeout = std::chrono::seconds(15);
    /// A call whose rate limit is known to hold it up for longer fails with a TimeoutError instead of waiting; nothing
    /// is sent. 0 or more; unset: every call waits its turn.
    std::optional<std::chrono::milliseconds> max_rate_limit_wait = {};
    /// After this time a handler that still runs is named in the log, once; after twice the time at the latest. 0:
    /// never. Without handler threads there is nobody to notice.
    std::chrono::milliseconds slow_handler_warning = std::chrono::seconds(30);
    std::shared_ptr<LogSink> log = stderr_log(LogLevel::warn);  ///< null: silence
};

/// Options with INTENT_TOKEN (required), INTENT_GATEWAY_URL and INTENT_REST_URL from the environment.
///
/// Errors: ConfigError that names the variable.
ClientOptions options_from_env();

/// A read-only view of a cache. Answers are copies, so nothing changes under your hands.
///
/// Lifetime: usable while the client exists; afterwards it is empty. Threads: safe.
template <class T, class Id>
class CacheView {
public:
    std::optional<T> get(Id id) const;
    std::vector<T> all() const;
    std::size_t size() const;

private:
    friend class Client;
    explicit CacheView(std::weak_ptr<detail::ClientContext> context) : context_(std::move(context)) {}
    std::weak_ptr<detail::ClientContext> context_;
};

/// A bot: connects to the gateway, keeps the connection through every fault, hands events to handlers, and calls the
/// REST API.
///
/// Handlers run on handler threads (see `ClientOptions::handler_threads`). With one, the default, no two run at the
/// same moment, so there are no data races between them; but between two `co_await`s of a handler other handlers run,
/// the next event of the same one too. Check again after a `co_await` what was checked before it, or use `on_in_order`.
/// With several threads, events of one channel stay in order, and those of different channels are handled at the same
/// time. A handler that blocks or throws harms neither the connection nor other handlers of the event; what it throws
/// becomes an ErrorEvent.
///
/// A handler is kept as long as the client. One that captures `this` belongs to a Scope (scope.hpp), which ends it
/// before its object goes.
///
/// Distinct objects: safe. Shared objects: safe, but for moving and destroying.
class Client {
public:
    /// Checks the options; nothing connects before `run` or `start`.
    ///
    /// Errors: ConfigError for a missing token, a malformed URL, a proxy that cannot be used, a setting out of range.
    explicit Client(ClientOptions options);
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;
    ~Client();  ///< `stop()`; on one of its own threads it does not wait, what is left ends in the background

    /// Calls `handler` for every event of the type of its parameter. A handler is a function that returns void, or a
    /// coroutine that returns `intent::task<>` and takes its event by value.
    template <class F>
    Subscription on(F handler) {
        return subscribe(detail::make_handler<detail::Order::none>(std::move(handler)), false);
    }

    /// The same with a member function: `client.on(&Bot::on_message, this)`. `object` must outlive the client or end
    /// the registration; a Scope does that.
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on(M member, O* object) {
        return on(detail::Bound<M, O>(member, object));
    }

    /// As `on`, for one event only.
    template <class F>
    Subscription once(F handler) {
        return subscribe(detail::make_handler<detail::Order::none>(std::move(handler)), true);
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription once(M member, O* object) {
        return once(detail::Bound<M, O>(member, object));
    }

    /// As `on`, for coroutines that must not interleave: the next event of a channel waits until the coroutine of the
    /// one before it has ended, by whatever way. Events of different channels do not wait for each other. Events
    /// without a channel wait for those of the same server, and those without a server for each other.
    ///
    /// Events that wait count in `ClientOptions::queue_bytes`; when that is used up, reading from the gateway stops. So
    /// a handler should not wait there for an event of the gateway without a timeout. For the session file an event is
    /// handled once its own coroutine has ended. `off` drops what waits; so does `stop`, after which the next process
    /// handles it, if there is a session file.
    template <class F>
    Subscription on_in_order(F handler) {
        return subscribe(detail::make_handler<detail::Order::of_channel>(std::move(handler)), false);
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on_in_order(M member, O* object) {
        return on_in_order(detail::Bound<M, O>(member, object));
    }

    /// Ends with the first event of type E for which `predicate(const E&)` is true, or with nothing after `timeout`
    /// (any value; 0 or less: at once). To wait for the answer to a message, use `ask`: an answer that comes before
    /// `wait_for` is called is missed.
    /// Dropping the task ends the wait.
    ///
    /// The predicate runs on a handler thread. If it captures by value more than numbers and pointers, name the task
    /// before you await it: `auto waiting = client.wait_for<MessageCreate>([text](…) {…}, 5s); co_await
    /// std::move(waiting);` – inside of `co_await` g++ 12 destroys such a lambda twice.
    ///
    /// Errors: what the predicate throws; CancelledError when the client stops first.
    template <Event E, class Predicate>
    task<std::optional<E>> wait_for(Predicate predicate, std::chrono::milliseconds timeout) {
        return detail::wait_for<E, Predicate>(context_, std::move(predicate), timeout);
    }

    /// The same for the first of several kinds of events: `wait_for<MessageUpdate, MessageDelete>(predicate, 30s)`. The
    /// predicate takes each of them, as `[id](const auto& event) { … }` does.
    template <Event First, Event Second, Event... More, class Predicate>
    task<std::optional<std::variant<First, Second, More...>>> wait_for(Predicate predicate,
                                                                       std::chrono::milliseconds timeout) {
        return detail::wait_for_any<Predicate, First, Second, More...>(context_, std::move(predicate), timeout);
    }

    /// Lets `work` go on by itself. What it throws becomes an ErrorEvent whose `where` is `name`.
    void spawn(std::string name, task<> work);

    /// Starts a coroutine and lets it go on by itself: `client.spawn("ticker", [&client]() -> task<> { … })`. The
    /// function and its captures are kept until the coroutine has ended.
    template <class F>
    requires std::is_invocable_r_v<task<>, F&> void spawn(std::string name, F start) {
        auto function = std::make_shared<F>(std::move(start));
        auto work = (*function)();
        spawn_with(std::move(name), std::move(work), std::move(function));
    }

    /// Sends `question` into `channel`, and ends with the first message that follows it there for which
    /// `predicate(const Message&)` is true, or with nothing after `timeout`, which begins when the question is out. The
    /// client listens before it sends, so even an instant answer is not missed. Messages of the bot itself are no
    /// answers, nor are messages older than the question (by id, protocol §2).
    ///
    /// The predicate runs on a handler thread; `wait_for` says what it may capture inside of `co_await`. Any timeout is
    /// allowed: 0 or less takes an answer only if it is there already, and the longest mean "no limit".
    ///
    /// Errors: what `RestClient::create_message` throws (the wait has ended then), what the predicate throws;
    /// CancelledError when the client stops first. Cost: one request in the bucket of the channel's messages.
    template <class Predicate>
    task<std::optional<Message>> ask(ChannelId channel, MessageBody question, Predicate predicate,
                                     std::chrono::milliseconds timeout) {
        return ask_matching(channel, std::move(question), detail::AnswerTest(std::move(predicate)), timeout);
    }

    /// Ends after `delay`, at most 100 years. Dropping the task ends the wait.
    ///
    /// Errors: ConfigError for a negative delay; CancelledError when the client stops first.
    task<> sleep_for(std::chrono::milliseconds delay);

    /// From the cache, else by one REST call.
    ///
    /// Errors: what the REST call throws. Cost: no request for what is cached, else one.
    task<Channel> channel(ChannelId id) const;
    task<Server> server(ServerId id) const;
    task<Member> member(ServerId server, UserId user) const;

    RestClient& rest() noexcept { return rest_; }

    /// The bot itself; unset before the first Ready.
    std::optional<User> user() const;

    /// The state of the gateway connection. Cheap: one atomic load, from any thread.
    ConnectionState state() const noexcept;

    /// How the client is doing, as of this moment. Cheap: it asks neither the server nor the I/O thread.
    Gauges gauges() const;

    CacheView<Server, ServerId> servers() const;
    CacheView<Channel, ChannelId> channels() const;
    CacheView<User, UserId> users() const;
    CacheView<Member, MemberId> members() const;
    CacheView<Role, RoleId> roles() const;
    CacheView<Message, MessageId> messages() const;

    /// Who is in which voice channel, as far as events have said since the session began: by server and user. A user
    /// who is in none has no entry.
    CacheView<raw::VoiceState, MemberId> voice_states() const;

    /// Shows a presence (op 10). While the session is not ready the latest one waits for it, and each new session is
    /// told anew what was set last. Ends when it is sent, or when a later one has taken its place.
    ///
    /// Errors: ConfigError for PresenceStatus::unknown; CancelledError when the client stops first. Should the server
    /// close the connection because of it, an ErrorEvent tells so.
    task<> update_presence(Presence presence);

    /// Joins a voice channel or moves to it (op 4), and ends with what the negotiation needs (protocol §13). While the
    /// session is not ready the latest state for each server waits for it; once sent, a join is never repeated.
    ///
    /// Errors: VoiceError when the server refuses it; TimeoutError when it does not answer; CancelledError when a later
    /// join or leave takes its place, or the client stops; NetworkError when the session ends before the answer;
    /// ConfigError for an unset id, an invalid timeout, and a channel that the cache knows to be in another server or
    /// of a type without voice (nothing is sent then: the server would close the connection).
    task<VoiceServerUpdate> join_voice(ServerId server, ChannelId channel, VoiceOptions options = {});

    /// Leaves the voice channel of a server (op 4), if the bot is in one. Ends when it is sent.
    ///
    /// Errors: ConfigError, CancelledError, as `join_voice`.
    task<> leave_voice(ServerId server);

    /// Sets whether the bot is muted and deafened in the voice channel that it has joined (op 4). Ends when it is sent.
    ///
    /// Errors: UsageError when it has joined none; ConfigError, CancelledError, as `join_voice`.
    task<> mute(ServerId server, VoiceOptions state = VoiceOptions{}.muted());

    /// Sends a signal of the voice negotiation (op 12). Signals wait in order while the session is not ready. Ends when
    /// it is sent.
    ///
    /// Errors: ConfigError when it does not fit a frame of 64 KiB; NetworkError when 1,000 commands wait already;
    /// CancelledError when the client stops first.
    task<> send_voice_signal(VoiceOffer offer);
    task<> send_voice_signal(VoiceAnswer answer);
    task<> send_voice_signal(VoiceIce candidate);

    /// Asks for the members of a server (op 7) and ends with all of them, whatever the number of chunks. Requests for
    /// one server run one after the other, because their answers do not say to which they belong.
    ///
    /// While the session is not ready, the request waits until it is, within the same timeout.
    ///
    /// Errors: ConfigError for a limit outside 1-1000, a query over 100 characters or not in UTF-8, an invalid id
    /// or timeout; NetworkError when the session ends before the answer, or 1,000 requests for the server wait
    /// already; TimeoutError when the session is not ready, or the answer not complete, in time; CancelledError when
    /// the client stops first.
    task<std::vector<Member>> request_members(MemberQuery query);

    /// Connects and blocks until SIGINT, SIGTERM, `stop()`, or a refusal that a reconnect cannot mend.
    ///
    /// Returns a process exit status: 0 stopped, 3 the token was refused, 4 the gateway refused the configuration, 1
    /// any other failure. UsageError on one of the client's own threads.
    int run();

    /// Connects in the background and returns at once. No effect while it runs; after `stop` it begins a new session.
    void start();

    /// Waits until the client has ended (see `run`), at most `timeout` (any value; 0 or less: does not wait); the exit
    /// status, or nothing if it still runs.
    std::optional<int> wait(std::chrono::milliseconds timeout);

    /// Closes the connection (close code 1000, with a `session_file` 4000), cancels what is pending (CancelledError),
    /// and waits for it, at most 2 s. Dispatches that still wait for their handlers are not handled any more. On a
    /// thread of the client itself it returns at once, and the rest happens in the background.
    ///
    /// Threads: any, any number of times, at any moment.
    void stop();

private:
    friend class Scope;
    Subscription subscribe(detail::MadeHandler made, bool once);
    void spawn_with(std::string name, task<> work, std::shared_ptr<const void> keep);
    task<std::optional<Message>> ask_matching(ChannelId channel, MessageBody question, detail::AnswerTest test,
                                              std::chrono::milliseconds timeout);

    std::shared_ptr<detail::ClientContext> context_;
    RestClient rest_;
};

}  // namespace intent
