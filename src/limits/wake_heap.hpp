// A binary heap of wake-up times. Members know their position, so that they can be moved and removed.
#pragma once

#include "limits/limiter.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace intent::inline v0::limits {

inline constexpr std::uint32_t not_in_heap = 0xFFFFFFFF;

/// `Member` has a `std::uint32_t heap_index = not_in_heap`, which the only heap that it is in uses.
///
/// Cost: logarithmic; `top` constant.
template <class Member>
class WakeHeap {
public:
    bool empty() const noexcept { return entries_.empty(); }
    Time top_time() const noexcept { return entries_.front().when; }
    Member* top() const noexcept { return entries_.front().member; }

    /// Adds a member, or moves it to another time.
    void set(Member* member, Time when) {
        if (member->heap_index == not_in_heap) {
            entries_.push_back({when, member});
            member->heap_index = static_cast<std::uint32_t>(entries_.size() - 1);
            rise(member->heap_index);
        } else if (entries_[member->heap_index].when != when) {
            entries_[member->heap_index].when = when;
            sink(rise(member->heap_index));
        }
    }

    /// No effect if the member is not in the heap.
    void remove(Member* member) noexcept {
        const auto index = member->heap_index;
        if (index == not_in_heap) return;
        member->heap_index = not_in_heap;
        const auto last = entries_.back();
        entries_.pop_back();
        if (last.member == member) return;
        put(index, last);
        sink(rise(index));
    }

private:
    struct Entry {
        Time when;
        Member* member;
    };

    void put(std::uint32_t index, Entry entry) noexcept {
        entries_[index] = entry;
        entry.member->heap_index = index;
    }

    std::uint32_t rise(std::uint32_t index) noexcept {
        const auto entry = entries_[index];
        while (index > 0 && entry.when < entries_[(index - 1) / 2].when) {
            put(index, entries_[(index - 1) / 2]);
            index = (index - 1) / 2;
        }
        put(index, entry);
        return index;
    }

    void sink(std::uint32_t index) noexcept {
        const auto entry = entries_[index];
        const auto count = static_cast<std::uint32_t>(entries_.size());
        for (auto child = 2 * index + 1; child < count; child = 2 * index + 1) {
            if (child + 1 < count && entries_[child + 1].when < entries_[child].when) ++child;
            if (!(entries_[child].when < entry.when)) break;
            put(index, entries_[child]);
            index = child;
        }
        put(index, entry);
    }

    std::vector<Entry> entries_;
};

}  // namespace intent::limits
