// Keyed hashes, which prove that a message comes from a holder of the secret.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace intent::net {

using Sha256 = std::array<std::uint8_t, 32>;

/// HMAC-SHA256 of the concatenated parts.
///
/// Errors: std::bad_alloc.
Sha256 hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts);

/// Compares in time that depends on the sizes only.
bool equal_in_constant_time(std::span<const std::byte> a, std::span<const std::byte> b) noexcept;

}  // namespace intent::net
