// Calls with a part that happens later: posts that are deleted again, and typing.
#pragma once

#include "client/api/awaiters.hpp"

#include <intent/bodies/message.hpp>
#include <intent/message.hpp>
#include <intent/snowflake.hpp>
#include <intent/task.hpp>
#include <intent/typing.hpp>

namespace intent::client {

/// Posts a message, and deletes it later if the body says so.
task<Message> post_message(Context context, ChannelId channel, const MessageBody& body);

/// Changes a message. A body with `delete_after` is refused with a ConfigError.
task<Message> change_message(Context context, ChannelId channel, MessageId message, const MessageBody& body);

Typing show_typing(const Context& context, ChannelId channel);

}  // namespace intent::client
