// Converts bytes to raw types and back, driven by one field table per type (fields.hpp).
#pragma once

#include "codec/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace intent::codec {

/// Counts lenient reads (protocol §2): optional fields of a wrong type, treated as absent.
struct Notes {
    std::size_t ignored_fields = 0;
};

// Each of these is instantiated in src/codec for every raw type (include/intent/raw/*.hpp): User, Server, Channel,
// Embed and its parts, Attachment, Message, Role, Member, Invite, AcceptedInvite, Webhook, Login, Ready, Identify,
// Resume, MessageDelete, ServerDelete, ChannelDelete, and those of fields_gateway.hpp.

/// Decodes one MessagePack value. Skips unknown fields; reads an alias if the name itself is absent (protocol §15).
template <class T>
Result<T> from_msgpack(ByteView bytes, Notes* notes = nullptr);

/// Decodes one MessagePack value that may be wrapped: if `bytes` is a map with the key `key` that holds a map, decodes
/// that inner map, otherwise the outer one (protocol §7). A failure's path begins with `key` in both cases.
template <class T>
Result<T> from_msgpack_wrapped(ByteView bytes, std::string_view key, Notes* notes = nullptr);

/// Decodes into an existing value, for types that are costly to move. `out` must be a fresh `T{}`; it is undefined
/// after a failure. `depth`: maps and lists around the bytes, which count towards the maximum.
template <class T>
bool decode_wrapped(ByteView bytes, std::string_view key, T& out, Failure& failure, unsigned depth = 0);

/// Decodes JSON text: exactly one value, followed only by white space.
template <class T>
Result<T> from_json(std::string_view text, Notes* notes = nullptr);

/// Decodes JSON that may be wrapped: an object that holds an object under `key`.
template <class T>
Result<T> from_json_wrapped(std::string_view text, std::string_view key, Notes* notes = nullptr);

/// Decodes a JSON array, plain or in an object under `key` (protocol §9).
template <class T>
Result<std::vector<T>> from_json_list(std::string_view text, std::string_view key, Notes* notes = nullptr);

/// Writes one value as MessagePack. Unset optional fields are left out, or written as nil.
template <class T>
Bytes to_msgpack(const T& value, Unset unset = Unset::left_out);

/// Writes one value as JSON. Unset optional fields are left out, or written as null; invalid UTF-8 becomes U+FFFD.
template <class T>
std::string to_json(const T& value, Unset unset = Unset::left_out);

/// Converts any MessagePack value to JSON text, e.g. for `RawEvent::json()`. Integers keep all 64 bits; bin becomes
/// base64 text, ext `{"ext": type, "data": base64}`, NaN and infinities null, non-string keys their text; invalid
/// UTF-8 becomes U+FFFD.
Result<std::string> msgpack_to_json(ByteView bytes);

/// Converts any JSON text to MessagePack.
Result<Bytes> json_to_msgpack(std::string_view text);

}  // namespace intent::codec
