// File names with wildcards.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// True if a name without '/' matches. `*` matches any characters, `?` one character.
bool matches_glob(std::string_view pattern, std::string_view name);

/// The files that match a pattern, and the folders where new files could match it.
struct Globbed {
    std::vector<std::string> files = {};
    std::vector<std::string> folders = {};
};

/// Adds the files that match `pattern`: wildcards in each part of the path, and `**` for any number of folders. Skips
/// names that begin with a dot unless the pattern's part begins with a dot too.
void expand_glob(const std::string& pattern, Globbed& found);

}  // namespace tool
