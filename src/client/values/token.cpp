#include "net/environment.hpp"

#include <intent/errors.hpp>
#include <intent/token.hpp>

#include <algorithm>
#include <utility>

namespace intent::inline v0 {

namespace {

/// Returns what is wrong with a token's text, or null (protocol §1).
const char* what_is_wrong(std::string_view text) {
    if (text.empty()) return "empty";
    const bool clean = std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c != 0x7f; });
    return clean
               ? nullptr
               : "contains white space or control bytes, which a token cannot have (is there a line break at its end?)";
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
    if (!text) throw ConfigError(std::string(name) + ": not set; set it to the bot's token");
    if (const char* wrong = what_is_wrong(*text)) throw ConfigError(std::string(name) + ": " + wrong);
    return Token(*std::move(text));
}

}  // namespace intent
