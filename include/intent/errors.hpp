// Every error that the SDK throws (protocol §6, §11).
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>

#include <optional>
#include <stdexcept>
#include <string>

namespace intent::inline v0 {

/// The base class of every exception of the SDK. `what()` describes the problem, where it occurred and how to fix it;
/// it never contains a token.
class INTENT_API Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A setting or an argument is invalid: empty token, malformed URL, content too long, … Nothing was sent.
class INTENT_API ConfigError : public Error {
public:
    using Error::Error;
};

/// The SDK was used incorrectly, e.g. `task::get()` on one of its own threads, or a structure after its client is gone.
class INTENT_API UsageError : public Error {
public:
    using Error::Error;
};

/// The client was stopped, or what the operation belongs to has ended: its Scope, its Collector, or the Modules. The
/// code that waits should end too, so `attempt` and loops over errors let it pass.
class INTENT_API CancelledError : public Error {
public:
    using Error::Error;
};

/// A later call of the bot replaced this one before it was answered: another `Client::join_voice`, or a `leave_voice`,
/// in the same server.
class INTENT_API ReplacedError : public Error {
public:
    using Error::Error;
};

/// Events arrived faster than the bot took them, and a bounded queue was full.
class INTENT_API OverflowError : public Error {
public:
    using Error::Error;
};

/// Data from the server has an unexpected format. The message begins with the path of the field (`message.author:
/// expected a map, got nil`).
class INTENT_API DecodeError : public Error {
public:
    using Error::Error;
};

/// No connection, a lost connection, or a rejected certificate.
class INTENT_API NetworkError : public Error {
public:
    using Error::Error;
};

/// No answer within the timeout.
class INTENT_API TimeoutError : public NetworkError {
public:
    using NetworkError::NetworkError;
};

/// A request may have taken effect, but its answer is lost: a relay ended while it was under way (relay.hpp). It is not
/// repeated, because it could take effect twice.
class INTENT_API UnknownOutcomeError : public NetworkError {
public:
    using NetworkError::NetworkError;
};

/// The gateway ended the session and reconnecting is pointless, or it refused a command (protocol §6).
class INTENT_API GatewayError : public Error {
public:
    /// `close_code`: 0 if there was none.
    GatewayError(const std::string& text, int close_code) : Error(text), close_code_(close_code) {}

    /// The WebSocket close code; 0 if there was none.
    int close_code() const noexcept { return close_code_; }

private:
    int close_code_;
};

/// The gateway refused the token (close code 4004, or Invalid Session five times in a row; protocol §5, §6).
class INTENT_API AuthenticationError : public GatewayError {
public:
    using GatewayError::GatewayError;
};

/// The gateway refused the shard, the version or the intents (close codes 4010, 4012, 4013; protocol §6).
class INTENT_API GatewayConfigError : public GatewayError {
public:
    using GatewayError::GatewayError;
};

/// The gateway refused a voice channel: unknown (close code 4011), not permitted (4014), or full (4015; protocol §6);
/// or it removed the bot from its channel (0).
class INTENT_API VoiceError : public GatewayError {
public:
    using GatewayError::GatewayError;
};

/// The details of an error answer (protocol §11).
struct HttpErrorInfo {
    int status = 0;       ///< of the answer
    std::string code;     ///< the server's error code or number, as text; empty if it sent none
    std::string message;  ///< the server's text: shortened, control bytes removed, never an HTML page
    std::string method;   ///< "POST"
    std::string route;    ///< the pattern, without tokens: "/channels/{channel_id}/messages"
    std::optional<std::chrono::milliseconds> retry_after = {};  ///< of a 429: the time to wait
    bool global = false;      ///< of a 429: the limit applies to every request of the token, not only to the bucket
    std::string bucket = {};  ///< of a 429: the server's bucket id, such as "ch:123:msg"; empty if it sent none
};

/// The REST API answered with an error status. Subclasses represent the statuses that callers distinguish.
class INTENT_API HttpError : public Error {
public:
    /// Describes the answer in `what()`.
    explicit HttpError(HttpErrorInfo info);

    /// The status of the answer.
    int status() const noexcept { return info_.status; }
    /// The server's error code or number, as text; empty if it sent none.
    const std::string& code() const noexcept { return info_.code; }
    /// The server's text; empty if it sent none.
    const std::string& server_message() const noexcept { return info_.message; }
    /// All details.
    const HttpErrorInfo& info() const noexcept { return info_; }

private:
    HttpErrorInfo info_;
};

/// 401: the token was rejected. Later calls fail at once with this error until the token is changed. For calls with a
/// webhook's own token, this applies to that token. For `login`, the credentials are wrong and later calls are not
/// affected.
class INTENT_API UnauthorizedError : public HttpError {
public:
    using HttpError::HttpError;
};

/// 403.
class INTENT_API ForbiddenError : public HttpError {
public:
    using HttpError::HttpError;
};

/// 404.
class INTENT_API NotFoundError : public HttpError {
public:
    using HttpError::HttpError;
};

/// 429, after all retries. `info().retry_after` is the time to wait before another attempt.
class INTENT_API RateLimitError : public HttpError {
public:
    using HttpError::HttpError;

    /// The server's bucket id; empty if it sent none.
    const std::string& bucket() const noexcept { return info().bucket; }
};

/// Any 5xx, after all retries.
class INTENT_API ServerError : public HttpError {
public:
    using HttpError::HttpError;
};

}  // namespace intent
