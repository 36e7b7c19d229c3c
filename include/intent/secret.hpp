// Secrets other than the bot's own token: a type that does not print.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace intent {

/// Text that must not get into a log: a webhook's token or its URL, a password, the key that deliveries are signed
/// with, a voice token (protocol §8, §12, §13). It has no stream operator and no conversion to text; `reveal()` is the
/// one way to its text. It is no `Token`, so a bot's token does not get into a webhook's URL by accident.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Secret {
public:
    Secret() = default;
    Secret(std::string text) noexcept : text_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
    Secret(const char* text) : text_(text) {}                      // NOLINT(google-explicit-constructor)

    /// True if there is none.
    bool empty() const noexcept { return text_.empty(); }

    /// The text itself, for the wire. Do not print it.
    std::string_view reveal() const noexcept { return text_; }

    /// Compares in time that depends on the lengths only.
    friend bool operator==(const Secret& a, const Secret& b) noexcept {
        if (a.text_.size() != b.text_.size()) return false;
        unsigned difference = 0;
        for (std::size_t i = 0; i < a.text_.size(); ++i)
            difference |= static_cast<unsigned>(static_cast<unsigned char>(a.text_[i] ^ b.text_[i]));
        return difference == 0;
    }

private:
    std::string text_;
};

}  // namespace intent
