// Refused: intent: the first parameter of a command is an intent::Context, by value
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("roll", "Rolls dice.", []() -> task<> { co_return; });
}
