// Decides which REST answers are recent enough for the caches.
#pragma once

#include <intent/raw/channel.hpp>
#include <intent/raw/member.hpp>
#include <intent/raw/server.hpp>
#include <intent/raw/user.hpp>

#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

namespace intent::client {

/// Prevents REST answers from overwriting newer data from events: the server may have computed the answer before the
/// event. Values in an answer that changed in the meantime are ignored; events arrive in order, so the cache ends up
/// correct.
///
/// How to use it: call `begin` before the request is handed out and `end` after its answer is in the caches; report
/// every event that changes a value; call `fresh` before a value of the answer is cached.
///
/// Cost: one atomic load per event while no request is in flight. Memory: one entry per value that changed during the
/// oldest request in flight. Threads: safe.
class Freshness {
public:
    /// The start of a request, counted in changes.
    using Mark = std::uint64_t;

    Mark begin();
    void end(Mark mark);

    void changed(ServerId server) { note({Kind::server, server.value}); }
    void changed(ChannelId channel) { note({Kind::channel, channel.value}); }
    void changed(MemberId member) { note({Kind::member, member.user_id.value, member.server_id.value}); }
    /// The bot left the server, or it was deleted: no value of it is fresh.
    void gone(ServerId server);
    /// A new session: no earlier request is fresh, because changes in between were not reported.
    void new_session();

    bool fresh(const raw::Server& server, Mark mark) const;
    bool fresh(const raw::Channel& channel, Mark mark) const;
    bool fresh(const raw::Member& member, Mark mark) const;
    bool fresh(const raw::Role& role, Mark mark) const;
    bool fresh(const raw::User&, Mark) const noexcept { return true; }  // users are never removed

    std::size_t remembered() const;

private:
    enum class Kind : std::uint8_t { server, channel, member, gone };
    struct Thing {
        Kind kind;
        std::uint64_t id;
        std::uint64_t server = 0;
        friend auto operator<=>(const Thing&, const Thing&) = default;
    };

    void note(Thing thing);
    bool unchanged_locked(Thing thing, Mark mark) const;

    mutable std::mutex mutex_;
    std::atomic<std::size_t> under_way_ = 0;
    std::map<Mark, std::size_t> marks_;  // of the requests in flight
    std::map<Thing, Mark> changes_;      // the last change of each value since the oldest request in flight
    std::size_t prune_at_ = 1'024;
    Mark now_ = 0;
    Mark floor_ = 0;
};

/// Marks a request as in flight from construction to destruction.
class UnderWay {
public:
    explicit UnderWay(Freshness* freshness) : freshness_(freshness), mark_(freshness ? freshness->begin() : 0) {}
    ~UnderWay() {
        if (freshness_) freshness_->end(mark_);
    }
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;

    Freshness::Mark mark() const noexcept { return mark_; }

private:
    Freshness* freshness_;
    Freshness::Mark mark_;
};

}  // namespace intent::client
