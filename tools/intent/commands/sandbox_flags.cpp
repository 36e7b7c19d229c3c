#include "tools/intent/commands/sandbox_flags.hpp"

#include "tools/intent/support/command.hpp"
#include "tools/intent/support/connection.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/suggest.hpp"

#include <intent/errors.hpp>
#include <intent/limits.hpp>

#include <algorithm>

namespace tool {

namespace {

intent::sandbox::Bot bot_of(const std::string& text) {
    const auto equals = text.find('=');
    intent::sandbox::Bot bot{.name = text.substr(0, equals)};
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    if (bot.name.size() < 2 || bot.name.size() > 32 || !std::ranges::all_of(bot.name, allowed)) {
        throw WrongUsage("--bot " + bot.name + ": a bot's name is 2-32 of a-z 0-9 _");
    }
    if (equals == std::string::npos) return bot;
    try {
        bot.token = intent::Token(text.substr(equals + 1)).reveal();
    } catch (const intent::ConfigError& error) {
        throw WrongUsage("--bot " + bot.name + ": " + error.what());
    }
    warn_of_token_on_command_line("--bot NAME=TOKEN", "without =TOKEN the sandbox generates one and prints it");
    return bot;
}

intent::sandbox::Dialect dialect_of(const std::string& name) {
    using intent::sandbox::Dialect;
    if (name == "spec") return Dialect::spec;
    if (name == "web") return Dialect::web;
    if (name == "flat") return Dialect::flat;
    throw WrongUsage("--dialect " + name + ": expected spec, web or flat" + suggestion(name, {"spec", "web", "flat"}));
}

intent::sandbox::Refusal refusal_of(const std::string& name) {
    using intent::sandbox::Refusal;
    if (name == "op8") return Refusal::invalid_session;
    if (name == "4004") return Refusal::close_4004;
    throw WrongUsage("--refuse " + name + ": expected op8 or 4004" + suggestion(name, {"op8", "4004"}));
}

}  // namespace

intent::sandbox::Options sandbox_options(const SandboxFlags& flags) {
    intent::sandbox::Options options = flags.options;
    for (const auto& text : flags.bots) {
        options.bots.push_back(bot_of(text));
        const auto same = [&](const intent::sandbox::Bot& bot) { return bot.name == options.bots.back().name; };
        if (std::ranges::count_if(options.bots, same) > 1) {
            throw WrongUsage("--bot " + options.bots.back().name + ": given twice");
        }
    }
    for (const auto& origin : options.allowed_origins)
        if (origin != "*" && origin != "null" && origin.find("://") == std::string::npos)
            throw WrongUsage("--allow-origin " + origin + ": expected scheme://host[:port], null, or *");
    if (options.bots.empty()) options.bots.push_back({.name = "bot"});
    options.dialect = dialect_of(flags.dialect);
    options.refuse_token = refusal_of(flags.refuse);
    options.resume = !flags.no_resume;
    options.limits = !flags.no_limits;
    options.heartbeat_interval = std::chrono::milliseconds(flags.heartbeat_interval_ms);
    if (flags.clock) options.clock = intent::TestClock();
    options.log = intent::stderr_log(flags.verbose ? intent::LogLevel::debug : intent::LogLevel::warn);
    return options;
}

std::unique_ptr<intent::Sandbox> start_sandbox(intent::sandbox::Options options) {
    try {
        return std::make_unique<intent::Sandbox>(std::move(options));
    } catch (const intent::ConfigError& error) {
        print_error(error.what());
        return nullptr;
    }
}

void add_sandbox_flags(CLI::App& command, SandboxFlags& flags) {
    flags.options.port = 8080;
    command.add_option("--host", flags.options.host, "Address to listen on")->type_name("HOST")->capture_default_str();
    command.add_option("--port", flags.options.port, "Port; 0: any free port")
        ->type_name("N")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    command.add_option("--db", flags.options.database, "SQLite file, created if missing (default: in memory)")
        ->type_name("FILE");
    repeatable(command.add_option("--bot", flags.bots, "Bot to create at startup; repeatable (default: bot)"))
        ->type_name("NAME[=TOKEN]");
    repeatable(command.add_option("--allow-origin", flags.options.allowed_origins,
                                  "Also serve web pages of this origin; *: of every origin; repeatable"))
        ->type_name("ORIGIN");
    command.add_option("--dialect", flags.dialect, "Format of events and lists")
        ->type_name("spec|web|flat")
        ->capture_default_str();
    command.add_flag("--hello", flags.options.hello, "The newer session protocol: Hello, READY and RESUMED as events");
    command.add_flag("--no-resume", flags.no_resume, "No session_id; Resume is refused");
    command.add_option("--refuse", flags.refuse, "How a bad token is refused: Invalid Session, or close code 4004")
        ->type_name("op8|4004")
        ->capture_default_str();
    command.add_option("--heartbeat-interval", flags.heartbeat_interval_ms, "Interval sent to bots, in ms")
        ->type_name("MS")
        ->check(
            CLI::Range(intent::limits::min_heartbeat_interval.count(), intent::limits::max_heartbeat_interval.count()))
        ->capture_default_str();
    command.add_flag("--no-limits", flags.no_limits,
                     "No rate limits: the headers report limits that are never reached");
    command.add_flag("--clock", flags.clock,
                     "Its clock stands still until intent expect --advance or intent sandbox advance");
    command.add_flag("-v,--verbose", flags.verbose, "Log to standard error");
}

}  // namespace tool
