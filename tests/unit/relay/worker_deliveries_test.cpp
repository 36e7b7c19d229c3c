#include "relay/worker/deliveries.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace worker_deliveries_test {

using namespace std::chrono_literals;
using intent::relay::AttemptRecord;
using intent::relay::Deliveries;
using intent::relay::Outcome;
using Acknowledge = Deliveries::Acknowledge;
using Actions = Deliveries::Actions;
using Begin = Deliveries::Begin;
using Drop = Deliveries::Drop;
using ForgetAttempts = Deliveries::ForgetAttempts;
using Kind = Acknowledge::Kind;
using LookUp = Deliveries::LookUp;
using SaveAttempt = Deliveries::SaveAttempt;
using State = AttemptRecord::State;
using StoreDeadLetter = Deliveries::StoreDeadLetter;

/// A worker's machine in simulated time.
class WorkerDeliveries : public testing::Test {
protected:
    explicit WorkerDeliveries(bool ordered = false) : machine_({ordered, {1s, 5s, 30s, 120s}, 5, 30s}) {}

    static Deliveries::Arrival arrival(std::uint64_t sequence, std::uint64_t deliveries = 1,
                                       std::string channel = "c") {
        return {.sequence = sequence,
                .stored = static_cast<std::int64_t>(sequence) * 10,
                .deliveries = deliveries,
                .partition = 3,
                .channel = std::move(channel)};
    }
    Actions message(Deliveries::Arrival arrival) {
        return collect([&](Actions& actions) { machine_.on_message(now_, std::move(arrival), actions); });
    }
    Actions message(std::uint64_t sequence, std::uint64_t deliveries = 1, std::string channel = "c") {
        return message(arrival(sequence, deliveries, std::move(channel)));
    }
    Actions finished(std::uint64_t sequence, Outcome outcome) {
        return collect([&](Actions& actions) { machine_.on_finished(now_, sequence, outcome, actions); });
    }
    Actions looked_up(std::uint64_t sequence, std::optional<AttemptRecord> record) {
        return collect([&](Actions& actions) { machine_.on_looked_up(now_, sequence, record, actions); });
    }
    Actions saved(std::uint64_t sequence) {
        return collect([&](Actions& actions) { machine_.on_saved(now_, sequence, actions); });
    }
    Actions dead_letter(std::uint64_t sequence, bool stored) {
        return collect([&](Actions& actions) { machine_.on_dead_letter(now_, sequence, stored, actions); });
    }
    Actions time() {
        return collect([&](Actions& actions) { machine_.on_time(now_, actions); });
    }
    Actions stop() {
        return collect([&](Actions& actions) { machine_.on_stop(actions); });
    }
    Actions pending(std::size_t known, std::uint64_t count, std::uint64_t deliveries = 0) {
        return collect([&](Actions& actions) {
            machine_.on_outstanding(now_, 3, {.known = known, .pending = count, .deliveries = deliveries}, actions);
        });
    }
    /// Begins an event that was delivered before.
    void begin_again(std::uint64_t sequence, std::optional<AttemptRecord> record) {
        message(sequence, 2);
        looked_up(sequence, record);
        saved(sequence);
    }

    template <class F>
    static Actions collect(F input) {
        Actions actions;
        input(actions);
        return actions;
    }

    Deliveries machine_;
    Deliveries::Time now_{1h};
};

TEST_F(WorkerDeliveries, an_event_begins_when_it_arrives_and_is_acknowledged_when_it_is_handled) {
    EXPECT_EQ(message(1), (Actions{Begin{1, 1}}));
    EXPECT_EQ(machine_.in_hand(), 1u);
    EXPECT_EQ(finished(1, Outcome::handled), (Actions{Acknowledge{1, Kind::ack}}));
    EXPECT_EQ(machine_.in_hand(), 0u);
    EXPECT_FALSE(machine_.next_wake());
}

TEST_F(WorkerDeliveries, a_failed_event_is_delivered_again_after_the_delay_of_its_attempt) {
    message(1);
    EXPECT_EQ(finished(1, Outcome::failed),
              (Actions{SaveAttempt{1, {1, State::failed}, false}, Acknowledge{1, Kind::nak, 1s}}));
    const std::vector<std::chrono::milliseconds> delays{5s, 30s, 120s};
    for (unsigned attempts = 1; attempts <= 3; ++attempts) {
        EXPECT_EQ(message(1, attempts + 1), (Actions{LookUp{1}}));
        EXPECT_EQ(looked_up(1, AttemptRecord{attempts, State::failed}),
                  (Actions{SaveAttempt{1, {attempts + 1, State::begun}, true}}));
        EXPECT_EQ(saved(1), (Actions{Begin{1, attempts + 1}}));
        EXPECT_EQ(finished(1, Outcome::failed), (Actions{SaveAttempt{1, {attempts + 1, State::failed}, false},
                                                         Acknowledge{1, Kind::nak, delays[attempts - 1]}}));
    }
}

TEST_F(WorkerDeliveries, the_last_failed_attempt_becomes_a_dead_letter_and_only_then_is_the_event_terminated) {
    begin_again(1, AttemptRecord{4, State::failed});
    EXPECT_EQ(finished(1, Outcome::failed), (Actions{StoreDeadLetter{1, 5, "a handler failed; see the worker's log"}}));
    EXPECT_EQ(dead_letter(1, false), Actions{});
    now_ += Deliveries::store_retry;
    EXPECT_EQ(time(), (Actions{StoreDeadLetter{1, 5, "a handler failed; see the worker's log"}}));
    EXPECT_EQ(dead_letter(1, true), (Actions{ForgetAttempts{1}, Acknowledge{1, Kind::term}}));
    EXPECT_EQ(machine_.in_hand(), 0u);
}

TEST_F(WorkerDeliveries, an_event_that_has_ended_five_workers_becomes_a_dead_letter_without_a_sixth_attempt) {
    message(1, 6);
    const auto actions = looked_up(1, AttemptRecord{5, State::begun});
    ASSERT_EQ(actions.size(), 1u);
    const auto* letter = std::get_if<StoreDeadLetter>(&actions[0]);
    ASSERT_NE(letter, nullptr);
    EXPECT_EQ(letter->attempts, 5u);
    EXPECT_EQ(letter->reason, "its workers ended while they were handling it");
}

TEST_F(WorkerDeliveries, without_a_record_only_the_first_delivery_counts_as_an_attempt) {
    message(1, 9);
    EXPECT_EQ(looked_up(1, {}), (Actions{SaveAttempt{1, {2, State::begun}, true}}));
}

TEST_F(WorkerDeliveries, events_in_hand_are_reported_as_in_progress_before_the_wait_is_over) {
    message(1);
    now_ += 5s;
    message(2);
    ASSERT_TRUE(machine_.next_wake());
    EXPECT_LT(*machine_.next_wake(), now_ + 25s);
    now_ = *machine_.next_wake();
    EXPECT_EQ(time(), (Actions{Acknowledge{1, Kind::in_progress}}));
    for (int i = 0; i < 100; ++i) {
        const auto before = now_;
        now_ = *machine_.next_wake();
        EXPECT_LE(now_ - before, 15s);
        EXPECT_FALSE(time().empty());
    }
}

TEST_F(WorkerDeliveries, an_event_that_arrives_again_while_it_is_handled_does_not_begin_twice) {
    message(1);
    EXPECT_EQ(message(1, 2), Actions{});
    EXPECT_EQ(finished(1, Outcome::handled), (Actions{ForgetAttempts{1}, Acknowledge{1, Kind::ack}}));
}

TEST_F(WorkerDeliveries, a_handled_event_whose_acknowledgement_was_lost_is_acknowledged_again) {
    message(1);
    finished(1, Outcome::handled);
    EXPECT_EQ(message(1, 2), (Actions{Acknowledge{1, Kind::ack}}));
    auto other_stream = arrival(1, 1);
    other_stream.stored = 99;
    EXPECT_EQ(message(other_stream), (Actions{Begin{1, 1}}));
}

TEST_F(WorkerDeliveries, suspects_begin_one_at_a_time) {
    for (std::uint64_t i = 1; i <= 3; ++i)
        message(i, 2);
    EXPECT_EQ(looked_up(1, AttemptRecord{2, State::begun}), (Actions{SaveAttempt{1, {3, State::begun}, true}}));
    EXPECT_EQ(looked_up(2, AttemptRecord{2, State::begun}), Actions{});
    EXPECT_EQ(looked_up(3, {}), Actions{});
    EXPECT_EQ(message(4), (Actions{Begin{4, 1}}));  // no suspect
    EXPECT_EQ(saved(1), (Actions{Begin{1, 3}}));
    EXPECT_EQ(finished(1, Outcome::handled),
              (Actions{ForgetAttempts{1}, Acknowledge{1, Kind::ack}, SaveAttempt{2, {3, State::begun}, true}}));
    EXPECT_EQ(saved(2), (Actions{Begin{2, 3}}));
    // One that lasts for a second has not crashed the worker.
    EXPECT_EQ(machine_.next_wake(), now_ + Deliveries::suspect_time);
    now_ += Deliveries::suspect_time;
    EXPECT_EQ(time(), (Actions{SaveAttempt{3, {2, State::begun}, true}}));
}

TEST_F(WorkerDeliveries, an_event_that_failed_with_an_error_is_not_a_suspect) {
    message(1, 2);
    message(2, 2);
    looked_up(1, AttemptRecord{2, State::failed});
    EXPECT_EQ(looked_up(2, AttemptRecord{1, State::failed}), (Actions{SaveAttempt{2, {2, State::begun}, true}}));
}

TEST_F(WorkerDeliveries, a_stop_puts_back_what_has_not_begun_without_counting_it) {
    message(1);
    message(2, 2);
    looked_up(2, AttemptRecord{1, State::begun});
    message(3, 2);
    looked_up(3, AttemptRecord{1, State::begun});  // waits behind 2
    EXPECT_EQ(stop(), (Actions{SaveAttempt{3, {1, State::begun}, false}, Acknowledge{3, Kind::nak}}));
    EXPECT_EQ(message(4), (Actions{SaveAttempt{4, {0, State::put_back}, false}, Acknowledge{4, Kind::nak}}));
    EXPECT_EQ(saved(2), (Actions{SaveAttempt{2, {1, State::begun}, false}, Acknowledge{2, Kind::nak}}));
    EXPECT_EQ(finished(1, Outcome::abandoned),
              (Actions{SaveAttempt{1, {0, State::put_back}, false}, Acknowledge{1, Kind::nak}}));
    EXPECT_EQ(machine_.in_hand(), 0u);
}

TEST_F(WorkerDeliveries, an_event_that_was_put_back_before_it_began_has_its_first_attempt_then) {
    message(1, 2);
    EXPECT_EQ(looked_up(1, AttemptRecord{0, State::put_back}), (Actions{SaveAttempt{1, {1, State::begun}, true}}));
    EXPECT_EQ(saved(1), (Actions{Begin{1, 1}}));
}

TEST_F(WorkerDeliveries, an_unreadable_event_becomes_a_dead_letter_at_once) {
    auto bad = arrival(1);
    bad.unreadable = "no type";
    EXPECT_EQ(message(bad), (Actions{StoreDeadLetter{1, 0, "no type"}}));
    EXPECT_EQ(dead_letter(1, true), (Actions{Acknowledge{1, Kind::term}}));
}

TEST_F(WorkerDeliveries, an_event_with_a_newer_schema_is_left_to_other_workers_without_counting_it) {
    auto newer = arrival(1);
    newer.newer = true;
    EXPECT_EQ(message(newer), (Actions{SaveAttempt{1, {0, State::put_back}, false},
                                       Acknowledge{1, Kind::nak, Deliveries::newer_delay}}));
}

class OrderedDeliveries : public WorkerDeliveries {
protected:
    OrderedDeliveries() : WorkerDeliveries(true) {}
};

TEST_F(OrderedDeliveries, events_of_a_channel_begin_one_after_the_other_and_channels_are_independent) {
    EXPECT_EQ(message(1, 1, "a"), (Actions{Begin{1, 1}}));
    EXPECT_EQ(message(2, 1, "a"), Actions{});
    EXPECT_EQ(message(3, 1, "b"), (Actions{Begin{3, 1}}));
    EXPECT_EQ(finished(1, Outcome::handled), (Actions{Acknowledge{1, Kind::ack}, Begin{2, 1}}));
}

TEST_F(OrderedDeliveries, an_event_that_fails_holds_up_its_channel_until_it_is_handled) {
    message(1, 1, "a");
    message(2, 1, "a");
    EXPECT_EQ(finished(1, Outcome::failed), (Actions{SaveAttempt{1, {1, State::failed}, false}}));
    EXPECT_EQ(machine_.next_wake(), now_ + 1s);
    now_ += 1s;
    EXPECT_EQ(time(), (Actions{SaveAttempt{1, {2, State::begun}, true}}));
    EXPECT_EQ(saved(1), (Actions{Begin{1, 2}}));
    EXPECT_EQ(finished(1, Outcome::handled), (Actions{ForgetAttempts{1}, Acknowledge{1, Kind::ack}, Begin{2, 1}}));
}

TEST_F(OrderedDeliveries, a_dead_letter_lets_the_next_event_of_its_channel_begin_once_it_is_stored) {
    message(1, 6, "a");
    message(2, 1, "a");
    EXPECT_EQ(looked_up(1, AttemptRecord{5, State::begun}).size(), 1u);
    EXPECT_EQ(dead_letter(1, true), (Actions{ForgetAttempts{1}, Acknowledge{1, Kind::term}, Begin{2, 1}}));
}

TEST_F(OrderedDeliveries, a_new_owner_begins_only_when_everything_that_was_delivered_is_in_hand) {
    machine_.on_owned(3);
    EXPECT_EQ(message(7, 1, "a"), Actions{});  // a new event; 5 and 6 still belong to the old owner
    EXPECT_EQ(pending(machine_.known(3), 3), Actions{});
    EXPECT_EQ(message(6, 2, "a"), (Actions{LookUp{6}}));
    EXPECT_EQ(looked_up(6, AttemptRecord{0, State::put_back}), Actions{});
    EXPECT_EQ(message(5, 2, "a"), (Actions{LookUp{5}}));
    EXPECT_EQ(looked_up(5, AttemptRecord{0, State::put_back}), Actions{});
    // What was known when the broker was asked counts, because its answer may be older than what arrived since.
    EXPECT_EQ(pending(2, 3), Actions{});
    EXPECT_EQ(pending(machine_.known(3), 3), (Actions{SaveAttempt{5, {1, State::begun}, true}}));
    EXPECT_EQ(saved(5), (Actions{Begin{5, 1}}));
    EXPECT_FALSE(machine_.gathering(3));
}

TEST_F(OrderedDeliveries, only_the_first_event_of_a_channel_can_have_begun_at_a_worker_that_died) {
    machine_.on_owned(3);
    for (const std::uint64_t sequence : {5, 6, 7}) {
        message(sequence, 2, "a");
        if (sequence != 7) looked_up(sequence, {});
    }
    EXPECT_EQ(pending(3, 3), (Actions{SaveAttempt{5, {2, State::begun}, true}}));
    looked_up(7, {});
    saved(5);
    EXPECT_EQ(finished(5, Outcome::handled),
              (Actions{ForgetAttempts{5}, Acknowledge{5, Kind::ack}, SaveAttempt{6, {1, State::begun}, true}}));
    saved(6);
    EXPECT_EQ(finished(6, Outcome::handled),
              (Actions{ForgetAttempts{6}, Acknowledge{6, Kind::ack}, SaveAttempt{7, {1, State::begun}, true}}));
}

TEST_F(OrderedDeliveries, an_event_that_the_broker_gave_to_somebody_else_is_waited_for) {
    const auto numbered = [&](std::uint64_t sequence, std::uint64_t number, std::uint64_t deliveries = 1) {
        auto made = arrival(sequence, deliveries, "a");
        made.number = number;
        return message(std::move(made));
    };
    machine_.on_owned(3);
    EXPECT_EQ(pending(0, 0, 40), Actions{});
    EXPECT_EQ(numbered(5, 41), (Actions{Begin{5, 1}}));
    EXPECT_EQ(finished(5, Outcome::handled), (Actions{Acknowledge{5, Kind::ack}}));
    EXPECT_FALSE(machine_.gathering(3));
    // 6 went with delivery 42 to the old owner, which was cut off with a request open.
    EXPECT_EQ(numbered(7, 43), Actions{});
    EXPECT_EQ(pending(1, 2, 43), Actions{});
    EXPECT_EQ(numbered(6, 44, 2), (Actions{LookUp{6}}));
    EXPECT_EQ(looked_up(6, AttemptRecord{0, State::put_back}), Actions{});
    EXPECT_EQ(pending(2, 2, 44), (Actions{SaveAttempt{6, {1, State::begun}, true}}));
    EXPECT_EQ(saved(6), (Actions{Begin{6, 1}}));
    finished(6, Outcome::handled);
    EXPECT_EQ(numbered(8, 45), Actions{});  // behind 7, which runs
    EXPECT_FALSE(machine_.gathering(3));
}

TEST_F(OrderedDeliveries, a_new_owner_knows_the_number_of_the_delivery_before_its_first) {
    machine_.on_owned(3);
    EXPECT_EQ(pending(0, 0, 40), Actions{});
    auto made = arrival(7);
    made.number = 42;
    EXPECT_EQ(message(made), Actions{});
    EXPECT_TRUE(machine_.gathering(3));
}

TEST_F(OrderedDeliveries, a_partition_that_is_handed_over_finishes_what_runs_and_puts_back_the_rest) {
    message(1, 1, "a");
    message(2, 1, "a");
    message(3, 1, "b");
    finished(3, Outcome::failed);  // backs off
    const auto actions = collect([&](Actions& out) { machine_.on_release(3, out); });
    EXPECT_EQ(actions, (Actions{SaveAttempt{2, {0, State::put_back}, false}, Acknowledge{2, Kind::nak},
                                SaveAttempt{3, {1, State::put_back}, false}, Acknowledge{3, Kind::nak}}));
    EXPECT_EQ(machine_.in_hand(3), 1u);
    EXPECT_EQ(finished(1, Outcome::handled), (Actions{Acknowledge{1, Kind::ack}}));
    EXPECT_EQ(machine_.in_hand(3), 0u);
}

TEST_F(OrderedDeliveries, nothing_of_a_lost_partition_begins_and_what_runs_is_acknowledged_only_if_it_is_handled) {
    message(1, 1, "a");
    message(2, 1, "b");
    message(3, 1, "a");
    EXPECT_EQ(collect([&](Actions& out) { machine_.on_lost(3, out); }), (Actions{Drop{3}}));
    EXPECT_EQ(finished(1, Outcome::handled), (Actions{Acknowledge{1, Kind::ack}}));
    EXPECT_EQ(finished(2, Outcome::failed), (Actions{Drop{2}}));
    EXPECT_EQ(machine_.in_hand(), 0u);
}

TEST_F(OrderedDeliveries, an_event_with_a_newer_schema_holds_up_its_channel) {
    auto newer = arrival(1, 1, "a");
    newer.newer = true;
    EXPECT_EQ(message(newer), Actions{});
    EXPECT_EQ(message(2, 1, "a"), Actions{});
    EXPECT_EQ(message(3, 1, "b"), (Actions{Begin{3, 1}}));
}

}  // namespace worker_deliveries_test
