// Links to messages.
#pragma once

#include <intent/snowflake.hpp>

#include <optional>
#include <string_view>

namespace intent::toolkit {

struct MessageLink {
    std::optional<ChannelId> channel = {};
    MessageId message;
};

/// "123" is a message; of "https://…/456/123", "456/123" and "456-123", 456 is its channel. The platform does not
/// define the format of links, so only the last two numbers count. No value for anything else.
std::optional<MessageLink> parse_message_link(std::string_view text);

}  // namespace intent::toolkit
