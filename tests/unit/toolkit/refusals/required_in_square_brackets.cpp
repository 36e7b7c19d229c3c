// Refused: a_parameter_in_square_brackets_must_be_std_optional_or_std_vector_or_Rest_or_have_a_default
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("roll [times]", "Rolls dice.", [](Context, int) -> task<> { co_return; });
}
