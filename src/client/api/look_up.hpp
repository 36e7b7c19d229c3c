// Look-ups in the cache, and requests for objects that it does not hold.
#pragma once

#include <intent/channel.hpp>
#include <intent/client_ref.hpp>
#include <intent/member.hpp>
#include <intent/server.hpp>
#include <intent/snowflake.hpp>
#include <intent/task.hpp>
#include <intent/user.hpp>

namespace intent::client {

// Cost: no request for a cached object, otherwise 1. Errors: UsageError if the client is gone.
task<Channel> look_up_channel(const ClientRef& ref, ChannelId id);
task<Server> look_up_server(const ClientRef& ref, ServerId id);
task<Member> look_up_member(const ClientRef& ref, MemberId id);
task<User> look_up_user(const ClientRef& ref, UserId id);

/// The server of a channel. Errors: UsageError if the channel belongs to no server.
task<Server> look_up_server_of(ClientRef ref, ChannelId channel);

}  // namespace intent::client
