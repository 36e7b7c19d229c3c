// Reads the embeds of a request and checks the limits of protocol §8.
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/base/text.hpp"

#include <intent/timestamp.hpp>

#include <boost/json/value.hpp>

namespace intent::sandbox {
namespace {

namespace json = boost::json;

constexpr std::size_t max_embeds = 10;
constexpr std::size_t max_fields = 25;
constexpr std::size_t max_url = 2048;

/// An object within the body and its path ("embeds[0].footer").
class Part {
public:
    Part(const json::value& value, std::string path) : path_(std::move(path)), object_(value.if_object()) {
        if (object_ == nullptr) throw invalid(path_, "expected an object");
    }

    std::string name_of(std::string_view name) const { return path_ + "." + std::string(name); }

    const json::value* find(std::string_view name) const {
        const auto* value = object_->if_contains({name.data(), name.size()});
        return value == nullptr || value->is_null() ? nullptr : value;
    }

    std::optional<std::string> text(std::string_view name, std::size_t minimum, std::size_t maximum) const {
        const auto* value = find(name);
        if (value == nullptr) return std::nullopt;
        const auto* text = value->if_string();
        if (text == nullptr) throw invalid(name_of(name), "expected text");
        check_length(name_of(name), {text->data(), text->size()}, minimum, maximum);
        return std::string(text->data(), text->size());
    }

    std::string required_text(std::string_view name, std::size_t maximum) const {
        auto value = text(name, 1, maximum);
        if (!value) throw invalid(name_of(name), "required");
        return std::move(*value);
    }

    std::optional<Part> part(std::string_view name) const {
        const auto* value = find(name);
        if (value == nullptr) return std::nullopt;
        return Part(*value, name_of(name));
    }

private:
    std::string path_;
    const json::object* object_;
};

std::optional<std::uint32_t> read_color(const Part& part) {
    const auto* value = part.find("color");
    if (value == nullptr) return std::nullopt;
    boost::system::error_code error;
    const auto number = value->is_number() ? value->to_number<std::int64_t>(error) : std::int64_t{-1};
    if (error || number < 0 || number > 0xffffff)
        throw invalid(part.name_of("color"), "expected a whole number from 0 to 16777215");
    return static_cast<std::uint32_t>(number);
}

std::optional<Timestamp> read_timestamp(const Part& part) {
    const auto text = part.text("timestamp", 0, 64);
    if (!text) return std::nullopt;
    const auto time = parse_timestamp(*text);
    if (!time) throw invalid(part.name_of("timestamp"), "expected ISO 8601 in UTC (2024-01-15T12:00:00Z)");
    return time;
}

std::optional<raw::EmbedImage> read_image(const Part& embed, std::string_view name) {
    const auto part = embed.part(name);
    if (!part) return std::nullopt;
    return raw::EmbedImage{.url = part->required_text("url", max_url)};
}

std::vector<raw::EmbedField> read_fields(const Part& embed) {
    const auto* value = embed.find("fields");
    if (value == nullptr) return {};
    const auto* list = value->if_array();
    if (list == nullptr) throw invalid(embed.name_of("fields"), "expected a list");
    if (list->size() > max_fields)
        throw invalid(embed.name_of("fields"), "at most 25 allowed, got " + std::to_string(list->size()));
    std::vector<raw::EmbedField> fields;
    for (const auto& item : *list) {
        const Part part(item, embed.name_of("fields[" + std::to_string(fields.size()) + "]"));
        const auto* is_inline = part.find("inline");
        if (is_inline != nullptr && !is_inline->is_bool())
            throw invalid(part.name_of("inline"), "expected true or false");
        fields.push_back({.name = part.required_text("name", 256),
                          .value = part.required_text("value", 1024),
                          .is_inline = is_inline != nullptr && is_inline->as_bool()});
    }
    return fields;
}

raw::Embed read_embed(const Part& part) {
    raw::Embed embed{.title = part.text("title", 0, 256),
                     .description = part.text("description", 0, 4096),
                     .url = part.text("url", 0, max_url),
                     .color = read_color(part),
                     .timestamp = read_timestamp(part),
                     .image = read_image(part, "image"),
                     .thumbnail = read_image(part, "thumbnail"),
                     .fields = read_fields(part)};
    if (const auto footer = part.part("footer"))
        embed.footer = raw::EmbedFooter{.text = footer->required_text("text", 2048),
                                        .icon_url = footer->text("icon_url", 0, max_url)};
    if (const auto author = part.part("author"))
        embed.author = raw::EmbedAuthor{.name = author->required_text("name", 256),
                                        .url = author->text("url", 0, max_url),
                                        .icon_url = author->text("icon_url", 0, max_url)};
    return embed;
}

}  // namespace

std::optional<std::vector<raw::Embed>> Fields::embeds() const {
    const auto* value = find("embeds");
    if (value == nullptr || value->is_null()) return std::nullopt;
    const auto* list = value->if_array();
    if (list == nullptr) throw invalid("embeds", "expected a list");
    if (list->size() > max_embeds) throw invalid("embeds", "at most 10 allowed, got " + std::to_string(list->size()));
    std::vector<raw::Embed> embeds;
    for (const auto& item : *list)
        embeds.push_back(read_embed(Part(item, "embeds[" + std::to_string(embeds.size()) + "]")));
    return embeds;
}

}  // namespace intent::sandbox
