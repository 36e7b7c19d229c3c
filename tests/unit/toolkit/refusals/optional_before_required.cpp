// Refused: a_required_parameter_must_not_follow_an_optional_one
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.add("roll [times] <sides>", "Rolls dice.", [](Context, std::optional<int>, int) -> task<> { co_return; });
}
