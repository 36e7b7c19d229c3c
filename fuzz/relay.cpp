// Arbitrary bytes as messages between relay and workers: what is accepted is within its limits and survives a round
// trip, and no text from outside changes the meaning of a subject, a key or a header.
#include "fuzz/support.hpp"
#include "relay/wire/event_headers.hpp"
#include "relay/wire/event_ids.hpp"
#include "relay/wire/gap_payload.hpp"
#include "relay/wire/rest_messages.hpp"
#include "relay/wire/token.hpp"

namespace intent::fuzz {
namespace {

template <class T>
void check_message(codec::ByteView bytes, codec::Result<T> (*read)(codec::ByteView), codec::Bytes (*write)(const T&)) {
    const auto message = read(bytes);
    require(message || !message.failure().text().empty(), "a failure without a reason");
    if (!message) return;
    const auto again = read(write(*message));
    require(again && *again == *message, "a message does not survive a round trip:", again.failure().text());
}

void check_messages(codec::ByteView bytes) {
    using namespace relay;
    check_message(bytes, read_rest_request, write_rest_request);
    check_message(bytes, read_rest_answer, write_rest_answer);
    check_message(bytes, read_rest_record, write_rest_record);
    check_message(bytes, read_command_request, write_command_request);
    check_message(bytes, read_command_answer, write_command_answer);
    check_message(bytes, read_gap, write_gap);
    const auto request = read_rest_request(bytes);
    if (!request) return;
    require(request->path.starts_with('/') && !request->path.starts_with("//"), "a path leaves the base URL");
    require(request->path.size() <= RequestLimits::path && request->key.size() <= RequestLimits::key, "a limit");
}

bool is_safe(std::string_view token) {
    for (const char c : token) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && c != '-' && c != '_' && c != '=' && c != '~') return false;
    }
    return !token.empty() && token.size() <= relay::max_token && token[0] != '_';
}

void check_names(std::string_view text, codec::ByteView bytes) {
    const auto token = relay::to_token(text);
    require(is_safe(token), "a token with other characters:", token);
    require(token.find("=~") != std::string::npos || relay::from_token(token) == text,
            "a token loses its text:", token);

    const relay::Names names("bot");
    for (const std::string_view type : {std::string_view("MESSAGE_CREATE"), text}) {
        const auto ids = relay::event_ids(type, bytes);
        const auto subject = relay::event_subject(type, ids);
        require(subject.partition < relay::partitions, "a partition");
        require(names.parse_event(names.event(subject)) == subject, "a subject does not survive a round trip");
        require(relay::deduplication_id(type, ids, text, 1).find_first_of("\r\n ") == std::string::npos, "an id");
    }
    if (const auto parsed = names.parse_event(text)) require(names.event(*parsed) == text, "a subject changes:", text);

    relay::EventHeaders event;
    event.type = text;
    event.session = text;
    for (const auto& [name, value] : relay::write_event_headers(event))
        require(value.find_first_of("\r\n") == std::string::npos, "a header with a line break:", name);
    const auto letter = relay::write_dead_letter_headers({}, {"app", std::string(text), 1, 1});
    for (const auto& [name, value] : letter)
        require(value.find_first_of("\r\n") == std::string::npos, "a header with a line break:", name);
}

}  // namespace
}  // namespace intent::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A separate copy, so that the sanitizer detects a read beyond it.
    const intent::codec::Bytes bytes(data, data + size);
    intent::fuzz::check_messages(bytes);
    intent::fuzz::check_names({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, bytes);
    return 0;
}
