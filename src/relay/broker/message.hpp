// A message on the broker, as a value.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::relay::broker {

/// The headers of a message, in order. A name may occur more than once; upper and lower case differ. Names are
/// printable ASCII without ':', values hold no line breaks.
class Headers {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Field> fields) : fields_(fields) {}
    explicit Headers(std::vector<Field> fields) : fields_(std::move(fields)) {}

    /// Replaces all fields of this name.
    void set(std::string_view name, std::string value);
    /// Adds one more field.
    void add(std::string_view name, std::string value) { fields_.emplace_back(name, std::move(value)); }
    void remove(std::string_view name);

    /// The first field of this name; null if there is none. Valid until the next change.
    const std::string* find(std::string_view name) const noexcept;
    /// All fields of this name.
    std::vector<std::string_view> all(std::string_view name) const;

    const std::vector<Field>& fields() const noexcept { return fields_; }
    bool empty() const noexcept { return fields_.empty(); }

    friend bool operator==(const Headers&, const Headers&) = default;

private:
    std::vector<Field> fields_;
};

/// The header by which a stream recognises a message that it has stored already.
inline constexpr std::string_view message_id_header = "Nats-Msg-Id";

/// What the broker knows about a message that it delivers from a stream.
struct Metadata {
    std::string stream;
    std::string consumer;
    std::uint64_t stream_sequence = 0;
    std::uint64_t consumer_sequence = 0;
    std::uint64_t deliveries = 0;                            ///< 1 at the first delivery
    std::uint64_t pending = 0;                               ///< messages that the consumer has not delivered yet
    std::chrono::sys_time<std::chrono::nanoseconds> time{};  ///< when the stream stored it
    friend bool operator==(const Metadata&, const Metadata&) = default;
};

struct Message {
    std::string subject = {};
    std::string reply = {};  ///< where an answer goes; empty: none is expected
    Headers headers = {};
    std::string data = {};
    friend bool operator==(const Message&, const Message&) = default;
};

/// A message as a stream holds it.
struct StoredMessage {
    Message message = {};
    std::uint64_t sequence = 0;
    std::chrono::sys_time<std::chrono::nanoseconds> time{};
};

/// The bytes that count against the broker's payload limit: body and encoded headers.
std::size_t payload_size(const Message& message) noexcept;

/// Reads the reply subject of a message that a consumer delivered: `$JS.ACK.<stream>.<consumer>.…`. Unset for any
/// other subject.
std::optional<Metadata> parse_metadata(std::string_view reply);

}  // namespace intent::relay::broker
