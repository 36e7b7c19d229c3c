// The platform's channels.
#include "sandbox/base/problem.hpp"
#include "sandbox/base/text.hpp"
#include "sandbox/platform/platform_announce.hpp"

namespace intent::inline v0::sandbox {
namespace {

void check_channel_name(const std::string& name) { check_length("name", name, 1, 100); }

void check_topic(const std::optional<std::string>& topic) {
    if (topic) check_length("topic", *topic, 0, 1024);
}

}  // namespace

raw::Channel Platform::require_channel(UserId actor, ChannelId id, std::initializer_list<Permission> needed) {
    auto channel = store_.channel(id);
    if (!channel) throw not_found("channel " + id.str());
    if (is_direct(channel->type)) {
        require_recipient(actor, *channel, needed);
        return std::move(*channel);
    }
    require_member(actor, channel->server_id);
    const Permissions has = permissions(channel->server_id, actor);
    const auto check = [&](Permission permission) {
        if (!has.has(permission)) throw lacks(name_of(actor), intent::name_of(permission), "#" + channel->name);
    };
    check(Permission::view_channel);
    for (const auto permission : needed)
        check(permission);
    return std::move(*channel);
}

raw::Channel Platform::require_text_channel(UserId actor, ChannelId id, std::initializer_list<Permission> needed) {
    raw::Channel channel = require_channel(actor, id, needed);
    if (channel.type != ChannelType::text && !is_direct(channel.type))
        throw Problem(400, "NOT_A_TEXT_CHANNEL",
                      "channel_id: #" + channel.name + " is not a text channel (type 0): its type is " +
                          std::to_string(static_cast<int>(channel.type)));
    return channel;
}

void Platform::check_parent(ServerId server, ChannelId parent) {
    const auto category = store_.channel(parent);
    if (!category || category->server_id != server || category->type != ChannelType::category)
        throw invalid("parent_id", parent.str() + " is not a category (type 2) of this server");
}

std::vector<raw::Channel> Platform::channels(UserId actor, ServerId id) {
    require_member(actor, id);
    if (!permissions(id, actor).has(Permission::view_channel)) return {};
    return store_.channels_of(id);
}

raw::Channel Platform::channel(UserId actor, ChannelId id) {
    raw::Channel channel = require_channel(actor, id);
    return is_direct(channel.type) ? seen_by(actor, std::move(channel)) : channel;
}

raw::Channel Platform::create_channel(UserId actor, ServerId id, NewChannel channel, Timestamp now) {
    require(actor, id, Permission::manage_channels);
    check_channel_name(channel.name);
    check_topic(channel.topic);
    if (channel.parent) check_parent(id, *channel.parent);
    raw::Channel made{.id = ChannelId{ids_.next(now)},
                      .server_id = id,
                      .name = std::move(channel.name),
                      .type = channel.type,
                      .topic = std::move(channel.topic),
                      .position = channel.position.value_or(static_cast<int>(store_.channels_of(id).size())),
                      .parent_id = channel.parent,
                      .created_at = now};
    store_.add_channel(made);
    announce("CHANNEL_CREATE", "channel", made, store_.members_with(id, Permission::view_channel));
    return made;
}

raw::Channel Platform::edit_channel(UserId actor, ChannelId id, const ChannelChange& change) {
    raw::Channel channel = require_channel(actor, id, {Permission::manage_channels});
    if (change.name) check_channel_name(channel.name = *change.name);
    if (change.topic) check_topic(channel.topic = *change.topic);
    if (change.position) channel.position = *change.position;
    if (change.parent) {
        if (*change.parent) check_parent(channel.server_id, **change.parent);
        if (*change.parent == id) throw invalid("parent_id", "a category cannot hold itself");
        channel.parent_id = *change.parent;
    }
    store_.update_channel(channel);
    announce("CHANNEL_UPDATE", "channel", channel, store_.members_with(channel.server_id, Permission::view_channel));
    return channel;
}

void Platform::delete_channel(UserId actor, ChannelId id) {
    const raw::Channel channel = require_channel(actor, id, {Permission::manage_channels});
    if (id == general_) throw forbidden("#" + channel.name + " is part of the sandbox and cannot be deleted");
    std::vector<raw::Channel> children = store_.channels_of(channel.server_id);
    std::erase_if(children, [&](const auto& each) { return each.parent_id != id; });
    Transaction transaction(store_.database());
    store_.remove_channel(id);
    transaction.commit();
    const auto audience = store_.members_with(channel.server_id, Permission::view_channel);
    for (auto& child : children) {
        child.parent_id.reset();
        announce("CHANNEL_UPDATE", "channel", child, audience);
    }
    announce("CHANNEL_DELETE", "", raw::ChannelDelete{.channel_id = id, .server_id = channel.server_id}, audience);
    if (on_access_change) on_access_change();
}

}  // namespace intent::sandbox
