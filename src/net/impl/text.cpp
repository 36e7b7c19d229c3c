#include "net/impl/text.hpp"

#include "text/peer_text.hpp"

#include <cerrno>
#include <cstring>

namespace intent::net {

std::string peer_text(std::string_view text, std::size_t max_bytes) {
    return text::peer_text(text, text::Redactor(), max_bytes);
}

std::string system_problem(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

}  // namespace intent::net
