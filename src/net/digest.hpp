// SHA-256, for telling secrets apart without keeping them.
#pragma once

#include <string>
#include <string_view>

namespace intent::net {

/// The SHA-256 of `text` as 64 hexadecimal digits; empty if the crypto library refuses.
///
/// Threads: safe.
std::string sha256_hex(std::string_view text);

}  // namespace intent::net
