// The limits of the platform as constants (protocol.md).
#pragma once

#include <intent/detail/chrono.hpp>

#include <cstddef>
#include <cstdint>

/// What the platform accepts. Lengths count Unicode code points, sizes count bytes. The SDK checks the arguments of a
/// call against these values before it sends anything; self-hosted servers may have others.
namespace intent::inline v0::limits {

// Messages (protocol §8, §9, §11).

inline constexpr std::size_t message_length = 2'000;            ///< content of a message
inline constexpr std::size_t embeds_per_message = 10;           ///< embeds of a message
inline constexpr std::size_t page_size = 100;                   ///< messages in one answer (`PageOptions::limit`)
inline constexpr std::size_t default_page_size = 50;            ///< messages in one answer without `PageOptions::limit`
inline constexpr std::size_t bulk_delete = 100;                 ///< messages deleted in one request
inline constexpr std::size_t attachments_per_message = 10;      ///< files of a message
inline constexpr std::uint64_t attachment_bytes = 100'000'000;  ///< one file posted by a bot
inline constexpr std::uint64_t user_attachment_bytes = 25'000'000;  ///< one file posted by a person

// Embeds (protocol §8).

inline constexpr std::size_t embed_title_length = 256;          ///< title of an embed
inline constexpr std::size_t embed_description_length = 4'096;  ///< description of an embed
inline constexpr std::size_t embed_footer_length = 2'048;       ///< footer of an embed
inline constexpr std::size_t embed_author_length = 256;         ///< author of an embed
inline constexpr std::size_t embed_fields = 25;                 ///< fields of an embed
inline constexpr std::size_t embed_field_name_length = 256;     ///< at least 1
inline constexpr std::size_t embed_field_value_length = 1'024;  ///< at least 1
inline constexpr std::uint32_t color = 0xFF'FF'FF;              ///< also of roles
inline constexpr std::size_t url_length = 2'048;                ///< the protocol gives none; this one is the SDK's

// Names and descriptions (protocol §8, §12).

inline constexpr std::size_t min_username_length = 2;          ///< of a-z 0-9 _
inline constexpr std::size_t username_length = 32;             ///< of a-z 0-9 _
inline constexpr std::size_t display_name_length = 32;         ///< name that others see
inline constexpr std::size_t nickname_length = 32;             ///< name in one server
inline constexpr std::size_t min_server_name_length = 2;       ///< name of a server, at least
inline constexpr std::size_t server_name_length = 100;         ///< name of a server
inline constexpr std::size_t server_description_length = 500;  ///< description of a server
inline constexpr std::size_t channel_name_length = 100;        ///< name of a channel
inline constexpr std::size_t channel_topic_length = 1'024;     ///< topic of a channel
inline constexpr std::size_t role_name_length = 100;           ///< the protocol gives none; this one is the SDK's
inline constexpr std::size_t webhook_name_length = 80;         ///< name of a webhook
inline constexpr std::size_t account_text_length = 1'024;      ///< e-mail address or password; this one is the SDK's

// Direct messages and voice (protocol §8, §9, §13, §16).

inline constexpr std::size_t min_group_recipients = 2;  ///< other people in a new group
inline constexpr std::size_t group_recipients = 9;      ///< other people in a group, at most
inline constexpr std::size_t voice_users = 25;          ///< people in a voice channel

// Typing (protocol §7).

/// How long a user is shown as typing.
inline constexpr std::chrono::seconds typing_time{10};

// Webhooks (protocol §12).

inline constexpr std::size_t webhooks_per_channel = 15;  ///< webhooks of a channel
/// How far the timestamp of a delivery may be off.
inline constexpr std::chrono::seconds delivery_time_difference{300};
/// How long a delivery's id identifies a redelivery.
inline constexpr std::chrono::hours delivery_id_lifetime{24};

// The gateway (protocol §3, §4, §5).

inline constexpr std::size_t sent_frame_bytes = 64u << 10;     ///< one frame to the server
inline constexpr std::size_t received_frame_bytes = 4u << 20;  ///< one message from the server
inline constexpr std::size_t frames_per_minute = 120;          ///< frames to the server in any 60 s
/// The shortest heartbeat interval that a client accepts from a server; the protocol gives no limits, these are the
/// SDK's.
inline constexpr std::chrono::milliseconds min_heartbeat_interval{100};
inline constexpr std::chrono::milliseconds max_heartbeat_interval{600'000};  ///< the longest one
inline constexpr std::size_t requested_members = 1'000;  ///< members in the answer of one member request
inline constexpr std::size_t member_query_length = 100;  ///< text of a member request; this one is the SDK's

// Tokens (protocol §1).

inline constexpr std::size_t token_bytes = 60'000;  ///< so that Identify fits in a frame; this one is the SDK's

// Requests (protocol §10). A client waits by itself; these are for estimates.

inline constexpr std::size_t requests_per_second = 50;  ///< of a token, in any second
inline constexpr std::size_t message_writes = 5;        ///< posted, edited or deleted in a channel per `message_window`
inline constexpr std::chrono::seconds message_window{5};  ///< of `message_writes`
inline constexpr std::size_t message_reads = 50;          ///< pages or messages read in a channel per `read_window`
inline constexpr std::chrono::seconds read_window{60};    ///< of `message_reads`

}  // namespace intent::limits
