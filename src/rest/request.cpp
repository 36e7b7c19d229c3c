#include "rest/build.hpp"
#include "rest/validate.hpp"

#include <utility>

namespace intent::rest {

namespace {

Path messages_path(ChannelId channel) { return std::move(channel_path(channel).word("messages")); }
Path message_path(ChannelId channel, MessageId id) { return std::move(messages_path(channel).minor("message_id", id)); }

}  // namespace

Call get_servers() { return Path().word("servers").call("GET"); }
Call get_server(ServerId id) { return server_path(id).call("GET"); }

Call create_server(const NewServer& server) {
    auto wrong = check_text("name", server.name(), 2, 100);
    wrong =
        first_wrong(std::move(wrong), [&] { return check_optional_text("description", server.description(), 0, 500); });
    Body body;
    body.text("name", server.name());
    body.text("icon", server.icon());
    body.text("description", server.description());
    return Path().word("servers").call("POST", wrong, body.json());
}

Call edit_server(ServerId id, const ServerEdit& changes) {
    Body body;
    body.text("name", changes.name());
    body.text("description", changes.description());
    auto wrong = check_optional_text("name", changes.name(), 2, 100);
    wrong = first_wrong(std::move(wrong),
                        [&] { return check_optional_text("description", changes.description(), 0, 500); });
    wrong = first_wrong(std::move(wrong), [&] { return check_changes(body); });
    return server_path(id).call("PATCH", wrong, body.json());
}

Call remove_server(ServerId id) { return server_path(id).call("DELETE"); }
Call leave_server(ServerId id) { return server_path(id).word("members").word("@me").call("DELETE"); }

Call get_channels(ServerId id) { return server_path(id).word("channels").call("GET"); }
Call get_channel(ChannelId id) { return channel_path(id).call("GET"); }

Call create_channel(ServerId id, const NewChannel& channel) {
    auto wrong = check_text("name", channel.name(), 1, 100);
    wrong = first_wrong(std::move(wrong), [&] { return check_optional_text("topic", channel.topic(), 0, 1024); });
    Body body;
    body.text("name", channel.name());
    body.integer("type", static_cast<int>(channel.type()));
    body.text("topic", channel.topic());
    body.integer("position", channel.position());
    return server_path(id).word("channels").call("POST", wrong, body.json());
}

Call edit_channel(ChannelId id, const ChannelEdit& changes) {
    Body body;
    body.text("name", changes.name());
    body.text("topic", changes.topic());
    body.integer("position", changes.position());
    auto wrong = check_optional_text("name", changes.name(), 1, 100);
    wrong = first_wrong(std::move(wrong), [&] { return check_optional_text("topic", changes.topic(), 0, 1024); });
    wrong = first_wrong(std::move(wrong), [&] { return check_changes(body); });
    return channel_path(id).call("PATCH", wrong, body.json());
}

Call remove_channel(ChannelId id) { return channel_path(id).call("DELETE"); }

Call get_messages(ChannelId channel, const PageOptions& page) {
    Path path = messages_path(channel);
    if (page.limit()) path.query("limit", std::to_string(*page.limit()));
    if (page.before()) path.query("before", page.before()->str());
    if (page.after()) path.query("after", page.after()->str());
    return path.call("GET", check_page(page));
}

Call get_message(ChannelId channel, MessageId id) { return message_path(channel, id).call("GET"); }

Call create_message(ChannelId channel, const MessageBody& message) {
    Body body;
    body.text("content", message.content());
    body.embeds(message.embeds());
    body.text("mls_ciphertext", message.mls_ciphertext());
    return messages_path(channel).call("POST", check_message(message), body.json());
}

Call edit_message(ChannelId channel, MessageId id, const MessageBody& message) {
    auto wrong = check_message(message);
    if (!wrong && !message.embeds().empty()) wrong = "embeds: an edit changes the content only (protocol §9)";
    Body body;
    body.text("content", message.content());
    body.text("mls_ciphertext", message.mls_ciphertext());
    return message_path(channel, id).call("PATCH", wrong, body.json());
}

Call remove_message(ChannelId channel, MessageId id) { return message_path(channel, id).call("DELETE"); }

Call remove_messages(ChannelId channel, const std::vector<MessageId>& ids) {
    Body body;
    body.ids("messages", ids);
    return messages_path(channel).word("bulk-delete").call("POST", check_ids("messages", ids, 1, 100), body.json());
}

Call trigger_typing(ChannelId channel) { return channel_path(channel).word("typing").call("POST"); }

Call get_current_user() { return Path().word("users").word("@me").call("GET"); }
Call edit_current_user(const UserEdit& changes) {
    Body body;
    body.text("display_name", changes.display_name());
    const auto wrong = first_wrong(check_optional_text("display_name", changes.display_name(), 1, 32),
                                   [&] { return check_changes(body); });
    return Path().word("users").word("@me").call("PATCH", wrong, body.json());
}
Call get_user(UserId id) { return Path().word("users").minor("user_id", id).call("GET"); }

std::string message_bucket(ChannelId channel) { return "POST /channels/" + channel.str() + "/messages"; }

}  // namespace intent::rest
