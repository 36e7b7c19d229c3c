// The platform's channels.
#include "sandbox/platform_announce.hpp"
#include "sandbox/problem.hpp"
#include "sandbox/text.hpp"

namespace intent::sandbox {
namespace {

void check_channel_name(const std::string& name) { check_length("name", name, 1, 100); }

void check_topic(const std::optional<std::string>& topic) {
    if (topic) check_length("topic", *topic, 0, 1024);
}

}  // namespace

raw::Channel Platform::require_channel(UserId actor, ChannelId id) {
    auto channel = store_.channel(id);
    if (!channel) throw not_found("channel " + id.str());
    if (!store_.is_member(channel->server_id, actor))
        throw forbidden("you are not a member of the server of channel " + id.str());
    return std::move(*channel);
}

std::vector<raw::Channel> Platform::channels(UserId actor, ServerId id) {
    require_member(actor, id);
    return store_.channels_of(id);
}

raw::Channel Platform::channel(UserId actor, ChannelId id) { return require_channel(actor, id); }

raw::Channel Platform::create_channel(UserId actor, ServerId id, NewChannel channel, Timestamp now) {
    require_manager(actor, id, "create channels in it");
    check_channel_name(channel.name);
    check_topic(channel.topic);
    raw::Channel made{.id = ChannelId{ids_.next(now)},
                      .server_id = id,
                      .name = std::move(channel.name),
                      .type = channel.type,
                      .topic = std::move(channel.topic),
                      .position = channel.position.value_or(static_cast<int>(store_.channels_of(id).size())),
                      .created_at = now};
    store_.add_channel(made);
    announce("CHANNEL_CREATE", "channel", made, store_.members(id));
    return made;
}

raw::Channel Platform::edit_channel(UserId actor, ChannelId id, const ChannelChange& change) {
    raw::Channel channel = require_channel(actor, id);
    require_manager(actor, channel.server_id, "edit its channels");
    if (change.name) check_channel_name(channel.name = *change.name);
    if (change.topic) check_topic(channel.topic = *change.topic);
    if (change.position) channel.position = *change.position;
    store_.update_channel(channel);
    announce("CHANNEL_UPDATE", "channel", channel, store_.members(channel.server_id));
    return channel;
}

void Platform::delete_channel(UserId actor, ChannelId id) {
    const raw::Channel channel = require_channel(actor, id);
    require_manager(actor, channel.server_id, "delete its channels");
    if (id == general_) throw forbidden("the channel that the sandbox came with stays");
    store_.remove_channel(id);
    announce("CHANNEL_DELETE", "", raw::ChannelDelete{.channel_id = id, .server_id = channel.server_id},
             store_.members(channel.server_id));
}

}  // namespace intent::sandbox
