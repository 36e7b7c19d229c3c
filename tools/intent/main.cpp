// The command-line tool (docs/tool.md): runs the command and converts its exceptions to one line and an exit status.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/suggest.hpp"

#include <intent/errors.hpp>
#include <intent/version.hpp>

#include <csignal>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using tool::Command;

/// The innermost subcommand given, or the tool itself.
CLI::App& named(CLI::App& app) {
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? app : named(*chosen.front());
}

/// "intent sandbox fault"
std::string full_name(const CLI::App& command) {
    const CLI::App* parent = command.get_parent();
    return parent ? full_name(*parent) + " " + command.get_name() : command.get_name();
}

/// The unparsed arguments, without the "--" before the arguments of `run`.
std::vector<std::string> remaining_words(const CLI::App& app) {
    auto words = app.remaining(true);
    std::erase(words, "--");
    return words;
}

/// The error for the first unparsed argument, with a suggestion.
std::string unknown_word(CLI::App& app) {
    CLI::App& command = named(app);
    const std::string word = remaining_words(app).front();
    std::vector<std::string> names;
    if (word.starts_with('-')) {
        for (const CLI::Option* option : command.get_options())
            for (const auto& name : option->get_lnames())
                names.push_back("--" + name);
    } else {
        for (const CLI::App* subcommand : command.get_subcommands({}))
            names.push_back(subcommand->get_name());
    }
    const std::string kind = word.starts_with('-') ? "unknown flag " : "unexpected argument ";
    const std::string plain = word.substr(0, word.find('='));
    return kind + plain + tool::suggestion(plain, {names.begin(), names.end()});
}

int usage_problem(CLI::App& app, const CLI::ParseError& error) {
    std::string text = error.what();
    // An unknown command makes CLI11 report a missing command: report the unknown word instead.
    if (!remaining_words(app).empty()) text = unknown_word(app);
    tool::print_error(text + " (see " + full_name(named(app)) + " --help)");
    return tool::wrong_usage;
}

int run(const std::vector<Command>& commands) {
    try {
        // The first is the innermost: commands with subcommands come after their subcommands.
        for (const Command& command : commands)
            if (command.app->parsed()) return command.run();
    } catch (const tool::WrongUsage& error) {
        tool::print_error(error.what());
        return tool::wrong_usage;
    } catch (const intent::ConfigError& error) {
        tool::print_error(error.what());
        return tool::wrong_usage;
    } catch (const intent::UnauthorizedError& error) {
        tool::print_error(error.what());
        return tool::token_refused;
    } catch (const std::exception& error) {
        tool::print_error(error.what());
    }
    return tool::failed;
}

int run(int argc, char** argv) {
    CLI::App app("Bots and the Intent chat platform, from the command line", "intent");
    app.set_version_flag("--version", "intent " + std::string(intent::version()));
    app.require_subcommand(1);
    const std::vector<Command> commands = tool::add_commands(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& help) {
        std::ostringstream text;
        const int status = app.exit(help, text, text);
        return tool::print_lines(text.str()) ? status : tool::failed;
    } catch (const CLI::ParseError& error) {
        return usage_problem(app, error);
    }
    return run(commands);
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is reported as a write error
    tool::prepare_output();
    const int status = run(argc, argv);
    return tool::finish_output() ? status : tool::failed;
}
