// The values that were used last, set or not.
#pragma once

#include "persistence/store.hpp"

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace intent::persistence {

/// Knows for some settings what the file holds: a value, or none. The least recently used one goes when it is full.
///
/// It must equal the committed state, so `learn` and `forget` are called with the lock of the file held; `find` needs
/// no lock and does not wait for the disk.
///
/// Threads: safe.
class ValueCache {
public:
    /// A value that is longer than this many bytes is not kept.
    static constexpr std::size_t max_bytes = 4096;

    explicit ValueCache(std::size_t capacity) : capacity_(capacity) {}

    /// The outer optional is unset for what the cache does not know.
    std::optional<std::optional<TypedValue>> find(std::string_view name, const SettingOwner& owner);

    void learn(std::string_view name, const SettingOwner& owner, const std::optional<TypedValue>& content);

    void clear() noexcept;

private:
    struct KeyView {
        std::string_view name;
        SettingOwner owner;
        friend bool operator==(const KeyView&, const KeyView&) = default;
    };
    struct Hash {
        std::size_t operator()(const KeyView& key) const noexcept;
    };
    struct Entry {
        std::string name;
        SettingOwner owner;
        std::optional<TypedValue> content;
    };
    using Entries = std::list<Entry>;

    void erase(std::unordered_map<KeyView, Entries::iterator, Hash>::iterator found);

    std::mutex mutex_;
    const std::size_t capacity_;
    Entries entries_;                                              // the most recently used first
    std::unordered_map<KeyView, Entries::iterator, Hash> places_;  // the keys view the entries' names
};

}  // namespace intent::persistence
