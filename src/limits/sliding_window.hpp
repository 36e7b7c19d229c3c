// "At most N in any span of T", enforced without knowing exactly when the other side counts.
#pragma once

#include "limits/limiter.hpp"

#include <algorithm>
#include <vector>

namespace intent::inline v0::limits {

/// A request holds a slot from its start until the span has passed since its answer. Proof that the server then never
/// counts N + 1 in one span: assume that it does. When the last of them was sent, each of the others was unanswered or
/// had been answered less than a span ago, because each was counted before its answer. So all N slots were taken, and
/// the last could not have been sent.
class SlidingWindow {
public:
    SlidingWindow(std::size_t limit, Duration span) : span_(span), freed_(std::max<std::size_t>(limit, 1)) {}

    /// When a slot is free: in the past if one is; `Time::max()` if only an answer can free one.
    Time opens_at() const noexcept {
        if (in_flight_ + waiting_ < freed_.size()) return Time::min();
        return waiting_ == 0 ? Time::max() : freed_[first_];
    }

    void start(Time now) {
        while (waiting_ > 0 && freed_[first_] <= now) {
            first_ = (first_ + 1) % freed_.size();
            --waiting_;
        }
        ++in_flight_;
    }

    /// `certain`: the certain part of the answer's and the next request's travel time (RoundTrips).
    void answered(Time now, Duration certain) {
        if (in_flight_ > 0) --in_flight_;
        if (waiting_ == freed_.size()) return;
        auto frees = now + span_ + guard_ - std::min(certain, span_);
        if (waiting_ > 0) frees = std::max(frees, freed_[(first_ + waiting_ - 1) % freed_.size()]);
        freed_[(first_ + waiting_) % freed_.size()] = frees;
        ++waiting_;
    }

    void not_sent() noexcept {
        if (in_flight_ > 0) --in_flight_;
    }

    bool idle(Time now) const noexcept {
        return in_flight_ == 0 && (waiting_ == 0 || freed_[(first_ + waiting_ - 1) % freed_.size()] <= now);
    }

private:
    static constexpr Duration guard_ = std::chrono::milliseconds(5);  // whole-millisecond clocks, and drift

    Duration span_;
    std::vector<Time> freed_;  // a ring: when the slots of answered requests become free, ascending
    std::size_t first_ = 0, waiting_ = 0, in_flight_ = 0;
};

}  // namespace intent::limits
