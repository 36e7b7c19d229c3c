// Refused: intent: a job is a function without parameters that returns void or intent::task<>
#include <intent/client.hpp>

void use(intent::Client& client) {
    client.every(std::chrono::minutes(5), [](const intent::Ready&) {});
}
