// Helps with text of protocols, such as headers: only ASCII letters have a case.
#pragma once

#include <string>
#include <string_view>

namespace intent::text {

/// `text` without spaces, tabs and line breaks at both ends.
std::string_view trimmed(std::string_view text) noexcept;

std::string lower_case(std::string_view text);

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

}  // namespace intent::text
