#include "session/send_limiter.hpp"

#include <algorithm>

namespace intent::session {

SendLimiter::SendLimiter(const Schedule& schedule)
    : limit_(std::max<std::size_t>(schedule.send_limit, 2)),
      window_(schedule.send_window),
      commands_(places_beside(schedule.interval_default)),
      later_commands_(commands_) {}

std::size_t SendLimiter::places_beside(Duration interval) const noexcept {
    const auto beats = static_cast<std::size_t>(window_ / std::max(interval, Duration(1))) + 2;
    return limit_ - std::min(beats + spare, limit_ / 2);
}

void SendLimiter::keep_room(Time now, Duration interval) {
    if (now >= later_) commands_ = later_commands_;
    const std::size_t places = places_beside(interval);
    if (places > commands_) {
        if (places != later_commands_) later_ = now + window_;
        later_commands_ = places;
    } else {
        commands_ = later_commands_ = places;
        later_ = Time::min();
    }
}

Time SendLimiter::next_free() const noexcept { return frees_beside(0); }

Time SendLimiter::next_opening() const noexcept {
    constexpr std::ptrdiff_t frames = 2;
    return frees_beside(frames - 1 - static_cast<std::ptrdiff_t>(spare));
}

Time SendLimiter::frees_beside(std::ptrdiff_t reserved) const noexcept {
    const auto places = [&](std::size_t commands) {
        const auto count = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(commands) - reserved);
        return std::min(count, limit_ - 1);  // no more are remembered
    };
    return std::min(frees(places(commands_)), std::max(later_, frees(places(later_commands_))));
}

// The time when fewer than `places` frames are left in the window.
Time SendLimiter::frees(std::size_t places) const noexcept {
    if (sent_.size() < places) return Time::min();
    return sent_[sent_.size() - places] + window_;
}

bool SendLimiter::fits_reply(Time now) const noexcept {
    const auto recent = std::upper_bound(sent_.begin(), sent_.end(), now - window_);
    const std::size_t commands = now >= later_ ? later_commands_ : commands_;
    return static_cast<std::size_t>(sent_.end() - recent) < std::min(commands + spare, limit_);
}

void SendLimiter::on_sent(Time now) {
    if (sent_.size() >= limit_) sent_.erase(sent_.begin());
    sent_.push_back(now);
}

void SendLimiter::use_up(Time now) {
    const std::size_t places = later_commands_;
    if (sent_.size() < places) sent_.insert(sent_.begin(), places - sent_.size(), Time::min());
    for (std::size_t i = 1; i <= places; ++i) {
        // A frame that was in fact sent later still counts.
        Time& one = sent_[sent_.size() - places + i - 1];
        one =
            std::max(one, now - window_ + window_ * static_cast<Duration::rep>(i) / static_cast<Duration::rep>(places));
    }
}

}  // namespace intent::session
