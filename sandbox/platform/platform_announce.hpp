// Turns changes into events; for platform_*.cpp.
#pragma once

#include "sandbox/base/packer.hpp"
#include "sandbox/base/shapes.hpp"
#include "sandbox/platform/platform.hpp"

#include <intent/raw/gateway.hpp>

#include <utility>

namespace intent::inline v0::sandbox {

/// With an empty `key` or in the flat dialect, `d` is the value itself; otherwise `d` wraps it in `key` (protocol §7).
template <class T>
void Platform::announce(std::string_view name, std::string_view key, const T& value, std::vector<UserId> audience) {
    codec::Bytes data = msgpack_of(value);
    if (!key.empty() && dialect_ != Dialect::flat) data = MapPacker{}.add(key, data).finish();
    emit_(Event{.name = std::string(name), .data = std::move(data), .audience = std::move(audience)});
}

}  // namespace intent::sandbox
