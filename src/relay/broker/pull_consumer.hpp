// Receives messages of a stream through a durable consumer, and answers for each.
#pragma once

#include "relay/broker/connection.hpp"
#include "relay/broker/pull_demand.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace intent::relay::broker {

/// A delivered message, and its acknowledgement. One of `acknowledge`, `refuse` and `terminate` ends it, and later
/// calls do nothing. Without any of them the broker delivers it again after the consumer's wait.
///
/// All calls return false if there is no connection, and can then be repeated. A broker that was restarted still takes
/// the answer; without one it delivers the message again.
///
/// Threads: safe, also after the consumer is gone. Copies share the message.
class Delivery {
public:
    struct Impl;
    explicit Delivery(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

    const Message& message() const noexcept;
    const Metadata& metadata() const noexcept;

    bool acknowledge() const;  ///< handled: it is not delivered again
    /// `done` gets no error once the broker has stored the acknowledgement. For when a second delivery would do harm.
    void acknowledge(std::function<void(std::exception_ptr)> done) const;
    bool refuse(std::chrono::milliseconds delay) const;  ///< not handled: deliver it again after `delay`
    bool in_progress() const;                            ///< still at work: the broker's wait begins again
    bool terminate() const;                              ///< never deliver it again

private:
    std::shared_ptr<Impl> impl_;
};

struct PullOptions {
    std::string stream;
    std::string consumer;  ///< must exist: `JetStream::ensure_consumer`
    PullDemand::Options demand = {};
};

/// Pulls as many messages as are wanted from an existing durable consumer. Survives lost connections and restarts of
/// the broker. A consumer that does not exist is reported and asked for again with back-off.
///
/// Callbacks run on threads of the library, one at a time.
///
/// Threads: safe.
class PullConsumer {
public:
    struct Events {
        std::function<void(Delivery)> delivered;
        /// No consumer, no permission, no answer: for the log; the first time, and again when it was solved in between.
        /// It goes on by itself.
        std::function<void(std::exception_ptr)> problem = {};
    };

    /// Errors: ConfigError for options out of range; NetworkError if the connection is closed.
    PullConsumer(std::shared_ptr<Connection> connection, const PullOptions& options, Events events);
    ~PullConsumer();  ///< as `stop`; no callback is called afterwards
    PullConsumer(const PullConsumer&) = delete;
    PullConsumer& operator=(const PullConsumer&) = delete;

    /// This many more messages may be delivered. Begins with none.
    void want(std::size_t messages);
    /// Messages that may still be delivered.
    std::size_t wanted() const;

    /// Delivers nothing more, and refuses without delay what the broker still sends for earlier requests, so that
    /// another puller gets it. Deliveries made before can still be answered.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::relay::broker
