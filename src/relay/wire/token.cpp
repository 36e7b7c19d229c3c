#include "relay/wire/token.hpp"

#include <algorithm>

namespace intent::relay {

namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

bool is_plain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

int value_of(char digit) noexcept {
    const auto at = digits.find(digit);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

std::string hex(std::uint64_t value) {
    std::string text(16, '0');
    for (std::size_t i = 16; i-- > 0; value >>= 4)
        text[i] = digits[value & 15];
    return text;
}

}  // namespace

std::uint64_t stable_hash(std::string_view bytes) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

std::string to_token(std::string_view text) {
    if (text.empty()) return "=";
    if (text.size() <= max_token && text.front() != '_' && std::ranges::all_of(text, is_plain))
        return std::string(text);
    constexpr std::size_t tail = 2 + 16;  // "=~" and the hash
    std::string token;
    std::size_t cut = 0;  // the longest prefix of whole characters that leaves room for the tail
    for (const char c : text) {
        if (token.size() <= max_token - tail) cut = token.size();
        if (is_plain(c) && !(c == '_' && token.empty())) {
            token += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            token += '=';
            token += digits[byte >> 4];
            token += digits[byte & 15];
        }
        if (token.size() > max_token) return token.substr(0, cut) + "=~" + hex(stable_hash(text));
    }
    return token;
}

std::string from_token(std::string_view token) {
    if (token == "=") return {};
    if (token.find('=') == std::string_view::npos) return std::string(token);
    std::string text;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] == '=' && token.substr(i, 2) == "=~") break;
        const int high = i + 2 < token.size() ? value_of(token[i + 1]) : -1;
        const int low = i + 2 < token.size() ? value_of(token[i + 2]) : -1;
        if (token[i] == '=' && high >= 0 && low >= 0) {
            text += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            text += token[i];
        }
    }
    return text;
}

bool is_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > 32) return false;
    for (const char c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) return false;
    return true;
}

}  // namespace intent::relay
