#include "text/quoted.hpp"

#include "text/display.hpp"
#include "text/utf8.hpp"

namespace intent::text {

std::string quoted(std::string_view text, std::size_t max_bytes) {
    const auto shown = utf8_prefix(text, max_bytes);
    return '"' + display(shown) + (shown.size() < text.size() ? "…\"" : "\"");
}

}  // namespace intent::text
