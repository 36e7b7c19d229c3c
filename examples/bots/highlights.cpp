// `INTENT_TOKEN=… highlights_bot [FILE]`: reposts the messages that members star. FILE (highlights.db) keeps the stars.
#include "highlights.hpp"

int main(int argc, char** argv) {
    const std::string file = argc > 1 ? argv[1] : "highlights.db";
    return intent::run([&file](intent::Client& client) { return Highlights(client, file); });
}
