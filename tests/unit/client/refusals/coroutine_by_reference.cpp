// Refused: intent: a coroutine handler takes its event by value; a reference dangles after the first co_await
#include <intent/client.hpp>

void use(intent::Client& client) {
    client.once([](const intent::Ready&) -> intent::task<> { co_return; });
}
