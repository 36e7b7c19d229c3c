// "Did you mean …?"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// The candidate most similar to `word`, ignoring case; empty if no candidate is similar.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

/// "; did you mean X?" with the nearest candidate; empty if there is none.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace tool
