// The last message of each channel that the stream has: where a back-fill begins.
#pragma once

#include "relay/broker/jetstream.hpp"
#include "relay/wire/subjects.hpp"

#include <intent/snowflake.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <unordered_map>

namespace intent::relay {

/// Threads: safe.
class LastMessages {
public:
    using Map = std::unordered_map<ChannelId, MessageId>;

    /// A message was given to the broker. Older ones than the last change nothing. Beyond 200,000 channels, new ones
    /// are not remembered: their back-fill begins at a time instead.
    void on_message(ChannelId channel, MessageId message);
    Map all() const;
    std::size_t size() const;

    /// Reads the last messages from the stream, one request per channel, until everything is read, `goes_on` returns
    /// false, or `limit` channels are known.
    ///
    /// Errors: those of JetStream.
    void load(broker::JetStream& streams, const Names& names, std::size_t limit, const std::function<bool()>& goes_on);

private:
    static constexpr std::size_t max_channels = 200'000;
    mutable std::mutex mutex_;
    Map last_;
};

}  // namespace intent::relay
