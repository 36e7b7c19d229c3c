#include "relay/wire/event_ids.hpp"

#include "codec/describe.hpp"
#include "relay/wire/token.hpp"

#include <array>

namespace intent::relay {

/// The ids in a dispatch's object. Members of another type are ignored.
struct ObjectIds {
    Snowflake<void> id = {};
    ChannelId channel = {};
    ServerId server = {};
};

}  // namespace intent::relay

namespace intent::codec {

template <>
struct Fields<relay::ObjectIds> {
    static constexpr std::tuple table{
        optional("id", &relay::ObjectIds::id),
        optional("channel_id", &relay::ObjectIds::channel),
        optional("server_id", &relay::ObjectIds::server),
    };
};

}  // namespace intent::codec

namespace intent::relay {

namespace {

/// What an object's own `id` identifies.
enum class Own : std::uint8_t { other, message, server, channel };

struct ObjectRow {
    std::string_view type;
    std::string_view wrapped_under;
    Own own;
};

constexpr std::array object_rows{
    ObjectRow{"MESSAGE_CREATE", "message", Own::message}, ObjectRow{"MESSAGE_UPDATE", "message", Own::message},
    ObjectRow{"MESSAGE_DELETE", "", Own::message},        ObjectRow{"SERVER_CREATE", "server", Own::server},
    ObjectRow{"SERVER_UPDATE", "server", Own::server},    ObjectRow{"CHANNEL_CREATE", "channel", Own::channel},
    ObjectRow{"CHANNEL_UPDATE", "channel", Own::channel},
};

ObjectRow row_of(std::string_view type) noexcept {
    for (const ObjectRow& row : object_rows)
        if (row.type == type) return row;
    return {type, "", Own::other};
}

bool belongs_to_server(std::string_view type) noexcept {
    return type == "VOICE_STATE_UPDATE" || type == "VOICE_SERVER_UPDATE";
}

std::string once(std::string_view kind, std::uint64_t id) { return std::string(kind) + ":" + std::to_string(id); }

}  // namespace

EventIds event_ids(std::string_view type, codec::ByteView data) {
    const ObjectRow row = row_of(type);
    const auto object = codec::from_msgpack_wrapped<ObjectIds>(data, row.wrapped_under);
    if (!object) return {};
    EventIds ids{object->server, object->channel};
    switch (row.own) {
        case Own::message:
            ids.message = MessageId{object->id.value};
            break;
        case Own::server:
            ids.server = ServerId{object->id.value};
            break;
        case Own::channel:
            ids.channel = ChannelId{object->id.value};
            break;
        case Own::other:
            break;
    }
    return ids;
}

unsigned partition_of(std::string_view type, const EventIds& ids) noexcept {
    const bool of_channel = ids.channel && !belongs_to_server(type);
    std::uint64_t mixed = of_channel ? ids.channel.value : ids.server.value;
    // Ids increase over time and end in counters: mix the bits to spread them over the partitions (splitmix64).
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return static_cast<unsigned>((mixed ^ (mixed >> 31)) % partitions);
}

EventSubject event_subject(std::string_view type, const EventIds& ids) {
    return {partition_of(type, ids), to_token(type), ids.server, ids.channel};
}

std::string deduplication_id(std::string_view type, const EventIds& ids, std::string_view session, std::uint64_t seq) {
    if (type == "MESSAGE_CREATE" && ids.message) return once("mc", ids.message.value);
    if (type == "MESSAGE_DELETE" && ids.message) return once("md", ids.message.value);
    // Channels of direct messages may be closed and opened again.
    if (type == "CHANNEL_CREATE" && ids.channel && ids.server) return once("cc", ids.channel.value);
    if (type == "CHANNEL_DELETE" && ids.channel && ids.server) return once("cd", ids.channel.value);
    if (session.empty() || seq == 0) return {};
    return to_token(session) + ":" + std::to_string(seq);
}

}  // namespace intent::relay
