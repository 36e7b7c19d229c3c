// Refused: intent: a handler returns void or intent::task<>
#include <intent/client.hpp>

void use(intent::Client& client) {
    client.on([](intent::Ready) -> intent::task<int> { co_return 1; });
}
