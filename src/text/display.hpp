// Text of peers, fit for a terminal. Everything that the SDK, the sandbox and the tool write to one goes through here.
#pragma once

#include <string>
#include <string_view>

namespace intent::text {

/// Whether a terminal, or a reader's eye, is led by this character instead of seeing it: C0, DEL and C1 controls, line
/// and paragraph separators, and what Unicode calls format characters (bidirectional controls among them) or ignorable
/// (zero-width and other invisible ones). Not the two variation selectors that choose between a text and an emoji form.
bool is_active(char32_t character) noexcept;

/// `text` on one line. Line breaks and tabs become spaces, other active characters `\x1b` and `\u{202e}`, bytes that
/// are not UTF-8 `\xff`.
std::string display(std::string_view text);

/// A JSON text on one line, without white space between its parts and with active characters escaped (`\u202e`). It has
/// the same value. Bytes that are not UTF-8 become U+FFFD; the result is as valid as `json` is.
std::string display_json(std::string_view json);

}  // namespace intent::text
