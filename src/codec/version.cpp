#include <intent/version.hpp>

namespace intent {

std::string_view version() noexcept { return INTENT_VERSION; }

}  // namespace intent
