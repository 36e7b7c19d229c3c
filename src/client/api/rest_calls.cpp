#include "client/api/rest_calls.hpp"

namespace intent::client {

namespace {

/// Makes a member of a plain user (protocol §9).
raw::Member member_of(ServerId server, raw::User user) {
    raw::Member member;
    member.user = std::move(user);
    member.server_id = server;
    return member;
}

/// Sets the server of a member if it is missing, and caches the member.
raw::Member taken(const Context& context, const UnderWay& call, ServerId server, raw::Member member) {
    if (!member.server_id) member.server_id = server;
    take(context, member, call);
    return member;
}

}  // namespace

task<> call_for_nothing(Context context, rest::Call call) {
    RestCall running(std::move(context), std::move(call));
    co_await running;
}

task<std::string> call_for_json(Context context, rest::Call call, EmptyAnswer empty) {
    RestCall running(context, std::move(call));
    auto answer = co_await running;
    if (!answer.body.empty() || empty == EmptyAnswer::refused) {
        const auto parsed = codec::json_to_msgpack(answer.body);
        if (!parsed) unreadable(context, running.request(), answer, parsed.failure());
    }
    co_return std::move(answer.body);
}

task<Server> one_server(Context context, rest::Call call) {
    return call_for_one<Server, raw::Server>(std::move(context), std::move(call), "server");
}
task<Channel> one_channel(Context context, rest::Call call) {
    return call_for_one<Channel, raw::Channel>(std::move(context), std::move(call), "channel");
}
task<Message> one_message(Context context, rest::Call call) {
    return call_for_one<Message, raw::Message>(std::move(context), std::move(call), "message");
}
task<User> one_user(Context context, rest::Call call) {
    return call_for_one<User, raw::User>(std::move(context), std::move(call), "user");
}
task<Role> one_role(Context context, rest::Call call) {
    return call_for_one<Role, raw::Role>(std::move(context), std::move(call), "role");
}
task<Invite> one_invite(Context context, rest::Call call) {
    return call_for_one<Invite, raw::Invite>(std::move(context), std::move(call), "invite");
}
task<Webhook> one_webhook(Context context, rest::Call call) {
    return call_for_one<Webhook, raw::Webhook>(std::move(context), std::move(call), "webhook");
}
task<AcceptedInvite> accepted_invite(Context context, rest::Call call) {
    return call_for_one<AcceptedInvite, raw::AcceptedInvite>(std::move(context), std::move(call), "");
}

task<Member> one_member(Context context, ServerId server, rest::Call call) {
    const UnderWay under_way(&context->dispatcher().caches().freshness());
    RestCall running(context, std::move(call));
    const auto answer = co_await running;
    auto member = codec::from_json_wrapped<raw::Member>(answer.body, "member");
    if (member) co_return Member(taken(context, under_way, server, *std::move(member)), context->ref());
    auto user = codec::from_json_wrapped<raw::User>(answer.body, "member");
    if (!user) unreadable(context, running.request(), answer, member.failure());
    co_return Member(member_of(server, *std::move(user)), context->ref());
}

task<std::vector<Member>> member_list(Context context, ServerId server, rest::Call call) {
    const UnderWay under_way(&context->dispatcher().caches().freshness());
    RestCall running(context, std::move(call));
    const auto answer = co_await running;
    std::vector<Member> list;
    if (auto members = codec::from_json_list<raw::Member>(answer.body, "members")) {
        for (auto& member : *members)
            list.emplace_back(taken(context, under_way, server, std::move(member)), context->ref());
        co_return list;
    }
    auto users = codec::from_json_list<raw::User>(answer.body, "members");
    if (!users) unreadable(context, running.request(), answer, users.failure());
    for (auto& user : *users)
        list.emplace_back(member_of(server, std::move(user)), context->ref());
    co_return list;
}

task<std::vector<Channel>> channel_list(Context context, rest::Call call) {
    return call_for_list<Channel, raw::Channel>(std::move(context), std::move(call), "channels");
}
task<std::vector<Message>> message_list(Context context, rest::Call call) {
    return call_for_list<Message, raw::Message>(std::move(context), std::move(call), "messages");
}
task<std::vector<Role>> role_list(Context context, rest::Call call) {
    return call_for_list<Role, raw::Role>(std::move(context), std::move(call), "roles");
}
task<std::vector<Invite>> invite_list(Context context, rest::Call call) {
    return call_for_list<Invite, raw::Invite>(std::move(context), std::move(call), "invites");
}
task<std::vector<Webhook>> webhook_list(Context context, rest::Call call) {
    return call_for_list<Webhook, raw::Webhook>(std::move(context), std::move(call), "webhooks");
}

/// Without `waits`, an unreadable answer is ignored, because the message was posted anyway.
task<std::optional<Message>> webhook_execution(Context context, rest::Call call, bool waits) {
    RestCall running(context, std::move(call));
    const auto answer = co_await running;
    if (answer.body.find_first_not_of(" \t\r\n") == std::string::npos) co_return std::nullopt;
    auto message = codec::from_json_wrapped<raw::Message>(answer.body, "message");
    if (message) co_return Message(*std::move(message), context->ref());
    if (waits) unreadable(context, running.request(), answer, message.failure());
    co_return std::nullopt;
}

}  // namespace intent::client
