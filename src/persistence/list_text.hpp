// Lists as JSON arrays: what the file holds for vectors and structs.
#pragma once

#include <intent/detail/stored_value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::persistence {

/// Items are whole numbers, reals, text, null and arrays of these.
std::string list_text(const std::vector<detail::StoredValue>& items);

/// Unset if the text is not such an array, or has more than 64 levels.
std::optional<std::vector<detail::StoredValue>> parse_list(std::string_view text);

/// The value as the file holds it: a list becomes text.
detail::StoredValue flat(detail::StoredValue value);

}  // namespace intent::persistence
