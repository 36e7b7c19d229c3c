#include "net/impl/text.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace intent::net {

namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    while (max_bytes > 0 && continues(text[max_bytes]))
        --max_bytes;
    return text.substr(0, max_bytes);
}

bool is_utf8(std::string_view text) { return !text::first_invalid_utf8(text); }

std::string printable(std::string_view text, std::size_t max_bytes) {
    std::string result;
    while (!text.empty() && result.size() < max_bytes) {
        const auto [length, valid] = text::utf8_step(text);
        if (!valid)
            result += '?';
        else if (text::is_control(text::code_point(text.substr(0, length))))
            result += ' ';
        else if (result.size() + length > max_bytes)
            break;
        else
            result += text.substr(0, length);
        text.remove_prefix(length);
    }
    while (!result.empty() && result.back() == ' ')
        result.pop_back();
    return result;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

std::string system_problem(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

}  // namespace intent::net
