// Refused: intent: a command takes its arguments by value; a reference dangles after the first co_await
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("echo <text>", "Echoes.", [](Context, const std::string&) -> task<> { co_return; });
}
