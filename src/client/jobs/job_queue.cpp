#include "client/jobs/job_queue.hpp"

#include <algorithm>

namespace intent::client {

namespace {

using std::chrono::milliseconds;
using Dates = std::shared_ptr<const detail::JobDates>;

}  // namespace

void JobQueue::start(Moment now) {
    started_ = true;
    for (auto& [id, entry] : entries_) {
        unplan(id, entry);
        plan(id, entry, now);
    }
}

void JobQueue::stop() {
    started_ = false;
    for (auto& [id, entry] : entries_)
        unplan(id, entry);
}

void JobQueue::add(Id id, Times times, Moment now) {
    Entry& entry = entries_[id];
    entry.times = std::move(times);
    if (started_) plan(id, entry, now);
}

void JobQueue::remove(Id id) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;
    unplan(id, found->second);
    entries_.erase(found);
}

/// Plans the first time after a start, or the next date.
void JobQueue::plan(Id id, Entry& entry, Moment now) {
    if (const auto* delay = std::get_if<detail::JobDelay>(&entry.times)) {
        if (!entry.deadline) entry.deadline = now.steady + delay->time;
        entry.steady = entry.deadline;
    } else if (const auto* period = std::get_if<milliseconds>(&entry.times)) {
        entry.steady = now.steady + *period;
    }
    if (entry.steady) {
        by_steady_.emplace(std::pair(*entry.steady, id), &entry);
        return;
    }
    // Dates before 1970 count as 1970: a difference in nanoseconds has a range of 292 years.
    const auto* once = std::get_if<Timestamp>(&entry.times);
    entry.wall = once ? std::max(*once, Timestamp()) : std::get<Dates>(entry.times)->next_after(now.wall);
    by_wall_.emplace(std::pair(*entry.wall, id), &entry);
}

void JobQueue::unplan(Id id, Entry& entry) {
    if (entry.steady) by_steady_.erase({*entry.steady, id});
    if (entry.wall) by_wall_.erase({*entry.wall, id});
    entry.steady.reset();
    entry.wall.reset();
}

std::vector<JobQueue::Id> JobQueue::take_due(Moment now) {
    std::vector<std::pair<net::Duration, Id>> due;  // with its delay
    while (!by_steady_.empty() && by_steady_.begin()->first.first <= now.steady) {
        auto node = by_steady_.extract(by_steady_.begin());
        const auto [time, id] = node.key();
        Entry& entry = *node.mapped();
        const net::Duration delay = now.steady - time;
        due.emplace_back(delay, id);
        entry.steady.reset();
        const auto* const period = std::get_if<milliseconds>(&entry.times);
        if (!period) continue;
        // From the planned time, so that the period does not drift, and beyond the times that have passed meanwhile.
        entry.steady = time + (delay / *period + 1) * *period;
        node.key().first = *entry.steady;
        by_steady_.insert(std::move(node));
    }
    while (!by_wall_.empty() && by_wall_.begin()->first.first <= now.wall) {
        auto node = by_wall_.extract(by_wall_.begin());
        const auto [time, id] = node.key();
        Entry& entry = *node.mapped();
        due.emplace_back(now.wall - time, id);
        entry.wall.reset();
        if (std::holds_alternative<Dates>(entry.times)) plan(id, entry, now);
    }
    std::ranges::sort(
        due, [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
    std::vector<Id> ids;
    ids.reserve(due.size());
    for (const auto& one : due)
        ids.push_back(one.second);
    return ids;
}

std::optional<net::Time> JobQueue::next_wake(Moment now) const {
    std::optional<net::Time> wake;
    if (!by_steady_.empty()) wake = by_steady_.begin()->first.first;
    if (!by_wall_.empty()) {
        const auto date = by_wall_.begin()->first.first;
        // Compared before they are subtracted, because a date can be out of the range of the steady clock.
        const net::Duration wait = date <= now.wall             ? net::Duration(0)
                                   : date > now.wall + max_wait ? net::Duration(max_wait)
                                                                : net::Duration(date - now.wall);
        wake = std::min(wake.value_or(net::Time::max()), now.steady + wait);
    }
    return wake;
}

std::optional<Timestamp> JobQueue::next_time(Id id, Moment now) const {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return std::nullopt;
    const Entry& entry = found->second;
    if (entry.steady) return now.wall + std::chrono::ceil<std::chrono::microseconds>(*entry.steady - now.steady);
    return entry.wall;
}

}  // namespace intent::client
