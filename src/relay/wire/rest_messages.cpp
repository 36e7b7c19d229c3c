#include "relay/wire/rest_messages.hpp"

#include "relay/wire/token.hpp"
#include "relay/wire/versioned.hpp"

#include <algorithm>
#include <array>

namespace intent::relay {

/// A header of an answer, as a map.
struct AnswerHeader {
    std::string name = {};
    std::string value = {};
    friend bool operator==(const AnswerHeader&, const AnswerHeader&) = default;
};

/// RestAnswer as it is written.
struct AnswerMessage {
    RestOutcome outcome = RestOutcome::answered;
    int status = 0;
    std::vector<AnswerHeader> headers = {};
    std::string body = {};
    std::string text = {};
    bool repeated = false;
    std::uint32_t version = message_version;
    friend bool operator==(const AnswerMessage&, const AnswerMessage&) = default;
};

/// RestRecord as it is written.
struct RecordMessage {
    std::string leader = {};
    std::uint64_t fingerprint = 0;
    std::optional<AnswerMessage> answer = {};
    std::uint32_t version = message_version;
};

}  // namespace intent::relay

namespace intent::codec {

template <>
struct Fields<relay::RestRequest> {
    static constexpr std::tuple table{
        required("v", &relay::RestRequest::version),
        required("method", &relay::RestRequest::method),
        required("path", &relay::RestRequest::path),
        nullable("body", &relay::RestRequest::body),
        nullable("deadline", &relay::RestRequest::deadline_ms),
        nullable("key", &relay::RestRequest::key),
        optional("traceparent", &relay::RestRequest::traceparent),
    };
};

template <>
struct Fields<relay::AnswerHeader> {
    static constexpr std::tuple table{
        required("name", &relay::AnswerHeader::name),
        required("value", &relay::AnswerHeader::value),
    };
};

template <>
struct Fields<relay::AnswerMessage> {
    static constexpr std::tuple table{
        required("v", &relay::AnswerMessage::version),         required("outcome", &relay::AnswerMessage::outcome),
        nullable("status", &relay::AnswerMessage::status),     nullable("headers", &relay::AnswerMessage::headers),
        nullable("body", &relay::AnswerMessage::body),         optional("text", &relay::AnswerMessage::text),
        optional("repeated", &relay::AnswerMessage::repeated),
    };
};

template <>
struct Fields<relay::RecordMessage> {
    static constexpr std::tuple table{
        required("v", &relay::RecordMessage::version),
        required("leader", &relay::RecordMessage::leader),
        required("fingerprint", &relay::RecordMessage::fingerprint),
        omitted("answer", &relay::RecordMessage::answer),
    };
};

template <>
struct Fields<relay::CommandRequest> {
    static constexpr std::tuple table{
        required("v", &relay::CommandRequest::version),
        required("op", &relay::CommandRequest::op),
        nullable("d", &relay::CommandRequest::data),
        nullable("deadline", &relay::CommandRequest::deadline_ms),
    };
};

template <>
struct Fields<relay::CommandAnswer> {
    static constexpr std::tuple table{
        required("v", &relay::CommandAnswer::version),
        required("outcome", &relay::CommandAnswer::outcome),
        optional("text", &relay::CommandAnswer::text),
    };
};

}  // namespace intent::codec

namespace intent::relay {

namespace {

constexpr std::string_view rest_request_name = "a REST request";
constexpr std::string_view command_name = "a gateway command";
constexpr std::string_view answer_name = "an answer of the relay";
constexpr std::string_view record_name = "the record of a REST request";

constexpr Sides request_sides{"the relay", "the worker"};
constexpr Sides answer_sides{"this worker", "the relay"};
constexpr Sides record_sides{"this relay", "the relay that wrote it"};

codec::Failure unknown_outcome(std::string_view what, const Sides& sides) {
    return {std::string(what) + ", outcome", "unknown: update " + std::string(sides.reader)};
}

codec::Failure refused(std::string_view what, std::string_view field, std::string reason) {
    return {std::string(what) + ", " + std::string(field), std::move(reason)};
}

codec::Failure too_long(std::string_view what, std::string_view field, std::size_t size, std::size_t limit) {
    return refused(what, field, std::to_string(size) + " bytes, at most " + std::to_string(limit) + " are allowed");
}

bool is_method(std::string_view method) noexcept {
    constexpr std::array<std::string_view, 6> methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    return std::find(methods.begin(), methods.end(), method) != methods.end();
}

/// Visible ASCII without the characters that no URL contains: what is not allowed must be percent-encoded. A fragment
/// is never sent, and a backslash is a slash for some servers.
bool is_path(std::string_view path) noexcept {
    if (!path.starts_with('/') || path.starts_with("//")) return false;
    for (const char c : path)
        if (c <= ' ' || c >= 0x7f || std::string_view("\"#<>\\^`{|}").find(c) != std::string_view::npos) return false;
    // "." and ".." would leave the base path.
    std::string_view segments = path.substr(0, path.find('?'));
    while (!segments.empty()) {
        segments.remove_prefix(1);
        const auto segment = segments.substr(0, segments.find('/'));
        if (segment == "." || segment == "..") return false;
        segments.remove_prefix(segment.size());
    }
    return true;
}

bool is_command(std::uint8_t op) noexcept { return op == 4 || op == 7 || op == 10 || op == 12; }

bool is_known(RestOutcome outcome) noexcept { return outcome <= RestOutcome::too_large; }

AnswerMessage message_of(const RestAnswer& answer) {
    AnswerMessage message{.outcome = answer.outcome,
                          .status = answer.status,
                          .body = answer.body,
                          .text = answer.text,
                          .repeated = answer.repeated,
                          .version = answer.version};
    for (const auto& [name, value] : answer.headers)
        message.headers.push_back({name, value});
    return message;
}

RestAnswer answer_of(AnswerMessage message) {
    RestAnswer answer{.outcome = message.outcome,
                      .status = message.status,
                      .body = std::move(message.body),
                      .text = std::move(message.text),
                      .repeated = message.repeated,
                      .version = message.version};
    for (auto& [name, value] : message.headers)
        answer.headers.emplace_back(std::move(name), std::move(value));
    return answer;
}

}  // namespace

codec::Bytes write_rest_request(const RestRequest& request) { return codec::to_msgpack(request); }

codec::Result<RestRequest> read_rest_request(codec::ByteView bytes) {
    auto request = read_versioned<RestRequest>(bytes, rest_request_name, request_sides);
    if (!request) return request;
    const auto refuse = [](std::string_view field, std::string reason) {
        return refused(rest_request_name, field, std::move(reason));
    };
    if (!is_method(request->method)) return refuse("method", "GET, HEAD, POST, PUT, PATCH and DELETE are allowed");
    if (request->path.size() > RequestLimits::path)
        return too_long(rest_request_name, "path", request->path.size(), RequestLimits::path);
    if (!is_path(request->path))
        return refuse("path", "not a path below the base URL, as in \"/channels/1/messages?limit=5\"");
    if (request->key.size() > RequestLimits::key)
        return too_long(rest_request_name, "key", request->key.size(), RequestLimits::key);
    if (request->traceparent.size() > RequestLimits::traceparent) request->traceparent.clear();
    if (request->deadline_ms < 0) return refuse("deadline", "negative");
    return request;
}

bool changes_something(const RestRequest& request) noexcept {
    return request.method != "GET" && request.method != "HEAD";
}

std::uint64_t fingerprint(const RestRequest& request) noexcept {
    std::uint64_t hash = stable_hash(request.method);
    for (const auto* part : {&request.path, &request.body})
        hash = (hash ^ stable_hash(*part)) * 0x100000001b3;
    return hash;
}

codec::Bytes write_rest_answer(const RestAnswer& answer) { return codec::to_msgpack(message_of(answer)); }

codec::Result<RestAnswer> read_rest_answer(codec::ByteView bytes) {
    auto message = read_versioned<AnswerMessage>(bytes, answer_name, answer_sides);
    if (!message) return message.failure();
    if (!is_known(message->outcome)) return unknown_outcome(answer_name, answer_sides);
    return answer_of(*std::move(message));
}

codec::Bytes write_rest_record(const RestRecord& record) {
    RecordMessage message{.leader = record.leader, .fingerprint = record.fingerprint, .version = record.version};
    if (record.answer) message.answer = message_of(*record.answer);
    return codec::to_msgpack(message);
}

codec::Result<RestRecord> read_rest_record(codec::ByteView bytes) {
    auto message = read_versioned<RecordMessage>(bytes, record_name, record_sides);
    if (!message) return message.failure();
    if (message->answer && !is_known(message->answer->outcome)) return unknown_outcome(record_name, record_sides);
    RestRecord record{.leader = std::move(message->leader), .fingerprint = message->fingerprint};
    if (message->answer) record.answer = answer_of(*std::move(message->answer));
    return record;
}

codec::Bytes write_command_request(const CommandRequest& request) { return codec::to_msgpack(request); }

codec::Result<CommandRequest> read_command_request(codec::ByteView bytes) {
    auto request = read_versioned<CommandRequest>(bytes, command_name, request_sides);
    if (!request) return request;
    if (!is_command(request->op))
        return refused(command_name, "op",
                       std::to_string(request->op) + " is not a command: 4, 7, 10 and 12 are allowed");
    if (request->data.bytes.size() > RequestLimits::command)
        return too_long(command_name, "d", request->data.bytes.size(), RequestLimits::command);
    if (request->deadline_ms < 0) return refused(command_name, "deadline", "negative");
    return request;
}

codec::Bytes write_command_answer(const CommandAnswer& answer) { return codec::to_msgpack(answer); }

codec::Result<CommandAnswer> read_command_answer(codec::ByteView bytes) {
    return read_versioned<CommandAnswer>(bytes, answer_name, answer_sides);
}

}  // namespace intent::relay
