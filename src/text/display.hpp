// Escapes text from peers for a terminal. All such output of the SDK, the sandbox and the tool goes through here.
#pragma once

#include <string>
#include <string_view>

namespace intent::text {

/// Whether a terminal acts on this character, or a reader cannot see it: C0, DEL and C1 controls, line and paragraph
/// separators, and the characters that Unicode calls format characters (including bidirectional controls) or ignorable
/// (zero-width and other invisible ones). False for the two variation selectors that choose between text and emoji
/// form.
bool is_active(char32_t character) noexcept;

/// `text` on one line. Line breaks and tabs become spaces; other active characters are escaped as `\x1b` or
/// `\u{202e}`, bytes that are not UTF-8 as `\xff`.
std::string display(std::string_view text);

/// A JSON text on one line, without white space between its parts and with active characters escaped (`\u202e`). The
/// value stays the same. Bytes that are not UTF-8 become U+FFFD. The result is valid JSON if `json` is.
std::string display_json(std::string_view json);

}  // namespace intent::text
