// `INTENT_TOKEN=… guessing_game_bot`: plays a guessing game.
#include "guessing_game.hpp"

int main() {
    return intent::run([](intent::Client& client) { return GuessingGame(client); });
}
