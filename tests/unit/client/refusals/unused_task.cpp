// Refused: nodiscard
#include <intent/client.hpp>

void use(const intent::Message& message) { message.remove(); }
