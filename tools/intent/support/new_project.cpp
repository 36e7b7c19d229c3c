#include "tools/intent/support/new_project.hpp"

#include "tools/intent/support/command.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace tool {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_name = 64;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_name_character(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; }

[[noreturn]] void fail_at(const fs::path& path, const std::error_code& error) {
    throw std::runtime_error(path.string() + ": " + error.message());
}

/// Removes its folder at the end, unless it was renamed.
class HiddenFolder {
public:
    explicit HiddenFolder(const fs::path& beside) {
        const std::string name = fmt::format(".{}-{}", beside.filename().string(), getpid());
        for (int number = 0;; ++number) {
            path_ = beside.parent_path() / fmt::format("{}-{}", name, number);
            std::error_code error;
            if (fs::create_directory(path_, error)) return;
            if (error) fail_at(beside, error);
        }
    }
    ~HiddenFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    HiddenFolder(const HiddenFolder&) = delete;
    HiddenFolder& operator=(const HiddenFolder&) = delete;

    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

std::string with_name(std::string_view content, const std::string& name) {
    constexpr std::string_view placeholder = "@NAME@";
    std::string result;
    for (;;) {
        const auto found = content.find(placeholder);
        result += content.substr(0, found);
        if (found == std::string_view::npos) return result;
        result += name;
        content.remove_prefix(found + placeholder.size());
    }
}

void write_file(const fs::path& path, const std::string& content) {
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) fail_at(path.parent_path(), error);
    std::ofstream file(path, std::ios::binary);
    file << content;
    file.close();
    if (!file) throw std::runtime_error(path.string() + ": cannot be written");
}

void check_place(const fs::path& folder) {
    std::error_code error;
    const fs::path parent = folder.parent_path();
    if (!parent.empty() && !fs::is_directory(parent, error))
        throw WrongUsage("NAME " + folder.string() + ": there is no folder " + parent.string());
    const auto status = fs::symlink_status(folder, error);
    if (!fs::exists(status)) return;
    if (!fs::is_directory(status)) throw WrongUsage("NAME " + folder.string() + ": exists and is not a folder");
    const bool empty = fs::is_empty(folder, error);
    if (error) fail_at(folder, error);
    if (!empty) throw WrongUsage("NAME " + folder.string() + ": the folder exists and is not empty");
}

}  // namespace

bool is_project_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= max_name && is_letter(name.front()) &&
           std::ranges::all_of(name, is_name_character);
}

void create_project(const fs::path& place, std::span<const TemplateFile> files) {
    const fs::path folder = place.has_filename() ? place : place.parent_path();  // without a slash at its end
    const std::string name = folder.filename().string();
    if (!is_project_name(name))
        throw WrongUsage(fmt::format("NAME {}: expected a letter, then letters, digits, - and _, at most {} in total",
                                     folder.string(), max_name));
    check_place(folder);

    const HiddenFolder hidden(folder);
    for (const TemplateFile& file : files)
        write_file(hidden.path() / file.path, with_name(file.content, name));
    std::error_code error;
    fs::rename(hidden.path(), folder, error);
    if (error) fail_at(folder, error);
}

}  // namespace tool
