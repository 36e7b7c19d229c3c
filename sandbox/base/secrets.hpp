// Random tokens and password hashes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace intent::inline v0::sandbox {

/// `prefix` and 32 random bytes as base64url.
std::string make_token(std::string_view prefix);

/// The cost of hashing. `light` is for passwords that are public anyway, such as alice's.
enum class HashCost : std::uint64_t { light = 1u << 10, full = 1u << 14 };

/// Hashes with scrypt and a random salt. The result includes cost and salt.
std::string hash_password(std::string_view password, HashCost cost = HashCost::full);

/// Compares in constant time. Also false if `hash` is empty or has another format.
bool check_password(std::string_view password, std::string_view hash);

/// The TURN password for the user name `text`.
std::string hmac_sha1_base64(std::string_view secret, std::string_view text);

}  // namespace intent::sandbox
