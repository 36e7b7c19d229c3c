#include "toolkit/core/message_links.hpp"

#include <cstddef>

namespace intent::toolkit {

std::optional<MessageLink> parse_message_link(std::string_view text) {
    while (text.ends_with('/'))
        text.remove_suffix(1);
    const std::size_t separator = text.find_last_of("/-");
    if (separator == std::string_view::npos) {
        const auto message = MessageId::parse(text);
        if (!message) return std::nullopt;
        return MessageLink{{}, *message};
    }
    const auto message = MessageId::parse(text.substr(separator + 1));
    auto before = text.substr(0, separator);
    // A route has a word between the ids: /channels/456/messages/123.
    if (before.ends_with("/messages")) before.remove_suffix(9);
    const std::size_t slash = before.find_last_of('/');
    const auto channel = ChannelId::parse(slash == std::string_view::npos ? before : before.substr(slash + 1));
    if (!message || !channel) return std::nullopt;
    return MessageLink{*channel, *message};
}

}  // namespace intent::toolkit
