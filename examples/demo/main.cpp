// The program behind `make run`: the platform and a bot in one process, with a short conversation through gateway and
// REST API that includes a dropped connection. `--once` exits afterwards, with status 0 only if the bot did everything.
#include "examples/ping_bot.hpp"
#include "stage.hpp"

#include <intent/sandbox.hpp>

#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t usual_port = 8080;
constexpr auto soon = 10s;
constexpr auto reconnect_time = 40s;  // back-off and Identify pacing (protocol §5): 5 s, more after a refusal

intent::Sandbox open_sandbox() {
    // With Hello, the platform signals the end of a replay; without it, the client can only wait for silence.
    intent::sandbox::Options options{.port = usual_port, .bots = {{.name = "ping_bot"}}, .hello = true};
    try {
        return intent::Sandbox(options);
    } catch (const intent::ConfigError&) {
        std::printf("(port %d is taken, so the sandbox is on another one)\n", usual_port);
    }
    options.port = 0;
    return intent::Sandbox(options);
}

/// Prints every event that the bot receives; it also receives its own messages.
void print_events(intent::Client& bot, Stage& stage) {
    bot.on([&stage](const intent::Ready& ready) { stage.print("bot", "online as " + ready.user.username); });
    bot.on([&stage](const intent::MessageCreate& event) {
        stage.print(event.message.author.username, "writes: " + event.message.content);
    });
    bot.on([&stage](const intent::MessageUpdate& event) {
        stage.print(event.message.author.username, "edits it: " + event.message.content);
    });
    bot.on([&stage](const intent::MessageDelete&) { stage.print("channel", "a message is deleted"); });
    bot.on([&stage](const intent::Disconnect& end) {
        stage.print("bot", "disconnected (" + std::to_string(end.code) + ")" +
                               (end.will_resume ? ", the session can be resumed" : ""));
    });
    bot.on([&stage](const intent::Reconnecting& next) {
        stage.print("bot", "reconnects in " + std::to_string(next.delay.count()) + " ms");
    });
    bot.on([&stage](const intent::Resumed& resumed) {
        stage.print("bot", "resumed, events replayed: " + std::to_string(resumed.replayed));
    });
    bot.on([&stage](const intent::ErrorEvent& error) { stage.print("bot", "error: " + error.message); });
}

/// Plays the conversation. Returns what was missing, or no value if the bot did everything.
std::optional<std::string> play(intent::Sandbox& sandbox, Stage& stage) {
    const auto channel = sandbox.general();
    if (!stage.wait(0, "bot", "online", soon)) return "the bot did not come online";

    auto here = stage.now();
    sandbox.say("alice", channel, "!ping");
    if (!stage.wait(here, "ping_bot", "writes: pong", soon)) return "the bot did not answer !ping";
    if (!stage.wait(here, "ping_bot", "edits it: pong (", soon)) return "the bot did not edit its answer";

    here = stage.now();
    sandbox.say("alice", channel, "!clean");
    if (!stage.wait(here, "channel", "a message is deleted", soon)) return "the bot did not delete its answer";

    here = stage.now();
    stage.print("sandbox", "drops the connection");
    sandbox.drop_connections();
    if (!stage.wait(here, "bot", "disconnected", soon)) return "the bot did not notice the lost connection";
    stage.print("alice", "asks while the bot is away");
    sandbox.say("alice", channel, "!ping");
    if (!stage.wait(here, "bot", "resumed", reconnect_time)) return "the bot did not resume its session";
    if (!stage.wait(here, "ping_bot", "edits it: pong (", soon)) return "the bot did not answer the missed message";
    return std::nullopt;
}

void print_invitation(const intent::Sandbox& sandbox) {
    const std::string messages = sandbox.rest_url() + "/channels/" + sandbox.general().str() + "/messages";
    const std::string token(sandbox.user_token("alice").reveal());
    std::printf(
        "\nThe sandbox stays up. Open %s in a browser: talk to the bot, see its frames, drop its connection.\n"
        "Or talk to it from here, as alice:\n\n"
        "  curl -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' \\\n"
        "       -d '{\"content\":\"!ping\"}' %s\n"
        "  curl -H 'Authorization: Bearer %s' '%s?limit=5'\n\n"
        "Ctrl-C ends it.\n",
        sandbox.web_url().c_str(), token.c_str(), messages.c_str(), token.c_str(), messages.c_str());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const bool once = argc == 2 && std::strcmp(argv[1], "--once") == 0;
    if (argc > 1 && !once) {
        std::fprintf(stderr, "intent_demo: the only flag is --once\n");
        return 2;
    }
    try {
        Stage stage;
        intent::Sandbox sandbox = open_sandbox();
        stage.print("sandbox", "up at " + sandbox.web_url());

        intent::ClientOptions options = sandbox.client_options();
        options.log = nullptr;
        intent::Client bot(options);
        print_events(bot, stage);
        add_ping_bot(bot);
        bot.start();

        if (const auto missing = play(sandbox, stage)) {
            std::fprintf(stderr, "intent_demo: %s\n", missing->c_str());
            return 1;
        }
        stage.print("demo", "the bot did everything it should");
        if (once) return 0;
        print_invitation(sandbox);
        return bot.run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "intent_demo: %s\n", error.what());
        return 1;
    }
}
