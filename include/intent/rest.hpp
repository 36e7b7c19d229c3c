// The REST API: one function per route (protocol §9).
#pragma once

#include <intent/bodies.hpp>
#include <intent/channel.hpp>
#include <intent/client_ref.hpp>
#include <intent/log.hpp>
#include <intent/message.hpp>
#include <intent/server.hpp>
#include <intent/snowflake.hpp>
#include <intent/task.hpp>
#include <intent/token.hpp>
#include <intent/user.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent {

namespace detail {
struct Reach;
}

/// How a connection is made and what it trusts: TLS 1.2 or later, the host's name checked, the system's trust store.
struct TlsSettings {
    std::string extra_ca_file = {};              ///< PEM file trusted besides the system's store
    bool dangerously_skip_verification = false;  ///< accepts any certificate; for tests on your own machine only
};

/// Settings of a RestClient that has no gateway connection.
struct RestOptions {
    Token token = {};                                     ///< may be empty for calls that need none
    std::string rest_url = "https://api.intent.chat/v1";  ///< https:// or http:// with the base path
    TlsSettings tls = {};
    std::chrono::milliseconds request_timeout =
        std::chrono::seconds(15);                               ///< of one try, from connect to the last byte
    std::shared_ptr<LogSink> log = stderr_log(LogLevel::warn);  ///< null: silence
};

/// What is known of the bucket of a route (protocol §10).
struct RateLimitInfo {
    std::optional<int> limit = {};
    std::optional<int> remaining = {};
    std::optional<std::chrono::milliseconds> reset_after = {};
    std::size_t waiting = 0;  ///< calls that wait for their turn
};

/// Calls the REST API. Calls wait for their turn, so that a bot that is the token's only client never meets a rate
/// limit; within a bucket they are made in the order they were called. Faults are retried as protocol §11 says.
///
/// Every call fails with ConfigError when an argument is not acceptable or the token is missing (nothing is sent then),
/// UnauthorizedError, ForbiddenError, NotFoundError, RateLimitError, ServerError, HttpError by the answer's status,
/// NetworkError and TimeoutError without one, DecodeError when the answer is not what the route answers, CancelledError
/// when the client stops first. Each costs one request, retries apart.
///
/// Distinct objects: safe. Shared objects: safe.
class RestClient {
public:
    /// A client with a thread of its own, for programs that need no gateway.
    ///
    /// Errors: ConfigError for a malformed URL.
    explicit RestClient(RestOptions options);
    RestClient(RestClient&&) noexcept;
    RestClient& operator=(RestClient&&) noexcept;
    ~RestClient();  ///< of a client of its own: cancels what is pending and waits

    task<std::vector<Server>> get_servers();
    task<Server> get_server(ServerId id);
    task<Server> create_server(NewServer server);
    task<Server> edit_server(ServerId id, ServerEdit changes);
    task<> delete_server(ServerId id);
    task<> leave_server(ServerId id);
    task<std::vector<Member>> get_members(ServerId id);

    task<std::vector<Channel>> get_channels(ServerId id);
    task<Channel> get_channel(ChannelId id);
    task<Channel> create_channel(ServerId id, NewChannel channel);
    task<Channel> edit_channel(ChannelId id, ChannelEdit changes);
    task<> delete_channel(ChannelId id);

    task<std::vector<Message>> get_messages(ChannelId channel, PageOptions page = {});
    task<Message> get_message(ChannelId channel, MessageId id);
    task<Message> create_message(ChannelId channel, MessageBody body);
    task<Message> edit_message(ChannelId channel, MessageId id, MessageBody body);
    task<> delete_message(ChannelId channel, MessageId id);

    task<User> get_current_user();
    task<User> get_user(UserId id);

    /// The JSON text that `GET path` answers; `path` is below the base and begins with '/', e.g. `/servers`. Limits,
    /// retries and errors are as for every call.
    task<std::string> get_json(std::string path);

    /// Replaces the token for calls made from now on; calls that fail because the old one was refused work again.
    void set_token(Token token);

    /// What is known of the bucket that `create_message` on this channel uses. Cost: no request.
    task<RateLimitInfo> message_limit(ChannelId channel);

private:
    friend class Client;
    friend struct detail::Reach;
    explicit RestClient(std::shared_ptr<detail::RestCore> core);
    std::shared_ptr<detail::RestCore> core_;
    bool owns_thread_ = false;
};

}  // namespace intent
