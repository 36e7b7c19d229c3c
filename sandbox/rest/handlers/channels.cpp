// Handlers of channels.
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/rest/handlers/replies.hpp"

#include <limits>

namespace intent::inline v0::sandbox {
namespace {

constexpr int max_position = std::numeric_limits<int>::max();

}  // namespace

ApiReply Handlers::list_channels(const Call& call) {
    return list("channels", platform_.channels(call.actor(), call.server()));
}

ApiReply Handlers::create_channel(const Call& call) {
    const Fields fields = call.fields();
    NewChannel channel{.name = fields.required_text("name"),
                       .type = static_cast<ChannelType>(fields.integer("type", 0, 2).value_or(0)),
                       .topic = fields.text("topic"),
                       .position = fields.integer("position", 0, max_position)};
    if (const auto parent = fields.snowflake("parent_id")) channel.parent = ChannelId{*parent};
    return object_reply(201, platform_.create_channel(call.actor(), call.server(), std::move(channel), call.now()));
}

ApiReply Handlers::get_channel(const Call& call) {
    return object_reply(200, platform_.channel(call.actor(), call.channel()));
}

ApiReply Handlers::edit_channel(const Call& call) {
    const Fields fields = call.fields();
    ChannelChange change{.name = fields.text("name"),
                         .topic = fields.nullable_text("topic"),
                         .position = fields.integer("position", 0, max_position)};
    if (const auto parent = fields.nullable_snowflake("parent_id"))
        change.parent.emplace(*parent ? std::optional(ChannelId{**parent}) : std::nullopt);
    if (!change.name && !change.topic && !change.position && !change.parent)
        throw invalid("name", "nothing to change: give name, topic, position or parent_id");
    return object_reply(200, platform_.edit_channel(call.actor(), call.channel(), change));
}

ApiReply Handlers::delete_channel(const Call& call) {
    platform_.delete_channel(call.actor(), call.channel());
    return empty_reply();
}

}  // namespace intent::sandbox
