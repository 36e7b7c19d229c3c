// The way of an event through a worker, and back to the broker.
#include "relay/broker/error_text.hpp"
#include "relay/wire/gap_payload.hpp"
#include "relay/wire/token.hpp"
#include "relay/worker/attempt_text.hpp"
#include "relay/worker/session.hpp"

#include <intent/errors.hpp>
#include <intent/events.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <exception>
#include <iterator>
#include <tuple>
#include <utility>
#include <variant>

namespace intent::relay {

namespace {

constexpr std::chrono::milliseconds attempt_request_time{2'000};
/// Subscriptions have threads of their own: what arrives within this time is put in the order of the gateway.
constexpr std::chrono::milliseconds changes_delay{3};
/// While the worker is set up.
constexpr std::ptrdiff_t max_held_changes = 10'000;

detail::Payload payload_of(const std::string& data) {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(data.data());
    return {begin, begin + data.size()};
}

codec::ByteView view_of(const std::string& data) {
    return {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
}

/// An event in the idempotency keys of its requests, which have a limit.
std::string key_of(const std::string& id, std::uint64_t sequence) {
    constexpr std::size_t max_id = 64;
    if (id.empty()) return '#' + std::to_string(sequence);
    return id.size() <= max_id ? id : '~' + std::to_string(stable_hash(id));
}

/// Time and sequence number of an event, for its order.
std::pair<std::string, std::uint64_t> order_of_change(const broker::Message& message) {
    const auto& fields = message.headers.fields();
    std::uint64_t seq = 0;
    const auto text = header(fields, seq_header);
    std::from_chars(text.data(), text.data() + text.size(), seq);
    return {std::string(header(fields, received_header)), seq};
}

}  // namespace

void Session::take(Mailbox::Batch batch) {
    Deliveries::Actions actions;
    for (const auto& [sequence, outcome] : batch.finished)
        deliveries_.on_finished(control_.now(), sequence, outcome, actions);
    for (auto& delivery : batch.delivered)
        on_delivered(std::move(delivery), actions);
    execute(actions);
    for (auto& message : batch.changes)
        take_change(std::move(message));
    after_work();
}

// ---- changes for the caches ----

void Session::take_change(broker::Message message) {
    if (stopped_) return;
    if (changes_.empty()) changes_timer_->arm(control_.time_in(changes_delay), [this] { pass_changes_on(); });
    if (std::ssize(changes_) >= max_held_changes)
        changes_.erase(changes_.begin(), changes_.begin() + max_held_changes / 2);
    changes_.push_back(std::move(message));
}

void Session::pass_changes_on() {
    // Until the application exists on the broker, they wait for `on_set_up`: what is written after Ready must not be
    // missed.
    if (!up_) return;
    auto changes = std::exchange(changes_, {});
    std::ranges::stable_sort(changes, {}, order_of_change);
    for (auto& message : changes) {
        if (stopped_) return;
        const auto headers = read_event_headers(message.headers.fields());
        if (!headers || headers->is_gap) continue;  // reported where it is delivered
        if (headers->type == "READY")
            on_ready(message.data);
        else
            sink_->on_change(headers->type, payload_of(message.data));
    }
}

void Session::on_ready(const std::string& payload) {
    // It comes twice: from the bucket, and as an event.
    if (payload == last_ready_) return;
    last_ready_ = payload;
    sink_->on_ready(payload_of(payload));
}

// ---- events ----

void Session::on_delivered(broker::Delivery delivery, Deliveries::Actions& actions) {
    const auto& metadata = delivery.metadata();
    const auto sequence = metadata.stream_sequence;
    counters_->pending = metadata.pending;
    if (metadata.deliveries > 1) ++counters_->redelivered;
    auto read = read_event(names_, delivery.message(), metadata, options_.mode);
    if (partitions_ && !stopped_ && !partitions_->holds(read.arrival.partition) && !held_.contains(sequence)) {
        refuse_stray(delivery, read.arrival);
        return;
    }
    if (!read.newer.empty() && !std::exchange(newer_reported_, true))
        sink_->on_error(std::make_exception_ptr(DecodeError(read.newer + "; such events are left to other workers")),
                        "worker");
    const auto arrival = read.arrival;
    const auto found = held_.find(sequence);
    if (found == held_.end())
        held_.emplace(sequence, Held{std::move(delivery), std::move(read)});
    else
        found->second.delivery = std::move(delivery);  // the newest one counts for the broker
    deliveries_.on_message(control_.now(), arrival, actions);
}

/// Gives an event back that came after its partition had been handed over.
void Session::refuse_stray(const broker::Delivery& delivery, const Deliveries::Arrival& arrival) {
    if (arrival.deliveries == 1)
        bucket_->put(attempt_key(arrival.sequence),
                     format_attempts({0, AttemptRecord::State::put_back}, arrival.stored),
                     [](const broker::Written&) {});
    delivery.refuse({});
}

void Session::execute(const Deliveries::Actions& actions) {
    for (const auto& action : actions)
        std::visit([this](const auto& one) { act(one); }, action);
}

/// Pulls more if there is room, and arms the timer.
void Session::after_work() {
    counters_->in_flight = deliveries_.in_hand();
    if (partitions_) counters_->partitions = partitions_->owned();
    if (!stopped_) {
        if (partitions_) partitions_->on_room();
        if (puller_) {
            const auto taken = deliveries_.in_hand() + puller_->wanted();
            if (taken + std::max<std::size_t>(options_.max_in_flight / 4, 1) <= options_.max_in_flight)
                puller_->want(options_.max_in_flight - taken);
        }
    }
    const auto wake = deliveries_.next_wake();
    if (!wake) return deliveries_timer_->cancel();
    deliveries_timer_->arm(*wake, [this] {
        Deliveries::Actions actions;
        deliveries_.on_time(control_.now(), actions);
        execute(actions);
        after_work();
    });
}

std::string Session::attempt_key(std::uint64_t sequence) const {
    return options_.application + ".attempt." + std::to_string(sequence);
}

void Session::act(const Deliveries::LookUp& action) {
    const auto held = held_.find(action.sequence);
    if (held == held_.end()) return;
    bucket_->get(attempt_key(action.sequence), attempt_request_time,
                 [this, sequence = action.sequence, stored = held->second.read.arrival.stored](broker::Read read) {
                     std::optional<AttemptRecord> record;
                     if (read.entry && !read.entry->deleted) record = parse_attempts(read.entry->value, stored);
                     control_.post([this, sequence, record] {
                         Deliveries::Actions actions;
                         deliveries_.on_looked_up(control_.now(), sequence, record, actions);
                         execute(actions);
                         after_work();
                     });
                 });
}

void Session::act(const Deliveries::SaveAttempt& action) {
    const auto held = held_.find(action.sequence);
    if (held == held_.end()) return;
    if (action.record.state == AttemptRecord::State::failed)
        ++counters_->failed;
    else if (!action.await)
        ++counters_->put_back;
    bucket_->put(attempt_key(action.sequence), format_attempts(action.record, held->second.read.arrival.stored),
                 [this, sequence = action.sequence, await = action.await](const broker::Written&) {
                     if (!await) return;
                     control_.post([this, sequence] {
                         Deliveries::Actions actions;
                         deliveries_.on_saved(control_.now(), sequence, actions);
                         execute(actions);
                         after_work();
                     });
                 });
}

void Session::act(const Deliveries::ForgetAttempts& action) {
    connection_->try_publish(
        {.subject = "$KV." + bucket_name_ + '.' + attempt_key(action.sequence), .headers = {{"KV-Operation", "DEL"}}});
}

void Session::act(const Deliveries::Begin& action) {
    const auto found = held_.find(action.sequence);
    if (found == held_.end()) return;
    const auto& delivery = found->second.delivery;
    const auto& read = found->second.read;
    if (partitions_ && !partitions_->owns(read.arrival.partition)) {
        mailbox_->on_finished(action.sequence, Outcome::abandoned);
        return;
    }
    const auto& message = delivery.message();
    const std::string* const id = message.headers.find(deduplication_header);
    // A dead letter that was delivered again (`intent relay dlq retry`) is for its application alone.
    const std::string* const only = message.headers.find(application_header);
    if (only != nullptr && !only->empty() && *only != options_.application) {
        mailbox_->on_finished(action.sequence, Outcome::handled);
        return;
    }
    detail::RemoteDispatch dispatch;
    dispatch.type = read.headers.type;
    dispatch.seq = read.headers.seq;
    dispatch.delivery = {action.attempt, read.headers.source};
    dispatch.key = options_.application + '/' + key_of(id != nullptr ? *id : "", action.sequence);
    dispatch.trace = parse_traceparent(read.headers.traceparent).value_or(Trace{});
    if (!read.headers.is_gap && (dispatch.type == "READY" || dispatch.type == "RESUMED")) {
        mailbox_->on_finished(action.sequence, Outcome::handled);  // every worker has its own
        return;
    }
    dispatch.pending = std::make_shared<HeldDispatch>(mailbox_, action.sequence);
    if (!read.headers.is_gap) {
        dispatch.payload = payload_of(message.data);
        sink_->on_dispatch(std::move(dispatch));
        return;
    }
    const auto gap = read_gap(view_of(message.data));
    if (gap) {
        sink_->on_gap(Gap{gap->from, gap->to, gap->reason}, std::move(dispatch));
    } else {
        dispatch.pending->fail();
        sink_->on_error(std::make_exception_ptr(DecodeError("gap: " + gap.failure().text())), "worker");
    }
}

bool Session::send(const broker::Delivery& delivery, const Deliveries::Acknowledge& action) {
    using Kind = Deliveries::Acknowledge::Kind;
    switch (action.kind) {
        case Kind::ack:
            return delivery.acknowledge();
        case Kind::nak:
            return delivery.refuse(action.delay);
        case Kind::in_progress:
            return delivery.in_progress();
        case Kind::term:
            return delivery.terminate();
    }
    return false;
}

void Session::act(const Deliveries::Acknowledge& action) {
    using Kind = Deliveries::Acknowledge::Kind;
    const auto found = held_.find(action.sequence);
    if (found == held_.end()) return;
    const bool sent = send(found->second.delivery, action);
    if (action.kind == Kind::in_progress) return;
    const bool ends = action.kind == Kind::ack || action.kind == Kind::term;
    // Without a connection: what is to be delivered again needs no word.
    if (!sent && ends)
        unsent_.push_back(
            {.subject = found->second.delivery.message().reply, .data = action.kind == Kind::ack ? "+ACK" : "+TERM"});
    if (action.kind == Kind::ack) ++counters_->handled;
    if (action.kind == Kind::term) ++counters_->dead_letters;
    held_.erase(found);
}

void Session::act(const Deliveries::Drop& action) { held_.erase(action.sequence); }

void Session::act(const Deliveries::StoreDeadLetter& action) {
    const auto found = held_.find(action.sequence);
    if (found == held_.end()) return;
    const auto& type = found->second.read.headers.type;
    const auto report = [this, sequence = action.sequence](const std::exception_ptr& error) {
        control_.post([this, sequence, error] { on_dead_letter(sequence, error); });
    };
    if (!std::exchange(found->second.burial_reported, true))
        sink_->log(LogLevel::error, "worker: " + (type.empty() ? std::string("an event") : type) +
                                        " (stream sequence " + std::to_string(action.sequence) +
                                        ") becomes a dead letter after " + std::to_string(action.attempts) +
                                        " attempts: " + action.reason);
    try {
        const bool taken = dead_letters_ && dead_letters_->publish(dead_letter(found->second, action),
                                                                   [report](const broker::Published& published) {
                                                                       report(published.error);
                                                                   });
        if (!taken) report(std::make_exception_ptr(NetworkError("too many of them wait for the broker")));
    } catch (const std::exception&) {
        report(std::current_exception());
    }
}

void Session::on_dead_letter(std::uint64_t sequence, const std::exception_ptr& error) {
    const auto found = held_.find(sequence);
    if (error && found != held_.end() && !std::exchange(found->second.unstored_reported, true))
        sink_->log(LogLevel::warn, "worker: the dead letter of stream sequence " + std::to_string(sequence) +
                                       " is not stored, trying again: " + error_text(error));
    Deliveries::Actions actions;
    deliveries_.on_dead_letter(control_.now(), sequence, !error, actions);
    execute(actions);
    after_work();
}

broker::Message Session::dead_letter(const Held& held, const Deliveries::StoreDeadLetter& action) const {
    const auto& original = held.delivery.message();
    broker::Message letter;
    auto subject = held.read.subject;
    if (subject.type.empty()) subject.type = "UNKNOWN";
    letter.subject = names_.dead_letter(options_.application, subject);
    letter.data = original.data;
    const auto headers =
        write_dead_letter_headers(original.headers.fields(), DeadLetter{.application = options_.application,
                                                                        .error = action.reason,
                                                                        .attempts = action.attempts,
                                                                        .stream_seq = action.sequence});
    for (const auto& [name, value] : headers)
        letter.headers.add(name, value);
    letter.headers.set(broker::message_id_header, dead_letter_id(options_.application, action.sequence));
    return letter;
}

}  // namespace intent::relay
