// The platform on one's own machine, in one's own process: for tests of bots, and for the `intent sandbox` command.
#pragma once

#include <intent/log.hpp>
#include <intent/raw/message.hpp>
#include <intent/sandbox_delivery.hpp>
#include <intent/sandbox_fault.hpp>
#include <intent/sandbox_wait.hpp>
#include <intent/secret.hpp>
#include <intent/snowflake.hpp>
#include <intent/token.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent {

/// How the sandbox shapes what the platform's servers are known to shape differently (protocol §15).
enum class SandboxDialect {
    spec,  ///< events wrapped (`{"message": {…}}`), lists plain
    web,   ///< events wrapped, lists wrapped (`{"servers": […]}`)
    flat,  ///< events flat, lists plain
};

/// How the gateway refuses an Identify or a Resume whose token it does not know (protocol §5).
enum class SandboxRefusal {
    invalid_session,  ///< op 8 with `false`, as the specification has it; the connection stays open for 20 s
    close_4004,       ///< close code 4004, as other platforms of the family do
};

/// A bot that exists from the start, as a member of the server "Sandbox".
struct SandboxBot {
    std::string name;        ///< 2-32 of a-z 0-9 _
    std::string token = {};  ///< empty: the one in the database file, else made up
};

struct SandboxOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;             ///< 0: chosen by the system
    std::string database = {};          ///< path of a SQLite file, made if it is missing; empty: in memory
    std::vector<SandboxBot> bots = {};  ///< empty: one bot named `bot`
    SandboxDialect dialect = SandboxDialect::spec;
    bool hello = false;  ///< the newer session life: Hello, `READY` and `RESUMED` as events (protocol §5)
    bool resume = true;  ///< false: no `session_id`, and Resume is answered with close code 4003
    SandboxRefusal refuse_token = SandboxRefusal::invalid_session;
    std::chrono::milliseconds heartbeat_interval{41250};
    /// Rate limits (protocol §10). False: no request is refused, and the headers tell of a limit that is never reached,
    /// so that clients do not wait either (one of 50 requests a second in all, the client's own, remains).
    bool limits = true;
    std::string certificate_file = {};  ///< PEM; https and wss when both files are given
    std::string private_key_file = {};  ///< PEM
    std::shared_ptr<LogSink> log = {};  ///< component "sandbox"; tokens are never logged
    /// Origins whose web pages may use the API and the gateway, such as `https://app.example`, in addition to those of
    /// this machine; `*` for every page that a browser here shows (docs/sandbox.md, "Web pages"). Programs are always
    /// served.
    std::vector<std::string> allowed_origins = {};
};

/// How one gateway connection ended.
struct SandboxClose {
    int code = 0;             ///< 1006: cut without a close frame
    bool by_sandbox = false;  ///< the sandbox closed or cut it
    friend bool operator==(const SandboxClose&, const SandboxClose&) = default;
};

/// A line of the journal: a frame, a request, a connection's life, or a fault that struck. What does not belong to its
/// kind is empty.
struct SandboxEntry {
    std::uint64_t number = 0;  ///< rises by one
    Timestamp time{};
    std::string kind = {};  ///< "frame", "request", "connection", "fault"
    std::string user = {};
    std::uint64_t connection = 0;
    std::uint64_t session = 0;
    bool incoming = false;                       ///< of a frame: from the client
    std::optional<std::uint64_t> op = {};        ///< of a frame
    std::string event = {};                      ///< of a frame: `t`
    std::optional<std::uint64_t> sequence = {};  ///< of a frame: `s`
    std::string method = {};                     ///< of a request
    std::string path = {};                       ///< of a request, below the base
    std::optional<int> status = {};              ///< of a request; none: it was not answered
    std::string what = {};                       ///< of a connection ("closed") or a fault ("rate_limit")
    std::optional<int> code = {};                ///< of a connection that was closed
    std::optional<std::uint64_t> fault = {};     ///< the fault that struck it
    std::string json = {};                       ///< all of it, secrets blotted out (docs/sandbox-control.md)
};

class SandboxUser;

/// The platform in one process: gateway, REST API, rate limits and store, on a thread of its own. It holds one server,
/// "Sandbox", owned by `alice` (password "alice"), with the text channel `#general`; every bot, and everybody who
/// registers through the API, is a member of it.
///
/// Who may do what is said by roles (docs/sandbox.md): members see a server, write in its text channels and speak in
/// its voice channels; bots that are members manage server, channels, roles, messages and webhooks besides; the owner
/// may everything.
///
/// Functions that act as a person are not rate limited, and dispatch the same events as the API does.
///
/// Errors: ConfigError if an argument is refused (unknown name or id, text too long, …), UsageError after `stop`.
/// Threads: every function is safe from any thread, and blocks until the sandbox's thread has done it; none may be
/// called from the log sink or from a predicate given to `wait_message`.
class Sandbox {
public:
    /// Listens when it returns.
    ///
    /// Errors: ConfigError with one clear line: the port is in use, the database file cannot be read, belongs to
    /// another program or to a newer version, a bot's name or token is not acceptable.
    explicit Sandbox(SandboxOptions options = {});
    ~Sandbox();  ///< stop()
    Sandbox(Sandbox&&) noexcept;
    Sandbox& operator=(Sandbox&&) noexcept;

    std::string gateway_url() const;  ///< "ws://127.0.0.1:8080/gateway"
    std::string rest_url() const;     ///< "http://127.0.0.1:8080/api/v1"
    std::string web_url() const;      ///< "http://127.0.0.1:8080/"

    /// The token of a bot; without a name, of the first one.
    Token bot_token(std::string_view name = {}) const;
    /// A token of a person, valid for 7 days.
    Token user_token(std::string_view name) const;

    ServerId server() const;    ///< the server "Sandbox"
    ChannelId general() const;  ///< its channel `#general`
    UserId user_id(std::string_view name) const;

    /// Makes a person who is a member of the server "Sandbox".
    UserId add_user(std::string_view name);
    /// Makes a server whose owner and only member is `user`.
    ServerId create_server(std::string_view user, std::string_view name);
    void add_member(ServerId server, std::string_view user);
    /// Makes a text channel.
    ChannelId create_channel(std::string_view user, ServerId server, std::string_view name);

    /// Opens a channel of direct messages: with one other user the one that is there already or a new one, with 2-9 a
    /// new group that `user` owns. Its members are sent CHANNEL_CREATE.
    ChannelId open_direct(std::string_view user, const std::vector<std::string>& others);

    MessageId say(std::string_view user, ChannelId channel, std::string_view content);
    void edit(std::string_view user, ChannelId channel, MessageId message, std::string_view content);
    void remove(std::string_view user, ChannelId channel, MessageId message);

    /// All messages of a channel, oldest first.
    std::vector<raw::Message> messages(ChannelId channel) const;

    /// A person or bot who acts when told to: `auto alice = sandbox.user("alice"); alice.say(general, "hi");`. A person
    /// who is not there yet is made.
    SandboxUser user(std::string_view name);

    /// The oldest message of the channel from this author with this text, of those that follow the message `after`;
    /// waits for one that is posted or edited so if there is none:
    /// `sandbox.wait_message(general, from(bot), containing("pong"), 2s)`. False when the time is over, or the sandbox
    /// is stopped meanwhile; then it says what happened instead.
    SandboxWait wait_message(ChannelId channel, SandboxAuthor author, SandboxText text,
                             std::chrono::milliseconds timeout, MessageId after = {});
    /// The same for any text.
    SandboxWait wait_message(ChannelId channel, SandboxAuthor author, std::chrono::milliseconds timeout,
                             MessageId after = {});
    /// The same for a message that `matches`, which takes a `const raw::Message&` and runs on the sandbox's thread.
    ///
    /// Errors: what `matches` throws; UsageError if it calls the sandbox.
    template <class Predicate>
    requires(!std::is_convertible_v<Predicate, SandboxAuthor>) SandboxWait
        wait_message(ChannelId channel, Predicate matches, std::chrono::milliseconds timeout, MessageId after = {}) {
        static_assert(detail::TakesMessage<Predicate>,
                      "intent: a predicate of wait_message takes a const intent::raw::Message& and returns bool");
        const auto call = [](void* predicate, const raw::Message& message) -> bool {
            return static_cast<bool>((*static_cast<Predicate*>(predicate))(message));
        };
        return wait_matching(channel, after, std::make_shared<Predicate>(std::move(matches)), call, timeout,
                             "a message that fits");
    }

    /// True once this user has a session, and the frames that begin it are on their way: no event passes it by from
    /// then on, also if the connection is cut. False if there is none in time.
    [[nodiscard]] bool wait_online(std::string_view user, std::chrono::milliseconds timeout);

    /// Lets something go wrong: `sandbox.fault(fault::status(503).path("/channels/*").times(2))`. Those of `drop`,
    /// `close`, `reconnect`, `invalid_session`, `bad_msgpack` and `text_frame` that name no event strike at once. Gives
    /// the fault's id.
    std::uint64_t fault(SandboxFault fault);
    /// How often it has struck, also when it is gone.
    std::size_t hits(std::uint64_t fault) const;
    void remove_fault(std::uint64_t fault);
    void clear_faults();

    /// Sets every clock of the sandbox ahead: rate limits, expiries, timestamps, faults. Connections do not time out by
    /// it, because their clients' clocks stay. At most 10 years in all.
    ///
    /// Errors: ConfigError for a step backwards, or beyond the 10 years.
    void advance(std::chrono::milliseconds step);

    /// The journal's entries with a number above `after` (the last 50,000 or 64 MiB are kept).
    std::vector<SandboxEntry> journal(std::uint64_t after = 0) const;
    void clear_journal();
    /// The first entry with a number above `after` that `matches`, which runs on the sandbox's thread; waits for one if
    /// there is none. No value when the time is over, or the sandbox is stopped meanwhile.
    ///
    /// Errors: what `matches` throws; UsageError if it calls the sandbox.
    template <class Predicate>
    std::optional<SandboxEntry> wait_entry(Predicate matches, std::chrono::milliseconds timeout,
                                           std::uint64_t after = 0) {
        const auto call = [](void* predicate, const SandboxEntry& entry) -> bool {
            return static_cast<bool>((*static_cast<Predicate*>(predicate))(entry));
        };
        return wait_matching_entry(std::make_shared<Predicate>(std::move(matches)), call, timeout, after);
    }
    /// What was said, what was sent over REST and how it was answered, how connections fared, which faults struck: for
    /// the message of a test that fails.
    std::string transcript() const;

    /// Back to the beginning: users, servers, messages, sessions, faults, journal, counters. The tokens of the bots
    /// stay.
    void reset();
    /// The whole store as the bytes of a SQLite file.
    std::string snapshot() const;
    /// Replaces the store by a snapshot. Sessions are closed with 1012, and the counters begin anew.
    ///
    /// Errors: ConfigError for bytes that are no snapshot of a sandbox; then nothing is changed.
    void restore(std::string_view snapshot);

    /// Cuts every gateway connection without a close frame. Their sessions can be resumed.
    void drop_connections();
    /// Closes every gateway connection with a code (protocol §6). Their sessions can be resumed.
    ///
    /// Errors: ConfigError for a code that no close frame carries, and for a reason of more than 123 bytes.
    void close_connections(std::uint16_t code, std::string_view reason = {});
    /// Ends every session that waits for its Resume; the Resume is then answered with Invalid Session.
    void forget_sessions();
    /// Sends an event to every session. `json` is `d`, as it stands.
    void dispatch(std::string_view event, std::string_view json);
    /// The same to the sessions of these users alone, and to those that wait for their Resume: so do the events of
    /// encrypted direct messages (protocol §16) reach a bot. Returns to how many sessions.
    ///
    ///     sandbox.dispatch("MLS_WELCOME", R"({"channel_id": "…", "welcome": "…", "group_info": "…"})", {"bot"});
    std::size_t dispatch(std::string_view event, std::string_view json, const std::vector<std::string>& users);
    /// Posts `body` (JSON) to a bot's own HTTP endpoint, signed with `secret` as the platform signs its deliveries
    /// (protocol §12), and returns the delivery's id at once. What fails is retried after 1 s, 5 s, 30 s, 2 min and
    /// 10 min (each up to 20 % longer) by the sandbox's clock, so that `advance` skips the waits; a 429 after its
    /// `Retry-After`. A try fails on a status of 400 or more, without an answer within 5 s, and without a connection.
    ///
    /// Errors: ConfigError for an empty secret, a URL that is neither http nor https, or an endpoint that was disabled
    /// after 50 dropped deliveries in a row.
    std::string deliver(std::string_view url, Secret secret, std::string_view body);
    /// Waits until the delivery is over or has had so many tries (0: until it is over), at most as long as `timeout`,
    /// and returns how it stands then.
    ///
    /// Errors: ConfigError for an unknown id (the latest 1,000 deliveries are kept).
    SandboxDelivery wait_delivery(std::string_view id, std::chrono::milliseconds timeout, std::size_t attempts = 0);
    /// Lets deliveries to a disabled endpoint through again.
    void enable_deliveries(std::string_view url);

    /// Sends one frame that is no event to every session: `op` and, as JSON, `d` (protocol §4: 1, 6, 8, …).
    void send_op(std::uint8_t op, std::string_view json = "null");

    // What is counted begins anew with a reset and with a restore.
    std::size_t sessions() const;              ///< sessions with a connection that is open
    std::size_t connections() const;           ///< open gateway connections, identified or not
    std::size_t identifies() const;            ///< accepted
    std::size_t resumes() const;               ///< accepted
    std::size_t heartbeats() const;            ///< answered
    std::size_t requests() const;              ///< HTTP requests answered
    std::size_t rate_limited() const;          ///< of them with 429
    std::vector<SandboxClose> closes() const;  ///< ended gateway connections, in order (the last 10,000)

    /// Closes every gateway connection with 1001 and stops listening. Idempotent; what was in memory only is gone.
    void stop();

private:
    // In place of std::function, whose header alone is 14,000 lines.
    SandboxWait wait_matching(ChannelId channel, MessageId after, std::shared_ptr<void> predicate,
                              bool (*matches)(void* predicate, const raw::Message&), std::chrono::milliseconds timeout,
                              std::string what, const SandboxAuthor* author = nullptr);
    std::optional<SandboxEntry> wait_matching_entry(std::shared_ptr<void> predicate,
                                                    bool (*matches)(void* predicate, const SandboxEntry&),
                                                    std::chrono::milliseconds timeout, std::uint64_t after);
    friend class SandboxUser;
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

/// A person or a bot of a sandbox, who does what a test says. Not rate limited; what they do dispatches the same events
/// as the API does.
///
/// Errors: ConfigError for what the platform refuses, UsageError after the sandbox was stopped.
/// Threads: as `Sandbox`.
class SandboxUser {
public:
    UserId id() const noexcept { return id_; }
    const std::string& name() const noexcept { return name_; }
    Token token() const;

    MessageId say(ChannelId channel, std::string_view content) const;
    void edit(ChannelId channel, MessageId message, std::string_view content) const;
    /// Into a channel of direct messages: `ciphertext` is base64, stored and relayed as it is (protocol §16).
    MessageId say_encrypted(ChannelId channel, std::string_view ciphertext) const;
    void remove(ChannelId channel, MessageId message) const;
    /// Shows that they write; it runs out by itself.
    void type(ChannelId channel) const;

    /// Makes a server whose owner and only member is this user.
    ServerId create_server(std::string_view name) const;
    /// Makes a text channel.
    ChannelId create_channel(ServerId server, std::string_view name) const;
    void remove_channel(ChannelId channel) const;
    /// As Sandbox::open_direct.
    ChannelId open_direct(const std::vector<std::string>& others) const;
    void join(ServerId server) const;
    void leave(ServerId server) const;

private:
    friend class Sandbox;
    SandboxUser(std::shared_ptr<Sandbox::Impl> impl, std::string name, UserId id)
        : impl_(std::move(impl)), name_(std::move(name)), id_(id) {}

    std::shared_ptr<Sandbox::Impl> impl_;
    std::string name_;
    UserId id_;
};

}  // namespace intent
