#include "relay/worker/deliveries.hpp"

#include <algorithm>
#include <utility>

namespace intent::relay {

using AckKind = Deliveries::Acknowledge::Kind;
using RecordState = AttemptRecord::State;

Deliveries::Event* Deliveries::find(std::uint64_t sequence) {
    const auto found = events_.find(sequence);
    return found == events_.end() ? nullptr : &found->second;
}

std::size_t Deliveries::in_hand(unsigned partition) const {
    const auto found = by_partition_.find(partition);
    return found == by_partition_.end() ? 0 : found->second;
}

Deliveries::Milliseconds Deliveries::delay_after(unsigned attempts) const {
    const auto& delays = settings_.retry_delays;
    return delays[std::min<std::size_t>(attempts == 0 ? 0 : attempts - 1, delays.size() - 1)];
}

/// The numbers of a consumer's deliveries go up by one, so a hole is an event that somebody else has got. Each event
/// that comes after it also has a number after the hole.
void Deliveries::check_number(const Arrival& arrival) {
    if (!settings_.ordered || arrival.number == 0) return;
    const auto [last, first] = last_number_.try_emplace(arrival.partition, arrival.number);
    if (!first && arrival.number != last->second + 1) gathering_.insert(arrival.partition);
    last->second = arrival.number;
}

void Deliveries::on_message(Time now, Arrival arrival, Actions& actions) {
    const auto sequence = arrival.sequence;
    check_number(arrival);
    if (const auto known = handled_.find(sequence); known != handled_.end() && known->second == arrival.stored) {
        actions.push_back(Acknowledge{sequence, AckKind::ack});
        return;
    }
    if (auto* event = find(sequence)) {
        // The broker has not heard of it for too long. Its handlers are running, or it waits for its turn.
        event->extended = now;
        event->arrival.deliveries = arrival.deliveries;
        return;
    }
    auto& event = events_.emplace(sequence, Event{std::move(arrival)}).first->second;
    ++by_partition_[event.arrival.partition];
    event.extended = now;
    if (next_scan_ == Time::max()) next_scan_ = now + settings_.ack_wait / 4;
    if (settings_.ordered) channels_[event.arrival.channel].insert(sequence);
    if (ending(event)) {
        // Fetched while the worker stopped: not an attempt. If there is a record, it stays.
        if (event.arrival.deliveries == 1) return put_back(event, actions);
        actions.push_back(Acknowledge{sequence, AckKind::nak});
        erase(sequence);
    } else if (event.arrival.deliveries > 1) {
        event.state = State::looking_up;
        actions.push_back(LookUp{sequence});
    } else {
        proceed(now, event, actions);
    }
}

void Deliveries::on_looked_up(Time now, std::uint64_t sequence, std::optional<AttemptRecord> record, Actions& actions) {
    auto* event = find(sequence);
    if (event == nullptr || event->state != State::looking_up) return;
    event->attempts = record ? record->attempts : 1;  // without a record, the first delivery may have begun
    event->last = record ? record->state : RecordState::begun;
    event->suspect = event->last == RecordState::begun;
    event->unrecorded = !record;
    if (event->unrecorded && event->behind) acquit(*event);
    if (event->suspect) watched_.insert(sequence);
    event->state = State::waiting;
    if (ending(*event))
        put_back(*event, actions);
    else
        proceed(now, *event, actions);
}

/// An event without a record that cannot have begun.
void Deliveries::acquit(Event& event) {
    event.attempts = 0;
    event.last = RecordState::put_back;
    event.suspect = false;
}

bool Deliveries::may_begin(Time now, const Event& event) const {
    if (gathering_.contains(event.arrival.partition)) return false;
    if (settings_.ordered) {
        const auto channel = channels_.find(event.arrival.channel);
        if (channel == channels_.end() || *channel->second.begin() != event.arrival.sequence) return false;
    }
    return !event.suspect || !suspect_ || now >= gate_opens_;
}

/// Takes the next step of an event that is waiting.
void Deliveries::proceed(Time now, Event& event, Actions& actions) {
    const auto sequence = event.arrival.sequence;
    if (event.state != State::waiting || event.orphan || ending(event) || !may_begin(now, event)) return;
    if (!event.arrival.unreadable.empty()) {
        bury(event, event.arrival.unreadable, actions);
        return;
    }
    if (event.arrival.newer) {
        if (settings_.ordered) {
            event.state = State::postponed;
            return;
        }
        actions.push_back(SaveAttempt{sequence, {event.attempts, RecordState::put_back}, false});
        actions.push_back(Acknowledge{sequence, AckKind::nak, newer_delay});
        erase(sequence);
        return;
    }
    if (event.attempts >= settings_.max_deliveries) {
        bury(event,
             event.suspect ? "its workers ended while they were handling it" : "a handler failed; see the workers' log",
             actions);
        return;
    }
    if (event.suspect) {
        suspect_ = sequence;
        gate_opens_ = now + suspect_time;
    }
    ++event.attempts;
    if (event.attempts > 1 || event.arrival.deliveries > 1) {
        event.state = State::saving;
        actions.push_back(SaveAttempt{sequence, {event.attempts, RecordState::begun}, true});
        return;
    }
    event.state = State::running;
    ++running_;
    actions.push_back(Begin{sequence, event.attempts});
}

void Deliveries::on_saved(Time now, std::uint64_t sequence, Actions& actions) {
    auto* event = find(sequence);
    if (event == nullptr || event->state != State::saving) return;
    if (event->orphan) return drop(now, sequence, actions);
    if (ending(*event)) {
        --event->attempts;
        event->state = State::waiting;
        put_back(*event, actions);
        return;
    }
    event->state = State::running;
    ++running_;
    actions.push_back(Begin{sequence, event->attempts});
}

void Deliveries::on_finished(Time now, std::uint64_t sequence, Outcome outcome, Actions& actions) {
    auto* event = find(sequence);
    if (event == nullptr || event->state != State::running) return;
    --running_;
    const bool had_record = event->attempts > 1 || event->arrival.deliveries > 1;
    if (outcome == Outcome::handled) {
        if (had_record) actions.push_back(ForgetAttempts{sequence});
        actions.push_back(Acknowledge{sequence, AckKind::ack});
        remember(event->arrival);
        remove(now, sequence, actions);
        return;
    }
    if (event->orphan) return drop(now, sequence, actions);
    if (outcome == Outcome::abandoned) {
        --event->attempts;
        event->state = State::waiting;
        event->last = RecordState::put_back;
        close_gate(sequence);
        put_back(*event, actions);
        return;
    }
    close_gate(sequence);
    event->suspect = false;
    event->last = RecordState::failed;
    if (event->attempts >= settings_.max_deliveries) {
        bury(*event, "a handler failed; see the worker's log", actions);
    } else if (settings_.ordered && !ending(*event)) {
        event->state = State::backing_off;
        watched_.insert(sequence);
        event->until = now + delay_after(event->attempts);
        actions.push_back(SaveAttempt{sequence, {event->attempts, RecordState::failed}, false});
    } else {
        actions.push_back(SaveAttempt{sequence, {event->attempts, RecordState::failed}, false});
        const auto delay = settings_.ordered ? Milliseconds(0) : delay_after(event->attempts);
        actions.push_back(Acknowledge{sequence, AckKind::nak, delay});
        remove(now, sequence, actions);
    }
    proceed_suspects(now, actions);
}

void Deliveries::bury(Event& event, std::string reason, Actions& actions) {
    event.state = State::storing;
    watched_.insert(event.arrival.sequence);
    event.until = Time::max();
    event.reason = std::move(reason);
    actions.push_back(StoreDeadLetter{event.arrival.sequence, event.attempts, event.reason});
}

void Deliveries::on_dead_letter(Time now, std::uint64_t sequence, bool stored, Actions& actions) {
    auto* event = find(sequence);
    if (event == nullptr || event->state != State::storing) return;
    if (event->orphan) return drop(now, sequence, actions);
    if (!stored) {
        event->until = now + store_retry;
        return;
    }
    if (event->attempts > 1 || event->arrival.deliveries > 1) actions.push_back(ForgetAttempts{sequence});
    actions.push_back(Acknowledge{sequence, AckKind::term});
    remember(event->arrival);
    remove(now, sequence, actions);
}

void Deliveries::on_time(Time now, Actions& actions) {
    std::vector<std::uint64_t> due;
    for (const auto sequence : watched_) {
        const auto& event = events_.at(sequence);
        if (now >= event.until && (event.state == State::backing_off || event.state == State::storing))
            due.push_back(sequence);
    }
    for (const auto sequence : due) {
        auto* event = find(sequence);
        if (event == nullptr) continue;
        if (event->state == State::storing) {
            bury(*event, std::move(event->reason), actions);
        } else {
            event->state = State::waiting;
            proceed(now, *event, actions);
        }
    }
    if (suspect_ && now >= gate_opens_) proceed_suspects(now, actions);
    if (now < next_scan_) return;
    for (auto& [sequence, event] : events_) {
        if (event.orphan || now < event.extended + settings_.ack_wait / 4) continue;
        event.extended = now;
        actions.push_back(Acknowledge{sequence, AckKind::in_progress});
    }
    next_scan_ = events_.empty() ? Time::max() : now + settings_.ack_wait / 4;
}

std::optional<Deliveries::Time> Deliveries::next_wake() const {
    auto wake = next_scan_;
    bool suspects_wait = false;
    for (const auto sequence : watched_) {
        const auto& event = events_.at(sequence);
        if (event.state == State::backing_off || event.state == State::storing) wake = std::min(wake, event.until);
        suspects_wait = suspects_wait || (event.suspect && event.state == State::waiting);
    }
    if (suspects_wait && suspect_) wake = std::min(wake, gate_opens_);
    if (wake == Time::max()) return std::nullopt;
    return wake;
}

void Deliveries::put_back(Event& event, Actions& actions) {
    const auto sequence = event.arrival.sequence;
    // A suspect that has not begun here is still one.
    const auto state = event.suspect && event.last == RecordState::begun ? RecordState::begun : RecordState::put_back;
    actions.push_back(SaveAttempt{sequence, {event.attempts, state}, false});
    actions.push_back(Acknowledge{sequence, AckKind::nak});
    erase(sequence);
}

void Deliveries::put_back_all(std::optional<unsigned> partition, Actions& actions) {
    std::vector<std::uint64_t> idle;
    for (const auto& [sequence, event] : events_) {
        if (partition && event.arrival.partition != *partition) continue;
        const auto state = event.state;
        if (state == State::waiting || state == State::backing_off || state == State::postponed)
            idle.push_back(sequence);
    }
    for (const auto sequence : idle)
        put_back(events_.at(sequence), actions);
}

void Deliveries::on_stop(Actions& actions) {
    stopped_ = true;
    put_back_all({}, actions);
}

void Deliveries::on_owned(unsigned partition) {
    releasing_.erase(partition);
    last_number_.erase(partition);
    gathering_.insert(partition);
}

std::size_t Deliveries::known(unsigned partition) const {
    std::size_t count = 0;
    for (const auto& [sequence, event] : events_)
        if (event.arrival.partition == partition && !event.orphan) ++count;
    return count;
}

void Deliveries::on_outstanding(Time now, unsigned partition, const Outstanding& outstanding, Actions& actions) {
    if (!gathering_.contains(partition) || outstanding.pending > outstanding.known) return;
    gathering_.erase(partition);
    auto& last_number = last_number_[partition];
    last_number = std::max(last_number, outstanding.deliveries);
    std::vector<std::uint64_t> held;
    for (auto& [sequence, event] : events_) {
        if (event.arrival.partition != partition) continue;
        held.push_back(sequence);
        event.behind = *channels_.at(event.arrival.channel).begin() != sequence;
        if (event.behind && event.unrecorded && event.state == State::waiting) acquit(event);
    }
    for (const auto sequence : held)
        if (auto* event = find(sequence)) proceed(now, *event, actions);
}

void Deliveries::on_release(unsigned partition, Actions& actions) {
    releasing_.insert(partition);
    put_back_all(partition, actions);
}

void Deliveries::on_lost(unsigned partition, Actions& actions) {
    releasing_.erase(partition);
    gathering_.erase(partition);
    std::vector<std::uint64_t> dropped;
    for (auto& [sequence, event] : events_) {
        if (event.arrival.partition != partition) continue;
        const auto state = event.state;
        if (state == State::running || state == State::saving || state == State::storing)
            event.orphan = true;
        else
            dropped.push_back(sequence);
    }
    for (const auto sequence : dropped) {
        erase(sequence);
        actions.push_back(Drop{sequence});
    }
}

void Deliveries::proceed_channel(Time now, const std::string& channel, Actions& actions) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;
    if (auto* event = find(*found->second.begin())) proceed(now, *event, actions);
}

void Deliveries::proceed_suspects(Time now, Actions& actions) {
    std::vector<std::uint64_t> waiting;
    for (const auto sequence : watched_) {
        const auto& event = events_.at(sequence);
        if (event.suspect && event.state == State::waiting) waiting.push_back(sequence);
    }
    for (const auto sequence : waiting) {
        if (suspect_ && now < gate_opens_) return;
        if (auto* event = find(sequence)) proceed(now, *event, actions);
    }
}

/// Lets the next suspect begin, if this one had closed the gate.
void Deliveries::close_gate(std::uint64_t sequence) {
    if (suspect_ == sequence) suspect_.reset();
}

void Deliveries::erase(std::uint64_t sequence) {
    const auto found = events_.find(sequence);
    if (found == events_.end()) return;
    const auto& arrival = found->second.arrival;
    if (settings_.ordered) {
        const auto channel = channels_.find(arrival.channel);
        if (channel != channels_.end()) {
            channel->second.erase(sequence);
            if (channel->second.empty()) channels_.erase(channel);
        }
    }
    const auto count = by_partition_.find(arrival.partition);
    if (--count->second == 0) by_partition_.erase(count);
    close_gate(sequence);
    watched_.erase(sequence);
    events_.erase(found);
    if (events_.empty()) next_scan_ = Time::max();
}

void Deliveries::remove(Time now, std::uint64_t sequence, Actions& actions) {
    const auto channel = settings_.ordered ? events_.at(sequence).arrival.channel : std::string();
    const bool opens = suspect_ == sequence;
    erase(sequence);
    if (settings_.ordered) proceed_channel(now, channel, actions);
    if (opens) proceed_suspects(now, actions);
}

void Deliveries::drop(Time now, std::uint64_t sequence, Actions& actions) {
    actions.push_back(Drop{sequence});
    remove(now, sequence, actions);
}

void Deliveries::remember(const Arrival& arrival) {
    if (handled_order_.size() == max_remembered) {
        handled_.erase(handled_order_.front());
        handled_order_.pop_front();
    }
    if (handled_.insert_or_assign(arrival.sequence, arrival.stored).second) handled_order_.push_back(arrival.sequence);
}

}  // namespace intent::relay
