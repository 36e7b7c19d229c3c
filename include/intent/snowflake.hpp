// Ids of the platform: 64-bit numbers, decimal strings on the wire (protocol §2).
#pragma once

#include <intent/detail/export.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace intent::inline v0 {

/// Parses a decimal id: digits only, no leading zero (except "0" itself), at most 64 bits. No value otherwise.
INTENT_API std::optional<std::uint64_t> parse_snowflake(std::string_view text) noexcept;

/// An id of one kind: a `UserId` does not convert to a `ChannelId`. Ids of one kind sort by time. They have no creation
/// time, because the platform does not publish their epoch.
template <class Tag>
struct Snowflake {
    /// The id; 0 means "unset", which the platform never assigns.
    std::uint64_t value = 0;

    /// Parses an id. No value if `text` is not a snowflake (see `parse_snowflake`).
    static std::optional<Snowflake> parse(std::string_view text) noexcept {
        const auto number = parse_snowflake(text);
        if (!number) return std::nullopt;
        return Snowflake{*number};
    }

    /// The decimal text used on the wire.
    std::string str() const { return std::to_string(value); }

    /// False for the unset id 0.
    explicit operator bool() const noexcept { return value != 0; }

    friend auto operator<=>(Snowflake, Snowflake) = default;

    /// The id as decimal text, for streams and for messages: `"channel " + id`.
    template <class Traits>
    friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, Snowflake id) {
        return out << id.str().c_str();
    }
    /// The text followed by the id.
    friend std::string operator+(std::string_view text, Snowflake id) { return std::string(text) += id.str(); }
    /// The id followed by the text.
    friend std::string operator+(Snowflake id, std::string_view text) { return id.str().append(text); }
};

using UserId = Snowflake<struct UserTag>;              ///< of a person or a bot
using ServerId = Snowflake<struct ServerTag>;          ///< of a server
using ChannelId = Snowflake<struct ChannelTag>;        ///< of a channel
using MessageId = Snowflake<struct MessageTag>;        ///< of a message
using RoleId = Snowflake<struct RoleTag>;              ///< of a role
using AttachmentId = Snowflake<struct AttachmentTag>;  ///< of a file of a message
using WebhookId = Snowflake<struct WebhookTag>;        ///< of a webhook

}  // namespace intent

/// Hashes the number.
template <class Tag>
struct std::hash<intent::Snowflake<Tag>> {
    /// The hash of an id.
    std::size_t operator()(intent::Snowflake<Tag> id) const noexcept { return std::hash<std::uint64_t>{}(id.value); }
};
