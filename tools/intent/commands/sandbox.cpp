// `intent sandbox`: runs the platform on this machine until SIGINT or SIGTERM.
#include "tools/intent/commands/sandbox_flags.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/output.hpp"

#include <fmt/core.h>

#include <csignal>
#include <memory>

namespace tool {

namespace {

struct StartFlags {
    SandboxFlags sandbox = {};
    bool json = false;
};

/// Blocks signals and keeps them pending until `wait`, so that none is lost while the sandbox starts.
class StopSignals {
public:
    /// Construct it before any thread: threads inherit the signal mask.
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

std::string json_text(const intent::Sandbox& sandbox) {
    return fmt::format(R"({{"gateway":{},"rest":{},"web":{},"bot_token":{}}})", json_string(sandbox.gateway_url()),
                       json_string(sandbox.rest_url()), json_string(sandbox.web_url()),
                       json_string(sandbox.bot_token().reveal()));
}

std::string readable_text(const intent::Sandbox& sandbox, const std::vector<intent::sandbox::Bot>& bots) {
    std::string text = fmt::format("The sandbox is running at {}\n\nFor a bot, in its shell:\n\n", sandbox.web_url());
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
        "Ctrl-C stops it.",
        sandbox.user_token("alice").reveal(), sandbox.rest_url(), sandbox.general().str());
    return text;
}

int serve(const StartFlags& flags) {
    auto options = sandbox_options(flags.sandbox);
    StopSignals signals;
    const auto bots = options.bots;
    const auto sandbox = start_sandbox(std::move(options));
    if (!sandbox) return failed;
    const bool printed = flags.json ? print_json(json_text(*sandbox)) : print_lines(readable_text(*sandbox, bots));
    if (!printed) return failed;
    signals.wait();
    sandbox->stop();
    return done;
}

}  // namespace

Command add_sandbox(CLI::App& tool) {
    auto* command = tool.add_subcommand("sandbox", "Run the platform on this machine, until Ctrl-C");
    command->require_subcommand(0, 1);
    const auto flags = std::make_shared<StartFlags>();
    add_sandbox_flags(*command, flags->sandbox);
    command->add_flag("--json", flags->json, "Print addresses and token as one JSON line");
    return {command, [flags] { return serve(*flags); }};
}

}  // namespace tool
