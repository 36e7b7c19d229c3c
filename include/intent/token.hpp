// Secrets are a type that does not print.
#pragma once

#include <string>
#include <string_view>

namespace intent {

/// A bot's or a person's token (protocol §1). It has no stream operator and no conversion to text, so it does not get
/// into a log by accident; `reveal()` is the one way to its text.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Token {
public:
    /// No token: REST calls that need one, and `Client`, refuse it with a ConfigError.
    Token() = default;

    /// Takes the text of a token. Tokens are opaque.
    ///
    /// Errors: ConfigError if it is empty or holds white space or control bytes (the text itself is not shown).
    Token(std::string text);  // NOLINT(google-explicit-constructor): `.token = "bot_…"` is how options are written
    Token(const char* text) : Token(std::string(text)) {}  // NOLINT(google-explicit-constructor)

    bool empty() const noexcept { return text_.empty(); }

    /// The token itself, for the wire. Do not print it.
    std::string_view reveal() const noexcept { return text_; }

    /// Compares in time that depends on the lengths only.
    friend bool operator==(const Token& a, const Token& b) noexcept;

private:
    std::string text_;
};

/// Reads a token from the environment.
///
/// Errors: ConfigError that names the variable, if it is unset or not a token.
Token token_from_env(const char* name = "INTENT_TOKEN");

}  // namespace intent
