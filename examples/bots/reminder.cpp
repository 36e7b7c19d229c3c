// `INTENT_TOKEN=… reminder_bot [FILE]`: reminders and daily digests. FILE (reminder.db) keeps them.
#include "reminder.hpp"

int main(int argc, char** argv) {
    const std::string file = argc > 1 ? argv[1] : "reminder.db";
    return intent::run([&file](intent::Client& client) { return Reminders(client, file); });
}
