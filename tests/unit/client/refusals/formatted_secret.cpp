// Refused: Secret
#include <intent/secret.hpp>

#include <version>
#ifdef __cpp_lib_format
#include <format>
std::string use(const intent::Secret& secret) { return std::format("{}", secret); }
#else
#error "without std::format, nothing formats a Secret"
#endif
