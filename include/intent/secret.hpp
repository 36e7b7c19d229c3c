// Secrets other than the bot's own token: a type that does not print.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace intent::inline v0 {

/// Text that must not be logged: a webhook's token or URL, a password, the key that signs deliveries, a voice token
/// (protocol §8, §12, §13). It has no stream operator and no conversion to text; only `reveal()` returns the text. It
/// is not a `Token`, so a bot's token cannot end up in a webhook's URL by accident. Settings can keep it
/// (settings/setting.hpp).
class Secret {
public:
    Secret() = default;
    /// This text.
    Secret(std::string text) noexcept : text_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
    Secret(const char* text) : text_(text) {}                      // NOLINT(google-explicit-constructor)

    /// True if there is no text.
    bool empty() const noexcept { return text_.empty(); }

    /// The text, to be sent. Do not print it.
    std::string_view reveal() const noexcept { return text_; }

    /// Compares in a time that depends only on the lengths.
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
