#include "client/api/structure_call.hpp"

#include <utility>

namespace intent {

using namespace client;

task<Channel> User::create_dm() const {
    return structure_call<Channel>(client_, [&](const Context& to) { return one_channel(to, rest::create_dm(id)); });
}
task<User> User::fetch() const {
    return structure_call<User>(client_, [&](const Context& to) { return one_user(to, rest::get_user(id)); });
}

bool Message::from_self() const {
    const auto context = client_.lock();
    return context && context->dispatcher().caches().self_id() == author.id;
}
task<Message> Message::reply(MessageBody body) const {
    return structure_call<Message>(client_, [&](const Context& to) {
        require_ciphertext(mls_ciphertext.has_value(), body);
        return one_message(to, rest::create_message(channel_id, body));
    });
}
task<Message> Message::edit(MessageBody body) const {
    return structure_call<Message>(client_, [&](const Context& to) {
        require_ciphertext(mls_ciphertext.has_value(), body);
        return one_message(to, rest::edit_message(channel_id, id, body));
    });
}
task<> Message::remove() const {
    return structure_call<void>(
        client_, [&](const Context& to) { return call_for_nothing(to, rest::remove_message(channel_id, id)); });
}

task<Message> Channel::send(MessageBody body) const {
    return structure_call<Message>(client_, [&](const Context& to) {
        require_ciphertext(is_direct() && mls_initialized, body);
        return one_message(to, rest::create_message(id, body));
    });
}
task<> Channel::trigger_typing() const {
    return structure_call<void>(client_,
                                [&](const Context& to) { return call_for_nothing(to, rest::trigger_typing(id)); });
}
task<Invite> Channel::create_invite(NewInvite invite) const {
    return structure_call<Invite>(client_,
                                  [&](const Context& to) { return one_invite(to, rest::create_invite(id, invite)); });
}
task<> Channel::add_recipient(UserId user) const {
    return structure_call<void>(client_,
                                [&](const Context& to) { return call_for_nothing(to, rest::add_recipient(id, user)); });
}
task<> Channel::remove_recipient(UserId user) const {
    return structure_call<void>(
        client_, [&](const Context& to) { return call_for_nothing(to, rest::remove_recipient(id, user)); });
}
task<std::vector<Message>> Channel::messages(PageOptions page) const {
    return structure_call<std::vector<Message>>(
        client_, [&](const Context& to) { return message_list(to, rest::get_messages(id, page)); });
}
task<> Channel::remove_messages(IdList<MessageId> ids) const {
    return structure_call<void>(
        client_, [&](const Context& to) { return call_for_nothing(to, rest::remove_messages(id, ids.get())); });
}
task<std::vector<Webhook>> Channel::webhooks() const {
    return structure_call<std::vector<Webhook>>(
        client_, [&](const Context& to) { return webhook_list(to, rest::get_webhooks(id)); });
}
task<Webhook> Channel::create_webhook(NewWebhook webhook) const {
    return structure_call<Webhook>(
        client_, [&](const Context& to) { return one_webhook(to, rest::create_webhook(id, webhook)); });
}
task<Channel> Channel::edit(ChannelEdit changes) const {
    return structure_call<Channel>(client_,
                                   [&](const Context& to) { return one_channel(to, rest::edit_channel(id, changes)); });
}
task<> Channel::remove() const {
    return structure_call<void>(client_,
                                [&](const Context& to) { return call_for_nothing(to, rest::remove_channel(id)); });
}

task<std::vector<Channel>> Server::channels() const {
    return structure_call<std::vector<Channel>>(
        client_, [&](const Context& to) { return channel_list(to, rest::get_channels(id)); });
}
task<Channel> Server::create_channel(NewChannel channel) const {
    return structure_call<Channel>(
        client_, [&](const Context& to) { return one_channel(to, rest::create_channel(id, channel)); });
}
task<Server> Server::edit(ServerEdit changes) const {
    return structure_call<Server>(client_,
                                  [&](const Context& to) { return one_server(to, rest::edit_server(id, changes)); });
}
task<> Server::remove() const {
    return structure_call<void>(client_,
                                [&](const Context& to) { return call_for_nothing(to, rest::remove_server(id)); });
}
task<> Server::leave() const {
    return structure_call<void>(client_,
                                [&](const Context& to) { return call_for_nothing(to, rest::leave_server(id)); });
}
task<std::vector<Member>> Server::members() const {
    return structure_call<std::vector<Member>>(
        client_, [&](const Context& to) { return member_list(to, id, rest::get_members(id)); });
}
task<Member> Server::member(UserId user) const {
    return structure_call<Member>(client_,
                                  [&](const Context& to) { return one_member(to, id, rest::get_member(id, user)); });
}
task<std::vector<Role>> Server::roles() const {
    return structure_call<std::vector<Role>>(client_,
                                             [&](const Context& to) { return role_list(to, rest::get_roles(id)); });
}
task<Role> Server::create_role(NewRole role) const {
    return structure_call<Role>(client_, [&](const Context& to) { return one_role(to, rest::create_role(id, role)); });
}
task<std::vector<Invite>> Server::invites() const {
    return structure_call<std::vector<Invite>>(
        client_, [&](const Context& to) { return invite_list(to, rest::get_invites(id)); });
}
task<Invite> Server::create_invite(NewInvite invite) const {
    return structure_call<Invite>(client_,
                                  [&](const Context& to) { return one_invite(to, rest::create_invite(id, invite)); });
}
task<std::vector<Webhook>> Server::webhooks() const {
    return structure_call<std::vector<Webhook>>(
        client_, [&](const Context& to) { return webhook_list(to, rest::get_webhooks(id)); });
}

}  // namespace intent
