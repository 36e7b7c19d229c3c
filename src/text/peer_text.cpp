#include "text/peer_text.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace intent::text {
namespace {

constexpr std::size_t least_token = 16;  // characters behind "bot_"

std::string one_line(std::string_view text) {
    std::string line;
    for (std::size_t length = 0; !text.empty(); text.remove_prefix(length)) {
        const Utf8Step step = utf8_step(text);
        length = step.length;
        const char32_t c = step.valid ? code_point(text.substr(0, length)) : U'\ufffd';
        if (!step.valid) {
            line += "\xef\xbf\xbd";
        } else if (c == U' ' || is_control(c)) {
            if (!line.empty() && (c == U' ' || line.back() != ' ')) line.push_back(' ');
        } else if (!is_invisible(c)) {
            line += text.substr(0, length);
        }
    }
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    return line;
}

bool is_token_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// Replaces everything that looks like a token, known or not, with "***".
std::string without_shapes(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const auto word = static_cast<std::size_t>(std::ranges::find_if_not(text, is_token_character) - text.begin());
        const std::string_view token = text.substr(0, word);
        const bool hidden = (token.starts_with("bot_") || token.starts_with("usr_")) && token.size() >= 4 + least_token;
        shown += hidden ? std::string_view("***") : token;
        text.remove_prefix(word);
        const auto gap = static_cast<std::size_t>(std::ranges::find_if(text, is_token_character) - text.begin());
        shown += text.substr(0, gap);
        text.remove_prefix(gap);
    }
    return shown;
}

}  // namespace

std::string peer_text(std::string_view text, const Redactor& secrets, std::size_t limit) {
    constexpr std::size_t looked_at = 16;  // times the limit: dropping and escaping may remove most of a text
    const std::size_t max_bytes = limit * looked_at;
    std::string shown = without_shapes(secrets.redact(one_line(text.substr(0, max_bytes))));
    if (shown.size() <= limit && text.size() <= max_bytes) return shown;
    shown.resize(utf8_prefix(shown, limit).size());
    return shown + "…";
}

}  // namespace intent::text
