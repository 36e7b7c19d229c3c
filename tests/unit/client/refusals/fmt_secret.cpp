// Refused: Secret
#include <intent/secret.hpp>

#if __has_include(<fmt/format.h>)
#include <fmt/format.h>
std::string use(const intent::Secret& secret) { return fmt::format("{}", secret); }
#else
#error "without fmt, nothing formats a Secret"
#endif
