// Every error that the SDK throws (protocol §6, §11).
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

namespace intent {

/// The root of every exception of the SDK. `what()` says what went wrong, where, and what to do; it never holds a
/// token.
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A setting or an argument is not acceptable: empty token, malformed URL, content too long, … Nothing was sent.
class ConfigError : public Error {
public:
    using Error::Error;
};

/// The SDK was used in a way that cannot work, such as `task::get()` on one of its own threads, or a structure whose
/// client is gone.
class UsageError : public Error {
public:
    using Error::Error;
};

/// The client was stopped before the operation ended.
class CancelledError : public Error {
public:
    using Error::Error;
};

/// Bytes from the server do not hold what they should. The message begins with the path of the field
/// (`message.author: expected a map, got nil`).
class DecodeError : public Error {
public:
    using Error::Error;
};

/// No connection, a connection that broke, a certificate that was not accepted.
class NetworkError : public Error {
public:
    using Error::Error;
};

/// No answer within the time allowed.
class TimeoutError : public NetworkError {
public:
    using NetworkError::NetworkError;
};

/// The gateway ended the session for a reason that a reconnect cannot mend, or refused a command (protocol §6).
class GatewayError : public Error {
public:
    GatewayError(const std::string& text, int close_code) : Error(text), close_code_(close_code) {}

    /// The WebSocket close code; 0 if there was none.
    int close_code() const noexcept { return close_code_; }

private:
    int close_code_;
};

/// The gateway refused the token (close code 4004, or Invalid Session five times in a row; protocol §5, §6).
class AuthenticationError : public GatewayError {
public:
    using GatewayError::GatewayError;
};

/// The gateway refused the shard, the version or the intents (close codes 4010, 4012, 4013; protocol §6).
class GatewayConfigError : public GatewayError {
public:
    using GatewayError::GatewayError;
};

/// The gateway refused a voice channel: unknown (close code 4011), not permitted (4014), full (4015; protocol §6).
class VoiceError : public GatewayError {
public:
    using GatewayError::GatewayError;
};

/// What is known of an answer that reports an error (protocol §11).
struct HttpErrorInfo {
    int status = 0;
    std::string code;     ///< the server's word or number for the error, as text; empty if it gave none
    std::string message;  ///< the server's text: shortened, control bytes removed, never an HTML page
    std::string method;   ///< "POST"
    std::string route;    ///< the pattern, without tokens: "/channels/{channel_id}/messages"
    std::optional<std::chrono::milliseconds> retry_after = {};
    bool global = false;      ///< of a 429: every request of the token is held up, not only those of its bucket
    std::string bucket = {};  ///< of a 429: the server's id of the bucket, such as "ch:123:msg"; empty if it gave none
};

/// The REST API answered with an error status. Subclasses name the statuses that callers tell apart.
class HttpError : public Error {
public:
    explicit HttpError(HttpErrorInfo info);

    int status() const noexcept { return info_.status; }
    const std::string& code() const noexcept { return info_.code; }
    const std::string& server_message() const noexcept { return info_.message; }
    const HttpErrorInfo& info() const noexcept { return info_; }

private:
    HttpErrorInfo info_;
};

/// 401: the token is not accepted. Later calls fail at once with this error until the token is changed. Of a call by a
/// webhook's own token it is that token, and later calls by it fail; of `login`, the credentials, and none fails.
class UnauthorizedError : public HttpError {
public:
    using HttpError::HttpError;
};

/// 403.
class ForbiddenError : public HttpError {
public:
    using HttpError::HttpError;
};

/// 404.
class NotFoundError : public HttpError {
public:
    using HttpError::HttpError;
};

/// 429, after the retries are used up. `info().retry_after` says when a further try makes sense.
class RateLimitError : public HttpError {
public:
    using HttpError::HttpError;

    /// The server's id of the bucket; empty if it gave none.
    const std::string& bucket() const noexcept { return info().bucket; }
};

/// Any 5xx, after the retries are used up.
class ServerError : public HttpError {
public:
    using HttpError::HttpError;
};

}  // namespace intent
