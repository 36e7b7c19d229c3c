// The passwords of the broker's users.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tool {

/// The bcrypt hash for the first line of a file: of a password, or already a hash ("$2a$…").
///
/// Errors: WrongUsage if the file is missing, other users can access it, or the password is not 8 to 72 bytes of
/// printable ASCII. No text contains the password.
std::string password_hash_from(const std::filesystem::path& file);

/// A new bcrypt hash of a password of at most 72 bytes. Takes some 50 ms, by design.
std::string bcrypt_hash(const std::string& password);

/// Whether the text has the form of a bcrypt hash that nats-server accepts.
bool is_bcrypt_hash(std::string_view text) noexcept;

}  // namespace tool
