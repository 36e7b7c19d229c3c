#include "client/cache/freshness.hpp"

#include <algorithm>

namespace intent::client {

Freshness::Mark Freshness::begin() {
    const std::lock_guard lock(mutex_);
    under_way_.fetch_add(1, std::memory_order_relaxed);
    ++marks_[now_];
    return now_;
}

void Freshness::end(Mark mark) {
    const std::lock_guard lock(mutex_);
    const auto found = marks_.find(mark);
    if (--found->second == 0) marks_.erase(found);
    if (under_way_.fetch_sub(1, std::memory_order_relaxed) == 1) changes_.clear();
}

// A request that begins on another thread in the meantime is sent after this event arrived, so nothing is missed.
void Freshness::note(Thing thing) {
    if (under_way_.load(std::memory_order_relaxed) == 0) return;
    const std::lock_guard lock(mutex_);
    if (marks_.empty()) return;
    changes_[thing] = ++now_;
    if (changes_.size() < prune_at_) return;
    const Mark oldest = marks_.begin()->first;
    std::erase_if(changes_, [oldest](const auto& change) { return change.second <= oldest; });
    prune_at_ = std::max<std::size_t>(1'024, changes_.size() * 2);
}

void Freshness::gone(ServerId server) {
    note({Kind::server, server.value});
    note({Kind::gone, server.value});
}

void Freshness::new_session() {
    const std::lock_guard lock(mutex_);
    floor_ = ++now_;
    changes_.clear();
}

bool Freshness::unchanged_locked(Thing thing, Mark mark) const {
    const auto found = changes_.find(thing);
    return mark >= floor_ && (found == changes_.end() || found->second <= mark);
}

bool Freshness::fresh(const raw::Server& server, Mark mark) const {
    const std::lock_guard lock(mutex_);
    return unchanged_locked({Kind::server, server.id.value}, mark);
}

bool Freshness::fresh(const raw::Channel& channel, Mark mark) const {
    const std::lock_guard lock(mutex_);
    return unchanged_locked({Kind::channel, channel.id.value}, mark) &&
           unchanged_locked({Kind::gone, channel.server_id.value}, mark);
}

bool Freshness::fresh(const raw::Member& member, Mark mark) const {
    const std::lock_guard lock(mutex_);
    return unchanged_locked({Kind::member, member.user.id.value, member.server_id.value}, mark) &&
           unchanged_locked({Kind::gone, member.server_id.value}, mark);
}

bool Freshness::fresh(const raw::Role& role, Mark mark) const {
    const std::lock_guard lock(mutex_);
    return unchanged_locked({Kind::gone, role.server_id.value}, mark);
}

std::size_t Freshness::remembered() const {
    const std::lock_guard lock(mutex_);
    return changes_.size();
}

}  // namespace intent::client
