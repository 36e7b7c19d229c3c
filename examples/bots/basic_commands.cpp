// Runs the basic commands, configured by INTENT_TOKEN, INTENT_GATEWAY_URL and INTENT_REST_URL. Stop it with Ctrl-C.
#include "basic_commands.hpp"

#include <intent/run.hpp>

int main() {
    return intent::run([](intent::Client& client) {
        intent::Commands commands(client, "!");
        add_basic_commands(commands);
        return commands;
    });
}
