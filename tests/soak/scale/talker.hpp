// The load: a person who posts numbered messages at a steady pace.
#pragma once

#include <intent/sandbox.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace intent::test {

/// Between these two times a message was posted: µs since 1970.
struct PostTime {
    std::int64_t earliest;
    std::int64_t latest;
};

/// Message number n goes to channel n modulo `channels`.
///
/// Threads: safe.
class Talker {
public:
    Talker(Sandbox& sandbox, std::size_t channels, int per_second);
    ~Talker();
    Talker(const Talker&) = delete;
    Talker& operator=(const Talker&) = delete;

    /// The number of messages so far: the number of the next one.
    std::size_t said() const noexcept { return said_; }
    PostTime time_of(std::size_t serial) const;

    /// Posts the next message with this text after its number. Returns the number.
    std::size_t say(const std::string& text);

    /// Ends the load. `say` remains possible.
    void stop();

    const std::vector<ChannelId>& channels() const noexcept { return channels_; }

private:
    void talk();

    Sandbox& sandbox_;
    const std::chrono::microseconds pause_;
    std::vector<ChannelId> channels_;
    mutable std::mutex mutex_;
    std::vector<PostTime> times_;  // under mutex_
    std::atomic<std::size_t> said_ = 0;
    std::atomic<bool> over_ = false;
    std::thread thread_;
};

}  // namespace intent::test
