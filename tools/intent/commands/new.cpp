// `intent new NAME`: creates a bot project.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/completion_scripts.hpp"
#include "tools/intent/support/new_project.hpp"
#include "tools/intent/support/output.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

namespace tool {

namespace {

/// `text` as one word of a shell's command line.
std::string shell_word(const std::string& text) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
               c == '_' || c == '-';
    };
    return std::ranges::all_of(text, is_plain) ? text : shell_quoted(text);
}

struct NewFlags {
    std::string folder = {};
    bool json = false;
};

bool print_json_of(const NewFlags& flags) {
    std::string files;
    for (const TemplateFile& file : template_files())
        files += (files.empty() ? "" : ",") + json_string(file.path);
    const auto folder = std::filesystem::absolute(flags.folder).string();
    return print_json(fmt::format(R"({{"folder":{},"files":[{}]}})", json_string(folder), files));
}

bool print_text_of(const NewFlags& flags) {
    std::string text = fmt::format("Created the bot project {}:\n\n", flags.folder);
    for (const TemplateFile& file : template_files())
        text += fmt::format("    {}\n", file.path);
    text += fmt::format("\nNext:\n\n    cd {}\n    make test\n    make run\n", shell_word(flags.folder));
    return print_lines(text);
}

int run_new(const NewFlags& flags) {
    create_project(flags.folder);
    return (flags.json ? print_json_of(flags) : print_text_of(flags)) ? done : failed;
}

}  // namespace

Command add_new(CLI::App& tool) {
    auto* command = tool.add_subcommand("new", "Create a bot project that builds and passes its test");
    const auto flags = std::make_shared<NewFlags>();
    command
        ->add_option("name", flags->folder,
                     "The project's name, or the path of its new folder, whose last part is the name")
        ->type_name("NAME")
        ->required();
    command->add_flag("--json", flags->json, "Print one JSON object instead of text");
    return {command, [flags] { return run_new(*flags); }};
}

}  // namespace tool
