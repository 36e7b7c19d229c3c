// A local implementation of the platform in your process, for tests of bots and for the `intent sandbox` command.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/test.hpp>
#include <intent/raw/message.hpp>
#include <intent/sandbox/delivery.hpp>
#include <intent/sandbox/fault.hpp>
#include <intent/sandbox/journal.hpp>
#include <intent/sandbox/options.hpp>
#include <intent/sandbox/wait.hpp>
#include <intent/secret.hpp>
#include <intent/snowflake.hpp>
#include <intent/token.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0 {

struct ClientOptions;

namespace sandbox {
class Reader;
class User;
}  // namespace sandbox

/// The platform in one process: gateway, REST API, rate limits and store, on its own thread. It has one server,
/// "Sandbox", owned by `alice` (password "alice"), with the text channel `#general`. Every bot, and everyone who
/// registers through the API, is a member of it.
///
/// Permissions come from roles (docs/sandbox.md). Members see a server, write in its text channels and speak in its
/// voice channels. Bots can also manage the server, channels, roles, messages and webhooks. The owner has all
/// permissions.
///
/// Functions that act as a person are not rate limited and dispatch the same events as the API.
///
/// Errors: ConfigError for an invalid argument (unknown name or id, text too long, …), UsageError after `stop`.
/// Threads: every function may be called from any thread, and blocks until the sandbox's thread has executed it. None
/// may be called from the log sink or from a predicate given to `wait_message`.
class INTENT_API Sandbox {
public:
    /// Starts the sandbox. It accepts connections when the constructor returns.
    ///
    /// Errors: ConfigError with a one-line message: the port is in use; the database file is unreadable or belongs to
    /// another program or a newer version; a bot's name or token is invalid.
    explicit Sandbox(sandbox::Options options = {});
    ~Sandbox();  ///< stop()
    Sandbox(Sandbox&&) noexcept;
    Sandbox& operator=(Sandbox&&) noexcept;

    std::string gateway_url() const;  ///< "ws://127.0.0.1:8080/gateway"
    std::string rest_url() const;     ///< "http://127.0.0.1:8080/api/v1"
    std::string web_url() const;      ///< "http://127.0.0.1:8080/"

    /// The token of a bot; without a name, of the first bot.
    Token bot_token(std::string_view name = {}) const;
    /// A token of a person, valid for 7 days.
    Token user_token(std::string_view name) const;
    /// Options of a client that is this bot or person; without a name, the first bot: its
    /// token, the URLs, the sandbox's clock, and with TLS the sandbox's certificate as a trusted one. Needs
    /// <intent/client.hpp>.
    ///
    ///     intent::Client bot(sandbox.client_options());
    ClientOptions client_options(std::string_view name = {}) const;

    ServerId server() const;    ///< the server "Sandbox"
    ChannelId general() const;  ///< its channel `#general`
    /// The id of a user.
    UserId user_id(std::string_view name) const;

    /// Creates a person who is a member of the server "Sandbox".
    UserId add_user(std::string_view name);
    /// Creates a server with `user` as its owner and only member.
    ServerId create_server(std::string_view user, std::string_view name);
    /// Makes a user a member of a server.
    void add_member(ServerId server, std::string_view user);
    /// Creates a text channel.
    ChannelId create_channel(std::string_view user, ServerId server, std::string_view name);

    /// Opens a channel of direct messages: with one other user the existing or a new one, with 2-9 others a new group
    /// that `user` owns. Its members receive CHANNEL_CREATE.
    ChannelId open_direct(std::string_view user, const std::vector<std::string>& others);

    /// Posts a message as a user, and returns its id.
    MessageId say(std::string_view user, ChannelId channel, std::string_view content);
    /// Edits a message as a user.
    void edit(std::string_view user, ChannelId channel, MessageId message, std::string_view content);
    /// Deletes a message as a user.
    void remove(std::string_view user, ChannelId channel, MessageId message);

    /// All messages of a channel, oldest first.
    std::vector<raw::Message> messages(ChannelId channel) const;

    /// A person or bot to act as: `auto alice = sandbox.user("alice"); alice.say(general, "hi");`. An unknown name
    /// creates a person.
    sandbox::User user(std::string_view name);

    /// Reads what `author`, such as "bot", posts.
    sandbox::Reader reader(sandbox::Author author) const;

    /// Returns the oldest message of `author` with `text` in `channel` after the message `after`. If there is no such
    /// message, waits until one is posted or edited: `sandbox.wait_message(general, bot, sandbox::containing("pong"),
    /// 2s)`. The result is false if the timeout expires or the sandbox is stopped; it then describes what happened
    /// instead.
    sandbox::WaitResult wait_message(ChannelId channel, sandbox::Author author, sandbox::Text text,
                                     std::chrono::milliseconds timeout, MessageId after = {});
    /// The same for any text.
    sandbox::WaitResult wait_message(ChannelId channel, sandbox::Author author, std::chrono::milliseconds timeout,
                                     MessageId after = {});
    /// The same for a message for which `matches` is true. `matches` takes a `const raw::Message&` and runs on the
    /// sandbox's thread.
    ///
    /// Errors: what `matches` throws; UsageError if it calls the sandbox.
    template <class Predicate>
    requires(!std::is_convertible_v<Predicate, sandbox::Author>) sandbox::WaitResult
        wait_message(ChannelId channel, Predicate matches, std::chrono::milliseconds timeout, MessageId after = {}) {
        return wait_matching(channel, after, detail::Test<raw::Message>(std::move(matches)), timeout,
                             "a matching message");
    }

    /// Waits until this user has a session and its initial frames are being sent: the user misses no event from then
    /// on, even if the connection is lost. Returns false at the timeout.
    [[nodiscard]] bool wait_online(std::string_view user, std::chrono::milliseconds timeout);

    /// Adds a fault and returns its id: `sandbox.fault(fault::status(503).path("/channels/*").times(2))`. `drop`,
    /// `close`, `reconnect`, `invalid_session`, `bad_msgpack` and `text_frame` apply at once if they name no event.
    std::uint64_t fault(sandbox::Fault fault);
    /// How often the fault was applied, also after it was removed.
    std::size_t hits(std::uint64_t fault) const;
    /// Removes a fault. Does nothing if it is gone.
    void remove_fault(std::uint64_t fault);
    /// Removes all faults.
    void clear_faults();

    /// Advances every clock of the sandbox: rate limits, expiries, timestamps, faults. At most 10 years in total.
    ///
    /// With a TestClock in the options, this is `TestClock::advance`: the bots that use the clock move too, every timer
    /// runs at its time, and nothing is left to do when it returns. Without one, the sandbox's clock jumps ahead of the
    /// system's; connections do not time out then, because their clients' clocks do not change.
    ///
    /// Errors: ConfigError for a negative step, or beyond the 10 years; with a TestClock, also those of its `advance`.
    void advance(std::chrono::milliseconds step);
    /// The TestClock of the options, for the options of a bot: `.clock = sandbox.clock()`.
    ///
    /// Errors: UsageError if the options have none.
    TestClock clock() const;

    /// Returns the journal entries with a number above `after` (the last 50,000 entries or 64 MiB are kept).
    std::vector<sandbox::Entry> journal(std::uint64_t after = 0) const;
    /// Removes all entries. Their numbers are not used again.
    void clear_journal();
    /// Returns the first entry with a number above `after` for which `matches` is true, and waits for one if there is
    /// no such entry. `matches` runs on the sandbox's thread. Returns no value if the timeout expires or the sandbox is
    /// stopped.
    ///
    /// Errors: what `matches` throws; UsageError if it calls the sandbox.
    template <class Predicate>
    std::optional<sandbox::Entry> wait_entry(Predicate matches, std::chrono::milliseconds timeout,
                                             std::uint64_t after = 0) {
        return wait_matching_entry(detail::Test<sandbox::Entry>(std::move(matches)), timeout, after);
    }
    /// A report for the message of a failed test: the messages, the REST requests and their answers, the connections,
    /// and the applied faults.
    std::string transcript() const;

    /// Resets to the initial state: users, servers, messages, sessions, faults, journal, counters. The bots keep their
    /// tokens.
    void reset();
    /// Returns the store as the bytes of a SQLite file.
    std::string snapshot() const;
    /// Replaces the store with a snapshot. Sessions are closed with 1012, and the counters restart at 0.
    ///
    /// Errors: ConfigError for bytes that are not a snapshot of a sandbox; nothing is changed then.
    void restore(std::string_view snapshot);

    /// Drops every gateway connection without a close frame. Their sessions can be resumed.
    void drop_connections();
    /// Closes every gateway connection with a code (protocol §6). Their sessions can be resumed.
    ///
    /// Errors: ConfigError for a code that a close frame cannot carry, or a reason of more than 123 bytes.
    void close_connections(std::uint16_t code, std::string_view reason = {});
    /// Ends every session that waits for its Resume; the Resume is then answered with Invalid Session.
    void forget_sessions();
    /// Sends an event to every session. `json` is sent as `d` unchanged.
    void dispatch(std::string_view event, std::string_view json);
    /// The same only for the sessions of these users, including those that wait for their Resume. Use it for events of
    /// encrypted direct messages (protocol §16). Returns the number of sessions.
    ///
    ///     sandbox.dispatch("MLS_WELCOME", R"({"channel_id": "…", "welcome": "…", "group_info": "…"})", {"bot"});
    std::size_t dispatch(std::string_view event, std::string_view json, const std::vector<std::string>& users);
    /// Posts `body` (JSON) to a bot's own HTTP endpoint, signed with `secret` as the platform signs its deliveries
    /// (protocol §12), and returns the delivery's id at once. A failed attempt is retried after 1 s, 5 s, 30 s, 2 min
    /// and 10 min (each up to 20 % longer), or after a 429's `Retry-After`. The waits use the sandbox's clock, so
    /// `advance` skips them. An attempt fails with a status of 400 or more, without an answer within 5 s, or without a
    /// connection.
    ///
    /// Errors: ConfigError for an empty secret, a URL that is neither http nor https, or an endpoint that is disabled
    /// after 50 dropped deliveries in a row.
    std::string deliver(std::string_view url, Secret secret, std::string_view body);
    /// Waits until the delivery has ended or has had `attempts` attempts (0: until it has ended), at most `timeout`,
    /// and returns its state.
    ///
    /// Errors: ConfigError for an unknown id (the last 1,000 deliveries are kept).
    sandbox::Delivery wait_delivery(std::string_view id, std::chrono::milliseconds timeout, std::size_t attempts = 0);
    /// Enables deliveries to a disabled endpoint.
    void enable_deliveries(std::string_view url);

    /// Sends a frame other than an event to every session: `op` and, as JSON, `d` (protocol §4: 1, 6, 8, …).
    void send_op(std::uint8_t op, std::string_view json = "null");

    // `reset` and `restore` set the counters to 0.
    std::size_t sessions() const;                ///< sessions with an open connection
    std::size_t connections() const;             ///< open gateway connections, identified or not
    std::size_t identifies() const;              ///< accepted
    std::size_t resumes() const;                 ///< accepted
    std::size_t heartbeats() const;              ///< answered
    std::size_t requests() const;                ///< HTTP requests answered
    std::size_t rate_limited() const;            ///< requests answered with 429
    std::vector<sandbox::Close> closes() const;  ///< ended gateway connections, in order (the last 10,000)

    /// Closes every gateway connection with 1001 and stops listening. Data that was only in memory is lost. It may be
    /// called any number of times.
    void stop();

private:
    sandbox::WaitResult wait_matching(ChannelId channel, MessageId after, detail::Test<raw::Message> matches,
                                      std::chrono::milliseconds timeout, std::string what,
                                      const sandbox::Author* author = nullptr);
    std::optional<sandbox::Entry> wait_matching_entry(detail::Test<sandbox::Entry> matches,
                                                      std::chrono::milliseconds timeout, std::uint64_t after);
    sandbox::User existing_user(std::string_view name) const;
    friend class sandbox::Reader;
    friend class sandbox::User;
    class Impl;
    std::shared_ptr<Impl> impl_;
};

namespace sandbox {

/// A person or a bot of a sandbox, controlled by a test. Not rate limited; actions dispatch the same events as the API.
///
/// Errors: ConfigError if the platform rejects the action, UsageError after the sandbox was stopped.
/// Threads: as `Sandbox`.
class INTENT_API User {
public:
    /// The user's id.
    UserId id() const noexcept { return id_; }
    /// The username.
    const std::string& name() const noexcept { return name_; }
    /// A token of the user, for the API.
    Token token() const;

    /// Posts a message, and returns its id.
    MessageId say(ChannelId channel, std::string_view content) const;
    /// Edits a message.
    void edit(ChannelId channel, MessageId message, std::string_view content) const;
    /// Posts in a channel of direct messages: `ciphertext` is base64, stored and relayed unchanged (protocol §16).
    MessageId say_encrypted(ChannelId channel, std::string_view ciphertext) const;
    /// Deletes a message.
    void remove(ChannelId channel, MessageId message) const;
    /// Shows the user as typing; this expires by itself.
    void type(ChannelId channel) const;

    /// Creates a server with this user as its owner and only member.
    ServerId create_server(std::string_view name) const;
    /// Creates a text channel.
    ChannelId create_channel(ServerId server, std::string_view name) const;
    /// Deletes a channel.
    void remove_channel(ChannelId channel) const;
    /// As Sandbox::open_direct.
    ChannelId open_direct(const std::vector<std::string>& others) const;
    /// Becomes a member of a server.
    void join(ServerId server) const;
    /// Leaves a server.
    void leave(ServerId server) const;

private:
    friend class intent::Sandbox;
    User(std::shared_ptr<Sandbox::Impl> impl, std::string name, UserId id)
        : impl_(std::move(impl)), name_(std::move(name)), id_(id) {}

    std::shared_ptr<Sandbox::Impl> impl_;
    std::string name_;
    UserId id_;
};

/// Reads what an author posts. Each call returns what is new in a channel since the last one, the first call
/// everything:
///
///     auto bot = sandbox.reader("bot");
///     EXPECT_EQ(bot.answer_to(alice, general, "!remind 2h tea"), "I will remind you.");
///     sandbox.advance(2h);
///     EXPECT_EQ(bot.next(general), std::vector<std::string>{"alice, remember: tea"});
///
/// With a TestClock in the sandbox's options, both functions wait until nothing is left to do (`TestClock::settle`), so
/// they return everything that the author posts at the present time, and nothing if it posts nothing. Without one, they
/// cannot know whether more will follow: they return as soon as there is a new message, or empty after `timeout`.
///
/// Errors: ConfigError for an unknown channel; with a TestClock, those of its `settle`; UsageError after the sandbox
/// was stopped. Distinct objects: safe. Shared objects: unsafe.
class INTENT_API Reader {
public:
    /// The texts of the new messages, oldest first.
    std::vector<std::string> next(ChannelId channel, std::chrono::milliseconds timeout = std::chrono::seconds(5));

    /// Says a line as `user` and returns the text of the answer; of several messages, the texts joined by line breaks.
    /// Messages that are new before the line is said are skipped.
    std::string answer_to(const User& user, ChannelId channel, std::string_view line,
                          std::chrono::milliseconds timeout = std::chrono::seconds(5));

private:
    friend class intent::Sandbox;
    Reader(std::shared_ptr<Sandbox::Impl> impl, Author author) : impl_(std::move(impl)), author_(std::move(author)) {}
    void settle() const;
    std::vector<std::string> take(ChannelId channel);
    MessageId& last_read(ChannelId channel);

    std::shared_ptr<Sandbox::Impl> impl_;
    Author author_;
    std::vector<std::pair<ChannelId, MessageId>> last_read_ = {};
};

}  // namespace sandbox
}  // namespace intent
