// Streams and consumers on the broker.
#pragma once

#include "relay/broker/connection.hpp"
#include "relay/broker/stream_config.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace intent::relay::broker {

/// The broker's API for streams and consumers. All calls block, at most for the connection's request timeout.
///
/// Errors of every call: ApiError with the broker's text; TimeoutError if it does not answer, also because it forbids
/// the account the call; NetworkError without a connection, or if JetStream is off.
///
/// Threads: safe, but not on a thread of the library.
class JetStream {
public:
    explicit JetStream(std::shared_ptr<Connection> connection);
    ~JetStream();
    JetStream(JetStream&&) noexcept;
    JetStream& operator=(JetStream&&) noexcept;

    /// Creates the stream, or checks one that exists.
    ///
    /// Errors: OtherConfiguration if it differs, with the fields, both values, and how to migrate; ApiError
    /// (`store_is_full`) that names the size.
    StreamInfo ensure_stream(const StreamConfig& config, OnDifference on_difference = OnDifference::fail);
    /// Unset if there is no such stream.
    std::optional<StreamInfo> stream_info(const std::string& stream);
    /// The subjects that have messages, of those that match `filter`.
    std::vector<std::string> subjects(const std::string& stream, const std::string& filter);
    /// Creates the stream of a bucket that does not exist. For KeyValue::ensure.
    void create_bucket(const BucketConfig& config);
    /// Changes the stream of a bucket that exists. For KeyValue::ensure.
    void edit_bucket(const BucketConfig& config);
    bool delete_stream(const std::string& stream);  ///< false if there is no such stream
    /// Removes the messages on a subject (with wildcards; empty: all).
    void purge(const std::string& stream, const std::string& subject = {});

    /// Creates the durable consumer, or checks one that exists; the same with OnDifference::edit for limits and times.
    /// A consumer's filter and beginning cannot be edited.
    ///
    /// Errors: OtherConfiguration if it differs, with the fields, both values, how to migrate; ApiError if there is no
    /// such stream.
    ConsumerInfo ensure_consumer(const std::string& stream, const ConsumerConfig& config,
                                 OnDifference on_difference = OnDifference::fail);
    /// Unset if there is no such consumer or stream.
    std::optional<ConsumerInfo> consumer_info(const std::string& stream, const std::string& consumer);
    /// The durable consumers of a stream. Errors: ApiError if there is no such stream.
    std::vector<ConsumerInfo> consumers(const std::string& stream);
    bool delete_consumer(const std::string& stream, const std::string& consumer);  ///< false if there is none

    /// Unset if the stream has no such message.
    std::optional<StoredMessage> get_message(const std::string& stream, std::uint64_t sequence);
    /// The last message on a subject (with wildcards). Unset if there is none.
    std::optional<StoredMessage> last_message(const std::string& stream, const std::string& subject);
    bool delete_message(const std::string& stream, std::uint64_t sequence);  ///< false if there is no such message

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace intent::relay::broker
