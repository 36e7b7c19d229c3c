// `intent lint FILE…`: uses clang-query to find temporaries that g++ 12 destroys twice (docs/coroutines.md).
#include "text/ascii.hpp"
#include "tools/intent/process/captured.hpp"
#include "tools/intent/process/child.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/lint_query.hpp"
#include "tools/intent/support/output.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace tool {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_shown_line = 200;

struct LintFlags {
    std::vector<std::string> files = {};
    std::string database = {};
    bool json = false;
};

std::string clang_query() {
    constexpr int oldest = 14;  // Debian 12
    constexpr int newest = 30;
    if (auto file = program_file("clang-query")) return *file;
    for (int version = newest; version >= oldest; --version)
        if (auto file = program_file("clang-query-" + std::to_string(version))) return *file;
    throw WrongUsage(
        "clang-query is not installed: apt-get install clang-tools (Debian, Ubuntu), or version 14 or later "
        "of LLVM elsewhere");
}

/// The folder of the nearest compile_commands.json: the file's folder, a parent folder, or `build` in one of them.
std::optional<fs::path> database_of(const fs::path& file) {
    for (fs::path folder = file.parent_path();; folder = folder.parent_path()) {
        for (const fs::path& place : {folder, folder / "build"}) {
            std::error_code ignored;
            if (fs::is_regular_file(place / "compile_commands.json", ignored)) return place;
        }
        if (folder == folder.parent_path()) return std::nullopt;
    }
}

/// The headers of this program's SDK: the program is in PREFIX/bin, or in a build folder within the sources.
std::optional<fs::path> sdk_headers() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (error) return std::nullopt;
    const fs::path include = program.parent_path().parent_path() / "include";
    if (!fs::is_regular_file(include / "intent" / "intent.hpp", error)) return std::nullopt;
    return include;
}

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Relative to the working directory if the file is below it.
std::string short_path(const std::string& file) {
    std::error_code error;
    const auto relative = fs::path(file).lexically_relative(fs::current_path(error)).string();
    return error || relative.empty() || relative.starts_with("..") ? file : relative;
}

/// The compiler's first error.
std::string first_error(std::string_view errors) {
    while (!errors.empty()) {
        const auto line = errors.substr(0, errors.find('\n'));
        errors.remove_prefix(std::min(line.size() + 1, errors.size()));
        if (line.find("error: ") != std::string_view::npos) return std::string(line.substr(0, 500));
    }
    return {};
}

class Lint {
public:
    explicit Lint(const LintFlags& flags) : flags_(flags), program_(clang_query()) {}

    int run() const {
        bool found = false;
        bool broken = false;
        for (const auto& file : flags_.files) {
            const auto path = fs::absolute(file).lexically_normal();
            const Captured answer = run_captured(program_, command(path));
            const auto error = first_error(answer.errors);
            if (!error.empty() || answer.status != 0) {
                print_error(fmt::format(
                    "{} does not parse: {}", file,
                    error.empty() ? fmt::format("clang-query ended with status {}", answer.status) : error));
                broken = true;
                continue;
            }
            for (const LintHit& hit : lint_hits(answer.output)) {
                found = true;
                if (!print(hit)) return failed;
            }
        }
        return broken ? wrong_usage : found ? failed : done;
    }

private:
    std::vector<std::string> command(const fs::path& file) const {
        // One -c per line of the query: -f would need a file.
        std::vector<std::string> words{program_};
        for (auto query = lint_query(); !query.empty();) {
            const auto line = query.substr(0, query.find('\n'));
            query.remove_prefix(std::min(line.size() + 1, query.size()));
            words.insert(words.end(), {"-c", std::string(line)});
        }
        auto database = flags_.database.empty() ? database_of(file) : std::optional<fs::path>(flags_.database);
        if (database) words.insert(words.end(), {"-p", database->string(), "--extra-arg=-w"});
        words.push_back(file.string());
        if (database) return words;
        words.insert(words.end(), {"--", "-std=c++20", "-w"});
        if (const auto include = sdk_headers()) words.push_back("-I" + include->string());
        return words;
    }

    bool print(const LintHit& hit) const {
        const std::string source = content_of(hit.await.file);
        const std::string file = short_path(hit.at.file);
        const std::string rewrite = lint_rewrite(hit, source);
        if (flags_.json) {
            return print_json(fmt::format(R"({{"file":{},"line":{},"column":{},"shape":"{}","text":{},"rewrite":{}}})",
                                          json_string(file), hit.at.line, hit.at.column, name_of(hit.shape),
                                          json_string(lint_text(hit.shape)), json_string(rewrite)));
        }
        if (!print_line(fmt::format("{}:{}:{}: {}", file, hit.at.line, hit.at.column, lint_text(hit.shape))) ||
            !print_line(fmt::format("    {}",
                                    intent::text::trimmed(source_line(source, hit.at.line)).substr(0, max_shown_line))))
            return false;
        std::string_view rest = rewrite;
        for (std::string_view head = "  write: "; !rest.empty(); head = "         ") {
            const auto part = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(part.size() + 1, rest.size()));
            if (!print_line(fmt::format("{}{}", head, part))) return false;
        }
        return true;
    }

    const LintFlags& flags_;
    std::string program_;
};

int run_lint(const LintFlags& flags) {
    for (const auto& file : flags.files) {
        std::error_code error;
        if (!fs::is_regular_file(file, error)) throw WrongUsage(file + ": no such file");
    }
    if (!flags.database.empty()) {
        std::error_code error;
        if (!fs::is_regular_file(fs::path(flags.database) / "compile_commands.json", error))
            throw WrongUsage("-p " + flags.database + ": no compile_commands.json in this folder");
    }
    return Lint(flags).run();
}

}  // namespace

Command add_lint(CLI::App& tool) {
    auto* command = tool.add_subcommand("lint", "Find temporaries that g++ 12 destroys twice (needs clang-query)");
    const auto flags = std::make_shared<LintFlags>();
    command->add_option("file", flags->files, "C++ sources")->type_name("FILE")->required();
    command
        ->add_option("-p", flags->database,
                     "Folder of compile_commands.json (default: the nearest, in parent folders or their build/)")
        ->type_name("DIR");
    command->add_flag("--json", flags->json, "Print one JSON object per line");
    return {command, [flags] { return run_lint(*flags); }};
}

}  // namespace tool
