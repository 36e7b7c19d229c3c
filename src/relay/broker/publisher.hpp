// Publishes to a stream without losing a message or changing the order.
#pragma once

#include "relay/broker/connection.hpp"
#include "relay/broker/publish_window.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace intent::relay::broker {

struct PublisherOptions {
    PublishWindow::Options window = {};
    /// The stream that must acknowledge; empty: any. The acknowledgement of another one is then an error.
    std::string stream = {};
};

/// What has become of a message.
struct Published {
    std::uint64_t sequence = 0;     ///< in the stream
    bool duplicate = false;         ///< the stream had a message with this id before; `sequence` is of that one
    std::exception_ptr error = {};  ///< set: the stream does not have it and never will (ConfigError, ApiError)
};

struct PublisherStatistics {
    std::uint64_t acknowledged = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t refused = 0;
    std::uint64_t resent = 0;  ///< sent again after a timeout, a temporary error, or on a new connection
    std::size_t waiting = 0;   ///< not acknowledged yet
    std::size_t waiting_bytes = 0;
};

/// Publishes messages with ids (`message_id_header`) and keeps them until the stream has acknowledged them. What it has
/// not acknowledged is sent again after a timeout, a temporary error or a lost connection, in order; the id keeps the
/// stream from storing it twice, within the stream's window for duplicates.
///
/// Callbacks run on threads of the library, one at a time. They may call `publish`.
///
/// Threads: safe.
class Publisher {
public:
    struct Events {
        std::function<void()> room = {};  ///< `publish` returned false, and there is room again
        /// A temporary error, for the log; at most once per acknowledged message. The publisher goes on by itself.
        std::function<void(const std::string& text)> problem = {};
    };

    /// Errors: ConfigError for options out of range; NetworkError if the connection is closed.
    Publisher(std::shared_ptr<Connection> connection, const PublisherOptions& options, Events events);
    ~Publisher();  ///< forgets what is not acknowledged: its callbacks are destroyed, not called
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;

    /// Takes a message; false (and nothing is taken) while the window is full. It may be called without a connection.
    /// `done` is called once the stream has acknowledged or finally refused it, never from inside this function.
    ///
    /// Errors: ConfigError for a message without an id or subject, or over the broker's payload limit, with both sizes.
    /// Before the first connection the limit is unknown; then `done` gets the error.
    bool publish(Message message, std::function<void(const Published&)> done);

    bool full() const;
    PublisherStatistics statistics() const;

    /// Waits until everything is acknowledged. False after `timeout`. Not on a thread of the library.
    bool drain(std::chrono::milliseconds timeout);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::relay::broker
