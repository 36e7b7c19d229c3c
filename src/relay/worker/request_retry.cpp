#include "relay/worker/request_retry.hpp"

#include <algorithm>

namespace intent::relay {

RequestRetry::Step RequestRetry::start(Time now) {
    if (now >= deadline_) return sent_ ? Fail::timeout : Fail::not_sent;
    const auto left = std::chrono::ceil<Milliseconds>(deadline_ - now);
    if (repeat_ == Repeat::never) return Send{left};
    const Send send{std::min(left, answer_time_)};
    answer_time_ = std::min(2 * answer_time_, max_answer_time_);
    return send;
}

RequestRetry::Step RequestRetry::on_failed(Time now, Failure failure) {
    if (failure == Failure::lost) {
        sent_ = true;
        silent_since_ = now;
        delay_ = first_delay;
        return repeat_ == Repeat::never ? Step(Fail::timeout) : start(now);
    }
    if (failure == Failure::refused) silent_since_ = now;
    if (now >= deadline_ || now - silent_since_ >= patience) return sent_ ? Fail::timeout : Fail::not_sent;
    const auto until = std::min(now + delay_, deadline_);
    delay_ = std::min(2 * delay_, max_delay);
    return Wait{until};
}

}  // namespace intent::relay
