#include "client/act.hpp"

#include <utility>

namespace intent {

using client::act;
using client::act_silently;
using client::require_ciphertext;

task<Channel> User::create_dm() const {
    return act<Channel>(client_, [id = id](RestClient& rest) { return rest.create_dm(id); });
}
task<User> User::fetch() const {
    return act<User>(client_, [id = id](RestClient& rest) { return rest.get_user(id); });
}

bool Message::from_self() const {
    const auto core = client_.lock();
    return core && core->self_id() == author.id;
}
task<Message> Message::reply(MessageBody body) const {
    return act<Message>(client_, [channel = channel_id, encrypted = mls_ciphertext.has_value(),
                                  body = std::move(body)](RestClient& rest) {
        require_ciphertext(encrypted, body);
        return rest.create_message(channel, body);
    });
}
task<Message> Message::edit(MessageBody body) const {
    return act<Message>(client_, [channel = channel_id, id = id, encrypted = mls_ciphertext.has_value(),
                                  body = std::move(body)](RestClient& rest) {
        require_ciphertext(encrypted, body);
        return rest.edit_message(channel, id, body);
    });
}
task<> Message::remove() const {
    return act_silently(client_,
                        [channel = channel_id, id = id](RestClient& rest) { return rest.delete_message(channel, id); });
}

task<Message> Channel::send(MessageBody body) const {
    return act<Message>(
        client_, [id = id, encrypted = is_direct() && mls_initialized, body = std::move(body)](RestClient& rest) {
            require_ciphertext(encrypted, body);
            return rest.create_message(id, body);
        });
}
task<> Channel::trigger_typing() const {
    return act_silently(client_, [id = id](RestClient& rest) { return rest.trigger_typing(id); });
}
task<Invite> Channel::create_invite(NewInvite invite) const {
    return act<Invite>(client_, [id = id, invite](RestClient& rest) { return rest.create_invite(id, invite); });
}
task<> Channel::add_recipient(UserId user) const {
    return act_silently(client_, [id = id, user](RestClient& rest) { return rest.add_recipient(id, user); });
}
task<> Channel::remove_recipient(UserId user) const {
    return act_silently(client_, [id = id, user](RestClient& rest) { return rest.remove_recipient(id, user); });
}
task<std::vector<Message>> Channel::messages(PageOptions page) const {
    return act<std::vector<Message>>(client_,
                                     [id = id, page](RestClient& rest) { return rest.get_messages(id, page); });
}
task<> Channel::remove_messages(IdList<MessageId> ids) const {
    return act_silently(
        client_, [channel = id, ids = std::move(ids)](RestClient& rest) { return rest.delete_messages(channel, ids); });
}
task<std::vector<Webhook>> Channel::webhooks() const {
    return act<std::vector<Webhook>>(client_, [id = id](RestClient& rest) { return rest.get_webhooks(id); });
}
task<Webhook> Channel::create_webhook(NewWebhook webhook) const {
    return act<Webhook>(client_, [id = id, webhook = std::move(webhook)](RestClient& rest) {
        return rest.create_webhook(id, webhook);
    });
}
task<Channel> Channel::edit(ChannelEdit changes) const {
    return act<Channel>(
        client_, [id = id, changes = std::move(changes)](RestClient& rest) { return rest.edit_channel(id, changes); });
}
task<> Channel::remove() const {
    return act_silently(client_, [id = id](RestClient& rest) { return rest.delete_channel(id); });
}

task<std::vector<Channel>> Server::channels() const {
    return act<std::vector<Channel>>(client_, [id = id](RestClient& rest) { return rest.get_channels(id); });
}
task<Channel> Server::create_channel(NewChannel channel) const {
    return act<Channel>(client_, [id = id, channel = std::move(channel)](RestClient& rest) {
        return rest.create_channel(id, channel);
    });
}
task<Server> Server::edit(ServerEdit changes) const {
    return act<Server>(
        client_, [id = id, changes = std::move(changes)](RestClient& rest) { return rest.edit_server(id, changes); });
}
task<> Server::remove() const {
    return act_silently(client_, [id = id](RestClient& rest) { return rest.delete_server(id); });
}
task<> Server::leave() const {
    return act_silently(client_, [id = id](RestClient& rest) { return rest.leave_server(id); });
}
task<std::vector<Member>> Server::members() const {
    return act<std::vector<Member>>(client_, [id = id](RestClient& rest) { return rest.get_members(id); });
}
task<Member> Server::member(UserId user) const {
    return act<Member>(client_, [id = id, user](RestClient& rest) { return rest.get_member(id, user); });
}
task<std::vector<Role>> Server::roles() const {
    return act<std::vector<Role>>(client_, [id = id](RestClient& rest) { return rest.get_roles(id); });
}
task<Role> Server::create_role(NewRole role) const {
    return act<Role>(client_,
                     [id = id, role = std::move(role)](RestClient& rest) { return rest.create_role(id, role); });
}
task<std::vector<Invite>> Server::invites() const {
    return act<std::vector<Invite>>(client_, [id = id](RestClient& rest) { return rest.get_invites(id); });
}
task<Invite> Server::create_invite(NewInvite invite) const {
    return act<Invite>(client_, [id = id, invite](RestClient& rest) { return rest.create_invite(id, invite); });
}
task<std::vector<Webhook>> Server::webhooks() const {
    return act<std::vector<Webhook>>(client_, [id = id](RestClient& rest) { return rest.get_webhooks(id); });
}

}  // namespace intent
