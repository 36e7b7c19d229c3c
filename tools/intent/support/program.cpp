#include "tools/intent/support/program.hpp"

#include "tools/intent/support/output.hpp"
#include "tools/intent/support/suggest.hpp"

#include <intent/errors.hpp>
#include <intent/version.hpp>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <string_view>
#include <utility>

namespace tool {

namespace {

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
    return kind + plain + suggestion(plain, {names.begin(), names.end()});
}

int usage_problem(CLI::App& app, const CLI::ParseError& error) {
    std::string text = error.what();
    // An unknown command makes CLI11 report a missing command: report the unknown word instead.
    if (!remaining_words(app).empty()) text = unknown_word(app);
    print_error(text + " (see " + full_name(named(app)) + " --help)");
    return wrong_usage;
}

int run(const std::vector<Command>& commands) {
    try {
        // The first is the innermost: commands with subcommands come after their subcommands.
        for (const Command& command : commands)
            if (command.app->parsed()) return command.run();
    } catch (const WrongUsage& error) {
        print_error(error.what());
        return wrong_usage;
    } catch (const intent::ConfigError& error) {
        print_error(error.what());
        return wrong_usage;
    } catch (const intent::UnauthorizedError& error) {
        print_error(error.what());
        return token_refused;
    } catch (const std::exception& error) {
        print_error(error.what());
    }
    return failed;
}

}  // namespace

int run_program(const std::string& name, const std::string& about, int argc, char** argv,
                std::vector<Command> (*add)(CLI::App& app, const std::vector<std::string>& words)) {
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is reported as a write error
    prepare_output();
    CLI::App app(about, name);
    app.set_version_flag("--version", name + " " + std::string(intent::version()));
    app.require_subcommand(1);
    const std::vector<Command> commands = add(app, {argv + std::min(argc, 1), argv + argc});
    int status = done;
    try {
        app.parse(argc, argv);
        status = run(commands);
    } catch (const CLI::Success& help) {
        std::ostringstream text;
        status = app.exit(help, text, text);
        if (!print_lines(text.str())) status = failed;
    } catch (const CLI::ParseError& error) {
        status = usage_problem(app, error);
    }
    return finish_output() ? status : failed;
}

}  // namespace tool
