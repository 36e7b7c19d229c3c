// Text from a person or a file, as errors quote it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace intent::text {

/// `text` in quotation marks, on one line, with active characters escaped (`display`). Text over `max_bytes` is cut
/// between characters and ends in "…". The default is more than any name of a time zone.
std::string quoted(std::string_view text, std::size_t max_bytes = 64);

}  // namespace intent::text
