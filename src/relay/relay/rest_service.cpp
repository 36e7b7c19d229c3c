#include "relay/relay/rest_service.hpp"

#include "relay/broker/error_text.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace intent::relay {

namespace {

using namespace std::chrono_literals;
using CallKind = detail::RemoteAnswer::Kind;

constexpr auto record_timeout = 5s;
constexpr int record_attempts = 4;
/// Bytes of a message in addition to the body of its answer.
constexpr std::size_t message_overhead = 1'024;

RestOutcome outcome_of(CallKind kind) noexcept {
    switch (kind) {
        case CallKind::answered:
            return RestOutcome::answered;
        case CallKind::not_sent:
            return RestOutcome::not_sent;
        case CallKind::broken:
            return RestOutcome::broken;
        case CallKind::timeout:
            return RestOutcome::timeout;
        case CallKind::wait_too_long:
            return RestOutcome::wait_too_long;
        case CallKind::token_refused:
            return RestOutcome::token_refused;
        case CallKind::webhook_gone:
            return RestOutcome::webhook_gone;
        case CallKind::unknown_outcome:
            return RestOutcome::unknown_outcome;
        case CallKind::invalid:
            return RestOutcome::invalid;
        case CallKind::cancelled:
            break;
    }
    return RestOutcome::cancelled;
}

codec::ByteView bytes_of(const std::string& data) {
    return {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
}

std::string text_of(const codec::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

std::int64_t wall_ms(const net::Loop& loop) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(loop.system_now().time_since_epoch()).count();
}

}  // namespace

RestAnswer answer_of(detail::RemoteAnswer answer, const TokenFilter& tokens, const text::Redactor& secrets) {
    constexpr std::size_t text_limit = 1'000;
    RestAnswer result;
    result.outcome = outcome_of(answer.kind);
    result.status = answer.status;
    result.headers = std::move(answer.headers);
    result.body = std::move(answer.body);
    if (!answer.text.empty()) result.text = text::peer_text(answer.text, secrets, text_limit);
    tokens.apply(result.body);
    for (auto& [name, value] : result.headers)
        tokens.apply(value);
    return result;
}

void RestService::begin() {
    const auto weak = weak_from_this();
    rest_ =
        parts_.connection->subscribe(parts_.names.rest(), relay_group(parts_.term), [weak](broker::Message message) {
            const auto self = weak.lock();
            if (!self) return;
            {
                const std::lock_guard lock(self->mutex_);
                ++self->arriving_;
            }
            self->post([self, message = std::move(message)] {
                self->on_rest(message);
                const std::lock_guard lock(self->mutex_);
                --self->arriving_;
                self->idle_.notify_all();
            });
        });
    commands_ =
        parts_.connection->subscribe(parts_.names.gateway(), relay_group(parts_.term), [weak](broker::Message message) {
            const auto self = weak.lock();
            if (self) self->post([self, message = std::move(message)] { self->on_command(message); });
        });
}

bool RestService::settle(std::chrono::milliseconds timeout) {
    rest_.reset();
    commands_.reset();
    std::unique_lock lock(mutex_);
    return idle_.wait_for(lock, timeout, [&] { return under_way_ == 0 && arriving_ == 0; });
}

void RestService::end() {
    rest_.reset();
    commands_.reset();
    std::mutex mutex;
    std::condition_variable done;
    bool ended = false;
    post([&, self = shared_from_this()] {
        feed([&](auto, auto& actions) { table_.on_end(actions); });
        timer_.reset();
        ended_ = true;
        const std::lock_guard lock(mutex);
        ended = true;
        done.notify_all();
    });
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return ended; });
}

void RestService::post(std::function<void()> work) { parts_.loop->post(std::move(work)); }

/// False for a request whose answer would reach something else than whoever sent it. It is dropped.
bool RestService::can_answer(const broker::Message& message) {
    if (is_inbox(message.reply)) return true;
    if (!std::exchange(odd_reply_reported_, true))
        parts_.log(LogLevel::warn, "a request on " + message.subject + " is dropped, because its reply subject '" +
                                       message.reply + "' is not an inbox; further ones are not reported");
    return false;
}

void RestService::on_rest(const broker::Message& message) {
    if (!parts_.leads()) return;  // the leader of another term gets the request too
    if (!can_answer(message)) return void(++parts_.counters->requests_refused);
    if (ended_) return answer(message.reply, RestAnswer{.outcome = RestOutcome::cancelled, .text = "the relay stops"});
    ++parts_.counters->requests;
    auto request = read_rest_request(bytes_of(message.data));
    if (!request) {
        RestAnswer refused;
        refused.outcome = RestOutcome::invalid;
        refused.text = text::peer_text(request.failure().text(), parts_.log.secrets());
        count(refused);
        return answer(message.reply, refused);
    }
    if (const auto limit = parts_.connection->max_payload(); limit > message_overhead)
        table_.set_max_answer_bytes(limit - message_overhead);
    const auto caller = ++last_caller_;
    callers_.emplace(caller, message.reply);
    feed([&](auto now, auto& actions) {
        table_.on_request(now, wall_ms(*parts_.loop), caller, *std::move(request), actions);
    });
}

void RestService::feed(const std::function<void(RestTable::Time, RestTable::Actions&)>& input) {
    if (ended_) return;
    RestTable::Actions actions;
    input(parts_.loop->now(), actions);
    for (auto& action : actions)
        std::visit([this](auto& one) { perform(std::move(one)); }, action);
    parts_.counters->requests_under_way = table_.under_way();
    {
        const std::lock_guard lock(mutex_);
        under_way_ = table_.under_way();
        idle_.notify_all();
    }
    rearm();
}

void RestService::rearm() {
    const auto wake = table_.next_wake();
    if (!wake) return;
    if (!timer_) timer_ = std::make_unique<net::Timer>(*parts_.loop);
    timer_->arm(*wake, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (self) self->feed([&](auto now, auto& actions) { self->table_.on_time(now, actions); });
    });
}

void RestService::perform(RestTable::Begin begin) {
    create_record(begin.number, answer_key(begin.key), text_of(write_rest_record(begin.record)), 0, record_attempts);
}

/// Writes the record if the key still has this revision.
void RestService::create_record(Number number, std::string key, std::string value, std::uint64_t revision,
                                int attempts) {
    const auto self = shared_from_this();
    const auto failed = [self, number](std::string why) {
        self->feed([&](auto, auto& actions) { self->table_.on_begin_failed(number, why, actions); });
    };
    try {
        parts_.answers.update(
            key, value, revision, record_timeout,
            [self, number, key, value, attempts, failed](broker::Written written) {
                self->post([self, number, key, value, attempts, failed, written = std::move(written)] {
                    if (written.error) return failed(error_text(written.error));
                    if (written.conflict) {
                        if (attempts == 0) return failed("its record changes all the time");
                        return self->look_at_record(number, key, value, attempts - 1);
                    }
                    self->feed([&](auto now, auto& actions) { self->table_.on_begun(now, number, actions); });
                });
            });
    } catch (const Error& error) {
        // Not at once: `feed` is executing the actions of the table.
        post([failed, why = std::string(error.what())] { failed(why); });
    }
}

/// The key has a record, or had one that was removed.
void RestService::look_at_record(Number number, std::string key, std::string value, int attempts) {
    const auto self = shared_from_this();
    parts_.answers.get(key, record_timeout, [self, number, key, value, attempts](broker::Read read) {
        self->post([self, number, key, value, attempts, read = std::move(read)] {
            const auto fail = [&](const std::string& why) {
                self->feed([&](auto, auto& actions) { self->table_.on_begin_failed(number, why, actions); });
            };
            if (read.error) return fail(error_text(read.error));
            const bool empty = !read.entry || read.entry->deleted || read.entry->value.empty();
            if (empty) return self->create_record(number, key, value, read.entry ? read.entry->revision : 0, attempts);
            auto record = read_rest_record(bytes_of(read.entry->value));
            if (!record) return fail(record.failure().text());
            self->feed(
                [&](auto now, auto& actions) { self->table_.on_found(now, number, *std::move(record), actions); });
        });
    });
}

void RestService::perform(RestTable::Send send) {
    detail::RemoteRequest request;
    request.method = std::move(send.request.method);
    request.path = std::move(send.request.path);
    request.body = std::move(send.request.body);
    request.trace = parse_traceparent(send.request.traceparent).value_or(Trace{});
    request.max_wait = send.time_left;
    parts_.client->spawn("a request of a worker", call(shared_from_this(), send.number, std::move(request)));
}

task<> RestService::call(std::shared_ptr<RestService> self, Number number, detail::RemoteRequest request) {
    auto pending = detail::answer_request(*self->parts_.client, std::move(request));
    auto remote = co_await std::move(pending);
    auto answer = answer_of(std::move(remote), *self->parts_.tokens, self->parts_.log.secrets());
    self->post([self, number, answer = std::move(answer)]() mutable {
        self->feed([&](auto now, auto& actions) { self->table_.on_answer(now, number, std::move(answer), actions); });
    });
}

void RestService::perform(RestTable::Store store) {
    const auto self = shared_from_this();
    const auto stored = [self, number = store.number](bool done) {
        self->post(
            [self, number, done] { self->feed([&](auto now, auto&) { self->table_.on_stored(now, number, done); }); });
    };
    try {
        parts_.answers.put(answer_key(store.key), text_of(write_rest_record(store.record)),
                           [self, stored](const broker::Written& written) {
                               if (written.error)
                                   self->parts_.log(LogLevel::warn, "the answer to a request is not stored: " +
                                                                        error_text(written.error));
                               stored(!written.error);
                           });
    } catch (const Error& error) {
        parts_.log(LogLevel::warn, std::string("the answer to a request is not stored: ") + error.what());
        stored(false);
    }
}

/// An empty record. A removal would be a call that blocks.
void RestService::perform(const RestTable::Forget& forget) {
    try {
        parts_.answers.put(answer_key(forget.key), {}, [](const broker::Written&) {});
    } catch (const Error& error) {
        parts_.log(LogLevel::debug, std::string("the record of a request stays: ") + error.what());
    }
}

void RestService::perform(RestTable::Reply reply) {
    const auto caller = callers_.find(reply.caller);
    if (caller == callers_.end()) return;
    count(reply.answer);
    const auto subject = std::move(caller->second);
    callers_.erase(caller);
    answer(subject, reply.answer);
}

void RestService::count(const RestAnswer& answer) {
    auto& counters = *parts_.counters;
    if (answer.outcome == RestOutcome::unknown_outcome) {
        ++counters.unknown_outcomes;
    } else if (answer.repeated) {
        ++counters.requests_repeated;
    } else if (answer.outcome == RestOutcome::answered) {
        ++counters.requests_answered;
    } else if (answer.outcome == RestOutcome::invalid || answer.outcome == RestOutcome::wait_too_long ||
               answer.outcome == RestOutcome::too_large) {
        ++counters.requests_refused;
    } else {
        ++counters.requests_failed;
    }
}

void RestService::answer(const std::string& reply, const RestAnswer& answer) { send(reply, write_rest_answer(answer)); }

void RestService::answer(const std::string& reply, const CommandAnswer& answer) {
    ++(answer.outcome == CommandOutcome::sent ? parts_.counters->commands : parts_.counters->commands_refused);
    send(reply, write_command_answer(answer));
}

void RestService::send(const std::string& reply, const codec::Bytes& bytes) {
    if (reply.empty()) return;
    try {
        broker::Message message;
        message.subject = reply;
        message.data = text_of(bytes);
        parts_.connection->try_publish(message);
    } catch (const Error& error) {
        parts_.log(LogLevel::warn, std::string("an answer to a worker could not be sent: ") + error.what());
    }
}

void RestService::on_command(const broker::Message& message) {
    if (!parts_.leads()) return;
    if (!can_answer(message)) return void(++parts_.counters->commands_refused);
    if (ended_) return answer(message.reply, CommandAnswer{CommandOutcome::cancelled, "the relay stops"});
    auto request = read_command_request(bytes_of(message.data));
    if (!request) {
        const auto why = text::peer_text(request.failure().text(), parts_.log.secrets());
        return answer(message.reply, CommandAnswer{CommandOutcome::invalid, why});
    }
    if (request->deadline_ms > 0 && request->deadline_ms <= wall_ms(*parts_.loop))
        return answer(message.reply, CommandAnswer{CommandOutcome::timeout,
                                                   "the deadline of the command has passed by the clock of the relay"});
    parts_.client->spawn("a command of a worker",
                         command(shared_from_this(), message.reply, request->op, std::move(request->data.bytes)));
}

task<> RestService::command(std::shared_ptr<RestService> self, std::string reply, std::uint8_t op,
                            detail::Payload data) {
    CommandAnswer answer;
    try {
        auto sending = detail::send_command(*self->parts_.client, op, std::move(data));
        co_await std::move(sending);
    } catch (const ConfigError& error) {
        answer.outcome = CommandOutcome::invalid;
        answer.text = error.what();
    } catch (const CancelledError& error) {
        answer.outcome = CommandOutcome::cancelled;
        answer.text = error.what();
    } catch (const Error& error) {
        answer.outcome = CommandOutcome::busy;
        answer.text = error.what();
    }
    self->post([self, reply = std::move(reply), answer = std::move(answer)] { self->answer(reply, answer); });
}

}  // namespace intent::relay
