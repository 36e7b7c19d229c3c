#include "session/clean_text.hpp"

#include <algorithm>

namespace intent::session {
namespace {

std::uint64_t hash_of(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return hash;
}

bool is_token_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::size_t token_length(std::string_view text, const SecretPrint& secret) noexcept {
    if (secret.begins(text)) return secret.length();
    if (!text.starts_with("bot_") && !text.starts_with("usr_")) return 0;
    const auto end = std::find_if_not(text.begin(), text.end(), is_token_char);
    return static_cast<std::size_t>(end - text.begin());
}

// Length of the UTF-8 sequence that `text` begins with; 0 if it is none.
std::size_t sequence_length(std::string_view text) noexcept {
    const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = at(0);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xc2 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                               : lead < 0xf5 ? 4
                                             : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((at(i) & 0xc0) != 0x80) return 0;
    if (lead == 0xe0 && at(1) < 0xa0) return 0;
    if (lead == 0xed && at(1) > 0x9f) return 0;
    if (lead == 0xf0 && at(1) < 0x90) return 0;
    if (lead == 0xf4 && at(1) > 0x8f) return 0;
    return length;
}

bool is_control(std::string_view sequence) noexcept {
    const auto lead = static_cast<unsigned char>(sequence[0]);
    if (sequence.size() == 1) return lead < 0x20 || lead == 0x7f;
    return lead == 0xc2 && static_cast<unsigned char>(sequence[1]) < 0xa0;  // C1 controls: terminals obey them too
}

}  // namespace

SecretPrint::SecretPrint(std::string_view secret) noexcept : length_(secret.size()), hash_(hash_of(secret)) {}

bool SecretPrint::begins(std::string_view text) const noexcept {
    return length_ > 0 && text.size() >= length_ && hash_of(text.substr(0, length_)) == hash_;
}

std::string clean_text(std::string_view text, const SecretPrint& secret, std::size_t limit) {
    std::string clean;
    while (!text.empty() && clean.size() < limit) {
        if (const std::size_t token = token_length(text, secret)) {
            clean += "***";
            text.remove_prefix(token);
            continue;
        }
        const std::size_t length = sequence_length(text);
        const std::string_view sequence = text.substr(0, std::max<std::size_t>(length, 1));
        text.remove_prefix(sequence.size());
        if (length == 0) {
            clean += '?';
        } else if (!is_control(sequence)) {
            if (clean.size() + length > limit) break;
            clean += sequence;
        }
    }
    if (clean.size() > limit) clean.resize(limit);  // only "***" can overhang: ASCII
    return clean;
}

}  // namespace intent::session
