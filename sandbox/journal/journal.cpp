#include "sandbox/journal/journal.hpp"

#include "codec/frame.hpp"

#include <algorithm>
#include <utility>

namespace intent::inline v0::sandbox {
namespace {

constexpr std::size_t first_room = 256;

std::size_t own_bytes(const JournalDetails& details) {
    return sizeof details + details.what.size() + details.reason.size() + details.method.size() + details.path.size() +
           details.query.size() + details.bucket.size() + details.request.size() + details.response.size() +
           details.traceparent.size();
}

}  // namespace

codec::Bytes JournalEntry::frame() const {
    if (!event) return bytes;
    return codec::write_frame(codec::Opcode::dispatch, event->data, event->name, wire_number(seq));
}

void Journal::add(JournalEntry entry) {
    entry.n = next_;
    entry.cost = sizeof entry + entry.bytes.size();
    if (entry.details) entry.cost += own_bytes(*entry.details);
    if (entry.event && entry.event.get() != last_event_) entry.cost += entry.event->data.size();
    last_event_ = entry.event.get();
    if (size_ == max_entries) drop_oldest();
    while (size_ > 0 && bytes_ + entry.cost > max_bytes)
        drop_oldest();
    if (size_ == ring_.size()) make_room();
    bytes_ += entry.cost;
    ring_[(first_ + size_) % ring_.size()] = std::move(entry);
    ++size_;
    ++next_;
}

void Journal::drop_oldest() {
    JournalEntry& oldest = ring_[first_];
    bytes_ -= oldest.cost;
    oldest = {};
    first_ = (first_ + 1) % ring_.size();
    --size_;
    ++dropped_;
}

void Journal::make_room() {
    std::vector<JournalEntry> larger(std::min(max_entries, std::max(first_room, ring_.size() * 2)));
    for (std::size_t i = 0; i < size_; ++i)
        larger[i] = std::move(ring_[(first_ + i) % ring_.size()]);
    ring_ = std::move(larger);
    first_ = 0;
}

void Journal::clear() {
    ring_ = std::vector<JournalEntry>();
    first_ = size_ = bytes_ = 0;
    last_event_ = nullptr;
}

std::size_t Journal::begin_after(std::uint64_t after) const noexcept {
    if (after < oldest()) return 0;
    return static_cast<std::size_t>(std::min<std::uint64_t>(after + 1 - oldest(), size_));
}

Journal::Page Journal::page(const Wanted& wanted) const {
    Page page;
    const std::size_t begin = begin_after(wanted.after);
    std::size_t index = size_;
    while (index > begin && page.entries.size() < wanted.limit) {
        const JournalEntry& entry = at(--index);
        if ((wanted.kinds & bit(entry.kind)) != 0) page.entries.push_back(&entry);
    }
    while (index > begin)
        if ((wanted.kinds & bit(at(--index).kind)) != 0) ++page.skipped;
    if (wanted.after + 1 < oldest()) page.skipped += oldest() - wanted.after - 1;
    std::reverse(page.entries.begin(), page.entries.end());
    return page;
}

bool Journal::has(const Wanted& wanted) const {
    for (std::size_t index = begin_after(wanted.after); index < size_; ++index)
        if ((wanted.kinds & bit(at(index).kind)) != 0) return true;
    return false;
}

}  // namespace intent::sandbox
