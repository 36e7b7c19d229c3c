#include "tools/relay/support/dead_letters.hpp"

#include "relay/wire/event_headers.hpp"
#include "tools/relay/support/json_text.hpp"

#include <intent/events.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <stdexcept>

namespace tool {

namespace {

namespace json = boost::json;
namespace broker = intent::relay::broker;

constexpr std::chrono::seconds publish_time{5};

bool is_of_dead_letter(std::string_view name) {
    using namespace intent::relay;
    // The broker's own are those of the dead letter's publication: its id, the stream that was expected.
    return name == error_header || name == attempts_header || name == sequence_header || name.starts_with("Nats-");
}

}  // namespace

DeadLetters::DeadLetters(const BrokerAccess& access) : access_(access), streams_(access.connection) {}

std::optional<DeadLetterEntry> DeadLetters::find(std::uint64_t number) {
    auto stored = streams_.get_message(access_.names.dead_letter_stream(), number);
    if (!stored) return std::nullopt;
    auto subject = access_.names.parse_dead_letter(stored->message.subject);
    if (!subject) return std::nullopt;
    return DeadLetterEntry{std::move(*stored), std::move(*subject)};
}

void DeadLetters::visit(const std::string& application, const std::function<bool(const DeadLetterEntry&)>& each) {
    const auto info = streams_.stream_info(access_.names.dead_letter_stream());
    if (!info || info->messages == 0) return;
    for (std::uint64_t number = info->first_sequence; number <= info->last_sequence; ++number) {
        const auto letter = find(number);
        if (!letter || (!application.empty() && letter->subject.application != application)) continue;
        if (!each(*letter)) return;
    }
}

bool DeadLetters::retry(const DeadLetterEntry& letter) {
    broker::Message event{.subject = access_.names.event(letter.subject.event), .data = letter.stored.message.data};
    for (const auto& [name, value] : letter.stored.message.headers.fields())
        if (!is_of_dead_letter(name)) event.headers.add(name, value);
    // The header with the application stays: workers of others leave the event alone.
    event.headers.set(intent::relay::application_header, letter.subject.application);
    // Two commands at the same time, or one that dies before it removes the dead letter, publish one event.
    event.headers.set(intent::relay::deduplication_header,
                      "retry:" + letter.subject.application + ":" + std::to_string(letter.stored.sequence));
    const auto answer = access_.connection->request(std::move(event), publish_time);
    json::error_code error;
    const auto value = json::parse(answer.data, error);
    if (error || !value.is_object() || value.as_object().contains("error") || !value.as_object().contains("seq"))
        throw std::runtime_error("the stream " + access_.names.stream() + " has not stored the event: " + answer.data);
    return drop(letter.stored.sequence);
}

bool DeadLetters::drop(std::uint64_t number) {
    return streams_.delete_message(access_.names.dead_letter_stream(), number);
}

json::object describe(const DeadLetterEntry& letter) {
    const auto about = intent::relay::read_dead_letter(letter.stored.message.headers.fields());
    const auto& event = letter.subject.event;
    const auto now = std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - letter.stored.time).count();
    json::object object{{"number", letter.stored.sequence},
                        {"application", json_text(letter.subject.application)},
                        {"event", json_text(event.type)},
                        {"partition", event.partition},
                        {"server", event.server ? json::value(json_text(event.server.str())) : json::value(nullptr)},
                        {"channel", event.channel ? json::value(json_text(event.channel.str())) : json::value(nullptr)},
                        {"attempts", about.attempts},
                        {"stream_number", about.stream_seq},
                        {"age_s", std::max<std::int64_t>(age, 0)},
                        {"bytes", letter.stored.message.data.size()},
                        {"error", json_text(about.error)}};
    return object;
}

std::string payload_json(const DeadLetterEntry& letter) {
    const auto& data = letter.stored.message.data;
    intent::RawEvent event;
    event.name = letter.subject.event.type;
    event.payload.assign(data.begin(), data.end());
    return event.json();
}

}  // namespace tool
