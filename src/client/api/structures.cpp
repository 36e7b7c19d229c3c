#include "client/api/structure_call.hpp"
#include "client/api/timed_calls.hpp"

#include <utility>

namespace intent::inline v0 {

using client::require_ciphertext;
using client::structure_call;

task<Channel> User::create_dm() const {
    return structure_call(client_, [&](RestClient rest) { return rest.create_dm(id); });
}
task<User> User::fetch() const {
    return structure_call(client_, [&](RestClient rest) { return rest.get_user(id); });
}

User Message::author_as_user() const { return {author, client_}; }
bool Message::from_self() const {
    const auto context = client_.lock();
    return context && context->dispatcher().caches().self_id() == author.id;
}
task<Message> Message::reply(MessageBody body) const {
    return structure_call(client_, [&](RestClient rest) {
        require_ciphertext(mls_ciphertext.has_value(), body);
        return rest.create_message(channel_id, std::move(body));
    });
}
task<Message> Message::edit(MessageBody body) const {
    return structure_call(client_, [&](RestClient rest) {
        require_ciphertext(mls_ciphertext.has_value(), body);
        return rest.edit_message(channel_id, id, std::move(body));
    });
}
task<> Message::remove() const {
    return structure_call(client_, [&](RestClient rest) { return rest.remove_message(channel_id, id); });
}

task<Message> Channel::send(MessageBody body) const {
    return structure_call(client_, [&](RestClient rest) {
        require_ciphertext(is_direct() && mls_initialized, body);
        return rest.create_message(id, std::move(body));
    });
}
task<> Channel::trigger_typing() const {
    return structure_call(client_, [&](RestClient rest) { return rest.trigger_typing(id); });
}
Typing Channel::typing() const { return client::show_typing(client::context_of(client_), id); }
task<Invite> Channel::create_invite(NewInvite invite) const {
    return structure_call(client_, [&](RestClient rest) { return rest.create_invite(id, std::move(invite)); });
}
task<> Channel::add_recipient(UserId user) const {
    return structure_call(client_, [&](RestClient rest) { return rest.add_recipient(id, user); });
}
task<> Channel::remove_recipient(UserId user) const {
    return structure_call(client_, [&](RestClient rest) { return rest.remove_recipient(id, user); });
}
task<std::vector<Message>> Channel::messages(PageOptions page) const {
    return structure_call(client_, [&](RestClient rest) { return rest.get_messages(id, page); });
}
task<> Channel::remove_messages(IdList<MessageId> ids) const {
    return structure_call(client_, [&](RestClient rest) { return rest.remove_messages(id, std::move(ids)); });
}
task<std::vector<Webhook>> Channel::webhooks() const {
    return structure_call(client_, [&](RestClient rest) { return rest.get_webhooks(id); });
}
task<Webhook> Channel::create_webhook(NewWebhook webhook) const {
    return structure_call(client_, [&](RestClient rest) { return rest.create_webhook(id, std::move(webhook)); });
}
task<Channel> Channel::edit(ChannelEdit changes) const {
    return structure_call(client_, [&](RestClient rest) { return rest.edit_channel(id, std::move(changes)); });
}
task<> Channel::remove() const {
    return structure_call(client_, [&](RestClient rest) { return rest.remove_channel(id); });
}

task<std::vector<Channel>> Server::channels() const {
    return structure_call(client_, [&](RestClient rest) { return rest.get_channels(id); });
}
task<Channel> Server::create_channel(NewChannel channel) const {
    return structure_call(client_, [&](RestClient rest) { return rest.create_channel(id, std::move(channel)); });
}
task<Server> Server::edit(ServerEdit changes) const {
    return structure_call(client_, [&](RestClient rest) { return rest.edit_server(id, std::move(changes)); });
}
task<> Server::remove() const {
    return structure_call(client_, [&](RestClient rest) { return rest.remove_server(id); });
}
task<> Server::leave() const {
    return structure_call(client_, [&](RestClient rest) { return rest.leave_server(id); });
}
task<std::vector<Member>> Server::members() const {
    return structure_call(client_, [&](RestClient rest) { return rest.get_members(id); });
}
task<Member> Server::member(UserId user) const {
    return structure_call(client_, [&](RestClient rest) { return rest.get_member(id, user); });
}
task<std::vector<Role>> Server::roles() const {
    return structure_call(client_, [&](RestClient rest) { return rest.get_roles(id); });
}
task<Role> Server::create_role(NewRole role) const {
    return structure_call(client_, [&](RestClient rest) { return rest.create_role(id, std::move(role)); });
}
task<std::vector<Invite>> Server::invites() const {
    return structure_call(client_, [&](RestClient rest) { return rest.get_invites(id); });
}
task<Invite> Server::create_invite(NewInvite invite) const {
    return structure_call(client_, [&](RestClient rest) { return rest.create_invite(id, std::move(invite)); });
}
task<std::vector<Webhook>> Server::webhooks() const {
    return structure_call(client_, [&](RestClient rest) { return rest.get_webhooks(id); });
}

}  // namespace intent
