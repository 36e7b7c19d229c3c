#include "sandbox/rest/request.hpp"

namespace intent::inline v0::sandbox {

std::string_view bearer_token(std::string_view authorization) noexcept {
    constexpr std::string_view scheme = "Bearer ";
    return authorization.starts_with(scheme) ? authorization.substr(scheme.size()) : std::string_view{};
}

}  // namespace intent::sandbox
