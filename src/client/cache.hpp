// What the client remembers: bounded, the least recently used goes first.
#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace intent::client {

/// A cache of raw values by their `id`. With limit 0 it keeps nothing.
///
/// Threads: safe.
template <class Raw>
class Cache {
public:
    using Id = decltype(Raw::id);

    explicit Cache(std::size_t limit) : limit_(limit) {}

    bool off() const noexcept { return limit_ == 0; }

    /// Adds or replaces; tells what was there before.
    std::optional<Raw> put(Raw value) {
        if (off()) return std::nullopt;
        const std::lock_guard lock(mutex_);
        if (const auto found = index_.find(value.id); found != index_.end()) {
            order_.splice(order_.begin(), order_, found->second);
            return std::exchange(*found->second, std::move(value));
        }
        order_.push_front(std::move(value));
        index_.emplace(order_.front().id, order_.begin());
        if (order_.size() > limit_) {
            index_.erase(order_.back().id);
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
            index_.erase(value->id);
            taken.push_back(std::move(*value));
            value = order_.erase(value);
        }
        return taken;
    }

private:
    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::list<Raw> order_;  // most recently used first
    std::unordered_map<Id, typename std::list<Raw>::iterator> index_;
};

}  // namespace intent::client
