#include "limits/budget.hpp"

#include <algorithm>

namespace intent::inline v0::limits {
namespace {

using namespace std::chrono_literals;

constexpr Duration reset_rounding = 1s;  // `Reset` may be rounded up, down or to the nearest second
constexpr Duration max_window = 15min;   // a larger `Reset` is invalid, unless the table lists one
constexpr Duration unknown_window = 1s;  // nothing remains, and no end is known

/// Allows for clocks that count whole milliseconds, and for clock drift.
Duration guard(Duration window) { return std::min<Duration>(5ms + window / 1000, 250ms); }

std::uint32_t less(std::uint32_t count, std::uint32_t by) { return count > by ? count - by : 0; }

}  // namespace

Budget::Budget(const TableRow* row) : row_(row) {
    if (row_ != nullptr && row_->second_limit > 0) {
        second_ = std::make_unique<SlidingWindow>(row_->second_limit, row_->second_window);
    }
}

Time Budget::ready_at(Duration certain) const noexcept {
    auto ready = blocked_until_;
    if (second_) ready = std::max(ready, second_->opens_at());
    switch (phase_) {
        case Phase::unlimited:
            break;
        case Phase::unknown:
        case Phase::probing:  // nothing in flight: the probe has moved to another bucket, so send another
            if (in_flight_ > 0) return Time::max();
            break;
        case Phase::counting:
            if (remaining_ == 0) ready = std::max(ready, window_end(certain).value_or(Time::min()));
            break;
    }
    return ready;
}

std::optional<Time> Budget::window_end(Duration certain) const noexcept {
    if (phase_ != Phase::counting) return {};
    auto end = reset_latest_;
    if (row_fits_ && first_answer_ != Time::max()) {
        end = std::min(end, first_answer_ + row_->window + guard(row_->window) - certain);
    }
    return end == Time::max() ? last_answer_ + unknown_window : end;
}

bool Budget::start(Time now) {
    ++in_flight_;
    if (second_) second_->start(now);
    if (phase_ == Phase::unknown) return true;
    if (phase_ == Phase::unlimited) return false;
    if (remaining_ > 0) {
        --remaining_;
        return false;
    }
    phase_ = Phase::probing;
    return true;
}

void Budget::on_answer(const Observation& seen) {
    in_flight_ = less(in_flight_, 1);
    if (second_) second_->answered(seen.received, {});
    last_answer_ = seen.received;
    if (!seen.info.limit && !seen.info.remaining) return count_without_headers(seen);
    if (seen.info.limit) limit_ = *seen.info.limit;
    if (seen.info.remaining && *seen.info.remaining >= limit_ && !seen.info.limit) limit_ = *seen.info.remaining + 1;
    if (phase_ == Phase::counting) {
        go_on(seen);
    } else if (phase_ != Phase::probing || seen.probe ||
               (seen.info.reset && *seen.info.reset > reset_ + reset_rounding)) {
        begin_window(seen);
    }
}

void Budget::begin_window(const Observation& seen) {
    phase_ = Phase::counting;
    remaining_ = less(seen.info.remaining.value_or(less(limit_, 1)), in_flight_);
    first_answer_ = seen.received;
    reset_latest_ = Time::max();
    read_reset(seen);
}

void Budget::go_on(const Observation& seen) {
    const auto& reset = seen.info.reset;
    const auto left = seen.info.remaining.value_or(remaining_);
    const bool both_known = reset && reset_ != UnixTime{};
    if (both_known && *reset < reset_) return;  // of an earlier window, overtaken by a later answer
    const bool rose = both_known && *reset > reset_;
    if (rose && (*reset - reset_ > reset_rounding || left > remaining_ + in_flight_)) return begin_window(seen);
    if (rose) first_answer_ = seen.received;  // a rounding difference, or a bucket that refills
    if (!both_known && !reset && in_flight_ == 0 && left > remaining_) {
        remaining_ = left;
        first_answer_ = seen.received;
    }
    remaining_ = std::min(remaining_, left);
    read_reset(seen);
}

void Budget::count_without_headers(const Observation& seen) {
    const bool opens = phase_ != Phase::counting && seen.probe;
    if (seen.status >= 400) {  // perhaps from a proxy that does not know the limits
        if (opens && phase_ == Phase::probing) probe_again();
        return;
    }
    if (!opens) return;
    if (phase_ == Phase::unknown && row_ == nullptr) {
        phase_ = Phase::unlimited;
        return;
    }
    if (phase_ == Phase::unknown) limit_ = row_->limit;
    begin_window(seen);
}

void Budget::read_reset(const Observation& seen) {
    const bool listed = row_ != nullptr && limit_ == row_->limit;
    row_fits_ = listed && !row_refuted_;
    if (!seen.info.reset) return;
    const auto reset = *seen.info.reset;
    Time latest, earliest;
    if (seen.clock.known()) {
        latest = seen.clock.latest(reset + reset_rounding) + guard({});
        earliest = seen.clock.earliest(reset - reset_rounding);
    } else {
        if (row_fits_) return;  // our wall clock against theirs: the table is the better guess
        latest = seen.received + (reset - seen.received_wall) + reset_rounding;
        earliest = Time::min();
    }
    const auto furthest = std::max<Duration>(max_window, row_ != nullptr ? Duration(row_->window * 2) : Duration{});
    if (latest < seen.sent || latest - seen.received > furthest) return;
    reset_ = reset;
    reset_latest_ = latest;
    if (row_fits_ && first_answer_ != Time::max() && first_answer_ + row_->window < earliest) row_fits_ = false;
}

void Budget::on_no_answer(Time now, bool probe, bool maybe_counted) {
    in_flight_ = less(in_flight_, 1);
    if (maybe_counted) {
        if (second_) second_->answered(now, {});
    } else {
        if (second_) second_->not_sent();
        if (phase_ == Phase::counting && !probe && remaining_ < limit_) ++remaining_;
    }
    if (probe && phase_ == Phase::probing) probe_again();
}

void Budget::on_limited(Time received, Time until, bool probe, const RateLimitInfo& info) {
    in_flight_ = less(in_flight_, 1);
    if (second_) second_->answered(received, {});
    last_answer_ = received;
    blocked_until_ = std::max(blocked_until_, until);
    if (info.limit) limit_ = *info.limit;
    if (phase_ == Phase::unknown || phase_ == Phase::unlimited) {
        if (!info.limit) limit_ = row_ != nullptr ? row_->limit : 1;
        phase_ = Phase::counting;
    }
    // The probe was sent after the expected end of the window, but the server still counts the same window.
    if (probe && info.reset && reset_ != UnixTime{} && *info.reset <= reset_ && row_fits_) row_refuted_ = true;
    if (probe && phase_ == Phase::probing) phase_ = Phase::counting;
    if (phase_ == Phase::counting) {
        remaining_ = 0;
        first_answer_ = Time::max();
        reset_latest_ = until;
    }
}

void Budget::probe_again() noexcept {
    phase_ = Phase::counting;
    remaining_ = 0;
    first_answer_ = Time::max();
    reset_latest_ = Time::min();
}

void Budget::release(std::uint32_t in_flight, bool probe) noexcept {
    in_flight_ = less(in_flight_, in_flight);
    if (phase_ == Phase::counting && !probe)
        remaining_ = std::min(remaining_ + in_flight, limit_);  // another bucket counts them
    if (probe && phase_ == Phase::probing) probe_again();
}

void Budget::take_second_limit(Budget& from) noexcept {
    if (!second_) second_ = std::move(from.second_);
}

std::optional<std::uint32_t> Budget::limit() const noexcept {
    if (phase_ == Phase::unknown || phase_ == Phase::unlimited) return {};
    return limit_;
}

std::optional<std::uint32_t> Budget::remaining() const noexcept {
    if (phase_ == Phase::unknown || phase_ == Phase::unlimited) return {};
    return remaining_;
}

bool Budget::forgettable(Time now) const noexcept {
    if (in_flight_ > 0 || blocked_until_ > now || (second_ && !second_->idle(now))) return false;
    if (phase_ != Phase::counting) return true;
    return window_end({}).value_or(now) <= now;
}

}  // namespace intent::limits
