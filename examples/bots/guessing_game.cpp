// Runs the guessing game, configured by INTENT_TOKEN, INTENT_GATEWAY_URL and INTENT_REST_URL. Stop it with Ctrl-C.
#include "guessing_game.hpp"

int main() {
    return intent::run([](intent::Client& client) { add_guessing_game(client); });
}
