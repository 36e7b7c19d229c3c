// File names with wildcards.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// Does a name without '/' match? `*` stands for any characters, `?` for one.
bool matches_glob(std::string_view pattern, std::string_view name);

/// What a pattern finds, and the folders in which another file may come to match it.
struct Globbed {
    std::vector<std::string> files = {};
    std::vector<std::string> folders = {};
};

/// Adds the files that `pattern` finds: wildcards in each part of the path, and `**` for any number of folders. Folders
/// and files whose name begins with a dot are passed over unless the pattern's part does so too.
void expand_glob(const std::string& pattern, Globbed& found);

}  // namespace tool
