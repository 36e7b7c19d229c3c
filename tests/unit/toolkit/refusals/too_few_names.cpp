// Refused: the_pattern_names_fewer_parameters_than_the_handler_takes
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("roll <times>", "Rolls dice.", [](Context, int, int) -> task<> { co_return; });
}
