// The project that `intent new` creates.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

namespace tool {

struct TemplateFile {
    std::string_view path;     ///< in the project: "src/bot.cpp"
    std::string_view content;  ///< `@NAME@` stands for the project's name
};

/// The files of templates/bot, embedded when the tool is built, sorted by path.
std::span<const TemplateFile> template_files();

/// A letter, then letters, digits, '-' and '_' of ASCII, at most 64 in total: valid as the name of a CMake project, of
/// a systemd unit and of a folder.
bool is_project_name(std::string_view name) noexcept;

/// Creates `place` with the files; its last part is the project's name. The folder must not exist or be empty, its
/// parent must exist. The files are first written to a hidden folder beside it, which is then renamed, so on an error
/// nothing is left.
///
/// Errors: WrongUsage for an invalid name, a missing parent, or a folder that is not empty; std::runtime_error if the
/// files cannot be written.
void create_project(const std::filesystem::path& place, std::span<const TemplateFile> files = template_files());

}  // namespace tool
