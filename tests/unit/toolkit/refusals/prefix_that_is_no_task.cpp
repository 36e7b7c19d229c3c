// Refused: intent: a prefix is text, or a coroutine that takes an intent::Message by value
#include <intent/commands.hpp>

using namespace intent;

CommandOptions use() {
    return CommandOptions([](Message) { return std::string("!"); });
}
