// What the relay reads from a dispatch without decoding it: which objects it belongs to.
#pragma once

#include "codec/result.hpp"
#include "relay/wire/subjects.hpp"

#include <intent/snowflake.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace intent::relay {

/// The objects that a dispatch belongs to; unset ids are unknown.
struct EventIds {
    ServerId server = {};
    ChannelId channel = {};
    MessageId message = {};  ///< of MESSAGE_CREATE, MESSAGE_UPDATE and MESSAGE_DELETE
    friend bool operator==(const EventIds&, const EventIds&) = default;
};

/// Reads the ids from `d` of a dispatch, wrapped or flat (protocol §7, §15). What cannot be read is unset.
EventIds event_ids(std::string_view type, codec::ByteView data);

/// The partition of an event: of its channel if there is one, otherwise of its server. Voice states belong to the
/// server, because a user who leaves has no channel (protocol §8), and the order of join and leave matters.
unsigned partition_of(std::string_view type, const EventIds& ids) noexcept;

/// The subject of a dispatch.
EventSubject event_subject(std::string_view type, const EventIds& ids);

/// The id by which the broker drops a second copy of an event, also one from a later session or from a back-fill:
/// "mc:<id>" for MESSAGE_CREATE, "md:<id>" for MESSAGE_DELETE, "cc:<id>" and "cd:<id>" for the creation and deletion of
/// a server's channel. All other events can occur repeatedly for the same object: "<session>:<seq>". Empty without a
/// session or number.
std::string deduplication_id(std::string_view type, const EventIds& ids, std::string_view session, std::uint64_t seq);

}  // namespace intent::relay
