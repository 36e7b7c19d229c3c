#include "tools/intent/process/glob.hpp"

#include <filesystem>
#include <system_error>

namespace tool {

namespace fs = std::filesystem;

namespace {

using Parts = std::vector<std::string>;

bool has_wildcard(std::string_view part) { return part.find_first_of("*?") != part.npos; }

void expand(const fs::path& place, const Parts& parts, std::size_t index, Globbed& found);

/// Expands the entries of a folder that match a part of the pattern.
void expand_entries(const fs::path& folder, const Parts& parts, std::size_t index, Globbed& found) {
    const std::string& part = parts[index];
    const bool any_depth = part == "**";
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with('.') && !part.starts_with('.')) continue;
        std::error_code unknown;
        if (any_depth) {
            // Do not follow symbolic links: they may form a cycle.
            if (entry->is_directory(unknown) && !entry->is_symlink(unknown)) expand(entry->path(), parts, index, found);
        } else if (matches_glob(part, name)) {
            expand(entry->path(), parts, index + 1, found);
        }
    }
}

void expand(const fs::path& place, const Parts& parts, std::size_t index, Globbed& found) {
    std::error_code error;
    if (index == parts.size()) {
        if (fs::is_regular_file(place, error)) found.files.push_back(place.string());
        return;
    }
    if (!fs::is_directory(place.empty() ? "." : place, error)) return;
    found.folders.push_back(place.empty() ? "." : place.string());
    if (parts[index] == "**") expand(place, parts, index + 1, found);
    if (has_wildcard(parts[index])) {
        expand_entries(place.empty() ? "." : place, parts, index, found);
    } else {
        expand(place / parts[index], parts, index + 1, found);
    }
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view name) {
    std::size_t p = 0;
    std::size_t n = 0;
    std::size_t star = pattern.npos;  // where to retry with the last '*' matching one more character
    std::size_t taken = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            taken = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
            ++p;
            ++n;
        } else if (star != pattern.npos) {
            p = star + 1;
            n = ++taken;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

void expand_glob(const std::string& pattern, Globbed& found) {
    const fs::path path(pattern);
    Parts parts;
    for (const auto& part : path.relative_path())
        if (!part.empty() && part != ".") parts.push_back(part.string());
    if (!parts.empty()) expand(path.root_path(), parts, 0, found);
}

}  // namespace tool
