// Refused: intent: on_in_order takes a coroutine, which returns intent::task<>
#include <intent/client.hpp>

void use(intent::Client& client) {
    client.on_in_order([](const intent::MessageCreate&) {});
}
