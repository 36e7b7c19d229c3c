#include "persistence/value_cache.hpp"

#include <cstdint>
#include <functional>

namespace intent::persistence {

std::size_t ValueCache::Hash::operator()(const KeyView& key) const noexcept {
    constexpr std::uint64_t odd = 0x9e37'79b9'7f4a'7c15U;
    std::uint64_t sum = std::hash<std::string_view>{}(key.name);
    for (const std::uint64_t part :
         {static_cast<std::uint64_t>(key.owner.kind()), key.owner.first(), key.owner.second()})
        sum = (sum ^ part) * odd;
    return static_cast<std::size_t>(sum ^ (sum >> 32));
}

std::optional<std::optional<TypedValue>> ValueCache::find(std::string_view name, const SettingOwner& owner) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(KeyView{name, owner});
    if (found == places_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->content;
}

void ValueCache::learn(std::string_view name, const SettingOwner& owner, const std::optional<TypedValue>& content) {
    const std::lock_guard lock(mutex_);
    if (const auto found = places_.find(KeyView{name, owner}); found != places_.end()) erase(found);
    if (capacity_ == 0 || (content && content->value.text.size() > max_bytes)) return;
    if (entries_.size() == capacity_) erase(places_.find(KeyView{entries_.back().name, entries_.back().owner}));
    entries_.push_front({std::string(name), owner, content});
    places_.emplace(KeyView{entries_.front().name, owner}, entries_.begin());
}

void ValueCache::clear() noexcept {
    const std::lock_guard lock(mutex_);
    places_.clear();
    entries_.clear();
}

void ValueCache::erase(std::unordered_map<KeyView, Entries::iterator, Hash>::iterator found) {
    const auto entry = found->second;
    places_.erase(found);  // first: its key views the entry
    entries_.erase(entry);
}

}  // namespace intent::persistence
