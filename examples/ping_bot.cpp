// A bot that answers `!ping`. INTENT_TOKEN, INTENT_GATEWAY_URL and INTENT_REST_URL say where; Ctrl-C ends it.
#include "ping_bot.hpp"

#include <cstdio>

int main() {
    try {
        intent::Client client{intent::options_from_env()};
        client.on([](const intent::Ready& ready) {
            std::printf("online as %s\n", ready.user.username.c_str());
            std::fflush(stdout);
        });
        add_ping_bot(client);
        return client.run();
    } catch (const intent::ConfigError& error) {
        std::fprintf(stderr, "ping_bot: %s\n", error.what());
        return 2;
    }
}
