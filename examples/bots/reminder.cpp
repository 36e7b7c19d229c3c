// Runs the reminder, configured by INTENT_TOKEN, INTENT_GATEWAY_URL and INTENT_REST_URL. Stop it with Ctrl-C.
#include "reminder.hpp"

int main() {
    return intent::run([](intent::Client& client) { return Reminders(client); });
}
