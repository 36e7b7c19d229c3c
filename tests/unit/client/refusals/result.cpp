// Refused: intent: a handler returns void or intent::task<>
#include <intent/client.hpp>

void use(intent::Client& client) {
    client.on([](const intent::Ready&) { return 1; });
}
