// Converts JSON text to MessagePack. Boost.JSON parses the text, and each value is written as it arrives. One reader
// then decodes both formats, with one rule for duplicate keys.
#include "codec/convert.hpp"
#include "codec/reader.hpp"
#include "codec/writer.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <charconv>
#include <optional>

namespace intent::codec {
namespace {

namespace json = boost::json;

/// Receives the parser's calls. The number of elements of a list is known only at its end, so headers are kept apart
/// and merged with the content at the end of the document.
class MsgpackHandler {
public:
    static constexpr std::size_t max_object_size = 0xffff'ffff;
    static constexpr std::size_t max_array_size = 0xffff'ffff;
    static constexpr std::size_t max_key_size = 0xffff'ffff;
    static constexpr std::size_t max_string_size = 0xffff'ffff;

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return open(true); }
    bool on_object_end(std::size_t count, json::error_code&) { return close(count); }
    bool on_array_begin(json::error_code&) { return open(false); }
    bool on_array_end(std::size_t count, json::error_code&) { return close(count); }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return add(part); }
    bool on_key(json::string_view rest, std::size_t, json::error_code&) { return end_text(rest); }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return add(part); }
    bool on_string(json::string_view rest, std::size_t, json::error_code&) { return end_text(rest); }
    bool on_number_part(json::string_view part, json::error_code&) { return add(part); }
    bool on_int64(std::int64_t value, json::string_view, json::error_code&) {
        text_.clear();
        writer_.integer(value);
        return true;
    }
    bool on_uint64(std::uint64_t value, json::string_view, json::error_code&) {
        text_.clear();
        writer_.integer(value);
        return true;
    }
    bool on_double(double value, json::string_view rest, json::error_code&) {
        // The parser's own conversion can be off in the last bit; the standard library's is exact.
        add(rest);
        double exact = 0;
        const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), exact);
        writer_.number(error == std::errc{} && end == text_.data() + text_.size() ? exact : value);
        text_.clear();
        return true;
    }
    bool on_bool(bool value, json::error_code&) {
        writer_.boolean(value);
        return true;
    }
    bool on_null(json::error_code&) {
        writer_.nil();
        return true;
    }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

    /// The whole document.
    Bytes finish() const {
        Bytes out;
        out.reserve(content_.size() + headers_.size() * 5);
        Writer writer{out};
        const ByteView content{content_};
        std::size_t done = 0;
        for (const Header& header : headers_) {
            writer.encoded(content.subspan(done, header.position - done));
            done = header.position;
            if (header.is_map) {
                writer.map(header.count);
            } else {
                writer.list(header.count);
            }
        }
        writer.encoded(content.subspan(done));
        return out;
    }

private:
    /// A map's or list's header, which belongs before the byte at `position` of the content.
    struct Header {
        std::size_t position;
        std::size_t count;
        bool is_map;
    };

    bool open(bool is_map) {
        open_.push_back(headers_.size());
        headers_.push_back({content_.size(), 0, is_map});
        return true;
    }

    bool close(std::size_t count) {
        headers_[open_.back()].count = count;
        open_.pop_back();
        return true;
    }

    bool add(json::string_view part) {
        text_.append(part.data(), part.size());
        return true;
    }

    bool end_text(json::string_view rest) {
        add(rest);
        writer_.text(text_);
        text_.clear();
        return true;
    }

    Bytes content_;
    Writer writer_{content_};
    std::vector<Header> headers_;
    std::vector<std::size_t> open_;  ///< indices of the headers of maps and lists that are still open
    std::string text_;               ///< the current string or number, as far as it has arrived
};

/// The code unit of a `\\uXXXX` at the front of `text`; unset if `text` begins otherwise.
std::optional<unsigned> escaped_unit(std::string_view text) {
    if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
    unsigned unit = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
    if (error != std::errc{} || end != text.data() + 6) return std::nullopt;
    return unit;
}

/// Replaces each escaped unpaired surrogate with U+FFFD: JavaScript writes such strings, and the rest of the document
/// is valid.
std::string without_lone_surrogates(std::string_view text) {
    const auto is_low = [](std::optional<unsigned> unit) { return unit && *unit >= 0xdc00 && *unit <= 0xdfff; };
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        std::size_t length = text[at] == '\\' ? 2 : 1;
        std::string_view piece = text.substr(at, length);
        if (const auto unit = escaped_unit(text.substr(at)); unit && *unit >= 0xd800 && *unit <= 0xdfff) {
            const bool pair = !is_low(unit) && is_low(escaped_unit(text.substr(at + 6)));
            length = pair ? 12 : 6;
            piece = pair ? text.substr(at, length) : std::string_view{"\\ufffd"};
        }
        out += piece;
        at += length;
    }
    return out;
}

Result<Bytes> convert(std::string_view text) {
    json::parse_options options;
    options.max_depth = max_depth;
    options.allow_invalid_utf8 = true;  // kept unchanged, as in MessagePack
    json::basic_parser<MsgpackHandler> parser{options};
    json::error_code error;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
    if (!error && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) error = json::error::extra_data;
    if (error) return Failure{{}, "not JSON: " + error.message() + " (at byte " + std::to_string(read) + ")"};
    return parser.handler().finish();
}

}  // namespace

Result<Bytes> json_to_msgpack(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    auto bytes = convert(text);
    if (bytes) return bytes;
    const auto mended = without_lone_surrogates(text);
    if (mended == text) return bytes;
    auto second = convert(mended);
    return second ? second : bytes;
}

}  // namespace intent::codec
