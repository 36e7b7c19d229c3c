// Paths of requests against patterns: "/channels/{channel_id}/messages".
#pragma once

#include <algorithm>
#include <string_view>

namespace intent::sandbox {

/// Takes the first segment off `path`: "/a/b" becomes "/b".
inline std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

/// Does the path fit the pattern? `parameter(name, text)` gets each segment in braces with what stands in its place,
/// never empty, and says whether that is acceptable. Parameters before one that does not fit are passed as well.
template <class Parameter>
bool match_path(std::string_view pattern, std::string_view path, Parameter parameter) {
    while (pattern.starts_with('/') && path.starts_with('/')) {
        const auto wanted = take_segment(pattern);
        const auto got = take_segment(path);
        if (!wanted.starts_with('{')) {
            if (wanted != got) return false;
        } else if (got.empty() || !parameter(wanted.substr(1, wanted.size() - 2), got)) {
            return false;
        }
    }
    return pattern.empty() && path.empty();
}

}  // namespace intent::sandbox
