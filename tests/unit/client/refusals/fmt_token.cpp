// Refused: Token
#include <intent/token.hpp>

#if __has_include(<fmt/format.h>)
#include <fmt/format.h>
std::string use(const intent::Token& token) { return fmt::format("{}", token); }
#else
#error "without fmt, nothing formats a Token"
#endif
