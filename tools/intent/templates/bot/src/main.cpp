// The program: runs the bot until SIGINT or SIGTERM. The environment configures it (.env.example).
#include "bot.hpp"

#include <intent/run.hpp>

#include <cstdlib>
#include <string>

int main() {
    return intent::run(
        [](intent::ClientOptions& options) {
            // Set by systemd (bot.service). After a restart the bot resumes its session and misses no event.
            if (const char* folder = std::getenv("STATE_DIRECTORY"))
                options.session_file = std::string(folder) + "/session";
        },
        [](intent::Client& client) { return Bot(client); });
}
