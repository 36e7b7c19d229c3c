#include "relay/worker/relay_calls.hpp"

#include "codec/any.hpp"
#include "relay/broker/errors.hpp"
#include "relay/wire/rest_messages.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <exception>
#include <span>
#include <utility>
#include <variant>

namespace intent::relay {

using detail::RemoteAnswer;
using AnswerKind = RemoteAnswer::Kind;

namespace {

constexpr std::chrono::milliseconds command_timeout{15'000};

RemoteAnswer failed_answer(AnswerKind kind, std::string text) { return {.kind = kind, .text = std::move(text)}; }

codec::ByteView bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of_bytes(const codec::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

RemoteAnswer answer_of(RestAnswer answer) {
    static constexpr std::pair<RestOutcome, AnswerKind> kinds[] = {
        {RestOutcome::answered, AnswerKind::answered},
        {RestOutcome::not_sent, AnswerKind::not_sent},
        {RestOutcome::broken, AnswerKind::broken},
        {RestOutcome::timeout, AnswerKind::timeout},
        {RestOutcome::wait_too_long, AnswerKind::wait_too_long},
        {RestOutcome::token_refused, AnswerKind::token_refused},
        {RestOutcome::webhook_gone, AnswerKind::webhook_gone},
        {RestOutcome::unknown_outcome, AnswerKind::unknown_outcome},
        {RestOutcome::invalid, AnswerKind::invalid},
        {RestOutcome::cancelled, AnswerKind::cancelled},
        {RestOutcome::too_large, AnswerKind::broken},
    };
    RemoteAnswer result{.kind = AnswerKind::broken,
                        .status = answer.status,
                        .headers = std::move(answer.headers),
                        .body = std::move(answer.body),
                        .text = std::move(answer.text)};
    for (const auto& [outcome, kind] : kinds)
        if (outcome == answer.outcome) result.kind = kind;
    return result;
}

}  // namespace

struct RelayCalls::Call {
    std::uint64_t id = 0;
    std::string subject;
    std::string body;
    RequestRetry retry;
    std::unique_ptr<net::Timer> timer = {};
    bool sent = false;
    /// Reads an answer. False: the relay refused it because it stops; nothing was done.
    std::function<bool(const std::string& data)> read;
    std::function<void(RequestRetry::Fail)> fail;
    std::function<void(std::string text)> refuse;  // it cannot be sent at all
    std::function<void()> cancel;
};

RelayCalls::RelayCalls(net::Loop& loop, std::shared_ptr<broker::Connection> connection, const Names& names,
                       Settings settings, std::shared_ptr<WorkerCounters> counters)
    : loop_(loop),
      connection_(std::move(connection)),
      names_(names),
      settings_(settings),
      counters_(std::move(counters)),
      own_keys_("w" + std::to_string(loop.random_seed()) + "-") {}

void RelayCalls::request(detail::RemoteRequest request, std::function<void(RemoteAnswer)> done) {
    const auto deadline = request.max_wait.value_or(settings_.max_wait) + settings_.request_timeout;
    RestRequest message{.method = std::move(request.method),
                        .path = std::move(request.path),
                        .body = std::move(request.body),
                        .key = std::move(request.key),
                        .traceparent = request.trace.traceparent()};
    message.deadline_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(loop_.system_now().time_since_epoch() + deadline).count();
    const bool changes = changes_something(message);
    // A key makes copies of one request harmless; this one is not the same after a redelivery.
    if (changes && message.key.empty()) message.key = own_keys_ + std::to_string(last_id_);
    if (!changes) message.key.clear();
    auto call = std::make_shared<Call>(
        Call{.subject = names_.rest(),
             .body = text_of_bytes(write_rest_request(message)),
             .retry = RequestRetry({}, {}, {}, {}),
             .read = {},
             .fail = {},
             .refuse = [done](std::string text) { done(failed_answer(AnswerKind::invalid, std::move(text))); },
             .cancel = [done] { done(failed_answer(AnswerKind::cancelled, "the worker was stopped")); }});
    call->read = [done](const std::string& data) {
        auto answer = read_rest_answer(bytes_of(data));
        if (!answer) {
            done(failed_answer(AnswerKind::broken, "the relay's answer: " + answer.failure().text()));
            return true;
        }
        if (answer->outcome == RestOutcome::cancelled) return false;
        done(answer_of(std::move(*answer)));
        return true;
    };
    call->fail = [done](RequestRetry::Fail how) {
        if (how == RequestRetry::Fail::not_sent)
            done(failed_answer(AnswerKind::not_sent, "no relay answers: is `intent relay` running?"));
        else
            done(failed_answer(AnswerKind::timeout, "the relay has not answered in time"));
    };
    add(std::move(call), deadline, changes ? RequestRetry::Repeat::free : RequestRetry::Repeat::costly);
}

void RelayCalls::command(std::uint8_t op, const detail::Payload& data, std::function<void(std::exception_ptr)> done) {
    CommandRequest message{.op = op};
    if (!data.empty()) message.data = codec::Any{data};
    message.deadline_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(loop_.system_now().time_since_epoch() + command_timeout)
            .count();
    const auto fail_with = [done](std::string text) {
        done(std::make_exception_ptr(NetworkError("gateway command: " + std::move(text))));
    };
    auto call = std::make_shared<Call>(
        Call{.subject = names_.gateway(),
             .body = text_of_bytes(write_command_request(message)),
             .retry = RequestRetry({}, {}, {}, {}),
             .read = {},
             .fail = {},
             .refuse = fail_with,
             .cancel = [done] { done(std::make_exception_ptr(CancelledError("the worker was stopped"))); }});
    call->read = [done, fail_with](const std::string& reply) {
        const auto answer = read_command_answer(bytes_of(reply));
        if (!answer) {
            fail_with("the relay's answer: " + answer.failure().text());
            return true;
        }
        if (answer->outcome == CommandOutcome::cancelled) return false;
        if (answer->outcome == CommandOutcome::sent)
            done(nullptr);
        else
            fail_with(answer->text.empty() ? "the relay has not sent it" : answer->text);
        return true;
    };
    call->fail = [fail_with](RequestRetry::Fail how) {
        fail_with(how == RequestRetry::Fail::not_sent ? "no relay answers: is `intent relay` running?"
                                                      : "the relay has not answered in time");
    };
    add(std::move(call), command_timeout, RequestRetry::Repeat::never);
}

void RelayCalls::add(std::shared_ptr<Call> call, std::chrono::milliseconds deadline, RequestRetry::Repeat repeat) {
    call->id = ++last_id_;
    const auto now = loop_.now();
    // The relay keeps the deadline; a little more time lets its answer arrive.
    call->retry = RequestRetry(now, deadline + std::chrono::seconds(1),
                               settings_.request_timeout + std::chrono::seconds(1), repeat);
    calls_.emplace(call->id, call);
    take(call, call->retry.start(now));
}

void RelayCalls::take(const std::shared_ptr<Call>& call, const RequestRetry::Step& step) {
    if (const auto* sending = std::get_if<RequestRetry::Send>(&step)) return send(call, sending->timeout);
    if (const auto* how = std::get_if<RequestRetry::Fail>(&step)) return fail(call, *how);
    if (!call->timer) call->timer = std::make_unique<net::Timer>(loop_, net::Timer::Kind::real);
    call->timer->arm(std::get<RequestRetry::Wait>(step).until, [this, id = call->id] {
        const auto found = calls_.find(id);
        if (found == calls_.end()) return;
        const auto waiting = found->second;
        take(waiting, waiting->retry.start(loop_.now()));
    });
}

void RelayCalls::send(const std::shared_ptr<Call>& call, std::chrono::milliseconds timeout) {
    if (std::exchange(call->sent, true)) ++counters_->repeated;
    try {
        connection_->request(broker::Message{.subject = call->subject, .data = call->body}, timeout,
                             [this, id = call->id](broker::Answer answer) {
                                 auto shared = std::make_shared<broker::Answer>(std::move(answer));
                                 loop_.post([this, id, shared] { on_answer(id, std::move(*shared)); });
                             });
    } catch (const std::exception& error) {  // it exceeds the broker's limit
        const auto ended = calls_.extract(call->id);
        ++counters_->unanswered;
        call->refuse(error.what());
    }
}

void RelayCalls::on_answer(std::uint64_t id, broker::Answer answer) {
    const auto found = calls_.find(id);
    if (found == calls_.end()) return;
    const auto call = found->second;
    using Failure = RequestRetry::Failure;
    auto failure = Failure::refused;
    try {
        if (call->read(answer.value().data)) {
            calls_.erase(id);
            ++counters_->answered;
            return;
        }
    } catch (const broker::NoResponders&) {
        failure = Failure::no_relay;
    } catch (const broker::NotSent&) {
        failure = Failure::no_relay;
    } catch (const ConfigError& error) {
        calls_.erase(id);
        ++counters_->unanswered;
        return call->refuse(error.what());
    } catch (const std::exception&) {
        failure = Failure::lost;
    }
    take(call, call->retry.on_failed(loop_.now(), failure));
}

void RelayCalls::fail(const std::shared_ptr<Call>& call, RequestRetry::Fail how) {
    const auto ended = calls_.extract(call->id);
    ++counters_->unanswered;
    call->fail(how);
}

void RelayCalls::stop() {
    for (const auto& [id, call] : std::exchange(calls_, {}))
        call->cancel();
}

}  // namespace intent::relay
