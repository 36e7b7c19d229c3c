// `INTENT_TOKEN=… welcome_bot [FILE]`: greets new members and lets members take roles. FILE (welcome.db) keeps the
// settings.
#include "welcome.hpp"

int main(int argc, char** argv) {
    const std::string file = argc > 1 ? argv[1] : "welcome.db";
    return intent::run([&file](intent::Client& client) { return Welcome(client, file); });
}
