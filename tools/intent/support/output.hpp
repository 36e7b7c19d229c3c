// All that the tool writes: nothing else of it touches standard output or error (scripts/check-includes sees to that).
// What peers have sent, and what people have typed, reaches the terminal as text, never as a command to it.
#pragma once

#include <string>
#include <string_view>

namespace tool {

/// Before anything is opened: where standard output or error is closed, writing to it fails from here on. Without this
/// the first file or socket would take its place, and get what is written.
void prepare_output();

/// Ends the output. False if something could not be written, now or before.
[[nodiscard]] bool finish_output();

/// `text` as a JSON string, with its quotes. Invalid UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

// Each writes to standard output at once, and returns false if it cannot be written.

/// A line for people; line breaks inside become spaces.
[[nodiscard]] bool print_line(std::string_view line);

/// Lines for people.
[[nodiscard]] bool print_lines(std::string_view lines);

/// A JSON text on a line of its own. The same value: what a terminal would act on is escaped.
[[nodiscard]] bool print_json(std::string_view json);

/// Bytes as they are, for a file or another program.
///
/// Errors: WrongUsage if standard output is a terminal.
[[nodiscard]] bool print_bytes(std::string_view bytes);

/// Writes "intent: …" and one line break to standard error; line breaks inside become spaces.
void complain(std::string_view text);

}  // namespace tool
