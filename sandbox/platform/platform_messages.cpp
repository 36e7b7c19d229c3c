// The platform's messages.
#include "sandbox/base/problem.hpp"
#include "sandbox/base/text.hpp"
#include "sandbox/platform/platform_announce.hpp"

#include <intent/raw/presence.hpp>

#include <algorithm>

namespace intent::inline v0::sandbox {

void Platform::check_content(const raw::Message& message) const {
    check_length("content", message.content, 0, 2000);
    if (message.content.empty() && message.embeds.empty() && !message.mls_ciphertext)
        throw invalid("content", "a message needs content (1-2000 characters) or embeds (1-10)");
}

std::vector<raw::Message> Platform::messages(UserId actor, ChannelId channel, const Page& page) {
    require_channel(actor, channel, {Permission::read_message_history});
    return store_.messages(channel, page);
}

raw::Message Platform::message(UserId actor, std::optional<ChannelId> channel, MessageId id) {
    if (channel) require_channel(actor, *channel, {Permission::read_message_history});
    auto message = store_.message(id);
    if (!message || (channel && message->channel_id != *channel)) throw not_found("message " + id.str());
    if (!channel) require_channel(actor, message->channel_id, {Permission::read_message_history});
    return std::move(*message);
}

void Platform::post(raw::Message& message, const raw::Channel& where, Timestamp now) {
    check_content(message);
    message.created_at = now;
    message.id = MessageId{ids_.next(now)};
    store_.add_message(message);
    announce("MESSAGE_CREATE", "message", message, audience_of(where));
    if (on_message) on_message(message);
}

raw::Message Platform::create_message(UserId actor, ChannelId channel, MessageContent content, Timestamp now) {
    const bool has_embeds = content.embeds && !content.embeds->empty();
    const raw::Channel where = require_text_channel(actor, channel, {Permission::send_messages});
    check_encryption(where, content);
    if (has_embeds) require_channel(actor, channel, {Permission::embed_links});
    raw::Message message{.id = {},
                         .channel_id = channel,
                         .author = user(actor),
                         .content = std::move(content.content).value_or(""),
                         .embeds = std::move(content.embeds).value_or(std::vector<raw::Embed>{}),
                         .mls_ciphertext = std::move(content.ciphertext)};
    post(message, where, now);
    return message;
}

raw::Message Platform::apply_edit(raw::Message message, MessageContent content, Timestamp now) {
    const raw::Channel where = *store_.channel(message.channel_id);
    check_encryption(where, content);
    if (!content.content && !content.embeds && !content.ciphertext)
        throw invalid("content", "nothing to change: give content, embeds or both");
    if (content.content) message.content = std::move(*content.content);
    if (content.embeds) message.embeds = std::move(*content.embeds);
    if (content.ciphertext) message.mls_ciphertext = std::move(content.ciphertext);
    check_content(message);
    message.edited_at = now;
    store_.update_message(message);
    announce("MESSAGE_UPDATE", "message", message, audience_of(where));
    if (on_message) on_message(message);
    return message;
}

raw::Message Platform::edit_message(UserId actor, std::optional<ChannelId> channel, MessageId id,
                                    MessageContent content, Timestamp now) {
    raw::Message old = message(actor, channel, id);
    if (old.author.id != actor)
        throw Problem(403, "NOT_THE_AUTHOR",
                      name_of(actor) + " did not write message " + id.str() + ": only its author may edit it");
    if (content.embeds && !content.embeds->empty()) require_channel(actor, old.channel_id, {Permission::embed_links});
    return apply_edit(std::move(old), std::move(content), now);
}

void Platform::remove_message(const raw::Message& message) {
    const auto audience = audience_of(*store_.channel(message.channel_id));
    store_.remove_message(message.id);
    announce("MESSAGE_DELETE", "", raw::MessageDelete{.id = message.id, .channel_id = message.channel_id}, audience);
}

void Platform::delete_message(UserId actor, std::optional<ChannelId> channel, MessageId id) {
    const raw::Message gone = message(actor, channel, id);
    if (gone.author.id != actor) require_channel(actor, gone.channel_id, {Permission::manage_messages});
    remove_message(gone);
}

void Platform::delete_messages(UserId actor, ChannelId channel, const std::vector<MessageId>& ids) {
    const raw::Channel where =
        require_channel(actor, channel, {Permission::read_message_history, Permission::manage_messages});
    std::vector<raw::Message> gone;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto message = store_.message(ids[i]);
        if (!message || message->channel_id != channel)
            throw Problem(404, "NOT_FOUND",
                          "messages[" + std::to_string(i) + "]: message " + ids[i].str() +
                              " does not exist in this channel; nothing was deleted");
        const bool is_repeated =
            std::any_of(gone.begin(), gone.end(), [&](const auto& other) { return other.id == message->id; });
        if (!is_repeated) gone.push_back(std::move(*message));
    }
    Transaction transaction(store_.database());
    for (const auto& message : gone)
        store_.remove_message(message.id);
    transaction.commit();
    const auto audience = audience_of(where);
    for (const auto& message : gone)
        announce("MESSAGE_DELETE", "", raw::MessageDelete{.id = message.id, .channel_id = channel}, audience);
}

void Platform::start_typing(UserId actor, ChannelId channel, Timestamp now) {
    const raw::Channel where = require_text_channel(actor, channel, {Permission::send_messages});
    auto audience = audience_of(where);
    std::erase(audience, actor);
    announce("TYPING_START", "", raw::TypingStart{.channel_id = channel, .user_id = actor, .timestamp = {now}},
             std::move(audience));
}

}  // namespace intent::sandbox
