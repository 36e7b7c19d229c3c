// Text from a server, made fit for logs and errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace intent::session {

/// What is left of a token once it is sent: enough to find it in a text that a server echoes, not to get it back.
class SecretPrint {
public:
    SecretPrint() = default;
    explicit SecretPrint(std::string_view secret) noexcept;

    /// Whether `text` begins with the secret.
    bool begins(std::string_view text) const noexcept;
    std::size_t length() const noexcept { return length_; }

private:
    std::size_t length_ = 0;
    std::uint64_t hash_ = 0;
};

/// `text` without control bytes, with '?' for what is no UTF-8 and "***" for tokens: the one that `secret` knows, and
/// anything that looks like one (`bot_…`, `usr_…`; a close reason may hold only the front of it). Cut to `limit` bytes.
std::string clean_text(std::string_view text, const SecretPrint& secret, std::size_t limit = 200);

}  // namespace intent::session
