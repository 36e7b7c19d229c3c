// All caches of a client.
#pragma once

#include "client/cache/cache.hpp"
#include "client/cache/freshness.hpp"

#include <intent/client.hpp>

#include <mutex>
#include <optional>
#include <tuple>
#include <unordered_set>
#include <vector>

namespace intent::client {

/// A cache for each type, the freshness of REST answers, and the bot's own user.
///
/// Threads: safe.
class Caches {
public:
    explicit Caches(const CacheLimits& limits);

    template <class Raw>
    Cache<Raw>& of() noexcept {
        return std::get<Cache<Raw>>(caches_);
    }
    template <class Raw>
    const Cache<Raw>& of() const noexcept {
        return std::get<Cache<Raw>>(caches_);
    }

    Freshness& freshness() noexcept { return freshness_; }

    /// Caches a value from a REST answer, unless an event has changed it since the request began at `mark`.
    template <class Raw>
    void take(const Raw& value, Freshness::Mark mark) {
        if (freshness_.fresh(value, mark)) of<Raw>().put(value);
    }

    std::optional<raw::Server> known(ServerId id) { return of<raw::Server>().get(id); }
    std::optional<raw::Channel> known(ChannelId id) { return of<raw::Channel>().get(id); }
    std::optional<raw::User> known(UserId id) { return of<raw::User>().get(id); }
    std::optional<raw::Member> known(MemberId id) { return of<raw::Member>().get(id); }

    /// The user of the token, once known.
    std::optional<raw::User> self() const;
    std::optional<UserId> self_id() const;
    void set_self(const raw::User& user);

    /// A new session with these servers. Clears everything else, because Ready does not contain it and changes since
    /// the last session are unknown; channels stay if they are about to be fetched. Returns the servers that are gone.
    std::vector<raw::Server> begin_session(const std::vector<raw::Server>& servers, bool keep_channels);

    /// Removes everything that belongs to a server, but not the server.
    void forget_parts_of(ServerId server);
    void forget_messages(const std::unordered_set<ChannelId>& channels);
    /// True if anything is cached that could belong to a server.
    bool keeps_parts() noexcept;

private:
    std::tuple<Cache<raw::Server>, Cache<raw::Channel>, Cache<raw::User>, Cache<raw::Member>, Cache<raw::Role>,
               Cache<raw::Message>, Cache<raw::VoiceState>>
        caches_;
    Freshness freshness_;
    mutable std::mutex self_mutex_;
    std::optional<raw::User> self_;
};

}  // namespace intent::client
