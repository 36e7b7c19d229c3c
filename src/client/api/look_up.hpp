// What is known is taken from the cache, and the rest is asked for.
#pragma once

#include <intent/channel.hpp>
#include <intent/client_ref.hpp>
#include <intent/member.hpp>
#include <intent/server.hpp>
#include <intent/snowflake.hpp>
#include <intent/task.hpp>

namespace intent::client {

// Each costs no request for what is cached, else one. UsageError if the client is gone.
task<Channel> look_up_channel(const ClientRef& ref, ChannelId id);
task<Server> look_up_server(const ClientRef& ref, ServerId id);
task<Member> look_up_member(const ClientRef& ref, MemberId id);

/// The server of a channel: UsageError if it belongs to none.
task<Server> look_up_server_of(ClientRef ref, ChannelId channel);

}  // namespace intent::client
