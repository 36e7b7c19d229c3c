#include "relay/relay/rest_table.hpp"

#include <algorithm>

namespace intent::relay {

namespace {

RestAnswer failure(RestOutcome outcome, std::string text) {
    RestAnswer answer;
    answer.outcome = outcome;
    answer.text = std::move(text);
    return answer;
}

RestAnswer too_late() {
    return failure(RestOutcome::wait_too_long,
                   "the deadline of the request has passed by the clock of the relay; it was not sent");
}

RestAnswer other_request() {
    return failure(RestOutcome::invalid, "a REST request, key: it was used with another request before");
}

RestAnswer too_many_copies() {
    return failure(RestOutcome::cancelled, "too many copies of the request wait for its answer");
}

RestAnswer unknown(std::string text) { return failure(RestOutcome::unknown_outcome, std::move(text)); }

std::size_t size_of(const RestAnswer& answer) noexcept {
    std::size_t bytes = 128 + answer.body.size() + answer.text.size();
    for (const auto& [name, value] : answer.headers)
        bytes += 24 + name.size() + value.size();
    return bytes;
}

/// The answer for later requests with the same key.
RestAnswer repetition_of(const RestAnswer& answer) {
    const bool lost = answer.outcome == RestOutcome::broken || answer.outcome == RestOutcome::timeout;
    auto repeated = lost ? unknown("an earlier request with this key ended without an answer of the server") : answer;
    repeated.repeated = true;
    return repeated;
}

}  // namespace

bool had_no_effect(const RestAnswer& answer) noexcept {
    switch (answer.outcome) {
        case RestOutcome::answered:
        case RestOutcome::too_large:
            return answer.status >= 400;
        case RestOutcome::not_sent:
        case RestOutcome::wait_too_long:
        case RestOutcome::token_refused:
        case RestOutcome::webhook_gone:
        case RestOutcome::invalid:
        case RestOutcome::cancelled:
            return true;
        case RestOutcome::broken:
        case RestOutcome::timeout:
        case RestOutcome::unknown_outcome:
            return false;
    }
    return false;
}

void RestTable::on_request(Time now, std::int64_t wall_ms, Caller caller, RestRequest request, Actions& actions) {
    std::optional<Time> deadline;
    if (request.deadline_ms > 0) {
        // A deadline in a distant future would overflow the clock.
        constexpr std::int64_t max_wait_ms = 24 * 3'600'000;
        const auto left = std::min(request.deadline_ms - wall_ms, max_wait_ms);
        if (left <= 0) return actions.push_back(Reply{caller, too_late()});
        deadline = now + std::chrono::milliseconds(left);
    }
    const bool remembered = changes_something(request) && !request.key.empty();
    if (remembered && join(caller, request, actions)) return;
    if (under_way_.size() >= options_.max_under_way) {
        return actions.push_back(Reply{
            caller, failure(RestOutcome::cancelled, "not sent: " + std::to_string(under_way_.size()) +
                                                        " requests are under way already, the maximum of the relay")});
    }
    const Number number = ++last_number_;
    auto& execution = under_way_[number];
    execution.request = std::move(request);
    execution.fingerprint = fingerprint(execution.request);
    execution.callers.push_back(caller);
    execution.deadline = deadline;
    if (!remembered) {
        execution.phase = Phase::sending;
        return send(number, execution, now, actions);
    }
    by_key_.emplace(execution.request.key, number);
    RestRecord record;
    record.leader = options_.relay;
    record.fingerprint = execution.fingerprint;
    actions.push_back(Begin{number, execution.request.key, std::move(record)});
}

/// Answers a request whose key is known. False if it is not.
bool RestTable::join(Caller caller, const RestRequest& request, Actions& actions) {
    if (const auto found = by_key_.find(request.key); found != by_key_.end()) {
        auto& execution = under_way_.at(found->second);
        if (execution.fingerprint != fingerprint(request)) {
            actions.push_back(Reply{caller, other_request()});
        } else if (execution.phase == Phase::storing) {
            actions.push_back(Reply{caller, execution.repeated_answer});
        } else {
            // The earliest copy is the likeliest to be forgotten by whoever sent it.
            if (execution.callers.size() >= options_.max_copies) {
                actions.push_back(Reply{execution.callers.front(), too_many_copies()});
                execution.callers.erase(execution.callers.begin());
            }
            execution.callers.push_back(caller);
        }
        return true;
    }
    if (const auto found = kept_.find(request.key); found != kept_.end()) {
        const bool same = found->second.fingerprint == fingerprint(request);
        actions.push_back(Reply{caller, same ? found->second.answer : other_request()});
        return true;
    }
    return false;
}

void RestTable::send(Number number, const Execution& execution, Time now, Actions& actions) {
    Send send{number, execution.request, {}};
    if (execution.deadline)
        send.time_left = std::max(std::chrono::milliseconds(1),
                                  std::chrono::ceil<std::chrono::milliseconds>(*execution.deadline - now));
    actions.push_back(std::move(send));
}

void RestTable::on_begun(Time now, Number number, Actions& actions) {
    const auto found = under_way_.find(number);
    if (found == under_way_.end()) return;
    auto& execution = found->second;
    if (execution.deadline && now >= *execution.deadline) {
        actions.push_back(Forget{execution.request.key});
        return finish(found, too_late(), actions);
    }
    execution.phase = Phase::sending;
    send(number, execution, now, actions);
}

void RestTable::on_found(Time now, Number number, RestRecord record, Actions& actions) {
    const auto found = under_way_.find(number);
    if (found == under_way_.end()) return;
    if (record.fingerprint != found->second.fingerprint) return finish(found, other_request(), actions);
    if (!record.answer) {
        return finish(found,
                      unknown("an earlier request with this key was under way at the relay " + record.leader +
                              ", which did not record its outcome"),
                      actions);
    }
    auto answer = *std::move(record.answer);
    answer.repeated = true;
    keep(now, found->second.request.key, record.fingerprint, answer);
    finish(found, answer, actions);
}

void RestTable::on_begin_failed(Number number, const std::string& why, Actions& actions) {
    const auto found = under_way_.find(number);
    if (found == under_way_.end()) return;
    finish(found, failure(RestOutcome::cancelled, "not sent: the broker does not keep the key: " + why), actions);
}

void RestTable::on_answer(Time now, Number number, RestAnswer answer, Actions& actions) {
    const auto found = under_way_.find(number);
    if (found == under_way_.end()) return;
    auto& execution = found->second;
    const std::size_t limit = options_.max_answer_bytes;
    if (const auto size = size_of(answer); limit > 0 && size > limit) {
        const int status = answer.status;
        answer = failure(RestOutcome::too_large, "the answer has about " + std::to_string(size) +
                                                     " bytes, the broker's limit for messages allows " +
                                                     std::to_string(limit));
        answer.status = status;
    }
    const bool remembered = changes_something(execution.request) && !execution.request.key.empty();
    if (!remembered) return finish(found, answer, actions);
    if (had_no_effect(answer)) {
        actions.push_back(Forget{execution.request.key});
        return finish(found, answer, actions);
    }
    static_cast<void>(now);
    execution.phase = Phase::storing;
    execution.repeated_answer = repetition_of(answer);
    store(number, execution, actions);
    // Not after `on_stored`: both go to the broker on one connection, so nobody has the answer before the broker has
    // the record.
    reply(execution, answer, actions);
}

void RestTable::store(Number number, Execution& execution, Actions& actions) {
    ++execution.attempts;
    execution.retry_at.reset();
    RestRecord record;
    record.leader = options_.relay;
    record.fingerprint = execution.fingerprint;
    record.answer = execution.repeated_answer;
    actions.push_back(Store{number, execution.request.key, std::move(record)});
}

void RestTable::on_stored(Time now, Number number, bool stored) {
    const auto found = under_way_.find(number);
    if (found == under_way_.end()) return;
    auto& execution = found->second;
    if (!stored && execution.attempts < options_.store_attempts) {
        execution.retry_at = now + options_.store_retry;
        return;
    }
    keep(now, execution.request.key, execution.fingerprint, std::move(execution.repeated_answer));
    by_key_.erase(execution.request.key);
    under_way_.erase(found);
}

void RestTable::reply(Execution& execution, const RestAnswer& answer, Actions& actions) {
    for (const Caller caller : std::exchange(execution.callers, {}))
        actions.push_back(Reply{caller, answer});
}

void RestTable::finish(Executions::iterator execution, const RestAnswer& answer, Actions& actions) {
    reply(execution->second, answer, actions);
    // A request without a record may have a key too, which then belongs to another one.
    if (const auto key = by_key_.find(execution->second.request.key);
        key != by_key_.end() && key->second == execution->first)
        by_key_.erase(key);
    under_way_.erase(execution);
}

void RestTable::keep(Time now, const std::string& key, std::uint64_t fingerprint, RestAnswer answer) {
    if (kept_.contains(key)) return;
    const std::size_t bytes = size_of(answer);
    const auto order = ++last_order_;
    kept_.emplace(key, Kept{fingerprint, std::move(answer), bytes, order});
    expiry_.push_back({now + options_.kept, key, order});
    kept_bytes_ += bytes;
    while (kept_.size() > options_.max_kept || kept_bytes_ > options_.max_kept_bytes)
        drop_oldest();
}

void RestTable::drop_oldest() {
    const auto found = kept_.find(expiry_.front().key);
    if (found != kept_.end() && found->second.order == expiry_.front().order) {
        kept_bytes_ -= found->second.bytes;
        kept_.erase(found);
    }
    expiry_.pop_front();
}

void RestTable::on_time(Time now, Actions& actions) {
    while (!expiry_.empty() && expiry_.front().when <= now)
        drop_oldest();
    for (auto& [number, execution] : under_way_)
        if (execution.retry_at && *execution.retry_at <= now) store(number, execution, actions);
}

std::optional<RestTable::Time> RestTable::next_wake() const noexcept {
    std::optional<Time> wake;
    if (!expiry_.empty()) wake = expiry_.front().when;
    for (const auto& [number, execution] : under_way_)
        if (execution.retry_at && (!wake || *execution.retry_at < *wake)) wake = execution.retry_at;
    return wake;
}

void RestTable::on_end(Actions& actions) {
    for (auto& [number, execution] : under_way_) {
        switch (execution.phase) {
            case Phase::beginning:
                actions.push_back(Forget{execution.request.key});
                reply(execution, failure(RestOutcome::cancelled, "not sent: the relay stops"), actions);
                break;
            case Phase::sending:
                if (changes_something(execution.request)) {
                    reply(execution, unknown("the relay has stopped while the request was under way"), actions);
                } else {
                    reply(execution, failure(RestOutcome::cancelled, "the relay stops"), actions);
                }
                break;
            case Phase::storing:
                break;  // has its answer
        }
    }
    under_way_.clear();
    by_key_.clear();
    kept_.clear();
    expiry_.clear();
    kept_bytes_ = 0;
}

}  // namespace intent::relay
