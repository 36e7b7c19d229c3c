#include "text/redactor.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace intent::text {
namespace {

constexpr std::size_t min_secret_size = 4;
constexpr std::size_t min_front_size = 8;
constexpr std::size_t kept_tokens = 2;

/// A text in the form that secrets are searched in, with the position of each byte in the original.
struct Reading {
    struct Range {
        std::uint32_t begin;
        std::uint32_t end;
    };
    std::string bytes;
    std::vector<Range> ranges;

    void add(std::string_view sequence, std::size_t begin, std::size_t end) {
        bytes.append(sequence);
        ranges.insert(ranges.end(), sequence.size(),
                      {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    }
};

bool is_passed_over(char32_t c) noexcept {
    return is_control(c) || is_invisible(c) || c == U' ' || c == U'?' || c == U'\ufffd';
}

/// The original text without the characters that are skipped and the bytes that are not UTF-8.
Reading plain(std::string_view text) {
    Reading reading;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Step step = utf8_step(text.substr(at));
        const std::string_view sequence = text.substr(at, step.length);
        if (step.valid && !is_passed_over(code_point(sequence))) reading.add(sequence, at, at + step.length);
        at += step.length;
    }
    return reading;
}

std::optional<unsigned> hex(std::string_view digits) noexcept {
    unsigned value = 0;
    for (const char c : digits) {
        const unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                               : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10)
                               : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10)
                                                      : 16u;
        if (digit == 16) return std::nullopt;
        value = value * 16 + digit;
    }
    return value;
}

/// One escape at the front of a text: its length, and the character it stands for.
struct Escape {
    std::size_t length = 0;  // 0: no escape
    char32_t means = 0;
};

Escape percent_escape(std::string_view text) noexcept {
    if (text.size() < 3 || text[0] != '%') return {};
    const auto value = hex(text.substr(1, 2));
    return value ? Escape{3, *value} : Escape{};
}

Escape json_escape(std::string_view text) noexcept {
    if (text.size() < 2 || text[0] != '\\') return {};
    switch (text[1]) {
        case '"':
        case '\\':
        case '/':
            return {2, static_cast<unsigned char>(text[1])};
        case 'b':
        case 'f':
        case 'n':
        case 'r':
        case 't':
            return {2, U' '};
        case 'u':
            break;
        default:
            return {};
    }
    const auto unit = [](std::string_view at) -> std::optional<unsigned> {
        if (at.size() < 6 || at[0] != '\\' || at[1] != 'u') return std::nullopt;
        return hex(at.substr(2, 4));
    };
    const auto first = unit(text);
    if (!first) return {};
    if (*first < 0xd800 || *first > 0xdfff) return {6, *first};
    const auto second = unit(text.substr(6));
    if (*first > 0xdbff || !second || *second < 0xdc00 || *second > 0xdfff) return {};
    return {12, 0x10000 + ((*first & 0x3ff) << 10 | (*second & 0x3ff))};
}

std::string utf8_of(char32_t c) {
    std::string out;
    const auto tail = [&](unsigned shift) { out.push_back(static_cast<char>(0x80 | (c >> shift & 0x3f))); };
    if (c < 0x80) {
        out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
        out.push_back(static_cast<char>(0xc0 | c >> 6));
        tail(0);
    } else if (c < 0x10000) {
        out.push_back(static_cast<char>(0xe0 | c >> 12));
        tail(6);
        tail(0);
    } else {
        out.push_back(static_cast<char>(0xf0 | c >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
    return out;
}

/// Replaces each escape that `escape_at` finds with its meaning: a byte (percent-encoding) or a code point.
template <class EscapeAt>
Reading unescaped(const Reading& from, EscapeAt escape_at, bool means_bytes) {
    Reading reading;
    const std::string_view bytes = from.bytes;
    for (std::size_t at = 0; at < bytes.size();) {
        const Escape escape = escape_at(bytes.substr(at));
        if (escape.length == 0) {
            reading.add(bytes.substr(at, 1), from.ranges[at].begin, from.ranges[at].end);
            ++at;
            continue;
        }
        const std::size_t begin = from.ranges[at].begin, end = from.ranges[at + escape.length - 1].end;
        if (means_bytes && escape.means >= 0x80)
            reading.add(std::string(1, static_cast<char>(escape.means)), begin, end);
        else if (!is_passed_over(escape.means))
            reading.add(utf8_of(escape.means), begin, end);
        at += escape.length;
    }
    return reading;
}

/// For each prefix of `needle`, the length of its longest proper prefix that is also a suffix (Knuth, Morris, Pratt).
std::vector<std::size_t> borders(std::string_view needle) {
    std::vector<std::size_t> length(needle.size(), 0);
    for (std::size_t i = 1, matched = 0; i < needle.size(); ++i) {
        while (matched > 0 && needle[matched] != needle[i])
            matched = length[matched - 1];
        if (needle[matched] == needle[i]) ++matched;
        length[i] = matched;
    }
    return length;
}

void find_in(const Reading& reading, std::string_view needle, std::vector<Redactor::Span>& found) {
    const auto border = borders(needle);
    const std::size_t enough = std::min(needle.size(), min_front_size);
    std::size_t matched = 0;
    const auto note = [&](std::size_t end) {
        if (matched < enough) return;
        found.emplace_back(reading.ranges[end - matched].begin, reading.ranges[end - 1].end);
    };
    for (std::size_t i = 0; i < reading.bytes.size(); ++i) {
        while (matched == needle.size() || (matched > 0 && needle[matched] != reading.bytes[i])) {
            note(i);
            matched = border[matched - 1];
        }
        if (needle[matched] == reading.bytes[i]) ++matched;
    }
    note(reading.bytes.size());
}

/// Joins spans that touch.
void merge(std::vector<Redactor::Span>& spans) {
    std::ranges::sort(spans);
    std::size_t kept = 0;
    for (const auto& span : spans) {
        if (kept > 0 && span.first <= spans[kept - 1].second)
            spans[kept - 1].second = std::max(spans[kept - 1].second, span.second);
        else
            spans[kept++] = span;
    }
    spans.resize(kept);
}

}  // namespace

void Redactor::set_token(std::string_view token) {
    const std::string needle = plain(token).bytes;
    if (!needles_.empty() && needles_.back() == needle) return;
    add(token);
    if (needles_.size() > kept_tokens) needles_.erase(needles_.begin());
}

Redactor Redactor::with(std::string_view secret) const {
    Redactor more = *this;
    more.add(secret);
    if (secret.find('%') != secret.npos) more.add(unescaped(plain(secret), percent_escape, true).bytes);
    return more;
}

void Redactor::add(std::string_view secret) {
    std::string needle = plain(secret).bytes;
    if (needle.size() >= min_secret_size) needles_.push_back(std::move(needle));
}

std::vector<Redactor::Span> Redactor::find(std::string_view text) const {
    std::vector<Span> found;
    if (needles_.empty()) return found;
    const auto look = [&](const Reading& reading) {
        for (const auto& needle : needles_)
            find_in(reading, needle, found);
    };
    const auto look_twice = [&](const Reading& reading) {
        look(reading);
        if (reading.bytes.find('%') != std::string::npos) look(unescaped(reading, percent_escape, true));
    };
    const Reading reading = plain(text);
    look_twice(reading);
    if (reading.bytes.find('\\') != std::string::npos) look_twice(unescaped(reading, json_escape, false));
    merge(found);
    return found;
}

std::string Redactor::redact(std::string_view text) const {
    std::string shown;
    std::size_t at = 0;
    for (const auto& [begin, end] : find(text)) {
        shown.append(text.substr(at, begin - at)).append("***");
        at = end;
    }
    return shown.append(text.substr(at));
}

}  // namespace intent::text
