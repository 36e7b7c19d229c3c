// Texts of failures.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace intent::net {

/// `text::peer_text` where no secret is known. The layers above, which know the secrets, clean failures again.
std::string peer_text(std::string_view text, std::size_t max_bytes);

std::string base64(std::string_view bytes);

/// "cannot be read: No such file or directory", from `errno`.
std::string system_problem(const char* what);

/// Maximum length of a peer's text in a failure.
inline constexpr std::size_t max_failure_text = 400;

}  // namespace intent::net
