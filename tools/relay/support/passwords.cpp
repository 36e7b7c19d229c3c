#include "tools/relay/support/passwords.hpp"

#include "tools/intent/support/command.hpp"

#include <crypt.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace tool {

namespace {

// The only prefix by which nats-server recognizes a hash.
constexpr std::string_view prefix = "$2a$";
constexpr std::size_t hash_size = 60;
constexpr std::size_t shortest = 8;
constexpr std::size_t longest = 72;  // bcrypt ignores what follows
constexpr unsigned long cost = 10;

/// Zeroed when it goes, because it contains the password.
struct CryptData {
    crypt_data data = {};
    ~CryptData() { explicit_bzero(&data, sizeof data); }
};

std::string first_line(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::string text;
    // Opening a folder succeeds; reading from it fails.
    if (!stream || (!std::getline(stream, text) && !stream.eof()))
        throw WrongUsage("--passwords: " + file.string() + ": " + std::generic_category().message(errno) +
                         " (create it with: openssl rand -base64 24 | install -m 600 /dev/stdin " + file.string() +
                         ")");
    while (!text.empty() && (text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    return text;
}

}  // namespace

bool is_bcrypt_hash(std::string_view text) noexcept {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_symbol = [&](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/';
    };
    return text.size() == hash_size && text.starts_with(prefix) && is_digit(text[4]) && is_digit(text[5]) &&
           text[6] == '$' && std::ranges::all_of(text.substr(7), is_symbol);
}

std::string bcrypt_hash(const std::string& password) {
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    if (!crypt_gensalt_rn(prefix.data(), cost, nullptr, 0, setting, sizeof setting))
        throw std::runtime_error("bcrypt: the system's libcrypt does not support " + std::string(prefix));
    // crypt_data has 32 KiB.
    const auto work = std::make_unique<CryptData>();
    const char* hash = crypt_r(password.c_str(), setting, &work->data);
    if (!hash || !is_bcrypt_hash(hash)) throw std::runtime_error("bcrypt: the password could not be hashed");
    return hash;
}

std::string password_hash_from(const std::filesystem::path& file) {
    std::string text = first_line(file);
    struct stat status {};
    if (stat(file.c_str(), &status) != 0 || (status.st_mode & (S_IRWXO | S_IRWXG)) != 0)
        throw WrongUsage("--passwords: " + file.string() + ": other users can access it (chmod 600)");
    if (is_bcrypt_hash(text)) return text;
    const bool printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
    if (text.size() < shortest || text.size() > longest || !printable)
        throw WrongUsage("--passwords: " + file.string() +
                         ": the first line must be a password of 8 to 72 printable ASCII characters, or a bcrypt hash "
                         "($2a$...)");
    std::string hash = bcrypt_hash(text);
    explicit_bzero(text.data(), text.size());
    return hash;
}

}  // namespace tool
