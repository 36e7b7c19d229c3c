#include "session/send_limiter.hpp"

#include <algorithm>

namespace intent::session {

SendLimiter::SendLimiter(const Schedule& schedule)
    : limit_(std::max<std::size_t>(schedule.send_limit, 2)), window_(schedule.send_window), commands_(limit_ / 2) {
    keep_room(schedule.interval_default);
}

void SendLimiter::keep_room(Duration interval) {
    const auto beats = static_cast<std::size_t>(window_ / std::max(interval, Duration(1))) + 2;
    commands_ = limit_ - std::min(beats + spare, limit_ / 2);
}

Time SendLimiter::next_free() const noexcept { return frees(commands_); }

Time SendLimiter::next_opening() const noexcept {
    constexpr std::size_t frames = 2;
    return frees(std::min(commands_ + spare, limit_) - (frames - 1));
}

// The time when fewer than `places` frames are left in the window.
Time SendLimiter::frees(std::size_t places) const noexcept {
    if (sent_.size() < places) return Time::min();
    return sent_[sent_.size() - places] + window_;
}

bool SendLimiter::fits_reply(Time now) const noexcept {
    const auto recent = std::upper_bound(sent_.begin(), sent_.end(), now - window_);
    return static_cast<std::size_t>(sent_.end() - recent) < std::min(commands_ + spare, limit_);
}

void SendLimiter::on_sent(Time now) {
    if (sent_.size() >= limit_) sent_.erase(sent_.begin());
    sent_.push_back(now);
}

void SendLimiter::use_up(Time now) {
    if (sent_.size() < commands_) sent_.insert(sent_.begin(), commands_ - sent_.size(), Time::min());
    for (std::size_t i = 1; i <= commands_; ++i) {
        // A frame that was in fact sent later still counts.
        Time& one = sent_[sent_.size() - commands_ + i - 1];
        one = std::max(one,
                       now - window_ + window_ * static_cast<Duration::rep>(i) / static_cast<Duration::rep>(commands_));
    }
}

}  // namespace intent::session
