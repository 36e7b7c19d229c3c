// Refused: intent: a parameter of the command has a type that cannot be read from text
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("echo <text>", "Echoes.", [](Context, std::string_view) -> task<> { co_return; });
}
