// Refused: intent: a coroutine handler takes its event by value; a reference dangles after the first co_await
#include <intent/client.hpp>

#include <variant>

void use(intent::Client& client) {
    using Change = std::variant<intent::MessageCreate, intent::MessageDelete>;
    client.on_in_order<intent::MessageCreate, intent::MessageDelete>(
        [](const Change&) -> intent::task<> { co_return; });
}
