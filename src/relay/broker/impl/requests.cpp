#include "relay/broker/impl/requests.hpp"

#include "relay/broker/errors.hpp"
#include "relay/broker/impl/status.hpp"

namespace intent::relay::broker {
namespace {

template <class Error>
Answer failure(const std::string& text) {
    return {.error = std::make_exception_ptr(Error(text))};
}

bool is_no_responders(const Message& message) {
    const auto* status = message.headers.find("Status");
    return message.data.empty() && status != nullptr && *status == "503";
}

}  // namespace

std::optional<std::uint64_t> RequestTable::add(std::string subject, std::uint64_t epoch,
                                               std::chrono::milliseconds timeout, Time now, Done done) {
    const std::lock_guard lock(mutex_);
    if (closed_) return {};
    const std::uint64_t number = ++last_number_;
    const auto deadline = deadlines_.emplace(now + timeout, number);
    pending_.emplace(number, Pending{std::move(subject), epoch, timeout, deadline, std::move(done), {}});
    return number;
}

void RequestTable::remove(std::uint64_t number) {
    Ended ended;
    const std::lock_guard lock(mutex_);
    if (const auto request = pending_.find(number); request != pending_.end()) end(request, {}, ended);
}

void RequestTable::fail(std::uint64_t number, std::exception_ptr error, Time now) {
    const std::lock_guard lock(mutex_);
    const auto request = pending_.find(number);
    if (request == pending_.end()) return;
    auto& pending = request->second;
    pending.error = std::move(error);
    deadlines_.erase(pending.deadline);
    pending.deadline = deadlines_.emplace(now, number);
}

RequestTable::Ended RequestTable::answer(std::uint64_t number, Message message) {
    Ended ended;
    const std::lock_guard lock(mutex_);
    const auto request = pending_.find(number);
    if (request == pending_.end()) return ended;
    if (is_no_responders(message))
        end(request, failure<NoResponders>(request->second.subject + ": nobody listens"), ended);
    else
        end(request, {.message = std::move(message)}, ended);
    return ended;
}

RequestTable::Ended RequestTable::expire(Time now) {
    Ended ended;
    const std::lock_guard lock(mutex_);
    while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
        const auto request = pending_.find(deadlines_.begin()->second);
        if (request->second.error) {
            end(request, {.error = request->second.error}, ended);
            continue;
        }
        end(request,
            failure<TimeoutError>(request->second.subject + ": no answer within " +
                                  std::to_string(request->second.timeout.count()) + " ms; " +
                                  std::string(silence_hint)),
            ended);
    }
    return ended;
}

RequestTable::Ended RequestTable::lose(std::uint64_t epoch, bool connected) {
    Ended ended;
    const std::lock_guard lock(mutex_);
    for (auto request = pending_.begin(); request != pending_.end();) {
        const auto next = std::next(request);
        if (!connected || request->second.epoch < epoch)
            end(request,
                failure<LostRequest>(request->second.subject +
                                     ": the connection to the broker was lost, so the outcome is unknown"),
                ended);
        request = next;
    }
    return ended;
}

RequestTable::Ended RequestTable::forbid(std::string_view subject) {
    Ended ended;
    const std::lock_guard lock(mutex_);
    for (auto request = pending_.begin(); request != pending_.end();) {
        const auto next = std::next(request);
        if (request->second.subject == subject)
            end(request, failure<Forbidden>(request->second.subject + ": the broker forbids this account to publish"),
                ended);
        request = next;
    }
    return ended;
}

RequestTable::Ended RequestTable::close() {
    Ended ended;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    while (!pending_.empty())
        end(pending_.begin(), failure<CancelledError>("the connection to the broker was closed"), ended);
    return ended;
}

std::optional<RequestTable::Time> RequestTable::next_deadline() const {
    const std::lock_guard lock(mutex_);
    if (deadlines_.empty()) return {};
    return deadlines_.begin()->first;
}

void RequestTable::end(Table::iterator request, Answer answer, Ended& ended) {
    deadlines_.erase(request->second.deadline);
    ended.emplace_back(std::move(request->second.done), std::move(answer));
    pending_.erase(request);
}

void call(RequestTable::Ended ended) {
    for (auto& [done, answer] : ended)
        done(std::move(answer));
}

}  // namespace intent::relay::broker
