// Errors of the broker that callers distinguish. All others are ConfigError, NetworkError and TimeoutError.
#pragma once

#include <intent/errors.hpp>

#include <cstdint>
#include <string>

namespace intent::relay::broker {

/// Nothing was sent: there is no connection.
class NotSent : public NetworkError {
public:
    using NetworkError::NetworkError;
};

/// The connection was lost before the answer came: the outcome is unknown.
class LostRequest : public NetworkError {
public:
    using NetworkError::NetworkError;
};

/// Nobody listens on the subject: the other side is not running, or (of the broker itself) the stream or consumer does
/// not exist, or JetStream is off.
class NoResponders : public NetworkError {
public:
    using NetworkError::NetworkError;
};

/// The broker forbids this account the subject. Only some brokers report it; a TimeoutError may mean the same.
class Forbidden : public NetworkError {
public:
    using NetworkError::NetworkError;
};

/// A stream, bucket or consumer exists with another configuration. The text has the differences.
class OtherConfiguration : public ConfigError {
public:
    OtherConfiguration(const std::string& text, bool editable) : ConfigError(text), editable_(editable) {}

    /// The broker can change all of it (OnDifference::edit).
    bool editable() const noexcept { return editable_; }

private:
    bool editable_;
};

/// The broker answered a request to its API with an error.
class ApiError : public NetworkError {
public:
    ApiError(const std::string& text, int status, int code) : NetworkError(text), status_(status), code_(code) {}

    /// As in HTTP: 404 for a stream that does not exist, 503 for "not now".
    int status() const noexcept { return status_; }
    /// The broker's own number of the error, such as 10059 (stream not found).
    int code() const noexcept { return code_; }

private:
    int status_;
    int code_;
};

/// The code of an ApiError: the store of the broker, or of the account, cannot reserve the size of a stream or bucket.
inline constexpr int store_is_full = 10047;

/// What an API error means for whoever asked.
enum class Verdict {
    missing,    ///< stream, consumer or message does not exist
    conflict,   ///< the value has changed in the meantime, or exists already
    transient,  ///< the same request may work later: storage is full, there is no leader, …
    final,      ///< the same request fails again
};
Verdict verdict(int status, int code) noexcept;

}  // namespace intent::relay::broker
