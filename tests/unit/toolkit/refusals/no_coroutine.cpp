// Refused: intent: a command is a coroutine that returns intent::task<>
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("roll <times>", "Rolls dice.", [](Context, int) {});
}
