#pragma once

#include <intent/raw/embed.hpp>
#include <intent/raw/user.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace intent::raw {

/// A file that belongs to a message (protocol §8).
struct Attachment {
    AttachmentId id;
    std::string filename;
    std::uint64_t size = 0;  ///< bytes
    std::string url;
    std::optional<std::string> content_type = {};
    std::optional<int> width = {};   ///< pixels
    std::optional<int> height = {};  ///< pixels

    friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// A message in a channel (protocol §8).
struct Message {
    MessageId id;
    ChannelId channel_id;
    User author;
    std::string content;  ///< at most 2000 code points; empty if absent, as for an encrypted message
    Timestamp created_at{};
    std::optional<Timestamp> edited_at = {};
    std::vector<Attachment> attachments = {};
    std::vector<Embed> embeds = {};
    std::optional<WebhookId> webhook_id = {};  ///< set if a webhook posted it; the author's id is then the webhook's
    std::optional<std::string> mls_ciphertext = {};  ///< base64; set if the message is encrypted (protocol §16)

    friend bool operator==(const Message&, const Message&) = default;
};

}  // namespace intent::raw
