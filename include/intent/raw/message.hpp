// Messages as plain data (protocol §8).
#pragma once

#include <intent/raw/embed.hpp>
#include <intent/raw/user.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace intent::inline v0::raw {

/// A file that belongs to a message (protocol §8).
struct Attachment {
    AttachmentId id;                               ///< its id
    std::string filename;                          ///< as it was uploaded
    std::uint64_t size = 0;                        ///< bytes
    std::string url;                               ///< where the file is
    std::optional<std::string> content_type = {};  ///< the MIME type
    std::optional<int> width = {};                 ///< pixels
    std::optional<int> height = {};                ///< pixels

    friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// A message in a channel (protocol §8).
struct Message {
    MessageId id;            ///< its id
    ChannelId channel_id;    ///< where it was posted
    User author;             ///< who posted it
    std::string content;     ///< at most 2000 code points; empty if absent, as for an encrypted message
    Timestamp created_at{};  ///< when it was posted
    std::optional<Timestamp> edited_at = {};   ///< when it was last edited
    std::vector<Attachment> attachments = {};  ///< its files
    std::vector<Embed> embeds = {};            ///< at most 10
    std::optional<WebhookId> webhook_id = {};  ///< set if a webhook posted it; the author's id is then the webhook's
    std::optional<std::string> mls_ciphertext = {};  ///< base64; set if the message is encrypted (protocol §16)

    friend bool operator==(const Message&, const Message&) = default;
};

}  // namespace intent::raw
