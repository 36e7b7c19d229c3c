// A bot that runs as one process, or as one of many workers behind a relay (docs/scale-out.md): the same handlers.
//
//     scale_bot             a Client: token and addresses from the environment, INTENT_TOKEN, …
//     scale_bot --worker    a Worker: INTENT_BROKER, INTENT_BOT and INTENT_APPLICATION
//     scale_bot --ordered   a Worker that handles the events of each channel in order
//
// Stop it with Ctrl-C.
#include "ping_bot.hpp"

#include <intent/run.hpp>
#include <intent/worker.hpp>

#include <cstdio>
#include <string_view>

namespace {

/// The bot. It does not know which kind of client it has.
void set_up(intent::Client& client) {
    client.on([](const intent::Ready& ready) {
        std::printf("online as %s\n", ready.user.username.c_str());
        std::fflush(stdout);
    });
    client.on([](intent::MessageCreate event) -> intent::task<> {
        if (event.message.content != "!attempt") co_return;
        co_await event.message.reply("attempt " + std::to_string(event.delivery().attempt));
    });
    add_ping_bot(client);
}

}  // namespace

int main(int count, char** arguments) {
    const std::string_view flag = count > 1 ? arguments[1] : "";
    if (flag.empty()) return intent::run(set_up);
    if (flag != "--worker" && flag != "--ordered") {
        std::fprintf(stderr, "usage: scale_bot [--worker | --ordered]\n");
        return 2;
    }
    return intent::run(
        [flag](intent::WorkerOptions& options) {
            if (flag == "--ordered") options.mode = intent::WorkerMode::ordered;
        },
        set_up);
}
