// Runs the guessing game. INTENT_TOKEN, INTENT_GATEWAY_URL and INTENT_REST_URL say where; Ctrl-C ends it.
#include "guessing_game.hpp"

int main() {
    return intent::run([](intent::Client& client) { add_guessing_game(client); });
}
