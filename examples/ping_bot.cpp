// A bot that answers `!ping`, configured by INTENT_TOKEN, INTENT_GATEWAY_URL and INTENT_REST_URL. Stop it with Ctrl-C.
#include "ping_bot.hpp"

#include <cstdio>

int main() {
    return intent::run([](intent::Client& client) {
        client.on([](const intent::Ready& ready) {
            std::printf("online as %s\n", ready.user.username.c_str());
            std::fflush(stdout);
        });
        add_ping_bot(client);
    });
}
