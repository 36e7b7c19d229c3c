#include "relay/relay/last_messages.hpp"

#include "relay/wire/event_ids.hpp"

#include <algorithm>

namespace intent::relay {

namespace {

constexpr std::string_view message_type = "MESSAGE_CREATE";

}  // namespace

void LastMessages::on_message(ChannelId channel, MessageId message) {
    if (!channel || !message) return;
    const std::lock_guard lock(mutex_);
    const auto found = last_.find(channel);
    if (found != last_.end()) {
        found->second = std::max(found->second, message);
    } else if (last_.size() < max_channels) {
        last_.emplace(channel, message);
    }
}

LastMessages::Map LastMessages::all() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

std::size_t LastMessages::size() const {
    const std::lock_guard lock(mutex_);
    return last_.size();
}

void LastMessages::load(broker::JetStream& streams, const Names& names, std::size_t limit,
                        const std::function<bool()>& goes_on) {
    for (const auto& subject : streams.subjects(names.stream(), names.events_of_type(message_type))) {
        if (size() >= limit || !goes_on()) return;
        const auto stored = streams.last_message(names.stream(), subject);
        if (!stored) continue;
        const auto& data = stored->message.data;
        const auto ids = event_ids(message_type, {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()});
        on_message(ids.channel, ids.message);
    }
}

}  // namespace intent::relay
