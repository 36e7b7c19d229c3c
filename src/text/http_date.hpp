// Dates in HTTP headers (RFC 9110 §5.6.7).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace intent::text {

/// Reads the form that servers must send: `Sun, 06 Nov 1994 08:49:37 GMT`. Years 1970 to 2199.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) noexcept;

/// The same form. Fractions of a second are cut off.
std::string format_http_date(std::chrono::sys_seconds time);

}  // namespace intent::text
