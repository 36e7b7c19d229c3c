// Checks texts against the lengths of protocol §8.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace intent::inline v0::sandbox {

/// The number of Unicode code points; unset if the text is not UTF-8.
std::optional<std::size_t> count_code_points(std::string_view text) noexcept;

/// Throws a Problem (400) that names `field` unless the text is UTF-8 of `minimum` to `maximum` code points.
void check_length(std::string_view field, std::string_view text, std::size_t minimum, std::size_t maximum);

/// 2-32 of a-z 0-9 _ (protocol §8).
bool is_username(std::string_view text) noexcept;

}  // namespace intent::sandbox
