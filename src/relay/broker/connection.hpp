// The connection to the broker: messages, subscriptions, requests.
#pragma once

#include "relay/broker/message.hpp"
#include "relay/broker/options.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace intent::net {
class Loop;
}

namespace intent::relay::broker {

/// Ends with this object: a subscription, or a listener. After its destruction the callback is not called any more, and
/// a running call has returned, unless the callback itself destroys it.
///
/// Threads: must not be destroyed with a lock held that the callback takes.
class Registration {
public:
    Registration() = default;
    explicit Registration(std::shared_ptr<void> owned) : owned_(std::move(owned)) {}
    Registration(Registration&&) noexcept = default;
    Registration& operator=(Registration&&) noexcept = default;

    void reset() noexcept { owned_.reset(); }
    explicit operator bool() const noexcept { return owned_ != nullptr; }

private:
    std::shared_ptr<void> owned_;
};

/// A change of the connection.
enum class ConnectionChange {
    connected,     ///< also after a loss; the subscriptions are in place again
    disconnected,  ///< it connects again by itself
    closed,        ///< `close` was called, or the broker refused the login again; the last change
};

/// Functions that are called on a thread of the library, one at a time. They must not block for long.
struct ConnectionEvents {
    /// `reason`: of `disconnected`; empty if there is none.
    std::function<void(ConnectionChange change, const std::string& reason)> changed = {};
    /// Something went wrong that belongs to no call: a forbidden subject, a subscription that could not keep up, the
    /// reason why the first connection does not come about.
    std::function<void(const std::string& text)> error = {};
};

struct ConnectionStatistics {
    std::uint64_t sent_messages = 0;
    std::uint64_t sent_bytes = 0;
    std::uint64_t received_messages = 0;
    std::uint64_t received_bytes = 0;
    std::uint64_t reconnects = 0;
};

/// The answer to a request, or why there is none; exactly one is set. Errors: TimeoutError; NetworkError if nobody
/// listens (`NoResponders`), if the connection was lost in the meantime (the outcome is unknown: `LostRequest`), or if
/// the request could not be sent (nothing was sent: `NotSent`).
struct Answer {
    Message message = {};
    std::exception_ptr error = {};

    /// The message. Errors: rethrows `error`.
    const Message& value() const {
        if (error) std::rethrow_exception(error);
        return message;
    }
};

/// A connection that connects again by itself, until it is closed. It sends nothing while it is disconnected: a message
/// is either refused at once or on its way, so its owner decides what is sent again, and in which order.
///
/// Threads: safe, except that the destructor and `close` must not run on a thread of the library (in a callback).
class Connection {
public:
    /// Tries each address once, then returns; a broker that could not be reached is tried until it answers. One that
    /// refuses the login twice closes the connection.
    ///
    /// Errors: ConfigError, also for files that cannot be read.
    Connection(const ConnectionOptions& options, ConnectionEvents events = {});
    ~Connection();  ///< closes it; no callback is called afterwards
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    const ConnectionOptions& options() const noexcept;

    bool connected() const noexcept;
    /// Waits for the first connection or the next one. False after `timeout`.
    bool wait_connected(std::chrono::milliseconds timeout) const;
    /// Why the first attempt failed, or the connection was lost or closed; empty while it is connected.
    std::string last_problem() const;
    /// Counts the connections so far: what was sent under a smaller number may be lost. 0 before the first.
    std::uint64_t epoch() const noexcept;

    /// The broker's limit for body and headers of a message in bytes; 0 if no broker was reached yet.
    std::size_t max_payload() const noexcept;
    /// The address of the broker that it is connected to, without user info; empty if it is not connected.
    std::string server() const;
    /// The broker's id; empty if it is not connected. Changes when the broker is restarted.
    std::string server_id() const;
    ConnectionStatistics statistics() const;

    /// Sends a message; returns before the broker has it.
    ///
    /// Errors: ConfigError for a body over the broker's limit, an invalid subject or an invalid header (nothing was
    /// sent); NetworkError if there is no connection (nothing was sent) or it breaks (it may have been sent).
    void publish(const Message& message);
    /// The same without exceptions for a connection that is not there: false.
    bool try_publish(const Message& message);

    /// Returns when the broker has received everything that was sent before. Errors: NetworkError, TimeoutError.
    void flush(std::chrono::milliseconds timeout);

    /// Sends a message with a reply subject of its own. `done` is called once, on a thread of the library; also if this
    /// connection is closed. It is not called from inside this function.
    ///
    /// Errors: ConfigError, as `publish`; NotSent if this connection is closed. All others go to `done`.
    void request(Message message, std::chrono::milliseconds timeout, std::function<void(Answer)> done);
    /// The same, blocking. Not on a thread of the library. Errors: as `Answer`, and ConfigError.
    Message request(Message message, std::chrono::milliseconds timeout);

    /// Calls `received` for each message on a subject, which may have wildcards (`*`, and `>` at the end), one at a
    /// time on a thread of its own. Of the members of a queue group, one gets each message. Survives lost connections,
    /// which lose messages.
    ///
    /// `max_waiting`: messages that may wait for `received`; further ones are dropped, which is reported as an error of
    /// the connection. 0: no limit.
    ///
    /// Errors: ConfigError for an invalid subject; NetworkError if the connection is closed.
    Registration subscribe(const std::string& subject, const std::string& queue_group,
                           std::function<void(Message)> received, std::size_t max_waiting = 65'536);
    Registration subscribe(const std::string& subject, std::function<void(Message)> received) {
        return subscribe(subject, {}, std::move(received));
    }

    /// A subject below the inbox prefix that nobody else uses; it may be extended by further tokens.
    std::string new_inbox() const;

    /// Calls `changed` like ConnectionEvents::changed, before that one.
    Registration listen(std::function<void(ConnectionChange)> changed);

    /// Ends subscriptions when they have delivered what they have received, sends the rest, and closes. Blocks until
    /// then; false if `timeout` was too short (it is closed nevertheless).
    bool drain(std::chrono::milliseconds timeout);
    /// Closes it at once. Requests that wait end with CancelledError.
    void close() noexcept;

    /// The thread of its timers, for the parts of this folder.
    net::Loop& timers() noexcept;
    /// For the parts of this folder.
    struct Impl;
    Impl& impl() noexcept { return *impl_; }

private:
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::relay::broker
