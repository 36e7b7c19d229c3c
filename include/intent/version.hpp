// The version of the SDK.
#pragma once

#include <string_view>

namespace intent {

/// "0.1.0": the version of the library that is linked, by semantic versioning.
std::string_view version() noexcept;

}  // namespace intent
