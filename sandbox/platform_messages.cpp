// The platform's messages.
#include "sandbox/platform_announce.hpp"
#include "sandbox/problem.hpp"
#include "sandbox/text.hpp"

namespace intent::sandbox {

void Platform::check_content(const raw::Message& message) const {
    check_length("content", message.content, 0, 2000);
    if (message.content.empty() && message.embeds.empty())
        throw invalid("content", "a message needs content (1-2000 characters) or embeds (1-10)");
}

std::vector<raw::Message> Platform::messages(UserId actor, ChannelId channel, const Page& page) {
    require_channel(actor, channel);
    return store_.messages(channel, page);
}

raw::Message Platform::message(UserId actor, std::optional<ChannelId> channel, MessageId id) {
    if (channel) require_channel(actor, *channel);
    auto message = store_.message(id);
    if (!message || (channel && message->channel_id != *channel)) throw not_found("message " + id.str());
    if (!channel) require_channel(actor, message->channel_id);
    return std::move(*message);
}

raw::Message Platform::create_message(UserId actor, ChannelId channel, MessageContent content, Timestamp now) {
    const raw::Channel where = require_channel(actor, channel);
    if (where.type != ChannelType::text)
        throw Problem(400, "NOT_A_TEXT_CHANNEL", "channel_id: " + channel.str() + " is no text channel (type 0)");
    raw::Message message{.id = {},
                         .channel_id = channel,
                         .author = user(actor),
                         .content = std::move(content.content).value_or(""),
                         .created_at = now,
                         .embeds = std::move(content.embeds).value_or(std::vector<raw::Embed>{})};
    check_content(message);
    message.author.created_at.reset();
    message.id = MessageId{ids_.next(now)};
    store_.add_message(message);
    announce("MESSAGE_CREATE", "message", message, store_.members(where.server_id));
    if (on_message) on_message(message);
    return message;
}

raw::Message Platform::edit_message(UserId actor, std::optional<ChannelId> channel, MessageId id,
                                    MessageContent content, Timestamp now) {
    raw::Message edited = message(actor, channel, id);
    if (edited.author.id != actor) throw forbidden("only the author may edit message " + id.str());
    if (!content.content && !content.embeds)
        throw invalid("content", "nothing to change: give content, embeds or both");
    if (content.content) edited.content = std::move(*content.content);
    if (content.embeds) edited.embeds = std::move(*content.embeds);
    check_content(edited);
    edited.edited_at = now;
    store_.update_message(edited);
    announce("MESSAGE_UPDATE", "message", edited, store_.members(store_.channel(edited.channel_id)->server_id));
    if (on_message) on_message(edited);
    return edited;
}

void Platform::delete_message(UserId actor, std::optional<ChannelId> channel, MessageId id) {
    const raw::Message gone = message(actor, channel, id);
    const ServerId server = store_.channel(gone.channel_id)->server_id;
    if (gone.author.id != actor && store_.server(server)->owner_id != actor)
        throw forbidden("only the author and the owner of the server may delete message " + id.str());
    store_.remove_message(id);
    announce("MESSAGE_DELETE", "", raw::MessageDelete{.id = id, .channel_id = gone.channel_id}, store_.members(server));
}

}  // namespace intent::sandbox
