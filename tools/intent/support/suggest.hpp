// "Did you mean …?"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// The candidate that `word` was most likely meant to be (case aside), or nothing if none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

/// "; did you mean X?" with the nearest candidate, or nothing.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace tool
