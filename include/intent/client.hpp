// The client: one gateway connection, the REST API, handlers and caches.
#pragma once

#include <intent/client_options.hpp>
#include <intent/clock.hpp>
#include <intent/connection_state.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/handlers.hpp>
#include <intent/detail/keep_function.hpp>
#include <intent/detail/owned.hpp>
#include <intent/detail/voice_offer.hpp>
#include <intent/detail/waiting.hpp>
#include <intent/events.hpp>
#include <intent/gauges.hpp>
#include <intent/member_query.hpp>
#include <intent/presence.hpp>
#include <intent/rest.hpp>
#include <intent/schedule.hpp>
#include <intent/task.hpp>
#include <intent/voice.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace intent::inline v0 {

namespace detail {
struct Program;
struct RemoteAccess;
}

/// A handler's registration. Destroying it changes nothing; `off()` ends it.
class INTENT_API Subscription {
public:
    Subscription() = default;

    /// Ends the registration: the handler is not called after this returns, but calls that have begun continue. It may
    /// be called from inside the handler, after the client is gone, and any number of times.
    void off();

private:
    friend class Client;
    friend class Scope;
    Subscription(std::weak_ptr<detail::ClientContext> context, std::uint64_t events, std::uint64_t id)
        : context_(std::move(context)), events_(events), id_(id) {}
    std::weak_ptr<detail::ClientContext> context_ = {};
    std::uint64_t events_ = 0;  // a bit for each of AllEvents
    std::uint64_t id_ = 0;
};

/// A read-only view of a cache. It returns copies, which later events do not change.
///
/// `for_each`, `find` and `of` copy a few entries at a time and call functions of the bot without a lock, on the
/// caller's thread. So such a function may do anything, including calls of this view and of the client, and events are
/// handled meanwhile. They visit each entry that is cached during the whole call once, in no particular order; an entry
/// that is added, removed or evicted in the meantime may be visited or not. They do not count as a use of the entry.
/// Cost: linear in the number of cached entries.
///
/// Lifetime: valid at any time; empty once the client is gone. Threads: safe.
template <class T, class Id>
class INTENT_API CacheView {
public:
    /// Returns the entry, if it is cached. Counts as a use of it.
    std::optional<T> get(Id id) const;
    /// All entries, the most recently used first.
    std::vector<T> all() const;
    /// The number of entries.
    std::size_t size() const;

    /// Calls `f(const T&)` for each entry.
    ///
    /// Errors: what `f` throws, which ends the visit.
    template <class F>
    void for_each(F f) const {
        static_assert(std::is_invocable_v<F&, const T&>, "intent: for_each of a cache takes a function of a const T&");
        visit(&f, [](void* function, const T& value) {
            (*static_cast<F*>(function))(value);
            return true;
        });
    }

    /// Returns an entry for which `predicate(const T&)` is true, if there is one.
    ///
    /// Errors: what `predicate` throws.
    template <class Predicate>
    std::optional<T> find(Predicate predicate) const {
        static_assert(std::is_invocable_r_v<bool, Predicate&, const T&>,
                      "intent: find of a cache takes a function of a const T& that returns bool");
        Search<Predicate> search{predicate};
        visit(&search,
              [](void* state, const T& value) { return static_cast<Search<Predicate>*>(state)->go_on(value); });
        return std::move(search.found);
    }

    /// Returns the entries of a server: of channels, members, roles and voice states.
    template <std::same_as<ServerId> Server>
    std::vector<T> of(Server server) const {
        static_assert(
            requires(const T& value) { value.server_id; },
            "intent: the entries of this cache do not belong to a server");
        return of_server(server);
    }

private:
    friend class Client;
    explicit CacheView(std::weak_ptr<detail::ClientContext> context) : context_(std::move(context)) {}

    template <class Predicate>
    struct Search {
        Predicate& accepts;
        std::optional<T> found = {};
        bool go_on(const T& value) {
            if (accepts(value)) found.emplace(value);
            return !found;
        }
    };
    /// Until `f` returns false. Replaces std::function: its header alone is 14,000 lines.
    void visit(void* state, bool (*f)(void* state, const T& value)) const;
    std::vector<T> of_server(ServerId server) const;

    std::weak_ptr<detail::ClientContext> context_;
};

/// A bot: connects to the gateway, reconnects and resumes after faults, passes events to handlers, and calls the REST
/// API.
///
/// Handlers run on handler threads (see `ClientOptions::handler_threads`). With one thread (the default), only one
/// handler runs at a time, so handlers have no data races among them. At each `co_await` of a handler, other handlers
/// can run, including the same handler for its next event. Repeat checks after a `co_await`, or use `on_in_order`. With
/// several threads, events of one channel stay in order, and events of different channels are handled concurrently. A
/// handler that blocks or throws affects neither the connection nor other handlers of the event; its exception becomes
/// an ErrorEvent.
///
/// The client keeps a handler until it is destroyed. Register handlers that capture `this` with a Scope (scope.hpp),
/// which ends them before their object is destroyed.
///
/// Distinct objects: safe. Shared objects: safe, except for moving and destroying.
class INTENT_API Client {
public:
    /// Checks the options. `run` or `start` connects.
    ///
    /// Errors: ConfigError for a missing token, a malformed URL, an unusable proxy, or a setting out of range.
    explicit Client(ClientOptions options);
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;
    ~Client();  ///< calls `stop()`; on one of the client's own threads it does not wait

    /// Calls `handler` for every event of its parameter's type. A handler is a function that returns void, or a
    /// coroutine that returns `intent::task<>` and takes its event by value.
    template <class F>
    Subscription on(F handler) {
        return subscribe(detail::make_handler<detail::Order::none>(std::move(handler)), false);
    }

    /// Registers a member function: `client.on(&Bot::on_message, this)`. `object` must outlive the client or end the
    /// registration; a Scope does that.
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on(M member, O* object) {
        return on(detail::Bound<M, O>(member, object));
    }

    /// As `on`, but for one event only.
    template <class F>
    Subscription once(F handler) {
        return subscribe(detail::make_handler<detail::Order::none>(std::move(handler)), true);
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription once(M member, O* object) {
        return once(detail::Bound<M, O>(member, object));
    }

    /// As `on`, for coroutines that must not interleave: the next event of a channel waits until the coroutine of the
    /// previous one has ended, normally or with an exception. Events of different channels do not wait for each other.
    /// Events without a channel wait for those of the same server, and events without a server wait for each other.
    ///
    /// Waiting events count in `ClientOptions::queue_bytes`; at that limit, reading from the gateway stops. So a
    /// handler should not wait for a gateway event without a timeout. For the session file, an event is handled when
    /// its own coroutine has ended. `off` and `stop` drop waiting events; after a `stop`, the next process handles them
    /// if there is a session file.
    template <class F>
    Subscription on_in_order(F handler) {
        return subscribe(detail::make_handler<detail::Order::of_channel>(std::move(handler)), false);
    }
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on_in_order(M member, O* object) {
        return on_in_order(detail::Bound<M, O>(member, object));
    }

    /// The same for several types of events, in the order in which they arrive: no edit or deletion overtakes its
    /// message.
    ///
    ///     client.on_in_order<MessageCreate, MessageUpdate, MessageDelete>([this](auto event) {
    ///         return copy(std::move(event));  // an overload of copy for each type
    ///     });
    ///
    /// The handler accepts each of the types: as a generic lambda, as a class with several `operator()`, or as a
    /// `std::variant` of the events. It is one registration: `off` ends all of it.
    template <Event First, Event Second, Event... More, class F>
    Subscription on_in_order(F handler) {
        auto made = detail::make_handlers<First, Second, More...>(std::move(handler));
        return subscribe(made, false);
    }
    template <Event First, Event Second, Event... More, class M, class O>
    requires std::is_member_function_pointer_v<M> Subscription on_in_order(M member, O* object) {
        return on_in_order<First, Second, More...>(detail::Bound<M, O>(member, object));
    }

    /// Returns the first event of type E for which `predicate(const E&)` is true, or no value after `timeout` (0 or
    /// less: at once). To wait for the answer to a message, use `ask`: `wait_for` misses an answer that arrives before
    /// it is called. For more than one event, use a Collector (collector.hpp). Dropping the task ends the wait.
    ///
    /// The predicate runs on a handler thread. If it captures anything but numbers and pointers by value, name the task
    /// before you await it: `auto waiting = client.wait_for<MessageCreate>([text](…) {…}, 5s); co_await
    /// std::move(waiting);`. Inside `co_await`, g++ 12 destroys such a lambda twice.
    ///
    /// Errors: what the predicate throws; CancelledError if the client stops first.
    template <Event E, class Predicate>
    task<std::optional<E>> wait_for(Predicate predicate, std::chrono::milliseconds timeout) {
        return detail::wait_for<E, Predicate>(context_, std::move(predicate), timeout);
    }

    /// Waits for the first event of several types: `wait_for<MessageUpdate, MessageDelete>(predicate, 30s)`. The
    /// predicate accepts each of them, as `[id](const auto& event) { … }` does.
    template <Event First, Event Second, Event... More, class Predicate>
    task<std::optional<std::variant<First, Second, More...>>> wait_for(Predicate predicate,
                                                                       std::chrono::milliseconds timeout) {
        return detail::wait_for_any<Predicate, First, Second, More...>(context_, std::move(predicate), timeout);
    }

    /// Runs `work` in the background. Its exception becomes an ErrorEvent with `where` set to `name`.
    void spawn(std::string name, task<> work);

    /// Starts a coroutine in the background: `client.spawn("ticker", [&client]() -> task<> { … })`. The function and
    /// its captures are kept until the coroutine has ended.
    template <class F>
    requires std::is_invocable_r_v<task<>, F&> void spawn(std::string name, F start) {
        auto function = detail::keep_function<F>(std::move(start));
        auto work = (*static_cast<F*>(function.get()))();
        spawn_with(std::move(name), std::move(work), std::move(function));
    }

    /// Reports an error that the bot has caught and survives, as the client reports the exception of a handler: it is
    /// logged and becomes an ErrorEvent with this `where`.
    ///
    ///     } catch (...) {
    ///         client.report_error("ticker");
    ///     }
    ///
    /// For an `attempt`: `client.report_error("ticker", sent.exception())`. A CancelledError is ignored while the
    /// client stops. In a handler of ErrorEvent, the error is only logged, because an ErrorEvent could loop.
    ///
    /// Handlers of ErrorEvent can run in this call, so do not hold a lock that they need.
    ///
    /// Errors: UsageError if `error` is null, as `std::current_exception()` is outside a `catch` block. Threads: any.
    void report_error(std::string where, std::exception_ptr error = std::current_exception());

    /// Runs `job` every `period`: for the first time one period after this call, or after the client has started if
    /// that is later. A job is a function or a coroutine that returns `task<>`, without parameters:
    ///
    ///     client.every(5min, [&client]() -> intent::task<> { … }).named("cleanup");
    ///     client.every(5min, &Bot::tick, this);    // `this` must outlive the client; or use a Scope
    ///
    /// The times are multiples of the period since then, without drift. A job never runs twice at once: while it runs,
    /// its times are skipped, and the next run is at the next regular time. A job that throws is reported as an
    /// ErrorEvent and runs again.
    ///
    /// Jobs start with `start` or `run`, connected or not, and end with `stop`. A restarted client continues them; the
    /// first run of `every` is then one period after the restart. They run on a handler thread, before waiting events,
    /// and follow `Client::clock`. The client keeps a job, with its captures, until it has ended.
    ///
    /// Errors: ConfigError for a period outside 1 ms to 100 years. Cost: logarithmic in the number of jobs.
    template <class... F>
    Job every(std::chrono::milliseconds period, F... job) {
        return schedule(detail::plan_every(period), detail::make_job(std::move(job)...));
    }

    /// As `every`, but at a time of day in a time zone: `client.daily("09:30", "Europe/Berlin", job)`. DailyTime
    /// describes days on which the clocks change, and restricts a job to weekdays. If the time passes while the
    /// computer is suspended, the job runs once, at most 10 minutes after it has resumed; the same applies if the
    /// system's clock is set.
    ///
    /// Errors: those of DailyTime.
    template <class... F>
    Job daily(DailyTime time, F... job) {
        return schedule(detail::plan_daily(std::move(time)), detail::make_job(std::move(job)...));
    }
    template <class... F>
    Job daily(std::string_view time, std::string_view zone, F... job) {
        return daily(DailyTime(time, zone), std::move(job)...);
    }
    template <class... F>
    Job daily(std::chrono::seconds since_midnight, std::string_view zone, F... job) {
        return daily(DailyTime(since_midnight, zone), std::move(job)...);
    }

    /// As `every`, but once, at this time. At once if it has passed, also if it passes before the client starts.
    template <class... F>
    Job at(Timestamp time, F... job) {
        return schedule(detail::plan_at(time), detail::make_job(std::move(job)...));
    }

    /// As `every`, but once, this long after this call, or after the client has started if that is later. A stop does
    /// not extend the delay: if it has passed when the client is restarted, the job runs at once.
    ///
    /// Errors: ConfigError for a delay outside 0 to 100 years.
    template <class... F>
    Job after(std::chrono::milliseconds delay, F... job) {
        return schedule(detail::plan_after(delay), detail::make_job(std::move(job)...));
    }

    /// Posts `question` in `channel`, and returns the first later message there for which `predicate(const Message&)`
    /// is true, or no value after `timeout`, which starts when the question is posted. The client listens before it
    /// posts, so it does not miss an instant answer. The bot's own messages and messages older than the question (by
    /// id, protocol §2) are not answers.
    ///
    /// The predicate runs on a handler thread; `wait_for` describes what it may capture inside `co_await`. With a
    /// timeout of 0 or less, only an answer that has already arrived counts; the maximum value means "no limit".
    ///
    /// Errors: what `RestClient::create_message` throws, which ends the wait; what the predicate throws; CancelledError
    /// if the client stops first. Cost: 1 request, in the 5 per 5 s of the channel's messages.
    template <class Predicate>
    task<std::optional<Message>> ask(ChannelId channel, MessageBody question, Predicate predicate,
                                     std::chrono::milliseconds timeout) {
        return ask_matching(channel, std::move(question), detail::Test<Message>(std::move(predicate)), timeout);
    }

    /// Returns after `delay`, at most 100 years. Dropping the task ends the wait.
    ///
    /// Errors: ConfigError for a negative delay; CancelledError if the client stops first.
    task<> sleep_for(std::chrono::milliseconds delay);

    /// Returns the object from the cache, or fetches it.
    ///
    /// Errors: those of the REST call. Cost: no request if the object is cached, otherwise 1.
    task<Channel> channel(ChannelId id) const;
    /// As `channel`, for a server.
    task<Server> server(ServerId id) const;
    /// As `channel`, for a member. Its roles and nickname can be out of date (docs/caches.md).
    task<Member> member(ServerId server, UserId user) const;
    /// As `channel`, for a user, who can be out of date (docs/caches.md).
    task<User> user(UserId id) const;

    /// The REST API, with the token and the limits of this client.
    RestClient& rest() noexcept { return rest_; }

    /// Makes a Webhook of an id and a token: `client.webhook(id, token).execute("hi")`. See `RestClient::webhook`.
    /// Cost: no request.
    Webhook webhook(WebhookId id, Secret token) const;

    /// The clock of the options. Code that measures time (cooldowns, schedules) reads it instead of the system's
    /// clocks, so that a test can advance it: `client.clock().now()`, `client.clock().wall_time()`. Threads: any.
    const Clock& clock() const noexcept;

    /// The bot's own user; unset before the first Ready.
    std::optional<User> user() const;

    /// The state of the gateway connection. Cost: one atomic load. Threads: any.
    ConnectionState state() const noexcept;

    /// Current counters and state of the client. Cheap: it contacts neither the server nor the I/O thread.
    Gauges gauges() const;

    /// The client's metrics in the text format of Prometheus, version 0.0.4; docs/metrics.md lists them. The endpoint
    /// of `MetricsOptions::listen` serves the same text.
    ///
    /// Cost: linear in the number of time series, usually below a millisecond. It reads files of `/proc`, and contacts
    /// neither the server nor waits for the I/O thread. Threads: any.
    std::string metrics() const;

    /// The port of the endpoint of `MetricsOptions::listen`, which exists from the first `start` or `run` until the
    /// client is destroyed. No value before, or without an endpoint. Threads: any.
    std::optional<std::uint16_t> metrics_port() const;

    /// The servers that the bot is in (docs/caches.md).
    CacheView<Server, ServerId> servers() const;
    /// The channels of all servers, complete after ChannelsReady, and those of direct messages.
    CacheView<Channel, ChannelId> channels() const;
    /// The users that the bot has seen.
    CacheView<User, UserId> users() const;
    /// The members that the bot has seen.
    CacheView<Member, MemberId> members() const;
    /// The roles of REST answers: the gateway has no events for roles.
    CacheView<Role, RoleId> roles() const;
    /// The latest messages, if `CacheLimits::messages` is set.
    CacheView<Message, MessageId> messages() const;

    /// Voice states by server and user, from the events of the current session. A user in no voice channel has no
    /// entry, and neither has one who joined before the session began, until their state changes: the protocol has no
    /// list of them.
    CacheView<raw::VoiceState, MemberId> voice_states() const;

    /// Sets the bot's presence (op 10). Ends when it is sent, or when a later presence has replaced it. While the
    /// session is not ready, only the latest presence is kept and sent later; every new session sends the current one
    /// again.
    ///
    /// Errors: ConfigError for PresenceStatus::unknown; CancelledError if the client stops first. If the server closes
    /// the connection because of the presence, an ErrorEvent reports it.
    task<> update_presence(Presence presence);

    /// Joins or moves to a voice channel (op 4), and returns the data for the negotiation (protocol §13). While the
    /// session is not ready, only the latest state per server is kept and sent later. A join that was sent is never
    /// repeated.
    ///
    /// Errors: VoiceError if the server refuses; TimeoutError if it does not answer; ReplacedError if a later join or
    /// leave replaces this one; NetworkError if the session ends before the answer; CancelledError if the client stops;
    /// ConfigError for an unset id, an invalid timeout, or a channel that according to the cache is in another server
    /// or is not a voice channel (nothing is sent then, because the server would close the connection).
    task<VoiceServerUpdate> join_voice(ServerId server, ChannelId channel, VoiceOptions options = {});

    /// Joins a voice channel, sends an offer, and returns the server's answer: `join_voice`, then `negotiate_voice`.
    /// `make_offer(const VoiceServerUpdate&)` returns the SDP as `std::string`, or as `task<std::string>`, which is
    /// awaited; `wait_for` describes what it may capture inside `co_await`. After an error the bot may be in the
    /// channel; `leave_voice` makes sure that it is not.
    ///
    /// Errors: those of both calls; what `make_offer` throws.
    template <class MakeOffer>
    task<VoiceConnection> connect_voice(ServerId server, ChannelId channel, MakeOffer make_offer,
                                        VoiceOptions options = {}) {
        static_assert(
            detail::MakesOffer<MakeOffer>,
            "intent: connect_voice takes a function of a const VoiceServerUpdate& that returns the SDP of the "
            "offer as std::string or task<std::string>");
        return connect_voice_with(
            server, channel,
            detail::Owned<detail::OfferMaker>(new detail::OfferFunction<MakeOffer>(std::move(make_offer))), options);
    }

    /// Sends the offer for a joined channel (op 12), and returns the server's answer. `voice` is the result of
    /// `join_voice`; its token is valid for one offer. Offers are sent one after the other, because an answer does not
    /// name its offer. `timeout` starts when the offer is sent.
    ///
    /// Errors: TimeoutError if the server does not answer; VoiceError if it refuses, or removes the bot from the
    /// channel; ReplacedError if the bot leaves or joins another channel of the server; NetworkError if the session
    /// ends before the answer, or 1,000 offers are already waiting; CancelledError if the client stops; ConfigError for
    /// an invalid timeout, or an offer that does not fit in a frame of 64 KiB.
    task<VoiceAnswer> negotiate_voice(VoiceServerUpdate voice, std::string offer,
                                      std::chrono::milliseconds timeout = VoiceOptions().timeout());

    /// Leaves the voice channel of a server (op 4). Ends when it is sent; does nothing if the bot is in no voice
    /// channel.
    ///
    /// Errors: ConfigError for an unset id; CancelledError if the client stops first.
    task<> leave_voice(ServerId server);

    /// Mutes and deafens the bot in its voice channel, or undoes that (op 4). Ends when it is sent.
    ///
    /// Errors: UsageError if the bot has joined no voice channel; otherwise as `leave_voice`.
    task<> mute(ServerId server, VoiceOptions state = VoiceOptions{}.muted());

    /// Sends a signal of the voice negotiation (op 12). Ends when it is sent. While the session is not ready, signals
    /// wait in order.
    ///
    /// Errors: ConfigError if it does not fit in a frame of 64 KiB; NetworkError if 1,000 commands are already waiting;
    /// CancelledError if the client stops first.
    task<> send_voice_signal(VoiceOffer offer);
    task<> send_voice_signal(VoiceAnswer answer);
    task<> send_voice_signal(VoiceIce candidate);

    /// Requests the members of a server (op 7) and returns them all, whatever the number of chunks. Requests for the
    /// same server run one after the other, because answers do not identify their request.
    ///
    /// While the session is not ready, the request waits until it is, within the same timeout.
    ///
    /// Errors: ConfigError for a limit outside 1-1000, a query over 100 characters or not in UTF-8, an unset id, or an
    /// invalid timeout; NetworkError if the session ends before the answer, or 1,000 requests for the server are
    /// already waiting; TimeoutError if the session is not ready or the answer is not complete in time; CancelledError
    /// if the client stops first.
    task<std::vector<Member>> request_members(MemberQuery query);

    /// Connects and blocks until SIGINT, SIGTERM, `stop()`, or a refusal after which reconnecting is pointless.
    ///
    /// Returns a process exit status: 0 stopped, 3 the token was refused, 4 the gateway refused the configuration, 1
    /// any other failure.
    ///
    /// Errors: UsageError on one of the client's own threads; those of `start`.
    int run();

    /// Connects in the background and returns at once. Does nothing if the client is running; after `stop` it begins a
    /// new session.
    ///
    /// Errors: UsageError if another client, also of another process, uses the `session_file`; ConfigError if the
    /// endpoint of `MetricsOptions::listen` cannot be opened.
    void start();

    /// Waits until the client has ended (see `run`), at most `timeout` (0 or less: does not wait). Returns the exit
    /// status, or no value if the client is still running.
    std::optional<int> wait(std::chrono::milliseconds timeout);

    /// Sends a Reload event to the handlers, as SIGHUP does in a program of `intent::run`. Does nothing after `stop`,
    /// or before `run` or `start`. Threads: any.
    void reload();

    /// Closes the connection (close code 1000, or 4000 with a `session_file`), cancels pending operations
    /// (CancelledError), and waits for them, at most 2 s. Dispatches that still wait for their handlers are dropped. On
    /// one of the client's own threads it returns at once, and the rest happens in the background.
    ///
    /// Threads: any, at any time, any number of times.
    void stop();

protected:
    /// For the clients of other components.
    explicit Client(std::shared_ptr<detail::ClientContext> context);

private:
    friend class Scope;
    friend class detail::CollectorHome;
    friend struct detail::Program;
    friend struct detail::RemoteAccess;
    Subscription subscribe(detail::MadeHandler made, bool once);
    Subscription subscribe(std::span<detail::MadeHandler> made, bool once);
    task<VoiceConnection> connect_voice_with(ServerId server, ChannelId channel,
                                             detail::Owned<detail::OfferMaker> maker, VoiceOptions options);
    void spawn_with(std::string name, task<> work, std::shared_ptr<const void> keep);
    Job schedule(detail::JobPlan plan, detail::JobFunction function);
    task<std::optional<Message>> ask_matching(ChannelId channel, MessageBody question, detail::Test<Message> test,
                                              std::chrono::milliseconds timeout);

    std::shared_ptr<detail::ClientContext> context_;
    RestClient rest_;
};

}  // namespace intent
