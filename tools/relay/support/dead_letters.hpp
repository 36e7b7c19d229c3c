// The dead letters of a bot: events that every attempt failed to handle.
#pragma once

#include "relay/broker/jetstream.hpp"
#include "tools/relay/support/broker_access.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tool {

/// A dead letter as the stream holds it.
struct DeadLetterEntry {
    intent::relay::broker::StoredMessage stored;
    intent::relay::Names::DeadLetterSubject subject;
};

/// Reads the stream of dead letters.
///
/// Threads: one. Errors of every call: std::runtime_error if the broker does not answer.
class DeadLetters {
public:
    explicit DeadLetters(const BrokerAccess& access);

    /// Unset if there is no such dead letter.
    std::optional<DeadLetterEntry> find(std::uint64_t number);

    /// Calls `each` for the dead letters of an application (empty: of all), oldest first, until it returns false.
    void visit(const std::string& application, const std::function<bool(const DeadLetterEntry&)>& each);

    /// Publishes the event for its application again, and removes the dead letter once the stream has the event. False
    /// if another command has removed it meanwhile.
    bool retry(const DeadLetterEntry& letter);

    /// False if there is no such dead letter.
    bool drop(std::uint64_t number);

private:
    BrokerAccess access_;
    intent::relay::broker::JetStream streams_;
};

/// What is known about a dead letter: number, application, event, attempts, age and error.
boost::json::object describe(const DeadLetterEntry& letter);

/// Its payload as JSON.
std::string payload_json(const DeadLetterEntry& letter);

}  // namespace tool
