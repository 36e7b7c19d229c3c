// Refused: intent: a command is one function or lambda that writes out the types of its parameters
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("roll <times>", "Rolls dice.", [](Context, auto) -> task<> { co_return; });
}
