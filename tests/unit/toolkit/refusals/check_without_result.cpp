// Refused: intent: a check takes an intent::Context and returns bool or intent::task<bool>
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.check([](Context) -> task<> { co_return; });
}
