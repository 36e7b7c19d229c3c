// Fetches the channels of every server, so that the cache of channels is complete.
#pragma once

#include "client/cache/cache.hpp"
#include "client/cache/freshness.hpp"

#include <intent/events.hpp>
#include <intent/raw/channel.hpp>
#include <intent/raw/server.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace intent::client {

/// Requests the channels of each server of a new session and of each new server, a few at a time, and updates the cache
/// from the answers. Channels cached in an earlier session stay until the answer for their server arrives. A machine:
/// REST and time are behind `Port`.
///
/// How to drive it: report every Ready, and every added and removed server. `Port::get` replies once, at once or later;
/// `Port::after` calls back later, never at once.
///
/// Threads: the I/O thread.
class ChannelFetch {
public:
    static constexpr std::size_t at_a_time = 4;
    static constexpr std::size_t per_second = 25;

    struct Failed {
        std::string text;
    };
    struct TokenRefused {
        std::string text;
    };
    struct Stopped {};  ///< the client stops
    using Answer = std::variant<std::vector<raw::Channel>, Failed, TokenRefused, Stopped>;

    struct Port {
        std::function<void(ServerId, std::function<void(Answer)>)> get;
        std::function<void(std::chrono::milliseconds, std::function<void()>)> after;
        std::function<void(ChannelsReady)> complete;
    };

    ChannelFetch(Port port, Cache<raw::Channel>& cache, Freshness& freshness)
        : port_(std::move(port)), cache_(cache), freshness_(freshness) {}

    /// A session began with these servers. Removes the channels of all other servers from the cache.
    void on_new_session(const std::vector<raw::Server>& servers);

    /// SERVER_CREATE: fetches the channels of a new server.
    void on_server(ServerId server);

    /// The server was removed, and its channels were removed from the cache.
    void on_server_gone(ServerId server);

private:
    using FetchId = std::uint64_t;

    void ask_for(ServerId server);
    void schedule();
    void advance();
    void begin(ServerId server, FetchId fetch);
    void on_answer(ServerId server, FetchId fetch, Freshness::Mark mark, Answer answer);
    void take(ServerId server, const std::vector<raw::Channel>& channels, Freshness::Mark mark);
    void forget_old(ServerId server);
    void fail(ServerId server, const std::string& text);

    const Port port_;
    Cache<raw::Channel>& cache_;
    Freshness& freshness_;

    bool in_session_ = false;
    std::unordered_set<ServerId> known_;
    std::unordered_map<ServerId, FetchId> pending_;  // requested and not answered
    std::deque<std::pair<ServerId, FetchId>> queue_;
    std::unordered_map<ServerId, std::vector<ChannelId>> old_;  // cached in an earlier session and not yet confirmed
    std::size_t running_ = 0;
    std::size_t left_this_second_ = per_second;
    bool second_begun_ = false;
    bool scheduled_ = false;
    bool due_ = false;      // a ChannelsReady must be sent
    ChannelsReady result_;  // collected since the last ChannelsReady
    FetchId last_fetch_ = 0;
};

}  // namespace intent::client
