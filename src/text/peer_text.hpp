// Text from a peer, cleaned for errors and logs.
#pragma once

#include "text/redactor.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace intent::text {

/// Returns `text` as one line of valid UTF-8: control characters become a space, invisible characters are dropped,
/// bytes that are not UTF-8 become U+FFFD, and white space is trimmed at both ends. Then "***" replaces the secrets
/// that `secrets` knows and everything shaped like a token (`bot_…` or `usr_…` followed by at least 16 characters).
/// Last, text over `limit` bytes is cut and ends in "…". Secrets are replaced before the cut, so a cut secret shows no
/// part of itself.
std::string peer_text(std::string_view text, const Redactor& secrets, std::size_t limit = 200);

}  // namespace intent::text
