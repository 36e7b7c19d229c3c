#include "relay/broker/publish_window.hpp"

#include <algorithm>

namespace intent::relay::broker {

PublishWindow::Number PublishWindow::add(Message message) {
    Entry entry;
    entry.number = ++last_number_;
    entry.bytes = payload_size(message) + message.subject.size();
    entry.message = std::move(message);
    bytes_ += entry.bytes;
    entries_.push_back(std::move(entry));
    return last_number_;
}

const PublishWindow::Entry* PublishWindow::next_to_send(Time now) const noexcept {
    if (!connected_ || (retry_at_ && now < *retry_at_) || next_ == entries_.size()) return nullptr;
    return &entries_[next_];
}

void PublishWindow::on_sent(Time now) {
    retry_at_.reset();
    auto& entry = entries_[next_];
    if (entry.sent_once) ++resent_;
    entry.sent_once = true;
    if (next_ == 0) last_progress_ = now;
    ++next_;
    skip_done();
}

void PublishWindow::on_disconnected() noexcept { connected_ = false; }

void PublishWindow::on_connected() noexcept {
    connected_ = true;
    retry_at_.reset();
    delay_ = {};
    resend_from(0);
}

bool PublishWindow::on_acknowledged(Number number, Time now) { return remove(number, now); }

bool PublishWindow::on_refused(Number number, Time now) { return remove(number, now); }

void PublishWindow::on_failed(Number number, Time now) {
    const auto index = index_of(number);
    if (!index) return;
    resend_from(std::min(next_, *index));
    if (retry_at_ && now < *retry_at_) return;  // the broker refuses one after the other
    delay_ = delay_.count() == 0 ? options_.retry_delay : std::min(2 * delay_, options_.max_retry_delay);
    retry_at_ = now + delay_;
}

void PublishWindow::on_time(Time now) {
    if (retry_at_ && now >= *retry_at_) retry_at_.reset();
    if (connected_ && next_ > 0 && now >= last_progress_ + options_.acknowledge_timeout) {
        last_progress_ = now;
        ++timeouts_;
        resend_from(0);
    }
}

std::optional<PublishWindow::Time> PublishWindow::next_wake() const noexcept {
    if (!connected_) return {};
    if (retry_at_) return retry_at_;
    // The first entry is never done, so it is outstanding if it was sent.
    if (next_ > 0) return last_progress_ + options_.acknowledge_timeout;
    return {};
}

void PublishWindow::resend_from(std::size_t index) noexcept {
    next_ = index;
    skip_done();
}

void PublishWindow::skip_done() noexcept {
    while (next_ < entries_.size() && entries_[next_].done)
        ++next_;
}

std::optional<std::size_t> PublishWindow::index_of(Number number) const noexcept {
    if (entries_.empty() || number < entries_.front().number || number > entries_.back().number) return {};
    const auto index = static_cast<std::size_t>(number - entries_.front().number);
    if (entries_[index].done) return {};
    return index;
}

bool PublishWindow::remove(Number number, Time now) {
    const auto index = index_of(number);
    if (!index) return false;
    auto& entry = entries_[*index];
    bytes_ -= entry.bytes;
    entry.done = true;
    entry.message = {};
    delay_ = {};
    while (!entries_.empty() && entries_.front().done) {
        entries_.pop_front();
        if (next_ > 0) --next_;
        last_progress_ = now;
    }
    skip_done();
    return true;
}

}  // namespace intent::relay::broker
