// Percent-encoding of URLs (RFC 3986).
#pragma once

#include <string>
#include <string_view>

namespace intent::text {

/// Encodes every byte but letters, digits, `-._~` and those in `also_plain`.
std::string percent_encode(std::string_view text, std::string_view also_plain = {});

/// `%41` becomes `A`; a `%` without two hexadecimal digits stays. `plus_is_space`: as in forms and queries.
std::string percent_decode(std::string_view text, bool plus_is_space);

}  // namespace intent::text
