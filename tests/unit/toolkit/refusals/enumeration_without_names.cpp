// Refused: intent: a parameter of the command has a type that cannot be read from text
#include <intent/commands.hpp>

using namespace intent;

enum class Side { heads, tails };

void use(Commands& commands) {
    commands.add("flip <side>", "Flips a coin.", [](Context, Side) -> task<> { co_return; });
}
