#include "codec/convert.hpp"
#include "codec/json_writer.hpp"
#include "codec/reader.hpp"

#include <charconv>
#include <cmath>

namespace intent::codec {
namespace {

void append_base64(std::string& out, ByteView bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = group << 8 | (k < count ? bytes[i + k] : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += k <= count ? alphabet[group >> (18 - 6 * k) & 63U] : '=';
        }
    }
}

bool append_whole(Reader& reader, std::string& out) {
    Whole number;
    if (!reader.whole(number)) return false;
    if (number.negative) out += '-';
    out += std::to_string(number.magnitude);
    return true;
}

bool append_bytes(Reader& reader, std::string& out) {
    ByteView bytes;
    if (!reader.binary(bytes)) return false;
    out += '"';
    append_base64(out, bytes);
    out += '"';
    return true;
}

bool append_extension(Reader& reader, std::string& out) {
    std::int8_t type = 0;
    ByteView bytes;
    if (!reader.extension(type, bytes)) return false;
    out += "{\"ext\":" + std::to_string(type) + ",\"data\":\"";
    append_base64(out, bytes);
    out += "\"}";
    return true;
}

bool append_value(Reader& reader, std::string& out);

/// A key that is not text becomes the text of its JSON. A list, map or extension becomes only its type's name: nested
/// texts would double in size with each level.
bool append_key(Reader& reader, std::string& out) {
    const Kind kind = reader.kind();
    if (kind == Kind::text || kind == Kind::binary) return append_value(reader, out);
    if (kind == Kind::list || kind == Kind::map || kind == Kind::extension) {
        out += kind == Kind::list ? "\"[list]\"" : kind == Kind::map ? "\"[map]\"" : "\"[extension]\"";
        return reader.skip();
    }
    out += '"';
    if (!append_value(reader, out)) return false;
    out += '"';
    return true;
}

bool append_list(Reader& reader, std::string& out) {
    std::uint32_t count = 0;
    if (!reader.list(count)) return false;
    out += '[';
    for (std::uint32_t i = 0; i < count; ++i) {
        if (i > 0) out += ',';
        if (!append_value(reader, out)) return false;
    }
    out += ']';
    reader.leave();
    return true;
}

bool append_map(Reader& reader, std::string& out) {
    std::uint32_t count = 0;
    if (!reader.map(count)) return false;
    out += '{';
    for (std::uint32_t i = 0; i < count; ++i) {
        if (i > 0) out += ',';
        if (!append_key(reader, out)) return false;
        out += ':';
        if (!append_value(reader, out)) return false;
    }
    out += '}';
    reader.leave();
    return true;
}

/// Recurses at most `max_depth` levels: the reader refuses deeper nesting.
bool append_value(Reader& reader, std::string& out) {
    switch (reader.kind()) {
        case Kind::nil:
            out += "null";
            return reader.take_nil();
        case Kind::boolean: {
            bool value = false;
            if (!reader.boolean(value)) return false;
            out += value ? "true" : "false";
            return true;
        }
        case Kind::integer:
            return append_whole(reader, out);
        case Kind::floating: {
            double value = 0;
            if (!reader.number(value)) return false;
            JsonWriter(out).number(value);
            return true;
        }
        case Kind::text: {
            std::string_view text;
            if (!reader.text(text)) return false;
            append_json_string(out, text);
            return true;
        }
        case Kind::binary:
            return append_bytes(reader, out);
        case Kind::extension:
            return append_extension(reader, out);
        case Kind::list:
            return append_list(reader, out);
        case Kind::map:
            return append_map(reader, out);
        case Kind::invalid:
        case Kind::end:
            break;
    }
    return reader.fail_expected("a value");
}

}  // namespace

void JsonWriter::number(double value) {
    if (!std::isfinite(value)) return nil();
    char buffer[32];
    const std::string_view digits{buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
    out_ += digits;
    if (digits.find_first_of(".e") == std::string_view::npos) out_ += ".0";  // keeps it a float for the reader
}

void JsonWriter::encoded(ByteView value) {
    if (const auto json = msgpack_to_json(value)) {
        out_ += *json;
    } else {
        nil();
    }
}

Result<std::string> msgpack_to_json(ByteView bytes) {
    Reader reader{bytes};
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 4);
    if (!append_value(reader, out) || !reader.finish()) return reader.failure();
    return out;
}

}  // namespace intent::codec
