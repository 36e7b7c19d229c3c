// Every event that a handler can take: events of the session, and typed events of the gateway (protocol §5, §7, §16).
#pragma once

#include <intent/channel.hpp>
#include <intent/delivery.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/event_list.hpp>
#include <intent/detail/export.hpp>
#include <intent/member.hpp>
#include <intent/message.hpp>
#include <intent/presence.hpp>
#include <intent/raw/mls.hpp>
#include <intent/server.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>
#include <intent/user.hpp>
#include <intent/voice.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace intent::inline v0 {

// ---- the session ----

/// A session began: after the first connect, or after a session that could not be resumed.
struct Ready {
    User user;                                   ///< the bot itself
    std::vector<Server> servers = {};            ///< those that the bot is a member of
    std::optional<std::string> session_id = {};  ///< unset: the session cannot be resumed (protocol §5)

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// The session was resumed after a lost connection. Missed events were delivered as ordinary events.
struct Resumed {
    std::size_t replayed = 0;  ///< the number of missed events that were delivered

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// The connection ended. A Reconnecting follows, unless the client was stopped or refused.
struct Disconnect {
    int code = 0;              ///< close code (protocol §6); 1006 without a close frame
    std::string reason;        ///< the server's or the client's text, shortened
    bool will_resume = false;  ///< the next connection continues the session

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// The next attempt to connect starts after `delay`.
struct Reconnecting {
    unsigned attempt = 0;               ///< 1 for the first after a lost connection
    std::chrono::milliseconds delay{};  ///< until the attempt starts

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// The session could not be resumed: events in this span are lost. Fetch what you need (protocol §5). The span is
/// conservative: it starts at the last acknowledged heartbeat, so some of these events may already have been delivered.
struct Gap {
    Timestamp from{};    ///< all events before this time were received
    Timestamp to{};      ///< the new session's Ready arrived
    std::string reason;  ///< why the session could not be resumed

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// The sequence numbers of a live connection are not consecutive (protocol §5). If `received` is above `last`, the
/// server skipped the numbers between them. If it is below, the numbers went back: events up to `last` are dropped as
/// duplicates, which is reported once until the numbers exceed `last` again.
struct SequenceGap {
    std::uint64_t last = 0;      ///< the maximum so far
    std::uint64_t received = 0;  ///< the number that followed it

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// The channels of every server are in the cache (`Client::channels`), except those of `failed`. Sent once after each
/// Ready, and once more after new servers were added (SERVER_CREATE). Not sent if `ClientOptions::fetch_channels` is
/// off or `CacheLimits::channels` is 0. See docs/caches.md.
struct ChannelsReady {
    std::size_t servers = 0;            ///< servers fetched since the last ChannelsReady
    std::vector<ServerId> failed = {};  ///< servers that could not be fetched (403, 404, network, …)
    std::string error = {};             ///< the text of the first failure; empty if nothing failed

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// An error that belongs to no call: a handler threw, an event or a frame could not be decoded, a connect failed, or
/// the gateway refused the client. Of the invalid frames of a connection, the 1st, 2nd, 4th, 8th, … are reported.
struct ErrorEvent {
    std::exception_ptr error;  ///< the exception
    std::string where;         ///< "MESSAGE_CREATE seq 42", "connect", …
    std::string message;       ///< the exception's text

    /// Rethrows `error`.
    [[noreturn]] void raise() const { std::rethrow_exception(error); }

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// The bot should read its configuration again: the program of `intent::run` received SIGHUP, or `Client::reload` was
/// called. This event is local; it does not come from the gateway.
struct Reload {
    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// Every dispatch as it arrived, with or without a typed event.
struct INTENT_API RawEvent {
    std::string name;                        ///< the name on the wire, "MESSAGE_CREATE"
    std::uint64_t seq = 0;                   ///< its sequence number
    std::vector<std::uint8_t> payload = {};  ///< `d`: one MessagePack value

    /// The payload as JSON text. docs/events.md describes how bytes that JSON cannot represent are written.
    ///
    /// Errors: DecodeError.
    std::string json() const;

    /// The payload as JSON in the format of the specification, whatever the server's dialect: wrapped under `message`,
    /// `server` or `channel`, fields under their first name, ids as text, fields unknown to the SDK omitted (protocol
    /// §7, §8, §15). The same as `json()` for events without a typed event.
    ///
    /// Errors: DecodeError, where the typed event would fail.
    std::string canonical_json() const;

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

// ---- the gateway ----

/// MESSAGE_CREATE.
struct MessageCreate {
    Message message;  ///< the new message

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// MESSAGE_UPDATE.
struct MessageUpdate {
    Message message;                     ///< as it is now
    std::optional<Message> before = {};  ///< unset if it was not cached (`CacheLimits::messages`, off by default)

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// MESSAGE_DELETE. The bot may never have received the message.
struct MessageDelete {
    MessageId id;                         ///< of the deleted message
    ChannelId channel_id;                 ///< where it was
    std::optional<Message> message = {};  ///< unset if it was not cached

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// SERVER_CREATE: a server was created, joined, or is available again.
struct ServerCreate {
    Server server;  ///< the server

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// SERVER_UPDATE.
struct ServerUpdate {
    Server server;                      ///< as it is now
    std::optional<Server> before = {};  ///< unset if it was not cached

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// SERVER_DELETE: a server was deleted, or the bot is no longer in it.
struct ServerDelete {
    ServerId id;                        ///< of the server
    std::optional<Server> server = {};  ///< unset if it was not cached
    bool resync = false;  ///< true: not reported by an event; the server was missing when a new session began

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// CHANNEL_CREATE: in a server, or direct messages (`Channel::is_direct`).
struct ChannelCreate {
    Channel channel;  ///< the new channel

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// CHANNEL_UPDATE.
struct ChannelUpdate {
    Channel channel;                     ///< as it is now
    std::optional<Channel> before = {};  ///< unset if it was not cached

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// CHANNEL_DELETE.
struct ChannelDelete {
    ChannelId id;                         ///< of the deleted channel
    ServerId server_id;                   ///< unset for direct messages
    std::optional<Channel> channel = {};  ///< unset if it was not cached

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// MEMBER_ADD: a user joined a server.
struct MemberAdd {
    Member member;  ///< the new member

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// MEMBER_REMOVE: a user is no longer in a server.
struct MemberRemove {
    ServerId server_id;                 ///< the server that the user left
    UserId user_id;                     ///< the user
    std::optional<Member> member = {};  ///< unset if it was not cached

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// TYPING_START. Expires 10 s after `timestamp`; no event reports the end.
struct TypingStart {
    ChannelId channel_id;   ///< where the user types
    UserId user_id;         ///< who types
    Timestamp timestamp{};  ///< when the user began

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// PRESENCE_UPDATE.
struct PresenceUpdate {
    UserId user_id;                                   ///< whose presence it is
    PresenceStatus status = PresenceStatus::unknown;  ///< the new status
    std::string status_text = {};                     ///< the status as the server sent it

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// VOICE_STATE_UPDATE: a user joined, moved, left (no `channel_id`), or was muted or deafened.
struct VoiceStateUpdate {
    raw::VoiceState state;                       ///< as it is now
    std::optional<raw::VoiceState> before = {};  ///< unset if it was not cached

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// VOICE_SERVER_UPDATE: where to negotiate the voice connection, sent after `Client::join_voice`.
struct VoiceServerUpdate : raw::VoiceServerUpdate {
    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// GUILD_MEMBERS_CHUNK or MEMBERS_CHUNK: a part of the answer to `Client::request_members`, which combines the parts.
struct MembersChunk {
    ServerId server_id;                  ///< whose members these are
    std::vector<Member> members = {};    ///< some of the members
    std::optional<int> index = {};       ///< 0 for the first part
    std::optional<int> count = {};       ///< unset: this is the whole answer
    std::vector<UserId> not_found = {};  ///< requested users who are not members

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// A signal of the voice negotiation (op 12, protocol §13). It does not name its channel. The client knows the channel
/// if the bot is in only one, or if the signal answers an offer of `Client::connect_voice` or `negotiate_voice`.
struct VoiceSignal {
    VoiceMessage message;                    ///< `std::monostate` if `type` is unknown
    std::string type;                        ///< the type as the server sent it
    std::vector<std::uint8_t> payload = {};  ///< `d`: one MessagePack value
    ServerId server_id = {};                 ///< unset if unknown
    ChannelId channel_id = {};               ///< unset if unknown

    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// MLS_WELCOME: this user was added to the encryption group of a channel.
struct MlsWelcome : raw::MlsWelcome {
    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// MLS_COMMIT: the encryption group of a channel moved to its next epoch.
struct MlsCommit : raw::MlsCommit {
    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// MLS_PROPOSAL: a member of an encryption group proposed a change.
struct MlsProposal : raw::MlsProposal {
    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// MLS_KEY_PACKAGES_LOW: a device has fewer than 10 key packages left.
struct MlsKeyPackagesLow : raw::MlsKeyPackagesLow {
    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// DEVICE_ADDED: a user has another device that can decrypt.
struct DeviceAdded : raw::DeviceAdded {
    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// DEVICE_REMOVED.
struct DeviceRemoved : raw::DeviceRemoved {
    Delivery delivery() const noexcept { return current_delivery(); }  ///< see `current_delivery`
};

/// The wire names of protocol §7 and §16: those of the events above, READY and RESUMED.
INTENT_API std::span<const std::string_view> event_names() noexcept;

namespace detail {

using AllEvents = EventList<Ready, Resumed, Disconnect, Reconnecting, Gap, SequenceGap, ChannelsReady, ErrorEvent,
                            Reload, RawEvent, MessageCreate, MessageUpdate, MessageDelete, ServerCreate, ServerUpdate,
                            ServerDelete, ChannelCreate, ChannelUpdate, ChannelDelete, MemberAdd, MemberRemove,
                            TypingStart, PresenceUpdate, VoiceStateUpdate, VoiceServerUpdate, MembersChunk, VoiceSignal,
                            MlsWelcome, MlsCommit, MlsProposal, MlsKeyPackagesLow, DeviceAdded, DeviceRemoved>;

}  // namespace detail

/// The types that `Client::on`, `once` and `wait_for` take.
template <class E>
concept Event = detail::AllEvents::contains<E>;

}  // namespace intent
