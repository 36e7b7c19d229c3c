#include "relay/wire/event_headers.hpp"

#include "relay/wire/subjects.hpp"
#include "relay/wire/token.hpp"
#include "relay/wire/versioned.hpp"
#include "text/ascii.hpp"
#include "text/peer_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <concepts>

namespace intent::relay {

namespace {

constexpr std::array<std::pair<DeliverySource, std::string_view>, 3> sources{{
    {DeliverySource::live, "live"},
    {DeliverySource::replay, "replay"},
    {DeliverySource::backfill, "backfill"},
}};

template <std::integral T>
T number(std::string_view text) noexcept {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? value : T{};
}

std::int64_t milliseconds(Timestamp time) noexcept {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

/// A year far away: values beyond it do not fit in a Timestamp.
constexpr std::int64_t max_milliseconds = 9'000'000'000'000;

}  // namespace

std::string_view header(const Headers& headers, std::string_view name) noexcept {
    for (const auto& [known, value] : headers)
        if (known.size() == name.size() && (known == name || text::equals_ignoring_case(known, name))) return value;
    return {};
}

Headers write_event_headers(const EventHeaders& event) {
    Headers headers;
    headers.reserve(10);  // and those that a publisher adds
    const auto add = [&](std::string_view name, std::string value) { headers.emplace_back(name, std::move(value)); };
    add(schema_header, std::to_string(schema));
    add(type_header, event.is_gap ? std::string(gap_type) : to_token(event.type));
    if (!event.session.empty()) add(session_header, to_token(event.session));
    if (event.seq > 0) add(seq_header, std::to_string(event.seq));
    add(received_header, std::to_string(milliseconds(event.received)));
    for (const auto& [source, name] : sources)
        if (source == event.source) add(source_header, std::string(name));
    if (!event.traceparent.empty()) add(trace_header, event.traceparent);
    return headers;
}

codec::Result<EventHeaders> read_event_headers(const Headers& headers) {
    const auto version = header(headers, schema_header);
    const auto found = number<std::uint64_t>(version);
    if (found == 0) return codec::Failure{std::string(schema_header), "missing: this is not an event of a relay"};
    if (auto why = version_mismatch("an event", found, schema, {"this worker", "the relay"}); !why.empty())
        return codec::Failure{std::string(schema_header), std::move(why)};
    EventHeaders event;
    const auto type = header(headers, type_header);
    if (type.empty()) return codec::Failure{std::string(type_header), "missing"};
    event.is_gap = type == gap_type;
    if (!event.is_gap) event.type = from_token(type);
    if (const auto session = header(headers, session_header); !session.empty()) event.session = from_token(session);
    event.seq = number<std::uint64_t>(header(headers, seq_header));
    const auto received = number<std::int64_t>(header(headers, received_header));
    if (received > 0 && received < max_milliseconds) event.received = Timestamp(std::chrono::milliseconds(received));
    const auto source_name = header(headers, source_header);
    for (const auto& [source, name] : sources)
        if (name == source_name) event.source = source;
    event.traceparent = header(headers, trace_header);
    return event;
}

Headers write_dead_letter_headers(const Headers& event, const DeadLetter& letter) {
    constexpr std::size_t error_limit = 400;
    Headers headers;
    // The event may have been a dead letter before: then it has these headers already.
    const auto is_replaced = [](std::string_view name) {
        if (text::lower_case(name.substr(0, 5)) == "nats-") return true;
        for (const auto own : {application_header, error_header, attempts_header, sequence_header})
            if (text::equals_ignoring_case(name, own)) return true;
        return false;
    };
    // The broker takes names that its clients may not send.
    const auto is_name = [](std::string_view name) {
        return std::ranges::all_of(name, [](unsigned char c) { return c > ' ' && c < 0x7f && c != ':'; });
    };
    for (const auto& one : event)
        if (is_name(one.first) && !is_replaced(one.first)) headers.push_back(one);
    headers.emplace_back(application_header, letter.application);
    headers.emplace_back(error_header, text::peer_text(letter.error, text::Redactor(), error_limit));
    headers.emplace_back(attempts_header, std::to_string(letter.attempts));
    headers.emplace_back(sequence_header, std::to_string(letter.stream_seq));
    return headers;
}

DeadLetter read_dead_letter(const Headers& headers) {
    return {std::string(header(headers, application_header)), std::string(header(headers, error_header)),
            number<unsigned>(header(headers, attempts_header)),
            number<std::uint64_t>(header(headers, sequence_header))};
}

std::string dead_letter_id(std::string_view application, std::uint64_t stream_seq) {
    return "dl:" + std::string(application) + ":" + std::to_string(stream_seq);
}

}  // namespace intent::relay
