// Standard output: one JSON object a line.
#pragma once

#include <string>
#include <string_view>

namespace tool {

/// `text` as a JSON string, with its quotes. Invalid UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

/// JSON text without the white space between its parts: on one line.
std::string on_one_line(std::string_view json);

/// Writes a line to standard output, at once. False if nobody reads it any more.
[[nodiscard]] bool print_line(std::string_view line);

/// Writes "intent: …" and one line break to standard error; line breaks inside become spaces.
void complain(std::string_view text);

}  // namespace tool
