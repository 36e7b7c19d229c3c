// Refused: intent: a handler of several types of events accepts each of them
#include <intent/client.hpp>

void use(intent::Client& client) {
    client.on_in_order<intent::MessageCreate, intent::MessageDelete>(
        [](intent::MessageCreate) -> intent::task<> { co_return; });
}
