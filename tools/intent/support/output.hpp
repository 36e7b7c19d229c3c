// The tool's output. Only output.cpp writes to standard output and error (checked by scripts/check-includes). Text of
// peers and users cannot control the terminal: control characters are escaped.
#pragma once

#include <string>
#include <string_view>

namespace tool {

/// Call it before opening anything. If standard output or error is closed, this makes writing to it fail; otherwise the
/// first opened file or socket would take its descriptor and receive the output.
void prepare_output();

/// Flushes the output. False if any write has failed.
[[nodiscard]] bool finish_output();

/// `text` as a JSON string, with its quotes. Invalid UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

// These functions write to standard output at once and return false on failure.

/// Prints a line for people; line breaks inside become spaces.
[[nodiscard]] bool print_line(std::string_view line);

/// Prints lines for people.
[[nodiscard]] bool print_lines(std::string_view lines);

/// Prints a JSON text on one line. Escapes characters that a terminal would interpret, which preserves the value.
[[nodiscard]] bool print_json(std::string_view json);

/// Writes raw bytes, for a file or another program.
///
/// Errors: WrongUsage if standard output is a terminal.
[[nodiscard]] bool print_bytes(std::string_view bytes);

/// Writes "intent: …" and one line break to standard error; line breaks inside become spaces.
void print_error(std::string_view text);

}  // namespace tool
