// A binary heap of wake-up times. Members know their position, so that they can be moved and removed.
#pragma once

#include "limits/limiter.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace intent::limits {

inline constexpr std::uint32_t not_in_heap = 0xFFFFFFFF;

/// `Member` has a `std::uint32_t heap_place = not_in_heap`, which belongs to the only heap that it is in.
///
/// Threads: distinct objects: safe. Shared objects: unsafe.
/// Cost: logarithmic; `top` constant.
template <class Member>
class WakeHeap {
public:
    bool empty() const noexcept { return entries_.empty(); }
    Time top_time() const noexcept { return entries_.front().when; }
    Member* top() const noexcept { return entries_.front().member; }

    /// Adds a member, or moves it to another time.
    void set(Member* member, Time when) {
        if (member->heap_place == not_in_heap) {
            entries_.push_back({when, member});
            member->heap_place = static_cast<std::uint32_t>(entries_.size() - 1);
            rise(member->heap_place);
        } else if (entries_[member->heap_place].when != when) {
            entries_[member->heap_place].when = when;
            sink(rise(member->heap_place));
        }
    }

    /// No effect if the member is not in the heap.
    void remove(Member* member) noexcept {
        const auto place = member->heap_place;
        if (place == not_in_heap) return;
        member->heap_place = not_in_heap;
        const auto last = entries_.back();
        entries_.pop_back();
        if (last.member == member) return;
        put(place, last);
        sink(rise(place));
    }

private:
    struct Entry {
        Time when;
        Member* member;
    };

    void put(std::uint32_t place, Entry entry) noexcept {
        entries_[place] = entry;
        entry.member->heap_place = place;
    }

    std::uint32_t rise(std::uint32_t place) noexcept {
        const auto entry = entries_[place];
        while (place > 0 && entry.when < entries_[(place - 1) / 2].when) {
            put(place, entries_[(place - 1) / 2]);
            place = (place - 1) / 2;
        }
        put(place, entry);
        return place;
    }

    void sink(std::uint32_t place) noexcept {
        const auto entry = entries_[place];
        const auto count = static_cast<std::uint32_t>(entries_.size());
        for (auto child = 2 * place + 1; child < count; child = 2 * place + 1) {
            if (child + 1 < count && entries_[child + 1].when < entries_[child].when) ++child;
            if (!(entries_[child].when < entry.when)) break;
            put(place, entries_[child]);
            place = child;
        }
        put(place, entry);
    }

    std::vector<Entry> entries_;
};

}  // namespace intent::limits
