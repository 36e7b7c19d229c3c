// The headers of a published event, and of a dead letter.
#pragma once

#include "codec/result.hpp"

#include <intent/delivery.hpp>
#include <intent/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::relay {

/// Names and values of a message's headers.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The value of the first header with this name, in any case; empty if there is none.
std::string_view header(const Headers& headers, std::string_view name) noexcept;

inline constexpr std::string_view type_header = "Intent-Type";
inline constexpr std::string_view session_header = "Intent-Session";
inline constexpr std::string_view seq_header = "Intent-Seq";
inline constexpr std::string_view received_header = "Intent-Received";
inline constexpr std::string_view source_header = "Intent-Source";
inline constexpr std::string_view schema_header = "Intent-Schema";
inline constexpr std::string_view trace_header = "traceparent";
inline constexpr std::string_view error_header = "Intent-Error";
inline constexpr std::string_view attempts_header = "Intent-Attempts";
inline constexpr std::string_view sequence_header = "Intent-Stream-Seq";
inline constexpr std::string_view application_header = "Intent-Application";
/// The broker's own header: it drops a message whose id it has seen in the stream's duplicate window.
inline constexpr std::string_view deduplication_header = "Nats-Msg-Id";

/// The version of subjects, headers and payloads of events. It changes only if older workers would misread them.
inline constexpr unsigned schema = 1;

/// What the headers of an event state.
struct EventHeaders {
    bool is_gap = false;       ///< the payload is a Gap (gap_payload.hpp), not `d` of a dispatch
    std::string type = {};     ///< the name of the dispatch, "MESSAGE_CREATE"; empty for a gap
    std::string session = {};  ///< empty if the server sent none
    std::uint64_t seq = 0;     ///< 0: none
    Timestamp received{};      ///< when the relay received it; milliseconds
    DeliverySource source = DeliverySource::live;
    std::string traceparent = {};  ///< empty: none
    friend bool operator==(const EventHeaders&, const EventHeaders&) = default;
};

/// All values are safe as header values.
Headers write_event_headers(const EventHeaders& event);

/// A failure for another schema: it names both versions and what to update. Other headers that are missing or malformed
/// have their default value, except that an event needs a type.
codec::Result<EventHeaders> read_event_headers(const Headers& headers);

/// Why an event became a dead letter.
struct DeadLetter {
    std::string application = {};
    std::string error = {};        ///< the text of the last error, on one line
    unsigned attempts = 0;         ///< deliveries
    std::uint64_t stream_seq = 0;  ///< of the event in its stream
    friend bool operator==(const DeadLetter&, const DeadLetter&) = default;
};

/// A dead letter has at most this many bytes of headers more than its event.
inline constexpr std::size_t dead_letter_overhead = 1'024;

/// The headers of a dead letter: those of the event, without the broker's own and those whose names cannot be sent, and
/// those of `letter`. The error is
/// cleaned, cut at 400 bytes, and shows nothing shaped like a token.
Headers write_dead_letter_headers(const Headers& event, const DeadLetter& letter);
DeadLetter read_dead_letter(const Headers& headers);

/// The deduplication id of a dead letter: an event becomes one only once for each application.
std::string dead_letter_id(std::string_view application, std::uint64_t stream_seq);

}  // namespace intent::relay
