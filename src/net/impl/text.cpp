#include "net/impl/text.hpp"

#include "text/peer_text.hpp"

#include <openssl/evp.h>

#include <cerrno>
#include <cstring>

namespace intent::net {

std::string peer_text(std::string_view text, std::size_t max_bytes) {
    return text::peer_text(text, text::Redactor(), max_bytes);
}

std::string base64(std::string_view bytes) {
    std::string encoded(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    encoded.resize(static_cast<std::size_t>(size));
    return encoded;
}

std::string system_problem(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

}  // namespace intent::net
