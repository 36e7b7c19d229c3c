#include "rest/build.hpp"

#include <utility>

namespace intent::rest {

namespace {

Path messages_path(ChannelId channel) { return std::move(channel_path(channel).word("messages")); }
Path message_path(ChannelId channel, MessageId id) { return std::move(messages_path(channel).minor("message_id", id)); }

}  // namespace

Call get_servers() { return Path().word("servers").call("GET"); }
Call get_server(ServerId id) { return server_path(id).call("GET"); }

Call create_server(const NewServer& server) { return Path().word("servers").call("POST", content_of(server.get())); }

Call edit_server(ServerId id, const ServerEdit& changes) {
    return server_path(id).call("PATCH", changes_of(changes.get()));
}

Call remove_server(ServerId id) { return server_path(id).call("DELETE"); }
Call leave_server(ServerId id) { return server_path(id).word("members").word("@me").call("DELETE"); }

Call get_channels(ServerId id) { return server_path(id).word("channels").call("GET"); }
Call get_channel(ChannelId id) { return channel_path(id).call("GET"); }

Call create_channel(ServerId id, const NewChannel& channel) {
    return server_path(id).word("channels").call("POST", content_of(channel.get()));
}

Call edit_channel(ChannelId id, const ChannelEdit& changes) {
    return channel_path(id).call("PATCH", changes_of(changes.get()));
}

Call remove_channel(ChannelId id) { return channel_path(id).call("DELETE"); }

Call get_messages(ChannelId channel, const PageOptions& page) {
    const auto& [limit, before, after] = page.get();
    Path path = messages_path(channel);
    if (limit) path.query("limit", std::to_string(*limit));
    if (before) path.query("before", before->str());
    if (after) path.query("after", after->str());
    return path.call("GET", {.wrong = check_page(page.get())});
}

Call get_message(ChannelId channel, MessageId id) { return message_path(channel, id).call("GET"); }

Call create_message(ChannelId channel, const MessageBody& message) {
    return messages_path(channel).call("POST", content_of(message.get(), check_message(message.get())));
}

Call edit_message(ChannelId channel, MessageId id, const MessageBody& message) {
    auto wrong = check_message(message.get());
    if (!wrong && !message.get().embeds.empty()) wrong = "embeds: an edit changes the content only (protocol §9)";
    return message_path(channel, id).call("PATCH", content_of(message.get(), std::move(wrong)));
}

Call remove_message(ChannelId channel, MessageId id) { return message_path(channel, id).call("DELETE"); }

Call remove_messages(ChannelId channel, const std::vector<MessageId>& ids) {
    return messages_path(channel).word("bulk-delete").call("POST", content_of(raw::MessageIds{ids}));
}

Call trigger_typing(ChannelId channel) { return channel_path(channel).word("typing").call("POST"); }

Call get_current_user() { return Path().word("users").word("@me").call("GET"); }
Call edit_current_user(const UserEdit& changes) {
    return Path().word("users").word("@me").call("PATCH", changes_of(changes.get()));
}
Call get_user(UserId id) { return Path().word("users").minor("user_id", id).call("GET"); }

std::string message_bucket(ChannelId channel) { return "POST /channels/" + channel.str() + "/messages"; }

}  // namespace intent::rest
