// Refused: a_parameter_in_angle_brackets_must_not_be_std_optional
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("roll <times>", "Rolls dice.", [](Context, std::optional<int>) -> task<> { co_return; });
}
