// The token type, which cannot be printed by accident.
#pragma once

#include <intent/detail/export.hpp>

#include <string>
#include <string_view>

namespace intent::inline v0 {

/// A bot's or a person's token (protocol §1). It has no stream operator and no conversion to text, so it cannot be
/// logged by accident; only `reveal()` returns the text.
class INTENT_API Token {
public:
    /// An empty token. REST calls that need a token, and `Client`, reject it with a ConfigError.
    Token() = default;

    /// Makes a token from its text, which is opaque.
    ///
    /// Errors: ConfigError if it is empty or contains white space or control bytes (the message does not show the
    /// text).
    Token(std::string text);  // NOLINT(google-explicit-constructor): `.token = "bot_…"` is how options are written
    Token(const char* text) : Token(std::string(text)) {}  // NOLINT(google-explicit-constructor)

    /// True for the empty token.
    bool empty() const noexcept { return text_.empty(); }

    /// The text, to be sent. Do not print it.
    std::string_view reveal() const noexcept { return text_; }

    /// Compares in a time that depends only on the lengths.
    friend bool operator==(const Token& a, const Token& b) noexcept;

private:
    std::string text_;
};

/// Reads a token from the environment variable `name`, or from the file that the variable `name`_FILE names, such as
/// INTENT_TOKEN_FILE. One line break at the end of the file is removed. Users other than the file's owner and group
/// must not have access to it, unless it is in the folder CREDENTIALS_DIRECTORY, which a service manager protects.
///
/// Errors: ConfigError that names the variable, and the file, if both variables or neither are set, the file cannot be
/// read or is open to other users, or the text is not a valid token. The message does not show the text.
INTENT_API Token token_from_env(const char* name = "INTENT_TOKEN");

}  // namespace intent
