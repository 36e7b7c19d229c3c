#include <intent/version.hpp>

namespace intent::inline v0 {

std::string_view version() noexcept { return INTENT_VERSION; }

}  // namespace intent
