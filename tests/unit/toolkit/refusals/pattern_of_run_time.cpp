// Refused: is not a constant expression
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands, const std::string& pattern) {
    commands.add(pattern, "Rolls dice.", [](Context, int) -> task<> { co_return; });
}
