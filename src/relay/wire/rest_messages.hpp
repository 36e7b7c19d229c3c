// Requests to the relay and their answers: MessagePack maps with a version.
#pragma once

#include "codec/any.hpp"
#include "codec/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::relay {

/// The version of all messages here. A reader refuses other versions; it ignores fields that it does not know.
inline constexpr std::uint32_t message_version = 1;

/// What a request may contain at most, in bytes.
struct RequestLimits {
    static constexpr std::size_t path = 4'096;
    static constexpr std::size_t key = 128;
    static constexpr std::size_t traceparent = 256;
    static constexpr std::size_t command = 64 * 1024;  ///< `d` of a gateway command (protocol §3)
};

/// A REST request of a worker (subject `Names::rest`).
struct RestRequest {
    std::string method = {};       ///< "GET"
    std::string path = {};         ///< below the base URL, with its query
    std::string body = {};         ///< JSON, or empty
    std::int64_t deadline_ms = 0;  ///< unix time; the worker does not wait longer. 0: none
    std::string key = {};          ///< idempotency key; empty: none. It may be repeated only with the same request
    std::string traceparent = {};  ///< empty: none
    std::uint32_t version = message_version;
    friend bool operator==(const RestRequest&, const RestRequest&) = default;
};

codec::Bytes write_rest_request(const RestRequest& request);

/// Fails for another version, a method other than GET, HEAD, POST, PUT, PATCH and DELETE, a path that does not begin
/// with
/// '/' or contains a character that no URL has, and for what exceeds RequestLimits. The failure names the field.
codec::Result<RestRequest> read_rest_request(codec::ByteView bytes);

/// GET and HEAD change nothing: they may be repeated, and need no record of their outcome.
bool changes_something(const RestRequest& request) noexcept;

/// Identifies the content of a request: method, path and body.
std::uint64_t fingerprint(const RestRequest& request) noexcept;

/// How a REST request ended. The numbers are part of the format.
enum class RestOutcome : std::uint8_t {
    answered = 0,         ///< `status`, `headers` and `body` are those of the server
    not_sent = 1,         ///< no connection to the server; it has not seen the request
    broken = 2,           ///< the connection ended without an answer; the request may have taken effect
    timeout = 3,          ///< no answer in time; the request may have taken effect
    wait_too_long = 4,    ///< refused: the rate limit would delay the request beyond its deadline
    token_refused = 5,    ///< the server refused the bot's token
    webhook_gone = 6,     ///< the server refused the webhook earlier, with `status`
    unknown_outcome = 7,  ///< an earlier request with this key was under way when its relay ended; it is not repeated
    invalid = 8,          ///< refused: see `text`. Not sent
    cancelled = 9,        ///< the relay stops, or is not the leader any more. Not sent: it may be sent again
    too_large = 10,       ///< answered with `status`, but the answer exceeds the broker's limit for messages
};

/// The answer to a RestRequest.
struct RestAnswer {
    RestOutcome outcome = RestOutcome::answered;
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {};  ///< names in lower case
    std::string body = {};
    std::string text = {};  ///< of a failure, for people
    bool repeated = false;  ///< the stored answer to an earlier request with the same key
    std::uint32_t version = message_version;
    friend bool operator==(const RestAnswer&, const RestAnswer&) = default;
};

codec::Bytes write_rest_answer(const RestAnswer& answer);
codec::Result<RestAnswer> read_rest_answer(codec::ByteView bytes);

/// What the bucket of answers holds for a key.
struct RestRecord {
    std::string leader = {};                ///< the relay that has started the request
    std::uint64_t fingerprint = 0;          ///< of the request
    std::optional<RestAnswer> answer = {};  ///< unset: started, and not answered yet
    std::uint32_t version = message_version;
    friend bool operator==(const RestRecord&, const RestRecord&) = default;
};

codec::Bytes write_rest_record(const RestRecord& record);
codec::Result<RestRecord> read_rest_record(codec::ByteView bytes);

/// A gateway command of a worker (subject `Names::gateway`).
struct CommandRequest {
    std::uint8_t op = 0;           ///< protocol §4
    codec::Any data = {};          ///< `d`; empty: nil
    std::int64_t deadline_ms = 0;  ///< as in RestRequest
    std::uint32_t version = message_version;
    friend bool operator==(const CommandRequest&, const CommandRequest&) = default;
};

codec::Bytes write_command_request(const CommandRequest& request);
/// Fails for another version, an opcode that workers may not send (only 4, 7, 10 and 12 are commands), and for data
/// over RequestLimits.
codec::Result<CommandRequest> read_command_request(codec::ByteView bytes);

/// How a gateway command ended. The numbers are part of the format.
enum class CommandOutcome : std::uint8_t {
    sent = 0,       ///< the gateway connection has sent it
    invalid = 1,    ///< refused: see `text`
    busy = 2,       ///< too many commands are waiting
    cancelled = 3,  ///< the relay stops, or is not the leader any more
    timeout = 4,    ///< not sent before the deadline
};

/// The answer to a CommandRequest.
struct CommandAnswer {
    CommandOutcome outcome = CommandOutcome::sent;
    std::string text = {};  ///< of a failure, for people
    std::uint32_t version = message_version;
    friend bool operator==(const CommandAnswer&, const CommandAnswer&) = default;
};

codec::Bytes write_command_answer(const CommandAnswer& answer);
codec::Result<CommandAnswer> read_command_answer(codec::ByteView bytes);

}  // namespace intent::relay
