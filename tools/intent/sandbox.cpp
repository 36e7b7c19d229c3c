// `intent sandbox`: the platform on one's own machine, until SIGINT or SIGTERM.
#include "tools/intent/command.hpp"
#include "tools/intent/output.hpp"
#include "tools/intent/suggest.hpp"

#include <intent/errors.hpp>
#include <intent/sandbox.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <memory>

namespace tool {

namespace {

struct Flags {
    intent::SandboxOptions options = {};
    std::vector<std::string> bots = {};
    std::string dialect = "spec";
    std::uint32_t heartbeat_interval_ms = 41250;
    bool no_resume = false;
    bool no_limits = false;
    bool json = false;
    bool verbose = false;
};

/// Signals that arrive before anybody waits for them are kept, so that none gets lost while the sandbox starts.
class StopSignals {
public:
    /// Before any thread is made: threads inherit it.
    StopSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    void wait() {
        int received = 0;
        sigwait(&set_, &received);
    }

private:
    sigset_t set_ = {};
};

intent::SandboxBot bot_of(const std::string& text) {
    const auto equals = text.find('=');
    intent::SandboxBot bot{.name = text.substr(0, equals)};
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
    return bot;
}

intent::SandboxDialect dialect_of(const std::string& name) {
    using intent::SandboxDialect;
    if (name == "spec") return SandboxDialect::spec;
    if (name == "web") return SandboxDialect::web;
    if (name == "flat") return SandboxDialect::flat;
    throw WrongUsage("--dialect " + name + ": spec, web and flat are known" +
                     suggestion(name, {"spec", "web", "flat"}));
}

intent::SandboxOptions options_of(const Flags& flags) {
    intent::SandboxOptions options = flags.options;
    for (const auto& text : flags.bots) {
        options.bots.push_back(bot_of(text));
        const auto same = [&](const intent::SandboxBot& bot) { return bot.name == options.bots.back().name; };
        if (std::ranges::count_if(options.bots, same) > 1) {
            throw WrongUsage("--bot " + options.bots.back().name + ": given twice");
        }
    }
    if (options.bots.empty()) options.bots.push_back({.name = "bot"});
    options.dialect = dialect_of(flags.dialect);
    options.resume = !flags.no_resume;
    options.limits = !flags.no_limits;
    options.heartbeat_interval = std::chrono::milliseconds(flags.heartbeat_interval_ms);
    options.log = intent::stderr_log(flags.verbose ? intent::LogLevel::debug : intent::LogLevel::warn);
    return options;
}

std::string json_text(const intent::Sandbox& sandbox) {
    return fmt::format(R"({{"gateway":{},"rest":{},"web":{},"bot_token":{}}})", json_string(sandbox.gateway_url()),
                       json_string(sandbox.rest_url()), json_string(sandbox.web_url()),
                       json_string(sandbox.bot_token().reveal()));
}

std::string readable_text(const intent::Sandbox& sandbox, const std::vector<intent::SandboxBot>& bots) {
    std::string text = fmt::format("The sandbox is up at {}\n\nFor a bot, in its shell:\n\n", sandbox.web_url());
    for (const auto& bot : bots) {
        text += fmt::format("  export INTENT_TOKEN={}{}\n", sandbox.bot_token(bot.name).reveal(),
                            bots.size() > 1 ? "   # " + bot.name : "");
    }
    text += fmt::format("  export INTENT_GATEWAY_URL={}\n  export INTENT_REST_URL={}\n\n", sandbox.gateway_url(),
                        sandbox.rest_url());
    text += fmt::format(
        "As alice, who owns the server, in #general:\n\n"
        "  curl -H 'Authorization: Bearer {}' -H 'Content-Type: application/json' \\\n"
        "       -d '{{\"content\":\"!ping\"}}' {}/channels/{}/messages\n\n"
        "Ctrl-C ends it.",
        sandbox.user_token("alice").reveal(), sandbox.rest_url(), sandbox.general().str());
    return text;
}

int serve(const Flags& flags) {
    auto options = options_of(flags);
    StopSignals signals;
    const auto bots = options.bots;
    // A refusal here is no wrong usage: the flags are sound, the machine (port, file) is not as they assume.
    std::unique_ptr<intent::Sandbox> sandbox;
    try {
        sandbox = std::make_unique<intent::Sandbox>(std::move(options));
    } catch (const intent::ConfigError& error) {
        complain(error.what());
        return failed;
    }
    if (!print_line(flags.json ? json_text(*sandbox) : readable_text(*sandbox, bots))) return failed;
    signals.wait();
    sandbox->stop();
    return done;
}

}  // namespace

Command add_sandbox(CLI::App& tool) {
    auto* command = tool.add_subcommand("sandbox", "Run the platform on this machine, until Ctrl-C");
    const auto flags = std::make_shared<Flags>();
    flags->options.port = 8080;
    command->add_option("--host", flags->options.host, "Address to listen on")
        ->type_name("HOST")
        ->capture_default_str();
    command->add_option("--port", flags->options.port, "Port; 0: any that is free")
        ->type_name("N")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    command->add_option("--db", flags->options.database, "SQLite file, made if it is missing (default: in memory)")
        ->type_name("FILE");
    command->add_option("--bot", flags->bots, "A bot that exists from the start; may be given several times (bot)")
        ->type_name("NAME[=TOKEN]")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--dialect", flags->dialect, "How events and lists are shaped: spec, web or flat")
        ->type_name("NAME")
        ->capture_default_str();
    command->add_flag("--hello", flags->options.hello, "The newer session life: Hello, READY and RESUMED as events");
    command->add_flag("--no-resume", flags->no_resume, "No session_id; Resume is refused");
    command->add_option("--heartbeat-interval", flags->heartbeat_interval_ms, "What bots are told, in ms")
        ->type_name("MS")
        ->check(CLI::Range(1, 86'400'000))
        ->capture_default_str();
    command->add_flag("--no-limits", flags->no_limits, "No rate limits");
    command->add_flag("--json", flags->json, "Addresses and token as one JSON line");
    command->add_flag("-v,--verbose", flags->verbose, "Tell on standard error what happens");
    return {command, [flags] { return serve(*flags); }};
}

}  // namespace tool
