// Refused: intent: a handler is a function, a lambda or a function object with one parameter of an event type
#include <intent/client.hpp>

void use(intent::Client& client) {
    client.on([](const auto&) {});
}
