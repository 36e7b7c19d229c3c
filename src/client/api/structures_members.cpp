// The actions of members, roles, invites and webhooks.
#include "client/api/structure_call.hpp"

#include <algorithm>
#include <utility>

namespace intent {

using namespace client;

task<Member> Member::edit(MemberEdit changes) const {
    return structure_call<Member>(client_, [&](const Context& to) {
        return one_member(to, server_id, rest::edit_member(server_id, user.id, changes));
    });
}
task<> Member::kick() const {
    return structure_call<void>(
        client_, [&](const Context& to) { return call_for_nothing(to, rest::remove_member(server_id, user.id)); });
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
    return structure_call<Role>(
        client_, [&](const Context& to) { return one_role(to, rest::edit_role(server_id, id, changes)); });
}
task<> Role::remove() const {
    return structure_call<void>(
        client_, [&](const Context& to) { return call_for_nothing(to, rest::remove_role(server_id, id)); });
}

task<AcceptedInvite> Invite::accept() const {
    return structure_call<AcceptedInvite>(
        client_, [&](const Context& to) { return accepted_invite(to, rest::accept_invite(code)); });
}
task<> Invite::remove() const {
    return structure_call<void>(client_,
                                [&](const Context& to) { return call_for_nothing(to, rest::remove_invite(code)); });
}

task<std::optional<Message>> Webhook::execute(WebhookBody body) const {
    return structure_call<std::optional<Message>>(client_, [&](const Context& to) {
        return webhook_execution(to, rest::execute_webhook(id, token, body), body.get().wait);
    });
}
task<Message> Webhook::edit_message(MessageId message, MessageBody body) const {
    return structure_call<Message>(client_, [&](const Context& to) {
        return one_message(to, rest::edit_webhook_message(id, token, message, body));
    });
}
task<> Webhook::remove_message(MessageId message) const {
    return structure_call<void>(client_, [&](const Context& to) {
        return call_for_nothing(to, rest::remove_webhook_message(id, token, message));
    });
}
task<Webhook> Webhook::edit(WebhookEdit changes) const {
    return structure_call<Webhook>(client_,
                                   [&](const Context& to) { return one_webhook(to, rest::edit_webhook(id, changes)); });
}
task<Webhook> Webhook::regenerate_token() const {
    return structure_call<Webhook>(
        client_, [&](const Context& to) { return one_webhook(to, rest::regenerate_webhook_token(id)); });
}
task<> Webhook::remove() const {
    return structure_call<void>(client_,
                                [&](const Context& to) { return call_for_nothing(to, rest::remove_webhook(id)); });
}

}  // namespace intent
