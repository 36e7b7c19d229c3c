// Refused: intent: an error handler takes, by value, a class that derives from intent::Error
#include <intent/commands.hpp>

using namespace intent;

void use(Commands& commands) {
    commands.on_error([](Context, const BadArgument&) -> task<> { co_return; });
}
