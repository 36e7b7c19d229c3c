// Refused: intent: a parameter of the command has a type that cannot be read from text
#include <intent/commands.hpp>

using namespace intent;

struct Color {};

void use(Commands& commands) {
    commands.add("paint <color>", "Paints.", [](Context, Color) -> task<> { co_return; });
}
