// The words of a command's line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace intent::toolkit {

struct Word {
    std::string text;  ///< without quotation marks and escapes
    std::size_t begin = 0;
    std::size_t end = 0;       ///< behind the last byte, or the closing quotation mark
    bool is_quoted = false;    ///< never a part of a command's name
    bool is_unclosed = false;  ///< the closing quotation mark is missing
};

/// Splits a line at ASCII white space. A word that begins with " or “ reaches up to the next " or ”, and may contain
/// white space. A backslash before a quotation mark or, inside quotation marks, before a backslash makes it an ordinary
/// character. Bytes that are not UTF-8 are ordinary characters too.
std::vector<Word> split_words(std::string_view line);

/// The position behind the last byte that is not white space.
std::size_t trimmed_end(std::string_view line) noexcept;

}  // namespace intent::toolkit
