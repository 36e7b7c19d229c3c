// Log records as lines of text.
#pragma once

#include <intent/log.hpp>
#include <intent/timestamp.hpp>

#include <cstddef>
#include <string>

namespace intent::client {

/// Longer texts are cut.
inline constexpr std::size_t max_log_text = 8192;

const char* name_of(LogLevel level) noexcept;

enum class Colours { off, on };

/// Both return one line of valid UTF-8 with its line break. All of the record is hostile text: active characters
/// (`text::is_active`) are escaped, and bytes that are not UTF-8 are escaped or replaced.
std::string logfmt_line(Timestamp time, const LogRecord& record, Colours colours);
std::string json_line(Timestamp time, const LogRecord& record);

}  // namespace intent::client
