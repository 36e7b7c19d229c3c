// What members, roles, invites and webhooks do.
#include "client/act.hpp"

#include <algorithm>
#include <utility>

namespace intent {

using client::act;
using client::act_silently;

task<Member> Member::edit(MemberEdit changes) const {
    return act<Member>(client_, [server = server_id, user = user.id, changes = std::move(changes)](RestClient& rest) {
        return rest.edit_member(server, user, changes);
    });
}
task<> Member::kick() const {
    return act_silently(
        client_, [server = server_id, user = user.id](RestClient& rest) { return rest.remove_member(server, user); });
}
task<Member> Member::add_role(RoleId role) const {
    auto list = roles;
    if (std::ranges::find(list, role) == list.end()) list.push_back(role);
    return edit(MemberEdit().roles(std::move(list)));
}
task<Member> Member::remove_role(RoleId role) const {
    auto list = roles;
    std::erase(list, role);
    return edit(MemberEdit().roles(std::move(list)));
}

task<Role> Role::edit(RoleEdit changes) const {
    return act<Role>(client_, [server = server_id, id = id, changes = std::move(changes)](RestClient& rest) {
        return rest.edit_role(server, id, changes);
    });
}
task<> Role::remove() const {
    return act_silently(client_,
                        [server = server_id, id = id](RestClient& rest) { return rest.delete_role(server, id); });
}

task<AcceptedInvite> Invite::accept() const {
    return act<AcceptedInvite>(client_, [code = code](RestClient& rest) { return rest.accept_invite(code); });
}
task<> Invite::remove() const {
    return act_silently(client_, [code = code](RestClient& rest) { return rest.delete_invite(code); });
}

task<std::optional<Message>> Webhook::execute(WebhookBody body) const {
    return act<std::optional<Message>>(client_, [id = id, token = token, body = std::move(body)](RestClient& rest) {
        return rest.execute_webhook(id, token, body);
    });
}
task<Message> Webhook::edit_message(MessageId message, MessageBody body) const {
    return act<Message>(client_, [id = id, token = token, message, body = std::move(body)](RestClient& rest) {
        return rest.edit_webhook_message(id, token, message, body);
    });
}
task<> Webhook::remove_message(MessageId message) const {
    return act_silently(client_, [id = id, token = token, message](RestClient& rest) {
        return rest.delete_webhook_message(id, token, message);
    });
}
task<Webhook> Webhook::edit(WebhookEdit changes) const {
    return act<Webhook>(
        client_, [id = id, changes = std::move(changes)](RestClient& rest) { return rest.edit_webhook(id, changes); });
}
task<Webhook> Webhook::regenerate_token() const {
    return act<Webhook>(client_, [id = id](RestClient& rest) { return rest.regenerate_webhook_token(id); });
}
task<> Webhook::remove() const {
    return act_silently(client_, [id = id](RestClient& rest) { return rest.delete_webhook(id); });
}

}  // namespace intent
