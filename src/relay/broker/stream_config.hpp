// Streams and consumers as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace intent::relay::broker {

enum class Storage { file, memory };

/// What a stream should be. Limits retention and `discard old` always: deduplication then survives a crash of the
/// broker.
struct StreamConfig {
    std::string name;                   ///< without spaces, dots and wildcards
    std::string description = {};       ///< not compared with an existing stream
    std::vector<std::string> subjects;  ///< may have wildcards
    Storage storage = Storage::file;
    std::chrono::nanoseconds max_age{0};                           ///< older messages are removed; 0: no limit
    std::int64_t max_bytes = -1;                                   ///< the oldest messages make room; -1: no limit
    std::int64_t max_messages = -1;                                ///< the same; -1: no limit
    std::int32_t max_message_bytes = -1;                           ///< of one message; -1: no limit but the broker's
    std::chrono::nanoseconds duplicates{std::chrono::minutes(2)};  ///< how long message ids are remembered
    int replicas = 1;                                              ///< 1 to 5; more than 1 needs a cluster
};

/// What a bucket of keys and values (key_value.hpp) should be; the broker keeps it in a stream.
struct BucketConfig {
    std::string name;                   ///< letters, digits, `_` and `-`
    std::string description = {};       ///< not compared with an existing bucket
    int history = 1;                    ///< revisions kept for each key; 1 to 64
    std::chrono::nanoseconds ttl{0};    ///< values are removed after this; 0: never
    std::int64_t max_bytes = -1;        ///< of the bucket; a full one refuses values; -1: no limit
    std::int32_t max_value_bytes = -1;  ///< of one value; -1: no limit but the broker's
    Storage storage = Storage::file;
    int replicas = 1;
};

/// A field in which the stream on the broker is not as wanted.
struct Difference {
    std::string field;     ///< as `nats stream edit` calls it: "max-age"
    std::string actual;    ///< on the broker: "1h"
    std::string wanted;    ///< "24h"
    bool editable = true;  ///< false: only a new stream can have another value
    friend bool operator==(const Difference&, const Difference&) = default;
};

/// What to do about a stream that exists already and differs.
enum class OnDifference {
    fail,  ///< throw an OtherConfiguration that names the differences and the commands to migrate
    edit,  ///< change the stream if the broker can; otherwise as `fail`
};

struct StreamInfo {
    StreamConfig config;
    std::string retention = "limits";            ///< "limits", "interest" or "workqueue"
    std::string discard = "old";                 ///< "old" or "new"
    std::int64_t max_messages_per_subject = -1;  ///< -1: no limit
    std::chrono::sys_time<std::chrono::nanoseconds> created{};
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t first_sequence = 0;
    std::uint64_t last_sequence = 0;
    std::chrono::sys_time<std::chrono::nanoseconds> first_time{};  ///< 0 if it is empty
    std::chrono::sys_time<std::chrono::nanoseconds> last_time{};   ///< 0 if it was always empty
    std::int64_t consumers = 0;
};

/// Where a new consumer begins.
enum class DeliverFrom {
    beginning,  ///< the oldest message of the stream
    next,       ///< the first message that comes after its creation
    sequence,   ///< `start_sequence`
};

/// What a durable pull consumer with explicit acknowledgements should be.
struct ConsumerConfig {
    std::string name;                 ///< without spaces, dots and wildcards
    std::string description = {};     ///< not compared with an existing consumer
    std::string filter_subject = {};  ///< may have wildcards; empty: all messages of the stream
    std::chrono::nanoseconds ack_wait{
        std::chrono::seconds(30)};  ///< then a message is delivered again; unused with `backoff`
    /// The waits before the second, third, … delivery of a message that was not acknowledged; the last one repeats. The
    /// broker ignores them for a message that was refused (`Delivery::refuse`). Fewer than `max_deliveries`.
    std::vector<std::chrono::nanoseconds> backoff = {};
    std::int64_t max_deliveries = -1;  ///< of one message, then the broker drops it silently; -1: no limit
    std::int64_t max_ack_pending =
        1'000;  ///< messages that are delivered and not acknowledged, of all who pull; -1: no limit
    DeliverFrom from = DeliverFrom::beginning;  ///< for a new consumer
    std::uint64_t start_sequence = 0;           ///< with DeliverFrom::sequence
    /// The broker deletes the consumer when nobody has pulled for this long; 0: never.
    std::chrono::nanoseconds inactive_threshold{0};
};

struct ConsumerInfo {
    std::string stream = {};
    ConsumerConfig config;
    std::chrono::sys_time<std::chrono::nanoseconds> created{};
    std::uint64_t deliveries = 0;             ///< so far, repeated ones included
    std::uint64_t delivered_sequence = 0;     ///< of the stream: the last message that was delivered
    std::uint64_t acknowledged_sequence = 0;  ///< of the stream: all messages up to it are acknowledged
    std::int64_t ack_pending = 0;             ///< delivered, not acknowledged
    std::int64_t redelivered = 0;             ///< of them, those that were delivered more than once
    std::int64_t waiting = 0;                 ///< pull requests that wait for messages
    std::uint64_t pending = 0;                ///< messages that were not delivered yet
};

/// The fields in which an existing stream or consumer is not as wanted.
std::vector<Difference> differences(const StreamInfo& actual, const StreamConfig& wanted);
std::vector<Difference> differences(const ConsumerInfo& actual, const ConsumerConfig& wanted);

/// The text of the ConfigError: fields, both values, and the commands to migrate.
std::string describe_stream_differences(const std::string& stream, const std::vector<Difference>& found);
std::string describe_consumer_differences(const std::string& stream, const std::string& consumer,
                                          const std::vector<Difference>& found);

/// Whether the broker can change a stream or consumer that exists in all these fields.
bool all_editable(const std::vector<Difference>& found);

/// "24h", "1m30s", "250ms", as `nats` writes and reads them; "0s" for zero.
std::string duration_text(std::chrono::nanoseconds duration);

}  // namespace intent::relay::broker
