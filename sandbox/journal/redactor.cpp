#include "sandbox/journal/redactor.hpp"

#include "codec/reader.hpp"

#include <algorithm>
#include <array>

namespace intent::inline v0::sandbox {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 9> secret_names{"token",        "voice_token",   "session_id",
                                                       "password",     "secret",        "credential",
                                                       "access_token", "refresh_token", "authorization"};
constexpr std::size_t min_token = 20;      ///< minimum characters behind "bot_"
constexpr std::size_t min_known_part = 8;  ///< shorter tokens only match a whole text

std::string_view view(std::span<const char> text) { return {text.data(), text.size()}; }
void redact(std::span<char> text) { std::fill(text.begin(), text.end(), '*'); }

bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::size_t token_length(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size() && is_token_character(text[length]))
        ++length;
    return length;
}

/// The length of a webhook's token in a path. It extends to the end of the segment because it may be percent-encoded.
std::size_t segment_length(std::string_view text) { return std::min(text.find_first_of("/?\"' \t\r\n"), text.size()); }

bool has_shape(std::string_view token) {
    return (token.starts_with("bot_") || token.starts_with("usr_")) && token_length(token) >= 4 + min_token;
}

/// A writable view of a text from `codec::Reader`, which points into the bytes that the reader was given.
std::span<char> writable(std::string_view inside) { return {const_cast<char*>(inside.data()), inside.size()}; }

std::string_view text_of(codec::ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

bool read_text(codec::Reader& reader, codec::Kind kind, std::string_view& out) {
    if (kind == codec::Kind::text) return reader.text(out);
    codec::ByteView bytes;
    if (!reader.binary(bytes)) return false;
    out = text_of(bytes);
    return true;
}

bool read_extension(codec::Reader& reader, std::string_view& out) {
    std::int8_t type = 0;
    codec::ByteView bytes;
    if (!reader.extension(type, bytes)) return false;
    out = text_of(bytes);
    return true;
}

/// The value behind a field name in text of unknown format: JSON, a query or MessagePack.
std::span<char> value_behind(std::span<char> text) {
    const auto begin = std::min(view(text).find_first_not_of("\"' :="), text.size());
    const auto between = view(text).substr(0, begin);
    // Without ':' or '=' between them, the words are plain text: "token refused".
    if (begin > 0 && between.find_first_of(":=") == std::string_view::npos) return {};
    if (begin > 0) {
        const auto end = std::min(view(text).find_first_of("\"'&, \r\n}", begin), text.size());
        return text.subspan(begin, end - begin);
    }
    const auto first = text.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(text[0]);
    const std::size_t header = first >= 0xa0 && first < 0xc0    ? 1
                               : first == 0xd9 || first == 0xc4 ? 2
                               : first == 0xda || first == 0xc5 ? 3
                               : first == 0xdb || first == 0xc6 ? 5
                                                                : 0;
    if (header == 0 || header > text.size()) return {};
    std::size_t length = header == 1 ? first & 0x1fU : 0;
    for (std::size_t i = 1; i < header; ++i)
        length = length << 8 | static_cast<std::uint8_t>(text[i]);
    return text.subspan(header, std::min(length, text.size() - header));
}

}  // namespace

bool JournalRedactor::is_secret_name(std::string_view name) noexcept {
    return std::find(secret_names.begin(), secret_names.end(), name) != secret_names.end();
}

JournalRedactor::JournalRedactor(const std::vector<std::string>& known) {
    std::copy_if(known.begin(), known.end(), std::back_inserter(known_),
                 [](const auto& token) { return !has_shape(token); });
}

void JournalRedactor::shapes(std::span<char> text) const {
    for (const std::string_view prefix : {std::string_view("bot_"), std::string_view("usr_")})
        for (auto at = view(text).find(prefix); at != std::string_view::npos; at = view(text).find(prefix, at + 1)) {
            const auto length = token_length(view(text).substr(at));
            if (length >= prefix.size() + min_token) redact(text.subspan(at, length));
        }
    constexpr std::string_view webhooks = "/webhooks/";
    for (auto at = view(text).find(webhooks); at != std::string_view::npos; at = view(text).find(webhooks, at + 1)) {
        const auto id_end = view(text).find_first_not_of("0123456789", at + webhooks.size());
        if (id_end == std::string_view::npos || text[id_end] != '/') continue;
        const auto length = segment_length(view(text).substr(id_end + 1));
        if (view(text).substr(id_end + 1, length) != "regenerate-token") redact(text.subspan(id_end + 1, length));
    }
    for (const auto& token : known_)
        if (token.size() >= min_known_part)
            for (auto at = view(text).find(token); at != std::string_view::npos; at = view(text).find(token, at + 1))
                redact(text.subspan(at, token.size()));
}

void JournalRedactor::value(std::span<char> text) const {
    if (std::find(known_.begin(), known_.end(), view(text)) != known_.end()) return redact(text);
    shapes(text);
}

void JournalRedactor::loose(std::span<char> text) const {
    for (const auto name : secret_names)
        for (auto at = view(text).find(name); at != std::string_view::npos;
             at = view(text).find(name, at + name.size()))
            redact(value_behind(text.subspan(at + name.size())));
    value(text);
}

void JournalRedactor::text(std::string& text) const { loose(text); }

void JournalRedactor::json(json::value& value) const {
    if (auto* text = value.if_string()) return this->value({text->data(), text->size()});
    if (auto* list = value.if_array())
        for (auto& item : *list)
            json(item);
    if (auto* object = value.if_object())
        for (auto& [name, item] : *object) {
            auto* text = item.if_string();
            if (text != nullptr && is_secret_name({name.data(), name.size()}))
                redact({text->data(), text->size()});
            else
                json(item);
        }
}

void JournalRedactor::frame(codec::Bytes& bytes) const {
    const std::span<char> all(reinterpret_cast<char*>(bytes.data()), bytes.size());
    // Reads value by value: the elements follow their map or list, and the keys of a map alternate with its values.
    struct Open {
        std::uint64_t left;
        bool map;
        bool key;
    };
    std::vector<Open> open{{1, false, false}};
    codec::Reader reader(bytes);
    bool secret = false;
    while (!open.empty()) {
        if (open.back().left == 0) {
            open.pop_back();
            if (!open.empty()) reader.leave();
            continue;
        }
        --open.back().left;
        const bool is_key = open.back().map && std::exchange(open.back().key, !open.back().key);
        const auto kind = reader.kind();
        std::uint32_t count = 0;
        std::string_view inside;
        if (kind == codec::Kind::text || kind == codec::Kind::binary) {
            if (!read_text(reader, kind, inside)) return loose(all);
            if (secret && !is_key)
                redact(writable(inside));
            else
                value(writable(inside));
            secret = is_key && is_secret_name(inside);
            continue;
        }
        const bool hidden = std::exchange(secret, false) && !is_key;
        if (kind == codec::Kind::extension) {
            if (!read_extension(reader, inside)) return loose(all);
            hidden ? redact(writable(inside)) : loose(writable(inside));
        } else if (kind == codec::Kind::map) {
            if (!reader.map(count)) return loose(all);
            open.push_back({std::uint64_t{count} * 2, true, true});
        } else if (kind == codec::Kind::list) {
            if (!reader.list(count)) return loose(all);
            open.push_back({count, false, false});
        } else if (!reader.skip()) {
            return loose(all);
        }
    }
    if (!reader.at_end()) loose(all);
}

}  // namespace intent::sandbox
