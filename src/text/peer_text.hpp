// Text that a peer sent, made fit for errors and logs.
#pragma once

#include "text/redactor.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace intent::text {

/// `text` as one line of valid UTF-8: control characters become a space, invisible ones go, what is not UTF-8 becomes
/// U+FFFD, and white space is left at neither end. Then "***" takes the place of the secrets that `secrets` knows, and
/// of whatever has the shape of a token (`bot_…` or `usr_…` with 16 characters or more behind it). Last, what is over
/// `limit` bytes is cut off, and "…" put in its place: a secret that is cut shows no part of itself.
std::string peer_text(std::string_view text, const Redactor& secrets, std::size_t limit = 200);

}  // namespace intent::text
