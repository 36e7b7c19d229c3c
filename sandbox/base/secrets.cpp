#include "sandbox/base/secrets.hpp"

#include "net/hmac.hpp"

#include <intent/errors.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <span>
#include <vector>

namespace intent::inline v0::sandbox {
namespace {

using Key = std::array<unsigned char, 32>;

constexpr std::uint64_t block_size = 8;
constexpr std::uint64_t parallel = 1;
constexpr std::uint64_t memory_limit = 64u << 20;
constexpr std::string_view scheme = "scrypt$";

std::string base64url(std::span<const unsigned char> bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    while (!text.empty() && text.back() == '=')
        text.pop_back();
    for (char& c : text) {
        if (c == '+') c = '-';
        if (c == '/') c = '_';
    }
    return text;
}

Key random_key() {
    Key key;
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) throw Error("the system provides no random bytes");
    return key;
}

std::string derive(std::string_view password, std::string_view salt, std::uint64_t cost) {
    Key key;
    const int done =
        EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                       salt.size(), cost, block_size, parallel, memory_limit, key.data(), key.size());
    if (done != 1) throw Error("cannot hash a password: OpenSSL refused scrypt");
    return base64url(key);
}

}  // namespace

std::string make_token(std::string_view prefix) { return std::string(prefix) + base64url(random_key()); }

std::string hash_password(std::string_view password, HashCost cost) {
    const std::string salt = base64url(random_key());
    const auto n = static_cast<std::uint64_t>(cost);
    return std::string(scheme) + std::to_string(n) + "$" + salt + "$" + derive(password, salt, n);
}

bool check_password(std::string_view password, std::string_view hash) {
    if (!hash.starts_with(scheme)) return false;
    hash.remove_prefix(scheme.size());
    std::uint64_t cost = 0;
    const auto [end, error] = std::from_chars(hash.data(), hash.data() + hash.size(), cost);
    if (error != std::errc{} || cost == 0) return false;
    hash.remove_prefix(static_cast<std::size_t>(end - hash.data()));
    const auto split = hash.rfind('$');
    if (split == std::string_view::npos || split == 0 || hash.front() != '$') return false;
    const std::string_view salt = hash.substr(1, split - 1);
    const std::string_view expected = hash.substr(split + 1);
    const std::string actual = derive(password, salt, cost);
    return net::equal_in_constant_time(std::as_bytes(std::span(actual)), std::as_bytes(std::span(expected)));
}

std::string hmac_sha1_base64(std::string_view secret, std::string_view text) {
    std::array<unsigned char, 20> hash;
    unsigned size = hash.size();
    if (HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data(), &size) == nullptr)
        throw Error("cannot create a credential: OpenSSL refused HMAC-SHA1");
    std::string base64(29, '\0');
    base64.resize(static_cast<std::size_t>(
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()), hash.data(), static_cast<int>(size))));
    return base64;
}

}  // namespace intent::sandbox
