// Reads the embeds of a request and checks the limits of protocol §8.
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/base/text.hpp"

#include <intent/timestamp.hpp>

namespace intent::inline v0::sandbox {
namespace {

constexpr std::size_t max_embeds = 10;
constexpr std::size_t max_fields = 25;
constexpr std::size_t max_url = 2048;

std::optional<std::string> read_text(const Fields& part, std::string_view name, std::size_t max) {
    auto text = part.text(name);
    if (text) check_length(part.path(name), *text, 0, max);
    return text;
}

std::string required_text(const Fields& part, std::string_view name, std::size_t max) {
    auto text = part.required_text(name);
    check_length(part.path(name), text, 1, max);
    return text;
}

std::optional<Timestamp> read_timestamp(const Fields& embed) {
    const auto text = read_text(embed, "timestamp", 64);
    if (!text) return std::nullopt;
    const auto time = parse_timestamp(*text);
    if (!time) throw invalid(embed.path("timestamp"), "expected ISO 8601 in UTC (2024-01-15T12:00:00Z)");
    return time;
}

std::optional<raw::EmbedImage> read_image(const Fields& embed, std::string_view name) {
    const auto image = embed.object(name);
    if (!image) return std::nullopt;
    return raw::EmbedImage{.url = required_text(*image, "url", max_url)};
}

std::vector<raw::EmbedField> read_fields(const Fields& embed) {
    std::vector<raw::EmbedField> fields;
    for (const auto& field : embed.objects("fields", max_fields).value_or(std::vector<Fields>()))
        fields.push_back({.name = required_text(field, "name", 256),
                          .value = required_text(field, "value", 1024),
                          .is_inline = field.boolean("inline").value_or(false)});
    return fields;
}

raw::Embed read_embed(const Fields& fields) {
    raw::Embed embed{.title = read_text(fields, "title", 256),
                     .description = read_text(fields, "description", 4096),
                     .url = read_text(fields, "url", max_url),
                     .color = fields.integer<std::uint32_t>("color", 0, 0xffffff),
                     .timestamp = read_timestamp(fields),
                     .image = read_image(fields, "image"),
                     .thumbnail = read_image(fields, "thumbnail"),
                     .fields = read_fields(fields)};
    if (const auto footer = fields.object("footer"))
        embed.footer = raw::EmbedFooter{.text = required_text(*footer, "text", 2048),
                                        .icon_url = read_text(*footer, "icon_url", max_url)};
    if (const auto author = fields.object("author"))
        embed.author = raw::EmbedAuthor{.name = required_text(*author, "name", 256),
                                        .url = read_text(*author, "url", max_url),
                                        .icon_url = read_text(*author, "icon_url", max_url)};
    return embed;
}

}  // namespace

std::optional<std::vector<raw::Embed>> Fields::embeds() const {
    const auto parts = objects("embeds", max_embeds);
    if (!parts) return std::nullopt;
    std::vector<raw::Embed> embeds;
    for (const auto& part : *parts)
        embeds.push_back(read_embed(part));
    return embeds;
}

}  // namespace intent::sandbox
