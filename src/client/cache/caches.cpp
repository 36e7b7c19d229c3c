#include "client/cache/caches.hpp"

#include <algorithm>

namespace intent::client {

Caches::Caches(const CacheLimits& limits)
    : caches_(limits.servers, limits.channels, limits.users, limits.members, limits.roles, limits.messages,
              limits.voice_states) {
    of<raw::Member>().refer_to(of<raw::User>());
}

std::optional<raw::User> Caches::self() const {
    const std::lock_guard lock(self_mutex_);
    return self_;
}

std::optional<UserId> Caches::self_id() const {
    const std::lock_guard lock(self_mutex_);
    if (!self_) return std::nullopt;
    return self_->id;
}

void Caches::set_self(const raw::User& user) {
    {
        const std::lock_guard lock(self_mutex_);
        self_ = user;
    }
    of<raw::User>().put(user);
}

std::vector<raw::Server> Caches::begin_session(const std::vector<raw::Server>& servers, bool keep_channels) {
    auto gone = of<raw::Server>().take_if([&](const raw::Server& cached) {
        return std::ranges::none_of(servers, [&](const raw::Server& now) { return now.id == cached.id; });
    });
    for (const auto& server : servers)
        of<raw::Server>().put(server);
    freshness_.new_session();
    if (!keep_channels) of<raw::Channel>().clear();
    of<raw::Member>().clear();
    of<raw::Role>().clear();
    of<raw::Message>().clear();
    of<raw::VoiceState>().clear();
    return gone;
}

void Caches::forget_parts_of(ServerId server) {
    if (!server) return;  // direct messages belong to no server
    const auto of_server = [server](const auto& part) { return part.server_id == server; };
    std::unordered_set<ChannelId> channels;
    for (const auto& channel : of<raw::Channel>().take_if(of_server))
        channels.insert(channel.id);
    forget_messages(channels);  // messages of uncached channels are evicted over time
    of<raw::Member>().take_if(of_server);
    of<raw::Role>().take_if(of_server);
    of<raw::VoiceState>().take_if(of_server);
}

void Caches::forget_messages(const std::unordered_set<ChannelId>& channels) {
    auto& messages = of<raw::Message>();
    if (messages.off() || channels.empty()) return;
    messages.take_if([&](const raw::Message& message) { return channels.contains(message.channel_id); });
}

bool Caches::keeps_parts() noexcept {
    return !of<raw::Channel>().off() || !of<raw::Member>().off() || !of<raw::Role>().off() ||
           !of<raw::Message>().off() || !of<raw::VoiceState>().off();
}

}  // namespace intent::client
