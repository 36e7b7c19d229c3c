// Refused: the_pattern_names_more_parameters_than_the_handler_takes
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("roll <times> <sides>", "Rolls dice.", [](Context, int) -> task<> { co_return; });
}
