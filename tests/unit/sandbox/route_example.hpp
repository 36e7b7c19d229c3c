// Paths for the routes of the sandbox's table.
#pragma once

#include "sandbox/base/path_pattern.hpp"

#include <string>
#include <string_view>

namespace intent::inline v0::sandbox {

/// A path that fits the pattern.
inline std::string example(std::string_view pattern) {
    std::string path;
    while (!pattern.empty()) {
        const auto segment = take_segment(pattern);
        const bool named = segment.starts_with('{');
        path += "/" + std::string(!named ? segment : segment.ends_with("_id}") ? "1" : "s3cret");
    }
    return path;
}

}  // namespace intent::sandbox
