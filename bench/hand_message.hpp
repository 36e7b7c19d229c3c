// A MESSAGE_CREATE as a program without a library would read it: its texts as they came, in a plain struct.
#pragma once

#include "bench/hand_reader.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace intent::bench {

/// Calls `field(key)` for each entry of a map, which skips unknown keys.
template <class Field>
[[gnu::always_inline]] inline void hand_map(HandReader& reader, Field field) {
    for (std::uint32_t n = reader.map_size(); n > 0 && reader.ok(); --n)
        field(reader.text());
}

/// What surrounds the data of a frame.
struct HandEnvelope {
    std::uint64_t op = ~std::uint64_t{0};
    std::uint64_t seq = 0;
    std::string_view type;
};

/// Reads a whole frame. `data(reader)` reads the value of `d` where it stands, before `t`: whoever expects one type
/// decodes in one pass and drops the result if `t` is another one.
template <class Data>
[[gnu::always_inline]] inline std::optional<HandEnvelope> hand_frame(std::span<const std::uint8_t> frame, Data data) {
    HandReader reader(frame);
    HandEnvelope envelope;
    hand_map(reader, [&](std::string_view key) {
        if (is(key, "op")) {
            envelope.op = reader.number();
        } else if (is(key, "d")) {
            data(reader);
        } else if (is(key, "t")) {
            if (!reader.take_nil()) envelope.type = reader.text();
        } else if (is(key, "s")) {
            if (!reader.take_nil()) envelope.seq = reader.number();
        } else {
            reader.skip();
        }
    });
    if (!reader.ok() || !reader.at_end()) return std::nullopt;
    return envelope;
}

/// Whether the frame is a MESSAGE_CREATE whose message `message(reader)` has read.
template <class Message>
[[gnu::always_inline]] inline bool hand_message_create(std::span<const std::uint8_t> frame, Message message) {
    bool found = false;
    const auto envelope = hand_frame(frame, [&](HandReader& reader) {
        hand_map(reader, [&](std::string_view key) {
            if (!is(key, "message")) return reader.skip();
            message(reader);
            found = true;
        });
    });
    return envelope && found && envelope->op == 0 && envelope->seq != 0 && envelope->type == "MESSAGE_CREATE";
}

/// `Text` is std::string, or std::string_view into the frame. Attachments and embeds are skipped.
template <class Text>
struct BareMessage {
    struct Author {
        Text id, username, display_name, avatar_url;
    };
    Text id, channel_id, content, created_at, edited_at;
    Author author;
};

template <class Text>
void hand_read(HandReader& reader, Text& text) {
    if (!reader.take_nil()) text = Text{reader.text()};  // to assign the characters costs more
}

template <class Text>
void hand_author(HandReader& reader, typename BareMessage<Text>::Author& author) {
    hand_map(reader, [&](std::string_view key) {
        if (is(key, "id")) return hand_read(reader, author.id);
        if (is(key, "username")) return hand_read(reader, author.username);
        if (is(key, "display_name")) return hand_read(reader, author.display_name);
        if (is(key, "avatar_url")) return hand_read(reader, author.avatar_url);
        reader.skip();
    });
}

template <class Text>
bool hand_decode_bare(std::span<const std::uint8_t> frame, BareMessage<Text>& message) {
    return hand_message_create(frame, [&](HandReader& reader) {
        hand_map(reader, [&](std::string_view key) {
            if (is(key, "id")) return hand_read(reader, message.id);
            if (is(key, "channel_id")) return hand_read(reader, message.channel_id);
            if (is(key, "author")) return hand_author<Text>(reader, message.author);
            if (is(key, "content")) return hand_read(reader, message.content);
            if (is(key, "created_at")) return hand_read(reader, message.created_at);
            if (is(key, "edited_at")) return hand_read(reader, message.edited_at);
            reader.skip();
        });
    });
}

}  // namespace intent::bench
