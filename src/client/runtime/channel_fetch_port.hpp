// The fetch of channels, connected to the REST port and the dispatcher.
#pragma once

#include "client/commands/channel_fetch.hpp"
#include "client/dispatch/dispatcher.hpp"
#include "client/dispatch/running.hpp"
#include "client/values/guarded_log.hpp"
#include "client/values/token_store.hpp"

#include <intent/client_options.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace intent::client {

/// Calls a function after a delay, unless the client stops first.
std::function<void(std::chrono::milliseconds, std::function<void()>)> timer_of(Running& running);

/// Null if the options, or a cache that is off, make it pointless. The arguments must outlive it.
std::unique_ptr<ChannelFetch> make_channel_fetch(const ClientOptions& options, Running& running, Dispatcher& dispatcher,
                                                 const std::shared_ptr<TokenStore>& tokens);

}  // namespace intent::client
