#include "relay/broker/pull_demand.hpp"

#include <algorithm>

namespace intent::relay::broker {

bool PullDemand::is_due(Time now) const noexcept {
    if (retry_at_ && now < *retry_at_) return false;
    if (wanted_ <= requested_) return false;
    // While half of the messages are on order, none waits at the broker for want of a request.
    return requested_ == 0 || wanted_ - requested_ >= std::min(options_.max_batch, wanted_) / 2;
}

std::optional<std::size_t> PullDemand::next_request(Time now) {
    if (!is_due(now)) return {};
    const std::size_t missing = wanted_ - requested_;
    const std::size_t batch = std::min(missing, options_.max_batch);
    if (requested_ == 0) heard_ = now;
    requested_ += batch;
    retry_at_.reset();
    return batch;
}

bool PullDemand::on_message(Time now) noexcept {
    heard_ = now;
    delay_ = {};
    if (requested_ > 0) --requested_;
    if (wanted_ == 0) return false;
    --wanted_;
    return true;
}

void PullDemand::on_heartbeat(Time now) noexcept {
    heard_ = now;
    delay_ = {};
}

void PullDemand::on_end(std::size_t missing, Time now) noexcept {
    heard_ = now;
    delay_ = {};
    requested_ -= std::min(requested_, missing);
}

void PullDemand::on_failed(Time now) noexcept {
    requested_ = 0;
    if (retry_at_ && now < *retry_at_) return;  // several requests fail at once
    delay_ = delay_.count() == 0 ? options_.retry_delay : std::min(2 * delay_, options_.max_retry_delay);
    retry_at_ = now + delay_;
}

void PullDemand::on_connected(Time now) noexcept {
    requested_ = 0;
    retry_at_.reset();
    heard_ = now;
}

bool PullDemand::on_time(Time now) noexcept {
    if (retry_at_ && now >= *retry_at_) retry_at_.reset();
    if (requested_ == 0 || now < heard_ + options_.silence) return false;
    on_failed(now);
    return true;
}

std::optional<PullDemand::Time> PullDemand::next_wake() const noexcept {
    if (retry_at_) return retry_at_;
    if (requested_ > 0) return heard_ + options_.silence;
    return {};
}

}  // namespace intent::relay::broker
