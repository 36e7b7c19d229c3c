// The alternative decoder: first a generic document (nlohmann-json), then conversion into the same structs.
#pragma once

#include "bench/hand_reader.hpp"

#include <intent/raw/gateway.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace intent::bench {

using Document = nlohmann::json;

template <class Id>
void convert_id(const Document& text, Id& id) {
    hand_snowflake(text.get_ref<const std::string&>(), id.value);
}

inline const Document* member_of(const Document& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

template <class T>
void convert(const Document& object, const char* key, std::optional<T>& value) {
    if (const auto* found = member_of(object, key)) value = found->get<T>();
}

inline void convert(const Document& object, const char* key, std::optional<Timestamp>& time) {
    if (const auto* found = member_of(object, key)) time = hand_timestamp(found->get_ref<const std::string&>());
}

inline raw::User convert_user(const Document& object) {
    raw::User user;
    convert_id(object["id"], user.id);
    user.username = object["username"].get<std::string>();
    user.display_name = object.value("display_name", "");
    convert(object, "avatar_url", user.avatar_url);
    convert(object, "created_at", user.created_at);
    return user;
}

inline raw::Attachment convert_attachment(const Document& object) {
    raw::Attachment attachment;
    convert_id(object["id"], attachment.id);
    attachment.filename = object["filename"].get<std::string>();
    attachment.size = object["size"].get<std::uint64_t>();
    attachment.url = object["url"].get<std::string>();
    convert(object, "content_type", attachment.content_type);
    convert(object, "width", attachment.width);
    convert(object, "height", attachment.height);
    return attachment;
}

inline raw::Embed convert_embed(const Document& object) {
    raw::Embed embed;
    convert(object, "title", embed.title);
    convert(object, "description", embed.description);
    convert(object, "url", embed.url);
    convert(object, "color", embed.color);
    convert(object, "timestamp", embed.timestamp);
    if (const auto* footer = member_of(object, "footer")) {
        embed.footer.emplace().text = (*footer)["text"].get<std::string>();
        convert(*footer, "icon_url", embed.footer->icon_url);
    }
    if (const auto* image = member_of(object, "image")) embed.image.emplace().url = (*image)["url"].get<std::string>();
    if (const auto* image = member_of(object, "thumbnail"))
        embed.thumbnail.emplace().url = (*image)["url"].get<std::string>();
    if (const auto* author = member_of(object, "author")) {
        embed.author.emplace().name = (*author)["name"].get<std::string>();
        convert(*author, "url", embed.author->url);
        convert(*author, "icon_url", embed.author->icon_url);
    }
    for (const auto& field : object["fields"])
        embed.fields.push_back({field["name"].get<std::string>(), field["value"].get<std::string>(), field["inline"]});
    return embed;
}

inline std::optional<raw::Message> generic_decode(std::span<const std::uint8_t> bytes) {
    const auto frame = Document::from_msgpack(bytes.begin(), bytes.end());
    if (frame["op"] != 0 || frame["t"] != "MESSAGE_CREATE") return std::nullopt;
    const auto& d = frame["d"]["message"];
    std::optional<raw::Message> message{std::in_place};
    convert_id(d["id"], message->id);
    convert_id(d["channel_id"], message->channel_id);
    message->author = convert_user(d["author"]);
    message->content = d["content"].get<std::string>();
    message->created_at = hand_timestamp(d["created_at"].get_ref<const std::string&>()).value();
    convert(d, "edited_at", message->edited_at);
    for (const auto& attachment : d["attachments"])
        message->attachments.push_back(convert_attachment(attachment));
    for (const auto& embed : d["embeds"])
        message->embeds.push_back(convert_embed(embed));
    return message;
}

inline std::optional<raw::Ready> generic_decode_ready(std::span<const std::uint8_t> bytes) {
    const auto frame = Document::from_msgpack(bytes.begin(), bytes.end());
    if (frame["op"] != 3) return std::nullopt;
    const auto& d = frame["d"];
    std::optional<raw::Ready> ready{std::in_place};
    ready->user = convert_user(d["user"]);
    convert(d, "session_id", ready->session_id);
    for (const auto& object : d["servers"]) {
        raw::Server server;
        convert_id(object["id"], server.id);
        server.name = object["name"].get<std::string>();
        convert_id(object["owner_id"], server.owner_id);
        convert(object, "icon_url", server.icon_url);
        convert(object, "description", server.description);
        server.member_count = object["member_count"].get<int>();
        convert(object, "created_at", server.created_at);
        ready->servers.push_back(std::move(server));
    }
    return ready;
}

}  // namespace intent::bench
