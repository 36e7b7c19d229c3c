// `INTENT_TOKEN=… moderation_log_bot`: the moderation log, with the old text of the last 10,000 messages.
#include "moderation_log.hpp"

int main() {
    return intent::run([](intent::ClientOptions& options) { options.caches.messages = 10'000; },
                       [](intent::Client& client) { return ModerationLog(client); });
}
