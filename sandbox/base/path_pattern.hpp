// Matches paths of requests against patterns such as "/channels/{channel_id}/messages".
#pragma once

#include <algorithm>
#include <string_view>

namespace intent::inline v0::sandbox {

/// Removes the first segment of `path` and returns it: "/a/b" becomes "/b".
inline std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

/// True if the path matches the pattern. Calls `parameter(name, text)` for each segment in braces with its text, which
/// is never empty; the match fails if it returns false. It is also called for segments before a later mismatch.
/// A pattern that ends in `/*` matches any rest of the path, which is passed as `*`, with its slash.
template <class Parameter>
bool match_path(std::string_view pattern, std::string_view path, Parameter parameter) {
    while (pattern.starts_with('/') && path.starts_with('/')) {
        if (pattern == "/*") return parameter("*", path);
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
