// Runs the reminder. INTENT_TOKEN, INTENT_GATEWAY_URL and INTENT_REST_URL say where; Ctrl-C ends it.
#include "reminder.hpp"

int main() {
    return intent::run([](intent::Client& client) { return Reminders(client); });
}
