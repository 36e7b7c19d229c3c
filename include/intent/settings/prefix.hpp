// A prefix of commands that each server chooses.
#pragma once

#include <intent/channel.hpp>
#include <intent/message.hpp>
#include <intent/settings.hpp>
#include <intent/task.hpp>

#include <string>
#include <utility>

namespace intent::inline v0 {

/// The prefix of each server from a Setting, for `Commands`: `Commands commands(client, PrefixSetting(settings,
/// prefix))`. In direct messages the global value counts, as it does in servers that have none; without one, the
/// initial value.
///
/// Lifetime: `settings` must outlive it. Cost: no request while the channel is cached (docs/caches.md), otherwise 1.
class PrefixSetting {
public:
    /// Reads the prefix with this key.
    PrefixSetting(Settings& settings, Setting<std::string> key) : settings_(&settings), key_(std::move(key)) {}

    /// The prefix of the server of a message.
    task<std::string> operator()(Message message) const {
        auto finding = message.channel();
        const Channel channel = co_await std::move(finding);
        if (channel.server_id)
            if (auto own = settings_->find(key_, channel.server_id)) co_return *std::move(own);
        co_return settings_->get(key_);
    }

private:
    Settings* settings_;
    Setting<std::string> key_;
};

}  // namespace intent
