// The baseline: handwritten decoders for these two frames into the same structs. As safe as a decoder of untrusted
// bytes must be (bounds, unknown fields, depth), but no aliases, no paths and no second format.
#pragma once

#include "bench/hand_message.hpp"

#include <intent/raw/gateway.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace intent::bench {

template <class Id>
void hand_id(HandReader& reader, Id& id) {
    if (!hand_snowflake(reader.text(), id.value)) reader.fail();
}

inline void hand_time(HandReader& reader, std::optional<Timestamp>& time) {
    if (reader.take_nil()) return;
    time = hand_timestamp(reader.text());
    if (!time) reader.fail();
}

inline void hand_text(HandReader& reader, std::optional<std::string>& text) {
    if (!reader.take_nil()) text.emplace(reader.text());
}

inline void hand_user(HandReader& reader, raw::User& user) {
    for (std::uint32_t n = reader.map_size(); n > 0 && reader.ok(); --n) {
        const std::string_view key = reader.text();
        if (is(key, "id")) {
            hand_id(reader, user.id);
        } else if (is(key, "username")) {
            hand_read(reader, user.username);
        } else if (is(key, "display_name")) {
            hand_read(reader, user.display_name);
        } else if (is(key, "avatar_url")) {
            hand_text(reader, user.avatar_url);
        } else if (is(key, "created_at")) {
            hand_time(reader, user.created_at);
        } else {
            reader.skip();
        }
    }
}

template <class T, class Read>
void hand_list(HandReader& reader, std::vector<T>& list, Read read) {
    const std::uint32_t size = reader.array_size();
    if (size == 0) return;
    list.reserve(size);
    for (std::uint32_t i = 0; i < size && reader.ok(); ++i)
        read(reader, list.emplace_back());
}

template <class Number>
void hand_number(HandReader& reader, std::optional<Number>& number) {
    if (!reader.take_nil()) number = static_cast<Number>(reader.number());
}

inline void hand_attachment(HandReader& reader, raw::Attachment& attachment) {
    hand_map(reader, [&](std::string_view key) {
        if (is(key, "id")) return hand_id(reader, attachment.id);
        if (is(key, "filename")) return hand_read(reader, attachment.filename);
        if (is(key, "size")) return void(attachment.size = reader.number());
        if (is(key, "url")) return hand_read(reader, attachment.url);
        if (is(key, "content_type")) return hand_text(reader, attachment.content_type);
        if (is(key, "width")) return hand_number(reader, attachment.width);
        if (is(key, "height")) return hand_number(reader, attachment.height);
        reader.skip();
    });
}

inline void hand_embed_field(HandReader& reader, raw::EmbedField& field) {
    hand_map(reader, [&](std::string_view key) {
        if (is(key, "name")) return hand_read(reader, field.name);
        if (is(key, "value")) return hand_read(reader, field.value);
        if (is(key, "inline")) return void(field.is_inline = reader.flag());
        reader.skip();
    });
}

inline void hand_image(HandReader& reader, std::optional<raw::EmbedImage>& image) {
    if (reader.take_nil()) return;
    image.emplace();
    hand_map(reader, [&](std::string_view key) { is(key, "url") ? hand_read(reader, image->url) : reader.skip(); });
}

inline void hand_footer(HandReader& reader, std::optional<raw::EmbedFooter>& footer) {
    if (reader.take_nil()) return;
    footer.emplace();
    hand_map(reader, [&](std::string_view key) {
        if (is(key, "text")) return hand_read(reader, footer->text);
        if (is(key, "icon_url")) return hand_text(reader, footer->icon_url);
        reader.skip();
    });
}

inline void hand_embed_author(HandReader& reader, std::optional<raw::EmbedAuthor>& author) {
    if (reader.take_nil()) return;
    author.emplace();
    hand_map(reader, [&](std::string_view key) {
        if (is(key, "name")) return hand_read(reader, author->name);
        if (is(key, "url")) return hand_text(reader, author->url);
        if (is(key, "icon_url")) return hand_text(reader, author->icon_url);
        reader.skip();
    });
}

inline void hand_embed(HandReader& reader, raw::Embed& embed) {
    hand_map(reader, [&](std::string_view key) {
        if (is(key, "title")) return hand_text(reader, embed.title);
        if (is(key, "description")) return hand_text(reader, embed.description);
        if (is(key, "url")) return hand_text(reader, embed.url);
        if (is(key, "color")) return hand_number(reader, embed.color);
        if (is(key, "timestamp")) return hand_time(reader, embed.timestamp);
        if (is(key, "footer")) return hand_footer(reader, embed.footer);
        if (is(key, "image")) return hand_image(reader, embed.image);
        if (is(key, "thumbnail")) return hand_image(reader, embed.thumbnail);
        if (is(key, "author")) return hand_embed_author(reader, embed.author);
        if (is(key, "fields")) return hand_list(reader, embed.fields, hand_embed_field);
        reader.skip();
    });
}

inline void hand_message(HandReader& reader, raw::Message& message) {
    bool id = false, channel = false, author = false, created = false;
    for (std::uint32_t n = reader.map_size(); n > 0 && reader.ok(); --n) {
        const std::string_view key = reader.text();
        if (is(key, "id")) {
            hand_id(reader, message.id);
            id = true;
        } else if (is(key, "channel_id")) {
            hand_id(reader, message.channel_id);
            channel = true;
        } else if (is(key, "author")) {
            hand_user(reader, message.author);
            author = true;
        } else if (is(key, "content")) {
            hand_read(reader, message.content);
        } else if (is(key, "created_at")) {
            std::optional<Timestamp> time;
            hand_time(reader, time);
            if (time) message.created_at = *time;
            created = time.has_value();
        } else if (is(key, "edited_at")) {
            hand_time(reader, message.edited_at);
        } else if (is(key, "attachments")) {
            hand_list(reader, message.attachments, hand_attachment);
        } else if (is(key, "embeds")) {
            hand_list(reader, message.embeds, hand_embed);
        } else {
            reader.skip();
        }
    }
    if (!id || !channel || !author || !created) reader.fail();
}

inline std::optional<raw::Message> hand_decode(std::span<const std::uint8_t> frame) {
    std::optional<raw::Message> message{std::in_place};
    if (!hand_message_create(frame, [&](HandReader& reader) { hand_message(reader, *message); })) message.reset();
    return message;
}

inline void hand_server(HandReader& reader, raw::Server& server) {
    hand_map(reader, [&](std::string_view key) {
        if (is(key, "id")) return hand_id(reader, server.id);
        if (is(key, "name")) return hand_read(reader, server.name);
        if (is(key, "owner_id")) return hand_id(reader, server.owner_id);
        if (is(key, "icon_url")) return hand_text(reader, server.icon_url);
        if (is(key, "description")) return hand_text(reader, server.description);
        if (is(key, "member_count")) return void(server.member_count = static_cast<int>(reader.number()));
        if (is(key, "created_at")) return hand_time(reader, server.created_at);
        reader.skip();
    });
}

inline std::optional<raw::Ready> hand_decode_ready(std::span<const std::uint8_t> frame) {
    std::optional<raw::Ready> ready{std::in_place};
    const auto envelope = hand_frame(frame, [&](HandReader& reader) {
        hand_map(reader, [&](std::string_view key) {
            if (is(key, "user")) return hand_user(reader, ready->user);
            if (is(key, "servers")) return hand_list(reader, ready->servers, hand_server);
            if (is(key, "session_id")) return hand_text(reader, ready->session_id);
            reader.skip();
        });
    });
    if (!envelope || envelope->op != 3) ready.reset();
    return ready;
}

}  // namespace intent::bench
