// What the client remembers: bounded, the least recently used goes first.
#pragma once

#include <intent/raw/member.hpp>
#include <intent/snowflake.hpp>

#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace intent::client {

/// What a cache knows a value by: its `id`.
template <class Raw>
struct CacheKey {
    using Id = decltype(Raw::id);
    static Id of(const Raw& value) noexcept { return value.id; }
};

/// A member has no id of its own.
template <>
struct CacheKey<raw::Member> {
    using Id = MemberId;
    static Id of(const raw::Member& member) noexcept { return {member.server_id, member.user.id}; }
};

struct CacheHash {
    template <class Tag>
    std::size_t operator()(Snowflake<Tag> id) const noexcept {
        return std::hash<Snowflake<Tag>>{}(id);
    }
    std::size_t operator()(MemberId id) const noexcept {
        return (*this)(id.server_id) * 0x9e37'79b9'7f4a'7c15U ^ (*this)(id.user_id);
    }
};

/// A cache of raw values by their id. With limit 0 it keeps nothing.
///
/// Threads: safe.
template <class Raw>
class Cache {
public:
    using Key = CacheKey<Raw>;
    using Id = typename Key::Id;

    explicit Cache(std::size_t limit) : limit_(limit) {}

    bool off() const noexcept { return limit_ == 0; }

    /// Adds or replaces; tells what was there before.
    std::optional<Raw> put(Raw value) {
        if (off()) return std::nullopt;
        const std::lock_guard lock(mutex_);
        if (const auto found = index_.find(Key::of(value)); found != index_.end()) {
            order_.splice(order_.begin(), order_, found->second);
            return std::exchange(*found->second, std::move(value));
        }
        order_.push_front(std::move(value));
        index_.emplace(Key::of(order_.front()), order_.begin());
        if (order_.size() > limit_) {
            index_.erase(Key::of(order_.back()));
            order_.pop_back();
        }
        return std::nullopt;
    }

    std::optional<Raw> take(Id id) {
        const std::lock_guard lock(mutex_);
        const auto found = index_.find(id);
        if (found == index_.end()) return std::nullopt;
        std::optional<Raw> value(std::move(*found->second));
        order_.erase(found->second);
        index_.erase(found);
        return value;
    }

    std::optional<Raw> get(Id id) {
        const std::lock_guard lock(mutex_);
        const auto found = index_.find(id);
        if (found == index_.end()) return std::nullopt;
        order_.splice(order_.begin(), order_, found->second);
        return *found->second;
    }

    std::vector<Raw> all() const {
        const std::lock_guard lock(mutex_);
        return {order_.begin(), order_.end()};
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return order_.size();
    }

    void clear() {
        const std::lock_guard lock(mutex_);
        index_.clear();
        order_.clear();
    }

    /// Removes all that `gone` picks; tells them.
    template <class Predicate>
    std::vector<Raw> take_if(Predicate gone) {
        std::vector<Raw> taken;
        const std::lock_guard lock(mutex_);
        for (auto value = order_.begin(); value != order_.end();) {
            if (!gone(std::as_const(*value))) {
                ++value;
                continue;
            }
            index_.erase(Key::of(*value));
            taken.push_back(std::move(*value));
            value = order_.erase(value);
        }
        return taken;
    }

private:
    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::list<Raw> order_;  // most recently used first
    std::unordered_map<Id, typename std::list<Raw>::iterator, CacheHash> index_;
};

}  // namespace intent::client
