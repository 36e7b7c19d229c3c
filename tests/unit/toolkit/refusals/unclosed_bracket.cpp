// Refused: the_pattern_is_a_name_and_then_parameters_in_angle_or_square_brackets_separated_by_spaces
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("roll <times", "Rolls dice.", [](Context, int) -> task<> { co_return; });
}
