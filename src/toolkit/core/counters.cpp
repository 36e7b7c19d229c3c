#include "toolkit/core/counters.hpp"

namespace intent::toolkit {

std::chrono::milliseconds Cooldown::wait(Time now, std::uint64_t key) const {
    const auto found = used_.find(key);
    if (found == used_.end() || found->second.size() < uses_) return {};
    // Only the last `uses_` are kept, so the first of them must have left the span.
    const auto left = found->second.front() + span_ - now;
    return left <= left.zero() ? std::chrono::milliseconds() : std::chrono::ceil<std::chrono::milliseconds>(left);
}

void Cooldown::take(Time now, std::uint64_t key) {
    forget_old(now);
    auto& times = used_[key];
    times.push_back(now);
    if (times.size() > uses_) times.pop_front();
}

void Cooldown::forget_old(Time now) {
    if (now < next_sweep_) return;
    next_sweep_ = now + span_;
    std::erase_if(used_, [&](const auto& entry) { return entry.second.back() + span_ <= now; });
}

bool RunningLimit::is_full(std::uint64_t key) const {
    const auto found = running_.find(key);
    return found != running_.end() && found->second >= max_;
}

void RunningLimit::end(std::uint64_t key) {
    const auto found = running_.find(key);
    if (found == running_.end()) return;
    if (--found->second == 0) running_.erase(found);
}

}  // namespace intent::toolkit
