#include "limits/budget.hpp"

#include <algorithm>

namespace intent::limits {
namespace {

using namespace std::chrono_literals;

constexpr Duration reset_rounding = 1s;     // `Reset` may be rounded up, down or to the nearest second
constexpr Duration longest_window = 15min;  // a larger `Reset` is invalid, unless the table lists one
constexpr Duration unknown_window = 1s;     // nothing remains, and no end is known
constexpr Duration little_delay = 150ms;

/// Allows for clocks that count whole milliseconds, and for clock drift.
Duration guard(Duration window) { return std::min<Duration>(5ms + window / 1000, 250ms); }

std::uint32_t less(std::uint32_t count, std::uint32_t by) { return count > by ? count - by : 0; }

}  // namespace

Budget::Budget(const TableRow* row, Habits* habits) : row_(row), habits_(habits) {
    if (row_ != nullptr && row_->second_limit > 0) {
        second_ = std::make_unique<SlidingWindow>(row_->second_limit, row_->second_window);
    }
}

void Budget::set_row(const TableRow* row, Habits* habits) noexcept {
    row_ = row;
    habits_ = habits;
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
    if (end == Time::max()) end = last_answer_ + unknown_window;
    if (in_flight_ > 0 || limit_ == 0 || full_at_ == Time::min()) return end;
    if (refills()) return one_token_at(certain);
    if (maybe_refills_) return std::max(end, one_token_at(certain));
    return end;
}

Time Budget::one_token_at(Duration certain) const noexcept {
    const auto token = token_time();
    const auto at = full_at_ - token * (limit_ - 1) + guard(token) - std::min(certain, token);
    // Some servers forget the fraction of a token at each request. Where it costs little, wait for a whole one.
    const auto whole = last_answer_ + token + guard(token);
    return whole > at && whole - at <= little_delay ? whole : at;
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
    if (!seen.info.limit && !seen.info.remaining) {
        count_bare(seen);
        track_level(seen);
        return;
    }
    if (seen.info.limit) limit_ = *seen.info.limit;
    if (seen.info.remaining && *seen.info.remaining >= limit_ && !seen.info.limit) limit_ = *seen.info.remaining + 1;
    const auto before = remaining_;
    const auto reset_before = reset_;
    const bool after_zero = phase_ == Phase::probing && seen.probe;
    if (phase_ == Phase::counting) {
        go_on(seen);
    } else if (phase_ != Phase::probing || seen.probe ||
               (seen.info.reset && *seen.info.reset > reset_ + reset_rounding)) {
        begin_window(seen);
    }
    track_level(seen);
    watch_run(seen, before, reset_before, after_zero);
}

void Budget::begin_window(const Observation& seen) {
    phase_ = Phase::counting;
    remaining_ = less(seen.info.remaining.value_or(less(limit_, 1)), in_flight_);
    first_answer_ = seen.received;
    reset_latest_ = Time::max();
    watch_window(seen);
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

void Budget::count_bare(const Observation& seen) {
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
        const bool exact = maybe_by_clock_ || (habits_ != nullptr && habits_->by_clock == Habits::Proof::proven);
        latest = seen.clock.latest(exact ? reset : reset + reset_rounding) + guard({});
        earliest = seen.clock.earliest(reset - reset_rounding);
    } else {
        if (row_fits_) return;  // our wall clock against theirs: the table is the better guess
        latest = seen.received + (reset - seen.received_wall) + reset_rounding;
        earliest = Time::min();
    }
    const auto furthest = std::max<Duration>(longest_window, row_ != nullptr ? Duration(row_->window * 2) : Duration{});
    if (latest < seen.sent || latest - seen.received > furthest) return;
    reset_ = reset;
    reset_latest_ = latest;
    if (row_fits_ && first_answer_ != Time::max() && first_answer_ + row_->window < earliest) row_fits_ = false;
}

void Budget::track_level(const Observation& seen) {
    if (row_ == nullptr || limit_ != row_->limit || limit_ == 0) return;
    const auto token = token_time();
    auto full_at = std::max(full_at_, seen.received) + token;
    if (seen.info.remaining) {
        const auto missing = limit_ - *seen.info.remaining;
        const auto latest = seen.received + token * missing;
        const auto earliest = seen.sent + token * less(missing, 1);
        full_at = full_at < earliest ? latest : std::min(full_at, latest);  // another client may draw from the bucket
    }
    full_at_ = full_at;
}

/// Our request was the first of its window: checks what the window's end shows about the server. A window that began
/// with it would end a whole window later.
void Budget::watch_window(const Observation& seen) {
    const bool was_by_clock = maybe_by_clock_;
    maybe_by_clock_ = maybe_refills_ = false;
    const auto& info = seen.info;
    if (habits_ == nullptr || row_ == nullptr || limit_ != row_->limit || limit_ < 2 || row_refuted_) return;
    if (!info.reset || !info.date || !info.remaining || *info.remaining + 1 != limit_ || in_flight_ > 0) return;
    const auto distance = *info.reset - *info.date;
    if (distance < 0s || distance > row_->window + 2 * reset_rounding) return;
    const bool multiple = info.reset->time_since_epoch() % row_->window == 0ns;
    const bool near_token = distance <= token_time() + reset_rounding;
    // By this answer's own `Date`, or by all that is known of the server's clock.
    const bool begun_before =
        distance + 2 * reset_rounding <= row_->window ||
        (seen.clock.known() && seen.clock.latest(*info.reset + reset_rounding) < seen.sent + row_->window);
    if (habits_->by_clock == Habits::Proof::none && multiple && !near_token && (begun_before || was_by_clock)) {
        habits_->by_clock = Habits::Proof::proven;
    }
    if (!begun_before) return;
    if (habits_->by_clock != Habits::Proof::disproved && !refills()) maybe_by_clock_ = multiple;
    if (habits_->refills != Habits::Proof::none || !near_token || habits_->by_clock == Habits::Proof::proven) return;
    if (multiple) {
        maybe_refills_ = true;
    } else {
        habits_->refills = Habits::Proof::proven;
    }
}

/// Checks requests in sequence: a bucket that refills shows a `Reset` that rises while `Remaining` falls, or a wait
/// that gave less than all and is followed by another short one.
void Budget::watch_run(const Observation& seen, std::uint32_t before, UnixTime reset_before, bool after_zero) {
    if (habits_ == nullptr || habits_->refills != Habits::Proof::none) return;
    if (row_ == nullptr || limit_ != row_->limit || limit_ < 2) return;
    if (!seen.info.reset || *seen.info.reset != reset_ || !seen.info.remaining || in_flight_ > 0) return;
    const auto left = *seen.info.remaining;
    const auto token = token_time();
    const bool whole = left + 1 >= limit_;
    const bool falls = left <= before || (left == before + 1 && !whole);
    if (!falls || reset_before == UnixTime{} || reset_ - reset_before > token + reset_rounding) {
        run_reset_ = reset_;
    } else if (reset_ - run_reset_ > reset_rounding) {
        habits_->refills = Habits::Proof::proven;
    }
    if (!after_zero || whole || !seen.info.date) return;
    const auto distance = reset_ - *seen.info.date;
    if (distance <= token + reset_rounding && distance + 2 * reset_rounding < row_->window) {
        habits_->refills = Habits::Proof::proven;
    }
}

Duration Budget::token_time() const noexcept { return Duration(row_->window) / std::max<std::uint32_t>(limit_, 1); }

void Budget::on_no_answer(Time now, bool probe, bool maybe_counted) {
    in_flight_ = less(in_flight_, 1);
    if (maybe_counted) {
        if (second_) second_->answered(now, {});
        if (row_ != nullptr && limit_ == row_->limit && full_at_ != Time::min()) {
            full_at_ = std::max(full_at_, now) + token_time();
        }
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
    if (probe && info.reset && reset_ != UnixTime{} && *info.reset <= reset_) {
        // The probe was sent after the expected end of the window, but the server still counts the same window.
        if (row_fits_) row_refuted_ = true;
        if (maybe_by_clock_ && habits_ != nullptr) habits_->by_clock = Habits::Proof::disproved;
    }
    maybe_by_clock_ = maybe_refills_ = false;
    if (probe && phase_ == Phase::probing) phase_ = Phase::counting;
    if (phase_ == Phase::counting) {
        remaining_ = 0;
        first_answer_ = Time::max();
        reset_latest_ = until;
    }
    if (refills()) {
        full_at_ = std::max(full_at_, until + token_time() * less(limit_, 1));
        if (++habits_->refill_strikes == 3) habits_->refills = Habits::Proof::disproved;
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
    return window_end({}).value_or(now) <= now && full_at_ <= now;
}

}  // namespace intent::limits
