#include "rest/validate.hpp"

#include "text/utf8.hpp"

#include <intent/limits.hpp>

#include <algorithm>

namespace intent::rest {

namespace {

bool is_base64(std::string_view text) noexcept {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
               c == '-' || c == '_';
    });
}

/// Checks a message that carries ciphertext (protocol §16).
Wrong check_encrypted(const raw::MessageBody& body) {
    if (body.content || !body.embeds.empty())
        return "mls_ciphertext: excludes content and embeds; an encrypted message contains its text";
    if (!is_base64(*body.mls_ciphertext)) return "mls_ciphertext: not base64, or empty";
    return std::nullopt;
}

/// ": 101 characters; must be 2 to 100"
std::string out_of(codec::Range range, const std::string& actual) {
    std::string text = ": " + actual + "; must be ";
    if (range.max == codec::Range{}.max) return text + "at least " + std::to_string(range.min);
    text += range.min == 0 ? "at most " : std::to_string(range.min) + " to ";
    return text + std::to_string(range.max);
}

bool is_in(codec::Range range, std::uint64_t value) noexcept { return value >= range.min && value <= range.max; }

}  // namespace

Wrong check_text(std::string_view text, codec::Range range) {
    if (const auto position = text::first_invalid_utf8(text))
        return ": not valid UTF-8 at byte " + std::to_string(*position);
    const std::size_t length = text::count_code_points(text);
    if (is_in(range, length)) return std::nullopt;
    if (length == 0 && range.min == 1) return ": must not be empty";
    return out_of(range, std::to_string(length) + " characters");
}

Wrong check_count(std::size_t count, codec::Range range) {
    if (is_in(range, count)) return std::nullopt;
    return out_of(range, std::to_string(count) + " entries");
}

Wrong check_number(std::int64_t value, codec::Range range) {
    const bool has_range = range.min != 0 || range.max != codec::Range{}.max;
    if (!has_range || (value >= 0 && is_in(range, static_cast<std::uint64_t>(value)))) return std::nullopt;
    return out_of(range, std::to_string(value));
}

Wrong check_id(std::uint64_t id) {
    if (id != 0) return std::nullopt;
    return ": no id is set (0 is not an id)";
}

Wrong check_message(const raw::MessageBody& body) {
    if (body.mls_ciphertext) return check_encrypted(body);
    const bool empty_text = !body.content || body.content->empty();
    if (empty_text && body.embeds.empty()) return "content: empty, and there are no embeds; one of them is needed";
    for (std::size_t i = 0; i < body.embeds.size(); ++i) {
        if (body.embeds[i] == raw::Embed{})
            return "embeds[" + std::to_string(i) + "]: empty; set at least one field, such as a title or a description";
    }
    return std::nullopt;
}

Wrong check_webhook_message(const raw::MessageBody& body) {
    if (body.mls_ciphertext) return "mls_ciphertext: a webhook's messages are not encrypted";
    return check_message(body);
}

Wrong check_page(const raw::PageOptions& page) {
    if (page.before && page.after) return "before, after: both are set; give one of them";
    auto wrong = check_value(page.limit, {1, limits::page_size});
    if (wrong) wrong->insert(0, "limit");
    return wrong;
}

}  // namespace intent::rest
