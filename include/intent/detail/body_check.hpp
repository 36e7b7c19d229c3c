// Checks of what the arguments of calls are given. Only the library includes them.
#pragma once

#include <intent/errors.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace intent::inline v0::detail {

/// Throws a ConfigError that names the field.
[[noreturn]] inline void refuse_in_embed(const char* field, std::size_t actual, const char* unit, std::size_t min,
                                         std::size_t max) {
    std::string text = std::string("embed: ") + field + ": ";
    text += actual == 0 && min > 0 ? "must not be empty" : std::to_string(actual) + unit + "; must be ";
    if (actual > 0) text += (min > 0 ? std::to_string(min) + " to " : "at most ") + std::to_string(max);
    throw ConfigError(text);
}

/// Returns the text if it has `min` to `max` code points. Invalid bytes are refused when the message is sent.
inline std::string embed_text(const char* field, std::string text, std::size_t min, std::size_t max) {
    // Only a text with more bytes than `max` can have more code points.
    std::size_t length = text.size();
    if (length > max) {
        for (const char c : text)
            if ((static_cast<unsigned char>(c) & 0xc0) == 0x80) --length;
    }
    if (length < min || length > max) refuse_in_embed(field, length, " characters", min, max);
    return text;
}

[[noreturn]] inline void refuse_delete_after() {
    throw ConfigError("delete_after: not available for the messages of a webhook");
}

}  // namespace intent::detail
