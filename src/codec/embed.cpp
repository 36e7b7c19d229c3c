// Embeds, which check what they are given.
#include <intent/bodies/message.hpp>
#include <intent/detail/body_check.hpp>
#include <intent/limits.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace intent::inline v0 {

namespace {

std::string checked_url(const char* field, std::string url, std::size_t min = 0) {
    return detail::embed_text(field, std::move(url), min, limits::url_length);
}

std::optional<std::string> checked_url(const char* field, std::optional<std::string> url) {
    if (url) return checked_url(field, *std::move(url));
    return url;
}

}  // namespace

Embed::Embed(raw::Embed embed) : Body(std::move(embed)) {}
Embed& Embed::title(std::string text) {
    return fields().title = detail::embed_text("title", std::move(text), 0, limits::embed_title_length), *this;
}
Embed& Embed::description(std::string text) {
    fields().description = detail::embed_text("description", std::move(text), 0, limits::embed_description_length);
    return *this;
}
Embed& Embed::url(std::string url) { return fields().url = checked_url("url", std::move(url)), *this; }
Embed& Embed::color(std::uint32_t rgb) {
    if (rgb > limits::color) detail::refuse_in_embed("color", rgb, "", 0, limits::color);
    return fields().color = rgb, *this;
}
Embed& Embed::timestamp(Timestamp time) { return fields().timestamp = time, *this; }
Embed& Embed::footer(std::string text, std::optional<std::string> icon_url) {
    fields().footer = raw::EmbedFooter{detail::embed_text("footer", std::move(text), 0, limits::embed_footer_length),
                                       checked_url("footer.icon_url", std::move(icon_url))};
    return *this;
}
Embed& Embed::image(std::string url) {
    return fields().image = raw::EmbedImage{checked_url("image", std::move(url), 1)}, *this;
}
Embed& Embed::thumbnail(std::string url) {
    return fields().thumbnail = raw::EmbedImage{checked_url("thumbnail", std::move(url), 1)}, *this;
}
Embed& Embed::author(std::string name, std::optional<std::string> url, std::optional<std::string> icon_url) {
    fields().author = raw::EmbedAuthor{detail::embed_text("author", std::move(name), 0, limits::embed_author_length),
                                       checked_url("author.url", std::move(url)),
                                       checked_url("author.icon_url", std::move(icon_url))};
    return *this;
}
Embed& Embed::field(std::string name, std::string value, bool is_inline) {
    if (fields().fields.size() == limits::embed_fields)
        detail::refuse_in_embed("fields", fields().fields.size() + 1, " fields", 0, limits::embed_fields);
    name = detail::embed_text("field name", std::move(name), 1, limits::embed_field_name_length);
    value = detail::embed_text("field value", std::move(value), 1, limits::embed_field_value_length);
    fields().fields.push_back(raw::EmbedField{std::move(name), std::move(value), is_inline});
    return *this;
}

}  // namespace intent
