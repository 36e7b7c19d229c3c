// Refused: the_pattern_must_begin_with_the_name_of_the_command
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("<times>", "Rolls dice.", [](Context, int) -> task<> { co_return; });
}
