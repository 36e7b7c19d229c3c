#include "sandbox/base/text.hpp"

#include "sandbox/base/problem.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

std::string allowed(std::size_t minimum, std::size_t maximum) {
    return minimum == 0 ? "at most " + std::to_string(maximum) + " characters"
                        : std::to_string(minimum) + "-" + std::to_string(maximum) + " characters";
}

}  // namespace

std::optional<std::size_t> count_code_points(std::string_view text) noexcept {
    if (text::first_invalid_utf8(text)) return std::nullopt;
    return text::count_code_points(text);
}

void check_length(std::string_view field, std::string_view text, std::size_t minimum, std::size_t maximum) {
    const auto length = count_code_points(text);
    if (!length) throw invalid(field, "not valid UTF-8");
    if (*length < minimum || *length > maximum)
        throw invalid(field, allowed(minimum, maximum) + " allowed, got " + std::to_string(*length));
}

bool is_username(std::string_view text) noexcept {
    const auto allowed_char = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return text.size() >= 2 && text.size() <= 32 && std::all_of(text.begin(), text.end(), allowed_char);
}

}  // namespace intent::sandbox
