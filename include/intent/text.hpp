// Text for messages: splitting and shortening, durations and numbers, embeds as plain text.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/limits.hpp>
#include <intent/raw/embed.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0 {

// Lengths count code points, as the platform's limits do (protocol §11). Bytes that are not UTF-8 become U+FFFD, one
// for each invalid sequence, because the platform accepts only UTF-8.

/// The number of code points.
INTENT_API std::size_t text_length(std::string_view text) noexcept;

/// Splits a text into parts of at most `limit` code points, for messages that are posted one after the other:
///
///     for (const std::string& part : intent::split_text(report)) co_await channel.send(part);
///
/// A part ends at the last blank line in its second half, otherwise at the last line break there, otherwise at the last
/// space there; if its second half has none of them, at the last one in its first half, in the same order. Without any,
/// it ends between two characters as people see them (grapheme clusters): a flag, a letter with its accents, or an
/// emoji joined from several stays whole, unless it is longer than `limit`.
///
/// White space at the ends of the parts is dropped, but the indentation of a line is kept, and so are no-break spaces.
/// A part is never empty: a text of white space has no parts. A text that fits is one part, without changes. The
/// platform's client shows no Markdown, so nothing is escaped or repeated across parts.
///
/// A limit of 0 counts as 1. Cost: linear in the length of the text.
INTENT_API std::vector<std::string> split_text(std::string_view text, std::size_t limit = limits::message_length);

/// Returns the text if it has at most `limit` code points, otherwise its beginning and "…", together at most `limit`.
/// It is cut between grapheme clusters, and white space before the "…" is dropped.
INTENT_API std::string shorten(std::string_view text, std::size_t limit);

/// Parses a duration as people write it: "2h30m", "90 s", "1d 12h". Whole numbers with units from the largest to the
/// smallest (w, d, h, m or min, s or sec, ms), each at most once, in upper or lower case, at most 100 years in total.
/// No value for anything else.
INTENT_API std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The shortest exact text: "2h30m", "1d12h", "1s500ms", "-5m"; "0s" for zero. `parse_duration` reads it back, unless
/// it is negative or above 100 years.
INTENT_API std::string format_duration(std::chrono::milliseconds time);

namespace detail {
INTENT_API std::string group_digits(std::string_view digits, std::string_view separator);
}

/// The number with its digits in groups of three: "1,234,567", "-1,000".
template <std::integral Number>
requires(!std::same_as<Number, bool>) std::string format_number(Number value, std::string_view separator = ",") {
    return detail::group_digits(std::to_string(value), separator);
}

/// The same with a fraction of `decimals` digits (0-20; others count as the nearest of these), rounded: "1,234.50". The
/// decimal point is "."; a value that is not finite is "nan", "inf" or "-inf".
INTENT_API std::string format_number(double value, int decimals, std::string_view separator = ",");

/// The texts and links of an embed as plain text, for clients that show no embeds: author, title, description, fields,
/// images and footer, each on its own lines; the color is omitted. The result can be longer than a message: split or
/// shorten it.
INTENT_API std::string as_text(const raw::Embed& embed);

}  // namespace intent
