// Routes of servers and channels.
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/rest/api_replies.hpp"

#include <limits>

namespace intent::sandbox {

ApiReply Api::run_servers(const Call& call) {
    const ServerId id{call.match.server_id.value_or(0)};
    switch (call.match.route) {
        case Route::list_servers:
            return list("servers", platform_.servers(call.actor));
        case Route::create_server: {
            const Fields fields(call.request.body);
            fields.text("icon");  // accepted and dropped: the sandbox hosts no files
            NewServer server{.name = fields.required_text("name"), .description = fields.text("description")};
            return object_reply(201, platform_.create_server(call.actor, std::move(server), call.now));
        }
        case Route::get_server:
            return object_reply(200, platform_.server(call.actor, id));
        case Route::edit_server: {
            const Fields fields(call.request.body);
            const ServerChange change{.name = fields.text("name"), .description = fields.nullable_text("description")};
            if (!change.name && !change.description)
                throw invalid("name", "nothing to change: give name, description or both");
            return object_reply(200, platform_.edit_server(call.actor, id, change));
        }
        case Route::delete_server:
            platform_.delete_server(call.actor, id);
            return empty_reply();
        default:
            platform_.leave_server(call.actor, id);
            return empty_reply();
    }
}

ApiReply Api::run_channels(const Call& call) {
    constexpr int highest_position = std::numeric_limits<int>::max();
    const ServerId server{call.match.server_id.value_or(0)};
    const ChannelId id{call.match.channel_id.value_or(0)};
    switch (call.match.route) {
        case Route::list_channels:
            return list("channels", platform_.channels(call.actor, server));
        case Route::create_channel: {
            const Fields fields(call.request.body);
            NewChannel channel{.name = fields.required_text("name"),
                               .type = static_cast<ChannelType>(fields.integer("type", 0, 2).value_or(0)),
                               .topic = fields.text("topic"),
                               .position = fields.integer("position", 0, highest_position)};
            if (const auto parent = fields.snowflake("parent_id")) channel.parent = ChannelId{*parent};
            return object_reply(201, platform_.create_channel(call.actor, server, std::move(channel), call.now));
        }
        case Route::get_channel:
            return object_reply(200, platform_.channel(call.actor, id));
        case Route::edit_channel: {
            const Fields fields(call.request.body);
            ChannelChange change{.name = fields.text("name"),
                                 .topic = fields.nullable_text("topic"),
                                 .position = fields.integer("position", 0, highest_position)};
            if (const auto parent = fields.nullable_snowflake("parent_id"))
                change.parent.emplace(*parent ? std::optional(ChannelId{**parent}) : std::nullopt);
            if (!change.name && !change.topic && !change.position && !change.parent)
                throw invalid("name", "nothing to change: give name, topic, position or parent_id");
            return object_reply(200, platform_.edit_channel(call.actor, id, change));
        }
        default:
            platform_.delete_channel(call.actor, id);
            return empty_reply();
    }
}

}  // namespace intent::sandbox
