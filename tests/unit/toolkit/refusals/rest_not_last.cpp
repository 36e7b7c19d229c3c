// Refused: Rest_must_be_the_last_parameter
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("say <text> <times>", "Says.", [](Context, Rest, int) -> task<> { co_return; });
}
