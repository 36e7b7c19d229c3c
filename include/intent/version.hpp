// The version of the SDK.
#pragma once

#include <intent/detail/export.hpp>

#include <string_view>

namespace intent::inline v0 {

/// The version of the linked library, e.g. "0.1.0" (semantic versioning).
INTENT_API std::string_view version() noexcept;

}  // namespace intent
