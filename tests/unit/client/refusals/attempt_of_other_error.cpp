// Refused: intent: an Attempt holds errors that derive from intent::Error
#include <intent/attempt.hpp>

#include <stdexcept>

bool use(const intent::Attempt<int>& attempt) { return attempt.is<std::logic_error>(); }
