// Arguments that are structures of the platform, by id or name.
#include "text/ascii.hpp"
#include "text/utf8.hpp"
#include "toolkit/core/message_links.hpp"

#include <intent/attempt.hpp>
#include <intent/client.hpp>
#include <intent/commands/context.hpp>
#include <intent/commands/errors.hpp>
#include <intent/detail/command_parameter.hpp>
#include <intent/limits.hpp>

#include <utility>
#include <vector>

namespace intent::inline v0::detail {

namespace {

template <class T>
CommandValue value_of(T found) {
    CommandValue value;
    value.object = std::make_shared<T>(std::move(found));
    return value;
}

ServerId server_of(const Context& context) {
    if (!context.server_id()) throw BadArgument("cannot be looked up in direct messages");
    return context.server_id();
}

std::string without_sign(std::string text, char sign) {
    if (text.starts_with(sign)) text.erase(0, 1);
    return text;
}

/// The only one that has this name. Errors: BadArgument if there is another number of them.
template <class T>
T only_one(std::vector<T> found, const std::string& kind) {
    if (found.empty()) throw BadArgument("there is no " + kind + " of this name or id");
    if (found.size() > 1) throw BadArgument(std::to_string(found.size()) + " " + kind + "s have this name: use the id");
    return std::move(found.front());
}

/// The result of a lookup by id; no value if the platform does not know the id or does not show it.
template <class T>
task<std::optional<T>> if_found(task<T> looking) {
    auto trying = attempt(std::move(looking));
    auto found = co_await std::move(trying);
    if (found) co_return *std::move(found);
    if (!found.template is<NotFoundError>() && !found.template is<ForbiddenError>()) *found;  // throws the error
    co_return std::nullopt;
}

/// Usernames come before shown names: they are unique.
std::vector<Member> with_name(std::vector<Member> members, std::string_view name) {
    std::vector<Member> shown;
    for (auto& member : members) {
        if (text::equals_ignoring_case(member.user.username, name)) return {std::move(member)};
        const bool is_shown = text::equals_ignoring_case(member.shown_name(), name) ||
                              text::equals_ignoring_case(member.user.display_name, name);
        if (is_shown) shown.push_back(std::move(member));
    }
    return shown;
}

task<Member> find_member(Context context, std::string text) {
    const ServerId server = server_of(context);
    const std::string name = without_sign(std::move(text), '@');
    if (const auto id = UserId::parse(name)) {
        auto looking = if_found(context.client().member(server, *id));
        std::optional<Member> member = co_await std::move(looking);
        if (member) co_return *std::move(member);
    }
    std::vector<Member> members;
    // The bytes are at least as many as the characters that the query may have.
    const bool can_be_name =
        !name.empty() && name.size() <= limits::member_query_length && !text::first_invalid_utf8(name);
    if (can_be_name) {
        MemberQuery query(server);
        query.query(name);
        auto asking = context.client().request_members(std::move(query));
        members = co_await std::move(asking);
    }
    co_return only_one(with_name(std::move(members), name), "member");
}

task<Channel> find_channel(Context context, std::string text) {
    const ServerId server = server_of(context);
    const std::string name = without_sign(std::move(text), '#');
    bool is_elsewhere = false;
    if (const auto id = ChannelId::parse(name)) {
        auto looking = if_found(context.client().channel(*id));
        std::optional<Channel> channel = co_await std::move(looking);
        if (channel && channel->server_id == server) co_return *std::move(channel);
        is_elsewhere = channel.has_value();
    }
    const auto has_name = [&](const Channel& channel) { return text::equals_ignoring_case(channel.name, name); };
    std::vector<Channel> found;
    for (auto& channel : context.client().channels().of(server))
        if (has_name(channel)) found.push_back(std::move(channel));
    if (found.empty()) {
        auto asking = context.client().rest().get_channels(server);
        for (auto& channel : co_await std::move(asking))
            if (has_name(channel)) found.push_back(std::move(channel));
    }
    // The permissions that a command requires were checked in this server alone.
    if (found.empty() && is_elsewhere) throw BadArgument("the channel is not in this server");
    co_return only_one(std::move(found), "channel");
}

task<Role> find_role(Context context, std::string text) {
    const ServerId server = server_of(context);
    const std::string name = without_sign(std::move(text), '@');
    const auto id = RoleId::parse(name);
    auto asking = context.client().rest().get_roles(server);
    std::vector<Role> found;
    for (auto& role : co_await std::move(asking)) {
        if (id && role.id == *id) co_return std::move(role);
        if (text::equals_ignoring_case(role.name, name)) found.push_back(std::move(role));
    }
    co_return only_one(std::move(found), "role");
}

task<Message> find_message(Context context, std::string text) {
    const auto link = toolkit::parse_message_link(text);
    if (!link) throw BadArgument("expected a message (its id or link)");
    const ChannelId channel = link->channel.value_or(context.channel_id());
    if (channel != context.channel_id()) {
        auto looking = if_found(context.client().channel(channel));
        const std::optional<Channel> found = co_await std::move(looking);
        const bool is_here = found && context.server_id() && found->server_id == context.server_id();
        if (!is_here) throw BadArgument("the message is not in this server");
    }
    auto looking = if_found(context.client().rest().get_message(channel, link->message));
    std::optional<Message> message = co_await std::move(looking);
    if (!message) throw BadArgument("there is no such message");
    co_return *std::move(message);
}

}  // namespace

task<CommandValue> resolve_member(Context context, std::string text) {
    auto finding = find_member(std::move(context), std::move(text));
    co_return value_of(co_await std::move(finding));
}

task<CommandValue> resolve_user(Context context, std::string text) {
    if (const auto id = UserId::parse(without_sign(text, '@'))) {
        if (auto known = context.client().users().get(*id)) co_return value_of(*std::move(known));
        auto looking = if_found(context.client().rest().get_user(*id));
        std::optional<User> user = co_await std::move(looking);
        if (user) co_return value_of(*std::move(user));
    }
    if (!context.server_id()) throw BadArgument("in direct messages, users can only be given by their id");
    auto finding = find_member(context, std::move(text));
    const Member member = co_await std::move(finding);
    co_return value_of(User(member.user, member.client()));
}

task<CommandValue> resolve_channel(Context context, std::string text) {
    auto finding = find_channel(std::move(context), std::move(text));
    co_return value_of(co_await std::move(finding));
}

task<CommandValue> resolve_role(Context context, std::string text) {
    auto finding = find_role(std::move(context), std::move(text));
    co_return value_of(co_await std::move(finding));
}

task<CommandValue> resolve_server(Context context, std::string text) {
    const auto id = ServerId::parse(text);
    if (id) {
        if (auto known = context.client().servers().get(*id)) co_return value_of(*std::move(known));
    }
    std::vector<Server> found;
    context.client().servers().for_each([&](const Server& server) {
        if (text::equals_ignoring_case(server.name, text)) found.push_back(server);
    });
    co_return value_of(only_one(std::move(found), "server"));
}

task<CommandValue> resolve_message(Context context, std::string text) {
    auto finding = find_message(std::move(context), std::move(text));
    co_return value_of(co_await std::move(finding));
}

std::string expects_member(const ParameterType&) { return "a member (name or id)"; }
std::string expects_user(const ParameterType&) { return "a user (name or id)"; }
std::string expects_channel(const ParameterType&) { return "a channel (name or id)"; }
std::string expects_role(const ParameterType&) { return "a role (name or id)"; }
std::string expects_server(const ParameterType&) { return "a server (name or id)"; }
std::string expects_message(const ParameterType&) { return "a message (its id or link)"; }

}  // namespace intent::detail
