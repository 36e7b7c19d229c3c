// Refused: a_parameter_with_a_default_must_not_be_std_optional_or_std_vector_or_Rest
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("roll [times=1]", "Rolls dice.", [](Context, std::optional<int>) -> task<> { co_return; });
}
