// Every event a handler can take: those of the session, and the typed events of the gateway (protocol §5, §7, §16).
#pragma once

#include <intent/channel.hpp>
#include <intent/detail/event_list.hpp>
#include <intent/member.hpp>
#include <intent/message.hpp>
#include <intent/presence.hpp>
#include <intent/raw/mls.hpp>
#include <intent/server.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>
#include <intent/user.hpp>
#include <intent/voice.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace intent {

// ---- the session ----

/// A session began: after the first connect, and after one that could not be resumed.
struct Ready {
    User user;
    std::vector<Server> servers = {};
    std::optional<std::string> session_id = {};  ///< unset: the server gives none, so it cannot resume (protocol §5)
};

/// The session went on after a cut. What was missed has been handed out as ordinary events.
struct Resumed {
    std::size_t replayed = 0;
};

/// The connection ended. Unless the client was stopped or refused, a Reconnecting follows.
struct Disconnect {
    int code = 0;        ///< close code (protocol §6); 1006 when there was no close frame
    std::string reason;  ///< the server's or our own words, shortened
    bool will_resume = false;
};

/// The next attempt to connect starts after `delay`.
struct Reconnecting {
    unsigned attempt = 0;  ///< 1 for the first after a cut
    std::chrono::milliseconds delay{};
};

/// The session could not be resumed: events between these times are lost. Fetch what matters (protocol §5); some of it
/// may have come, because only an acknowledged heartbeat proves what has.
struct Gap {
    Timestamp from{};  ///< everything that happened before was received
    Timestamp to{};    ///< the new session's Ready came
    std::string reason;
};

/// The sequence numbers of a live connection are not in order (protocol §5). If `received` is above `last`, the server
/// left out the numbers between them. If it is below, the numbers fell: events up to `last` are dropped as duplicates,
/// which is reported once, until the numbers are above `last` again.
struct SequenceGap {
    std::uint64_t last = 0;      ///< the highest number so far
    std::uint64_t received = 0;  ///< the number that followed it
};

/// The channels of every server are in the cache (`Client::channels`), except those of `failed`. Comes once after each
/// Ready, and once more after new servers were added (SERVER_CREATE). Never if `ClientOptions::fetch_channels` is off
/// or `CacheLimits::channels` is 0. See docs/caches.md.
struct ChannelsReady {
    std::size_t servers = 0;            ///< servers whose channels were fetched since the last ChannelsReady
    std::vector<ServerId> failed = {};  ///< servers whose channels could not be fetched (403, 404, network, …)
    std::string error = {};             ///< the text of the first failure; empty if nothing failed
};

/// Something went wrong that belongs to no call: a handler threw, an event or a frame could not be decoded, a connect
/// failed, the gateway refused us. Of frames that make no sense the 1st, 2nd, 4th, 8th, … of a connection is reported.
struct ErrorEvent {
    std::exception_ptr error;
    std::string where;    ///< "MESSAGE_CREATE seq 42", "connect", …
    std::string message;  ///< the exception's text

    /// Rethrows `error`.
    [[noreturn]] void raise() const { std::rethrow_exception(error); }
};

/// Every dispatch as it came, known or not.
struct RawEvent {
    std::string name;  ///< the wire's name, "MESSAGE_CREATE"
    std::uint64_t seq = 0;
    std::vector<std::uint8_t> payload = {};  ///< `d`: one MessagePack value

    /// The payload as JSON text. Bytes JSON cannot hold are rendered as the documentation says (docs/events.md).
    ///
    /// Errors: DecodeError.
    std::string json() const;

    /// The payload as JSON in the one shape of the specification, whatever the server's: wrapped under `message`,
    /// `server` or `channel`, the first name of a field that has several, ids as text, fields that the SDK does not
    /// know left out (protocol §7, §8, §15). As `json()` for events that have no type of their own here.
    ///
    /// Errors: DecodeError, as the typed event would meet.
    std::string canonical_json() const;
};

// ---- the gateway ----

/// MESSAGE_CREATE.
struct MessageCreate {
    Message message;
};

/// MESSAGE_UPDATE.
struct MessageUpdate {
    Message message;
    std::optional<Message> before = {};  ///< if the cache had it (`CacheLimits::messages`, off unless set)
};

/// MESSAGE_DELETE. The message may never have been seen.
struct MessageDelete {
    MessageId id;
    ChannelId channel_id;
    std::optional<Message> message = {};  ///< if the cache had it
};

/// SERVER_CREATE: made, joined, or there again.
struct ServerCreate {
    Server server;
};

/// SERVER_UPDATE.
struct ServerUpdate {
    Server server;
    std::optional<Server> before = {};  ///< if the cache had it
};

/// SERVER_DELETE: deleted, or the bot is no longer in it.
struct ServerDelete {
    ServerId id;
    std::optional<Server> server = {};  ///< if the cache had it
    bool resync = false;                ///< no event told of it: it was missing when a new session began
};

/// CHANNEL_CREATE: of a server, or of direct messages (`Channel::is_direct`).
struct ChannelCreate {
    Channel channel;
};

/// CHANNEL_UPDATE.
struct ChannelUpdate {
    Channel channel;
    std::optional<Channel> before = {};  ///< if the cache had it
};

/// CHANNEL_DELETE.
struct ChannelDelete {
    ChannelId id;
    ServerId server_id;                   ///< unset for direct messages
    std::optional<Channel> channel = {};  ///< if the cache had it
};

/// MEMBER_ADD: a user joined a server.
struct MemberAdd {
    Member member;
};

/// MEMBER_REMOVE: a user is no longer in a server.
struct MemberRemove {
    ServerId server_id;
    UserId user_id;
    std::optional<Member> member = {};  ///< if the cache had it
};

/// TYPING_START. Runs out 10 s after `timestamp`; no event tells of its end.
struct TypingStart {
    ChannelId channel_id;
    UserId user_id;
    Timestamp timestamp{};
};

/// PRESENCE_UPDATE.
struct PresenceUpdate {
    UserId user_id;
    PresenceStatus status = PresenceStatus::unknown;
    std::string status_text = {};  ///< the server's word
};

/// VOICE_STATE_UPDATE: a user joined, moved, left (no `channel_id`), or was muted or deafened.
struct VoiceStateUpdate {
    raw::VoiceState state;
    std::optional<raw::VoiceState> before = {};  ///< if the cache had it
};

/// VOICE_SERVER_UPDATE: where to negotiate the voice connection, told after `Client::join_voice`.
struct VoiceServerUpdate : raw::VoiceServerUpdate {};

/// GUILD_MEMBERS_CHUNK or MEMBERS_CHUNK: a part of the answer to `Client::request_members`, which puts them together.
struct MembersChunk {
    ServerId server_id;
    std::vector<Member> members = {};
    std::optional<int> index = {};
    std::optional<int> count = {};  ///< unset: this is the whole answer
    std::vector<UserId> not_found = {};
};

/// A signal of the voice negotiation (op 12, protocol §13).
struct VoiceSignal {
    VoiceMessage message;                    ///< `std::monostate` if `type` is none that is known
    std::string type;                        ///< the wire's word
    std::vector<std::uint8_t> payload = {};  ///< `d`: one MessagePack value
};

/// MLS_WELCOME: this user was added to the encryption group of a channel.
struct MlsWelcome : raw::MlsWelcome {};

/// MLS_COMMIT: the encryption group of a channel moved to its next epoch.
struct MlsCommit : raw::MlsCommit {};

/// MLS_PROPOSAL: a member of an encryption group proposed a change.
struct MlsProposal : raw::MlsProposal {};

/// MLS_KEY_PACKAGES_LOW: a device has fewer than 10 key packages left.
struct MlsKeyPackagesLow : raw::MlsKeyPackagesLow {};

/// DEVICE_ADDED: a user has another device that can decrypt.
struct DeviceAdded : raw::DeviceAdded {};

/// DEVICE_REMOVED.
struct DeviceRemoved : raw::DeviceRemoved {};

/// The wire names of protocol §7 and §16: those of the events above, and READY and RESUMED.
std::span<const std::string_view> event_names() noexcept;

namespace detail {

using AllEvents = EventList<Ready, Resumed, Disconnect, Reconnecting, Gap, SequenceGap, ChannelsReady, ErrorEvent,
                            RawEvent, MessageCreate, MessageUpdate, MessageDelete, ServerCreate, ServerUpdate,
                            ServerDelete, ChannelCreate, ChannelUpdate, ChannelDelete, MemberAdd, MemberRemove,
                            TypingStart, PresenceUpdate, VoiceStateUpdate, VoiceServerUpdate, MembersChunk, VoiceSignal,
                            MlsWelcome, MlsCommit, MlsProposal, MlsKeyPackagesLow, DeviceAdded, DeviceRemoved>;

}  // namespace detail

/// The types that `Client::on`, `once` and `wait_for` take.
template <class E>
concept Event = detail::AllEvents::contains<E>;

}  // namespace intent
