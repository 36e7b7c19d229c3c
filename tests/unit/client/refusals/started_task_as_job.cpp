// Refused: intent: a job is a function that starts the task
#include <intent/scope.hpp>

intent::task<> tick() { co_return; }

void use(intent::Scope& scope) { scope.every(std::chrono::minutes(5), tick()); }
