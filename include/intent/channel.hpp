// A channel, with what can be done to it.
#pragma once

#include <intent/bodies/message.hpp>
#include <intent/bodies/server.hpp>
#include <intent/bodies/webhook.hpp>
#include <intent/client_ref.hpp>
#include <intent/message.hpp>
#include <intent/raw/channel.hpp>
#include <intent/task.hpp>
#include <intent/webhook.hpp>

#include <utility>
#include <vector>

namespace intent {

/// A channel of a server (protocol §8). The actions fail with UsageError when the client is gone, with ConfigError when
/// an argument is not acceptable, else with what the REST call throws (errors.hpp). Each costs one request.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Channel : public raw::Channel {
public:
    Channel() = default;
    Channel(raw::Channel channel, ClientRef client) : raw::Channel(std::move(channel)), client_(std::move(client)) {}

    task<Message> send(MessageBody body) const;

    /// A page of messages, newest first.
    task<std::vector<Message>> messages(PageOptions page = {}) const;

    task<Channel> edit(ChannelEdit changes) const;

    /// Deletes 1 to 100 messages of this channel at once.
    task<> remove_messages(std::vector<MessageId> ids) const;

    task<std::vector<Webhook>> webhooks() const;
    task<Webhook> create_webhook(NewWebhook webhook) const;

    /// Deletes this channel.
    task<> remove() const;

    const ClientRef& client() const noexcept { return client_; }

private:
    ClientRef client_ = {};
};

}  // namespace intent
