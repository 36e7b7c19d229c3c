#include "net/hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>
#include <new>

namespace intent::net {

namespace {

struct Freer {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};

}  // namespace

Sha256 hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
    const std::unique_ptr<EVP_PKEY, Freer> handle(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, nullptr, bytes, key.size()));
    const std::unique_ptr<EVP_MD_CTX, Freer> context(EVP_MD_CTX_new());
    bool done =
        handle && context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, handle.get()) == 1;
    for (const auto part : parts)
        done = done && EVP_DigestSignUpdate(context.get(), part.data(), part.size()) == 1;
    Sha256 sum{};
    std::size_t size = sum.size();
    done = done && EVP_DigestSignFinal(context.get(), sum.data(), &size) == 1 && size == sum.size();
    if (!done) throw std::bad_alloc();  // only memory can fail here
    return sum;
}

bool equal_in_constant_time(std::span<const std::byte> a, std::span<const std::byte> b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace intent::net
