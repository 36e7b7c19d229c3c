// Calls of the REST API as values: what to send, checked before anything is sent (protocol §9, §11).
#pragma once

#include <intent/bodies.hpp>
#include <intent/snowflake.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace intent::rest {

/// Whether a request carries the token.
enum class Auth { bearer, none };

/// A request below the REST base.
struct Request {
    std::string method;
    std::string path;       ///< "/channels/123/messages/456?limit=5": what is sent
    std::string route;      ///< "/channels/{channel_id}/messages/{message_id}": what errors and logs show
    std::string bucket;     ///< "PATCH /channels/123/messages/{message_id}": the provisional bucket key (protocol §10)
    std::string body = {};  ///< JSON, empty if there is none
    Auth auth = Auth::bearer;
};

/// A call that must not be made; the text names the argument, what is wrong and what is allowed.
struct Invalid {
    std::string text;
};

using Call = std::variant<Request, Invalid>;

Call get_servers();
Call get_server(ServerId id);
Call create_server(const NewServer& server);
Call edit_server(ServerId id, const ServerEdit& changes);
Call delete_server(ServerId id);
Call leave_server(ServerId id);
Call get_members(ServerId id);

Call get_channels(ServerId id);
Call get_channel(ChannelId id);
Call create_channel(ServerId id, const NewChannel& channel);
Call edit_channel(ChannelId id, const ChannelEdit& changes);
Call delete_channel(ChannelId id);

Call get_messages(ChannelId channel, const PageOptions& page);
Call get_message(ChannelId channel, MessageId id);
Call create_message(ChannelId channel, const MessageBody& message);
Call edit_message(ChannelId channel, MessageId id, const MessageBody& message);
Call delete_message(ChannelId channel, MessageId id);

Call get_current_user();
Call get_user(UserId id);

/// A GET of any path below the base. The path begins with '/' and holds no white space, control bytes, '#' or "..".
Call get_path(std::string_view path);

/// The provisional bucket keys of a channel's messages, for rate-limit information.
std::string message_bucket(ChannelId channel);

}  // namespace intent::rest
