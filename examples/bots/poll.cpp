// Runs polls, configured by INTENT_TOKEN, INTENT_GATEWAY_URL and INTENT_REST_URL. Stop it with Ctrl-C.
#include "poll.hpp"

int main() {
    return intent::run([](intent::Client& client) { return Poll(client); });
}
