// Refused: the_pattern_names_two_parameters_alike
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("roll <n> <n>", "Rolls dice.", [](Context, int, int) -> task<> { co_return; });
}
