// `INTENT_TOKEN=… moderation_bot [FILE]`: moderation commands and a log. FILE (moderation.db) keeps the warnings.
#include "moderation.hpp"

int main(int argc, char** argv) {
    const std::string file = argc > 1 ? argv[1] : "moderation.db";
    return intent::run(Moderation::configure, [&file](intent::Client& client) { return Moderation(client, file); });
}
