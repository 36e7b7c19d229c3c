// Refused: intent: the handler's parameter is not an event type (see intent/events.hpp)
#include <intent/client.hpp>

void use(intent::Client& client) {
    client.on([](const intent::Message&) {});
}
