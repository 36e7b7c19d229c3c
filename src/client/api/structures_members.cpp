// The actions of members, roles, invites and webhooks.
#include "client/api/structure_call.hpp"

#include <utility>

namespace intent::inline v0 {

using client::structure_call;

User Member::as_user() const { return {user, client_}; }
task<Member> Member::edit(MemberEdit changes) const {
    return structure_call(client_,
                          [&](RestClient rest) { return rest.edit_member(server_id, user.id, std::move(changes)); });
}
task<> Member::kick() const {
    return structure_call(client_, [&](RestClient rest) { return rest.remove_member(server_id, user.id); });
}
task<Member> Member::add_role(RoleId role) const {
    return structure_call(client_, [&](RestClient rest) { return rest.add_member_role(server_id, user.id, role); });
}
task<Member> Member::remove_role(RoleId role) const {
    return structure_call(client_, [&](RestClient rest) { return rest.remove_member_role(server_id, user.id, role); });
}

task<Role> Role::edit(RoleEdit changes) const {
    return structure_call(client_, [&](RestClient rest) { return rest.edit_role(server_id, id, std::move(changes)); });
}
task<> Role::remove() const {
    return structure_call(client_, [&](RestClient rest) { return rest.remove_role(server_id, id); });
}

task<AcceptedInvite> Invite::accept() const {
    return structure_call(client_, [&](RestClient rest) { return rest.accept_invite(code); });
}
task<> Invite::remove() const {
    return structure_call(client_, [&](RestClient rest) { return rest.remove_invite(code); });
}

task<std::optional<Message>> Webhook::execute(WebhookBody body) const {
    return structure_call(client_, [&](RestClient rest) { return rest.execute_webhook(id, token, std::move(body)); });
}
task<Message> Webhook::message(MessageId message) const {
    return structure_call(client_, [&](RestClient rest) { return rest.get_webhook_message(id, token, message); });
}
task<Message> Webhook::edit_message(MessageId message, MessageBody body) const {
    return structure_call(
        client_, [&](RestClient rest) { return rest.edit_webhook_message(id, token, message, std::move(body)); });
}
task<> Webhook::remove_message(MessageId message) const {
    return structure_call(client_, [&](RestClient rest) { return rest.remove_webhook_message(id, token, message); });
}
task<Webhook> Webhook::fetch() const {
    return structure_call(
        client_, [&](RestClient rest) { return token.empty() ? rest.get_webhook(id) : rest.get_webhook(id, token); });
}
task<Webhook> Webhook::edit(WebhookEdit changes) const {
    return structure_call(client_, [&](RestClient rest) { return rest.edit_webhook(id, std::move(changes)); });
}
task<Webhook> Webhook::regenerate_token() const {
    return structure_call(client_, [&](RestClient rest) { return rest.regenerate_webhook_token(id); });
}
task<> Webhook::remove() const {
    return structure_call(client_, [&](RestClient rest) { return rest.remove_webhook(id); });
}

}  // namespace intent
