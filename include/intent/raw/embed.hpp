// Embeds as plain data (protocol §8).
#pragma once

#include <intent/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace intent::inline v0::raw {

/// The line at the end of an embed.
struct EmbedFooter {
    std::string text;                          ///< at most 2048 code points
    std::optional<std::string> icon_url = {};  ///< a small image before the text
    friend bool operator==(const EmbedFooter&, const EmbedFooter&) = default;
};

/// An image or a thumbnail.
struct EmbedImage {
    std::string url;  ///< of the image
    friend bool operator==(const EmbedImage&, const EmbedImage&) = default;
};

/// The line at the beginning of an embed.
struct EmbedAuthor {
    std::string name;                          ///< at most 256 code points
    std::optional<std::string> url = {};       ///< where the name leads
    std::optional<std::string> icon_url = {};  ///< a small image before the name
    friend bool operator==(const EmbedAuthor&, const EmbedAuthor&) = default;
};

/// A titled text of an embed.
struct EmbedField {
    std::string name;        ///< 1-256 code points
    std::string value;       ///< 1-1024 code points
    bool is_inline = false;  ///< `inline` on the wire
    friend bool operator==(const EmbedField&, const EmbedField&) = default;
};

/// A framed block below a message (protocol §8). To write one, use `intent::Embed`.
struct Embed {
    std::optional<std::string> title = {};        ///< at most 256 code points
    std::optional<std::string> description = {};  ///< at most 4096 code points
    std::optional<std::string> url = {};          ///< where the title leads
    std::optional<std::uint32_t> color = {};      ///< 0-0xFFFFFF
    std::optional<Timestamp> timestamp = {};      ///< shown in the footer
    std::optional<EmbedFooter> footer = {};       ///< the last line
    std::optional<EmbedImage> image = {};         ///< below the text
    std::optional<EmbedImage> thumbnail = {};     ///< beside the text
    std::optional<EmbedAuthor> author = {};       ///< the first line
    std::vector<EmbedField> fields = {};          ///< at most 25

    friend bool operator==(const Embed&, const Embed&) = default;
};

}  // namespace intent::raw
