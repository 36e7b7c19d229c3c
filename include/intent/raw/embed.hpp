#pragma once

#include <intent/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace intent::raw {

struct EmbedFooter {
    std::string text;
    std::optional<std::string> icon_url = {};
    friend bool operator==(const EmbedFooter&, const EmbedFooter&) = default;
};

/// An image or a thumbnail.
struct EmbedImage {
    std::string url;
    friend bool operator==(const EmbedImage&, const EmbedImage&) = default;
};

struct EmbedAuthor {
    std::string name;
    std::optional<std::string> url = {};
    std::optional<std::string> icon_url = {};
    friend bool operator==(const EmbedAuthor&, const EmbedAuthor&) = default;
};

struct EmbedField {
    std::string name;
    std::string value;
    bool is_inline = false;  ///< `inline` on the wire
    friend bool operator==(const EmbedField&, const EmbedField&) = default;
};

/// A framed block below a message (protocol §8). To write one, use `intent::Embed`.
struct Embed {
    std::optional<std::string> title = {};
    std::optional<std::string> description = {};
    std::optional<std::string> url = {};
    std::optional<std::uint32_t> color = {};  ///< 0-0xFFFFFF
    std::optional<Timestamp> timestamp = {};
    std::optional<EmbedFooter> footer = {};
    std::optional<EmbedImage> image = {};
    std::optional<EmbedImage> thumbnail = {};
    std::optional<EmbedAuthor> author = {};
    std::vector<EmbedField> fields = {};

    friend bool operator==(const Embed&, const Embed&) = default;
};

}  // namespace intent::raw
