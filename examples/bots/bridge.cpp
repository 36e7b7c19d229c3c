// `INTENT_TOKEN=… bridge_bot [FILE]`: connects two channels. FILE (bridge.db) keeps the connections.
#include "bridge.hpp"

int main(int argc, char** argv) {
    const std::string file = argc > 1 ? argv[1] : "bridge.db";
    return intent::run([&file](intent::Client& client) { return Bridge(client, file); });
}
