// The platform on one's own machine, in one's own process: for tests of bots, and for the `intent sandbox` command.
#pragma once

#include <intent/log.hpp>
#include <intent/raw/message.hpp>
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
    std::chrono::milliseconds heartbeat_interval{41250};
    bool limits = true;                 ///< rate limits and their headers (protocol §10)
    std::string certificate_file = {};  ///< PEM; https and wss when both files are given
    std::string private_key_file = {};  ///< PEM
    std::shared_ptr<LogSink> log = {};  ///< component "sandbox"; tokens are never logged
};

/// How one gateway connection ended.
struct SandboxClose {
    int code = 0;             ///< 1006: cut without a close frame
    bool by_sandbox = false;  ///< the sandbox closed or cut it
    friend bool operator==(const SandboxClose&, const SandboxClose&) = default;
};

/// The platform in one process: gateway, REST API, rate limits and store, on a thread of its own. It holds one server,
/// "Sandbox", owned by `alice` (password "alice"), with the text channel `#general`; every bot, and everybody who
/// registers through the API, is a member of it.
///
/// Who may do what is said by roles (docs/sandbox.md): members see a server, write in its text channels and speak in its
/// voice channels; bots that are members manage server, channels, roles, messages and webhooks besides; the owner may
/// everything.
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

    MessageId say(std::string_view user, ChannelId channel, std::string_view content);
    void edit(std::string_view user, ChannelId channel, MessageId message, std::string_view content);
    void remove(std::string_view user, ChannelId channel, MessageId message);

    /// All messages of a channel, oldest first.
    std::vector<raw::Message> messages(ChannelId channel) const;

    /// The oldest message of the channel that `matches`; waits for one that is posted or edited so if there is none.
    /// `matches` runs on the sandbox's thread. No value when the time is over, or the sandbox is stopped meanwhile.
    template <class Predicate>
    std::optional<raw::Message> wait_message(ChannelId channel, Predicate matches, std::chrono::milliseconds timeout) {
        const auto call = [](void* predicate, const raw::Message& message) -> bool {
            return (*static_cast<Predicate*>(predicate))(message);
        };
        return wait_matching(channel, std::make_shared<Predicate>(std::move(matches)), call, timeout);
    }
    /// The same for a message with this author and this content.
    std::optional<raw::Message> wait_message(ChannelId channel, std::string_view author, std::string_view content,
                                             std::chrono::milliseconds timeout);

    /// Cuts every gateway connection without a close frame. Their sessions can be resumed.
    void drop_connections();
    /// Closes every gateway connection with a code (protocol §6). Their sessions can be resumed.
    void close_connections(std::uint16_t code, std::string_view reason = {});
    /// Ends every session that waits for its Resume; the Resume is then answered with Invalid Session.
    void forget_sessions();
    /// Sends an event to every session. `json` is `d`, as it stands.
    void dispatch(std::string_view event, std::string_view json);
    /// Sends one frame that is no event to every session: `op` and, as JSON, `d` (protocol §4: 1, 6, 8, …).
    void send_op(std::uint8_t op, std::string_view json = "null");

    std::size_t sessions() const;              ///< sessions with a connection that is open
    std::size_t connections() const;           ///< open gateway connections, identified or not
    std::size_t identifies() const;            ///< accepted since the start
    std::size_t resumes() const;               ///< accepted since the start
    std::size_t heartbeats() const;            ///< answered since the start
    std::size_t requests() const;              ///< HTTP requests answered since the start
    std::size_t rate_limited() const;          ///< of them with 429
    std::vector<SandboxClose> closes() const;  ///< ended gateway connections, in order (the last 10,000)

    /// Closes every gateway connection with 1001 and stops listening. Idempotent; what was in memory only is gone.
    void stop();

private:
    // In place of std::function, whose header alone is 14,000 lines.
    std::optional<raw::Message> wait_matching(ChannelId channel, std::shared_ptr<void> predicate,
                                              bool (*matches)(void* predicate, const raw::Message&),
                                              std::chrono::milliseconds timeout);
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent
