// The names of time zones as people write them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace intent::toolkit {

/// The name that is `text` but for the case of ASCII letters, and spaces in place of underscores.
std::optional<std::string> same_zone(std::string_view text, std::span<const std::string> names);

/// The name that was probably meant: it has a letter or two more, less or other than `text`, or its last part has
/// ("berln" for "Europe/Berlin").
std::optional<std::string> similar_zone(std::string_view text, std::span<const std::string> names);

}  // namespace intent::toolkit
