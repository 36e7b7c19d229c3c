// `INTENT_TOKEN=… music_bot`: plays (silent) music in voice channels.
#include "music.hpp"

using namespace std::chrono_literals;

int main() {
    return intent::run([](intent::Client& client) {
        return Music(client, {{"Blue in Green", 5min + 37s}, {"Clair de lune", 5min + 4s}, {"Gymnopedie", 3min + 5s}});
    });
}
