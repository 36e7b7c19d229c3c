// UTF-8 in JSON and in error messages.
#pragma once

#include "text/utf8.hpp"

#include <string>
#include <string_view>

namespace intent::codec {

using text::first_invalid_utf8;
using text::utf8_step;
using text::Utf8Step;

/// `text` as a JSON string with its quotes; each invalid sequence becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// Shortens text from a peer for an error message. Characters other than printable ASCII become '?'.
std::string shown(std::string_view text);

}  // namespace intent::codec
