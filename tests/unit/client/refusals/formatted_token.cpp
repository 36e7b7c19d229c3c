// Refused: Token
#include <intent/token.hpp>

#include <version>
#ifdef __cpp_lib_format
#include <format>
std::string use(const intent::Token& token) { return std::format("{}", token); }
#else
#error "without std::format, nothing formats a Token"
#endif
