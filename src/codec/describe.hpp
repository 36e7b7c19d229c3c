// Describes a struct to the codec. With this header your own struct gets the functions of the raw types:
// `from_msgpack`, `from_msgpack_wrapped`, `from_json`, `from_json_wrapped`, `from_json_list`, `to_msgpack`, `to_json`
// (codec/convert.hpp).
//
//     struct Login { std::string username; std::optional<int> code; intent::raw::User user; };
//
//     namespace intent::codec {
//     template <>
//     struct Fields<Login> {
//         static constexpr std::tuple table{
//             required("username", &Login::username, "name"),  // "name" is read if "username" is absent
//             optional("code", &Login::code),
//             required("user", &Login::user),
//         };
//     };
//     }
//
//     Result<Login> login = from_json<Login>(body);
//
// Members may be bool, integers, enums (as their numbers), double, std::string, Secret, ids, Timestamp, raw::UnixTime,
// Permissions, Any (any value, undecoded), described structs, and std::optional or std::vector of these. The table
// must be visible wherever the struct is read or written. This header includes the tables of the raw types that the
// gateway carries.
#pragma once

#include "codec/convert.hpp"
#include "codec/fields.hpp"
#include "codec/fields_gateway.hpp"
#include "codec/json_writer.hpp"
#include "codec/read.hpp"
#include "codec/write.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::codec {

/// What surrounds the value to decode.
struct Wrapping {
    bool present = false;
    std::uint32_t entries_behind = 0;  ///< entries that follow the value in the surrounding map
};

/// Moves the reader to the value to decode: to the value of the first `key` if the document is a map and that value is
/// a map, otherwise to the document itself. False if the document is malformed.
bool unwrap_map(Reader& reader, std::string_view key, Wrapping& wrapping);

/// Like `unwrap_map`, for a list under `key`.
bool unwrap_list(Reader& reader, std::string_view key, Wrapping& wrapping);

/// Skips `entries` of the surrounding map. False if they are malformed.
bool skip_entries(Reader& reader, std::uint32_t entries);

/// Skips what follows the value. False if that is malformed or the document has trailing bytes.
inline bool finish_document(Reader& reader, const Wrapping& wrapping) {
    if (wrapping.entries_behind != 0 && !skip_entries(reader, wrapping.entries_behind)) return false;
    if (wrapping.present) reader.leave();
    return reader.at_end() || reader.finish();
}

/// Adds the number of lenient reads to the caller's notes.
inline void report(const Reader& reader, Notes* notes) {
    if (notes != nullptr) notes->ignored_fields += reader.ignored();
}

/// Reads the only value of a document, wrapped under `key` unless `key` is empty. False: see the reader's failure.
template <class T, class Unwrap>
bool read_whole(Reader& reader, std::string_view key, Unwrap unwrap, T& out) {
    Wrapping wrapping;
    const bool done =
        (key.empty() || unwrap(reader, key, wrapping)) && read_value(reader, out) && finish_document(reader, wrapping);
    if (!done && !key.empty()) reader.within(key);
    return done;
}

template <class T, class Unwrap>
Result<T> read_document(Reader&& reader, std::string_view key, Unwrap unwrap, Notes* notes) {
    Result<T> result(std::in_place);
    if (read_whole(reader, key, unwrap, *result)) {
        report(reader, notes);
    } else {
        result = Result<T>(reader.failure());
    }
    return result;  // the only return, so that the value is built in the caller's place
}

template <class T>
bool decode_wrapped(ByteView bytes, std::string_view key, T& out, Failure& failure, unsigned depth) {
    Reader reader{bytes, Words::msgpack, depth};
    if (read_whole(reader, key, unwrap_map, out)) return true;
    failure = reader.failure();
    return false;
}

template <class T>
Result<T> from_msgpack(ByteView bytes, Notes* notes) {
    return read_document<T>(Reader{bytes}, {}, unwrap_map, notes);
}

template <class T>
Result<T> from_msgpack_wrapped(ByteView bytes, std::string_view key, Notes* notes) {
    return read_document<T>(Reader{bytes}, key, unwrap_map, notes);
}

template <class T>
Result<T> from_json(std::string_view text, Notes* notes) {
    const auto bytes = json_to_msgpack(text);
    if (!bytes) return bytes.failure();
    return read_document<T>(Reader{*bytes, Words::json}, {}, unwrap_map, notes);
}

template <class T>
Result<T> from_json_wrapped(std::string_view text, std::string_view key, Notes* notes) {
    const auto bytes = json_to_msgpack(text);
    if (!bytes) return bytes.failure();
    return read_document<T>(Reader{*bytes, Words::json}, key, unwrap_map, notes);
}

template <class T>
Result<std::vector<T>> from_json_list(std::string_view text, std::string_view key, Notes* notes) {
    const auto bytes = json_to_msgpack(text);
    if (!bytes) return bytes.failure();
    return read_document<std::vector<T>>(Reader{*bytes, Words::json}, key, unwrap_list, notes);
}

template <class T>
Bytes to_msgpack(const T& value, Unset unset) {
    Bytes bytes;
    Writer writer{bytes, unset};
    write_value(writer, value);
    return bytes;
}

template <class T>
std::string to_json(const T& value, Unset unset) {
    std::string text;
    JsonWriter writer{text, unset};
    write_value(writer, value);
    return text;
}

}  // namespace intent::codec

/// Instantiates the functions of codec/convert.hpp for a type. Use it in exactly one .cpp file.
#define INTENT_CODEC_INSTANTIATE(T)                                                                                  \
    template intent::codec::Result<T> intent::codec::from_msgpack(ByteView, Notes*);                                 \
    template intent::codec::Result<T> intent::codec::from_msgpack_wrapped(ByteView, std::string_view, Notes*);       \
    template bool intent::codec::decode_wrapped(ByteView, std::string_view, T&, Failure&, unsigned);                 \
    template intent::codec::Result<T> intent::codec::from_json(std::string_view, Notes*);                            \
    template intent::codec::Result<T> intent::codec::from_json_wrapped(std::string_view, std::string_view, Notes*);  \
    template intent::codec::Result<std::vector<T>> intent::codec::from_json_list(std::string_view, std::string_view, \
                                                                                 Notes*);                            \
    template intent::codec::Bytes intent::codec::to_msgpack(const T&, Unset);                                        \
    template std::string intent::codec::to_json(const T&, Unset)
