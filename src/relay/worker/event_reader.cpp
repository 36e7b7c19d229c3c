#include "relay/worker/event_reader.hpp"

#include <charconv>
#include <string_view>
#include <utility>

namespace intent::relay {

namespace {

/// Events with the same text stay in order: those of a channel, otherwise those of a server. Voice states belong to the
/// server, because a user who leaves has no channel.
std::string order_of(const EventSubject& subject) {
    const auto partition = std::to_string(subject.partition);
    if (subject.channel && !subject.type.starts_with("VOICE_")) return partition + 'c' + subject.channel.str();
    return subject.server ? partition + 's' + subject.server.str() : partition;
}

bool has_newer_schema(const Headers& headers) {
    const auto text = header(headers, schema_header);
    unsigned version = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, version);
    return error == std::errc() && rest == end && version > schema;
}

}  // namespace

EventRead read_event(const Names& names, const broker::Message& message, const broker::Metadata& metadata,
                     WorkerMode mode) {
    EventRead read;
    read.arrival.sequence = metadata.stream_sequence;
    read.arrival.stored = metadata.time.time_since_epoch().count();
    read.arrival.deliveries = metadata.deliveries;
    read.arrival.number = metadata.consumer_sequence;
    auto subject = names.parse_event(message.subject);
    if (!subject) {
        read.arrival.unreadable = "its subject is not that of an event";
        return read;
    }
    read.subject = *std::move(subject);
    read.arrival.partition = read.subject.partition;
    if (mode == WorkerMode::ordered) read.arrival.channel = order_of(read.subject);
    auto headers = read_event_headers(message.headers.fields());
    if (headers) {
        read.headers = std::move(*headers);
    } else if (has_newer_schema(message.headers.fields())) {
        read.arrival.newer = true;
        read.newer = headers.failure().text();
    } else {
        read.arrival.unreadable = headers.failure().text();
    }
    return read;
}

}  // namespace intent::relay
