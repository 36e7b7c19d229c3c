#include "net/environment.hpp"
#include "net/file.hpp"

#include <intent/errors.hpp>
#include <intent/token.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace intent::inline v0 {

namespace {

constexpr std::size_t max_file_bytes = 64u << 10;

/// Returns what is wrong with a token's text, or null (protocol §1).
const char* what_is_wrong(std::string_view text) {
    if (text.empty()) return "empty";
    const bool clean = std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c != 0x7f; });
    return clean
               ? nullptr
               : "contains white space or control bytes, which a token cannot have (is there a line break at its end?)";
}

/// Whether the file is one that the service manager made for this process alone.
bool is_credential(const std::string& path) {
    const auto folder = net::environment_variable("CREDENTIALS_DIRECTORY");
    return folder && !folder->empty() && path.starts_with(*folder + "/") && path.find("/../") == std::string::npos;
}

/// `variable` names the file. Errors: ConfigError.
Token token_from_file(const std::string& variable, const std::string& path) {
    const auto refuse = [&](const std::string& why) { return ConfigError(variable + ": " + path + ": " + why); };
    net::FileRead read = net::read_file(path, max_file_bytes);
    if (!read.problem.empty()) throw refuse(read.problem);
    if (!read.content) throw refuse("does not exist");
    if (read.open_to_others && !is_credential(path))
        throw refuse("other users have access to it; run: chmod o-rwx " + path);
    std::string& text = *read.content;
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    if (const char* wrong = what_is_wrong(text)) throw refuse(wrong);
    return Token(std::move(text));
}

}  // namespace

Token::Token(std::string text) : text_(std::move(text)) {
    if (const char* wrong = what_is_wrong(text_)) throw ConfigError(std::string("token: ") + wrong);
}

bool operator==(const Token& a, const Token& b) noexcept {
    if (a.text_.size() != b.text_.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.text_.size(); ++i) {
        difference |=
            static_cast<unsigned>(static_cast<unsigned char>(a.text_[i]) ^ static_cast<unsigned char>(b.text_[i]));
    }
    return difference == 0;
}

Token token_from_env(const char* name) {
    auto text = net::environment_variable(name);
    const std::string file_name = std::string(name) + "_FILE";
    auto path = net::environment_variable(file_name.c_str());
    if (path && path->empty()) path.reset();  // so that a caller can switch it off
    if (text && path) throw ConfigError(std::string(name) + " and " + file_name + ": both are set; unset one of them");
    if (path) return token_from_file(file_name, *path);
    if (!text) throw ConfigError(std::string(name) + ": not set; set it to the bot's token");
    if (const char* wrong = what_is_wrong(*text)) throw ConfigError(std::string(name) + ": " + wrong);
    return Token(*std::move(text));
}

}  // namespace intent
