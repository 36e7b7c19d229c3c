// Refused: intent: give Scope::spawn a function that starts the task
#include <intent/scope.hpp>

intent::task<> tick() { co_return; }

void use(intent::Scope& scope) { scope.spawn("ticker", tick()); }
