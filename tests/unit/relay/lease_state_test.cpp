// Elections in simulated time: a key that several machines read and write.
#include "relay/broker/lease_state.hpp"

#include "text/random.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace intent::relay::broker {
namespace {

using namespace std::chrono_literals;
using Time = LeaseState::Time;
using Actions = LeaseState::Actions;

constexpr Time start_time{1'000s};

LeaseState::Options options(const std::string& holder) {
    return {.holder = holder, .ttl = 10s, .renew = 2500ms, .look = 1s, .margin = 1s, .retry = 250ms};
}

template <class Action>
const Action* only(const Actions& actions) {
    return actions.size() == 1 ? std::get_if<Action>(&actions[0]) : nullptr;
}

/// A machine that has read an unset key at `start_time`, and writes.
struct Fresh {
    Fresh() {
        state.start(start_time, actions);
        EXPECT_TRUE(only<LeaseState::Read>(actions));
        actions.clear();
        state.on_read({}, 0, start_time, actions);
    }
    /// Leads from `start_time` on.
    void win() {
        actions.clear();
        state.on_written(1, start_time + 10ms, actions);
        EXPECT_TRUE(only<LeaseState::Lead>(actions));
        actions.clear();
    }

    LeaseState state{options("me")};
    Actions actions;
};

TEST(LeaseState, a_free_key_is_taken_and_renewed) {
    Fresh fresh;
    const auto* write = only<LeaseState::Write>(fresh.actions);
    ASSERT_TRUE(write);
    EXPECT_EQ(write->record, (LeaseRecord{"me", 1}));
    EXPECT_EQ(write->revision, 0u);
    fresh.win();
    EXPECT_TRUE(fresh.state.leads(start_time + 8'999ms));
    EXPECT_FALSE(fresh.state.leads(start_time + 9s));
    EXPECT_EQ(fresh.state.next_wake(), start_time + 2500ms);
    fresh.state.on_time(start_time + 2500ms, fresh.actions);
    write = only<LeaseState::Write>(fresh.actions);
    ASSERT_TRUE(write);
    EXPECT_EQ(write->record, (LeaseRecord{"me", 1}));
    EXPECT_EQ(write->revision, 1u);
    fresh.actions.clear();
    fresh.state.on_written(5, start_time + 4s, fresh.actions);
    EXPECT_TRUE(fresh.actions.empty());
    // It counts from the request, not from the answer.
    EXPECT_FALSE(fresh.state.leads(start_time + 2500ms + 9s));
    EXPECT_TRUE(fresh.state.leads(start_time + 2499ms + 9s));
}

TEST(LeaseState, a_leader_that_cannot_renew_follows_before_the_lease_is_over) {
    Fresh fresh;
    fresh.win();
    auto now = start_time;
    while (fresh.state.next_wake() < start_time + 9s) {
        now = std::max(now, fresh.state.next_wake());
        fresh.state.on_time(now, fresh.actions);
        ASSERT_TRUE(only<LeaseState::Write>(fresh.actions));
        fresh.actions.clear();
        now += 10ms;
        fresh.state.on_failed(now, fresh.actions);
        ASSERT_TRUE(fresh.actions.empty());
    }
    EXPECT_EQ(fresh.state.next_wake(), start_time + 9s);
    fresh.state.on_time(start_time + 9s, fresh.actions);
    ASSERT_EQ(fresh.actions.size(), 2u);
    EXPECT_TRUE(std::holds_alternative<LeaseState::Follow>(fresh.actions[0]));
    EXPECT_TRUE(std::holds_alternative<LeaseState::Read>(fresh.actions[1]));
}

TEST(LeaseState, an_answer_that_is_too_late_makes_no_leader) {
    Fresh fresh;
    fresh.actions.clear();
    fresh.state.on_written(1, start_time + 9s, fresh.actions);
    EXPECT_TRUE(only<LeaseState::Write>(fresh.actions));
    EXPECT_FALSE(fresh.state.leads(start_time + 9s));
    fresh.actions.clear();
    fresh.state.on_written(2, start_time + 9s + 10ms, fresh.actions);
    EXPECT_TRUE(only<LeaseState::Lead>(fresh.actions));
}

TEST(LeaseState, the_lease_of_another_one_is_taken_only_when_it_has_not_changed_for_its_whole_time) {
    LeaseState state(options("me"));
    Actions actions;
    state.start(start_time, actions);
    auto now = start_time;
    std::uint64_t revision = 3;
    // It is renewed once, at 5 s.
    while (now < start_time + 15s) {
        actions.clear();
        revision = now >= start_time + 5s ? 4 : 3;
        state.on_read(LeaseRecord{"other", 7}, revision, now, actions);
        ASSERT_TRUE(actions.empty()) << (now - start_time) / 1ms;
        now = state.next_wake();
        state.on_time(now, actions);
        ASSERT_TRUE(only<LeaseState::Read>(actions));
    }
    actions.clear();
    state.on_read(LeaseRecord{"other", 7}, 4, now, actions);
    const auto* write = only<LeaseState::Write>(actions);
    ASSERT_TRUE(write);
    EXPECT_EQ(write->record, (LeaseRecord{"me", 8}));
    EXPECT_EQ(write->revision, 4u);
}

TEST(LeaseState, a_write_with_an_unknown_outcome_that_was_done_counts_from_its_request) {
    Fresh fresh;
    fresh.win();
    fresh.state.on_time(start_time + 2500ms, fresh.actions);
    fresh.actions.clear();
    fresh.state.on_failed(start_time + 5s, fresh.actions);  // the answer was lost
    fresh.state.on_time(start_time + 5250ms, fresh.actions);
    ASSERT_TRUE(only<LeaseState::Write>(fresh.actions));
    fresh.actions.clear();
    fresh.state.on_conflict(start_time + 5300ms, fresh.actions);
    ASSERT_TRUE(only<LeaseState::Read>(fresh.actions));
    fresh.actions.clear();
    fresh.state.on_read(LeaseRecord{"me", 1}, 2, start_time + 5400ms, fresh.actions);
    EXPECT_TRUE(fresh.state.leads(start_time + 11'499ms));
    EXPECT_FALSE(fresh.state.leads(start_time + 11'500ms));
    ASSERT_TRUE(only<LeaseState::Write>(fresh.actions));
    EXPECT_EQ(only<LeaseState::Write>(fresh.actions)->revision, 2u);
}

TEST(LeaseState, a_leader_whose_key_was_taken_follows) {
    Fresh fresh;
    fresh.win();
    fresh.state.on_time(start_time + 2500ms, fresh.actions);
    fresh.state.on_conflict(start_time + 2510ms, fresh.actions);
    fresh.actions.clear();
    fresh.state.on_read(LeaseRecord{"other", 2}, 9, start_time + 2520ms, fresh.actions);
    ASSERT_TRUE(only<LeaseState::Follow>(fresh.actions));
    EXPECT_EQ(only<LeaseState::Follow>(fresh.actions)->reason, "it was taken over");
    EXPECT_EQ(fresh.state.seen_holder(), "other");
}

TEST(LeaseState, a_released_lease_is_written_free_and_taken_by_the_next_one) {
    Fresh fresh;
    fresh.win();
    fresh.state.release(start_time + 1s, fresh.actions);
    ASSERT_EQ(fresh.actions.size(), 2u);
    EXPECT_TRUE(std::holds_alternative<LeaseState::Follow>(fresh.actions[0]));
    const auto write = std::get<LeaseState::Write>(fresh.actions[1]);
    EXPECT_EQ(write.record, (LeaseRecord{"", 1}));
    EXPECT_FALSE(fresh.state.leads(start_time + 1s));
    fresh.actions.clear();
    fresh.state.on_written(2, start_time + 1100ms, fresh.actions);
    EXPECT_TRUE(only<LeaseState::Released>(fresh.actions));
    EXPECT_EQ(fresh.state.next_wake(), Time::max());

    LeaseState next(options("next"));
    Actions actions;
    next.start(start_time, actions);
    actions.clear();
    next.on_read(write.record, 2, start_time + 1200ms, actions);
    ASSERT_TRUE(only<LeaseState::Write>(actions));
    EXPECT_EQ(only<LeaseState::Write>(actions)->record, (LeaseRecord{"next", 2}));
}

TEST(LeaseState, a_release_during_a_request_waits_for_it) {
    Fresh fresh;
    fresh.actions.clear();
    fresh.state.release(start_time + 1ms, fresh.actions);
    EXPECT_TRUE(fresh.actions.empty());
    fresh.state.on_written(1, start_time + 2ms, fresh.actions);
    const auto* write = only<LeaseState::Write>(fresh.actions);
    ASSERT_TRUE(write);
    EXPECT_EQ(write->record.holder, "");
    fresh.actions.clear();
    fresh.state.on_failed(start_time + 3ms, fresh.actions);
    fresh.state.on_time(fresh.state.next_wake(), fresh.actions);
    ASSERT_TRUE(only<LeaseState::Read>(fresh.actions));
    fresh.actions.clear();
    fresh.state.on_read(LeaseRecord{"", 1}, 2, start_time + 1s, fresh.actions);
    EXPECT_TRUE(only<LeaseState::Released>(fresh.actions));
}

TEST(LeaseState, one_that_never_led_releases_nothing) {
    LeaseState state(options("me"));
    Actions actions;
    state.start(start_time, actions);
    state.on_read(LeaseRecord{"other", 1}, 1, start_time, actions);
    actions.clear();
    state.release(start_time, actions);
    EXPECT_TRUE(only<LeaseState::Released>(actions));
}

TEST(LeaseState, a_hint_makes_a_follower_look_at_once) {
    LeaseState state(options("me"));
    Actions actions;
    state.start(start_time, actions);
    actions.clear();
    state.on_hint(start_time + 1ms, actions);
    EXPECT_TRUE(actions.empty());  // a read is on its way, which may have missed the change
    state.on_read(LeaseRecord{"other", 1}, 1, start_time + 2ms, actions);
    EXPECT_TRUE(only<LeaseState::Read>(actions));
    actions.clear();
    state.on_read(LeaseRecord{"other", 1}, 1, start_time + 3ms, actions);
    EXPECT_TRUE(actions.empty());
    state.on_hint(start_time + 4ms, actions);
    EXPECT_TRUE(only<LeaseState::Read>(actions));
}

TEST(LeaseState, records_are_read_as_they_are_written) {
    EXPECT_EQ(parse_lease(format_lease({"host-1-ab", 12})), (LeaseRecord{"host-1-ab", 12}));
    EXPECT_EQ(parse_lease(format_lease({"", 3})), (LeaseRecord{"", 3}));
    for (const auto* text : {"", "x", "1", "1 a b", "-1 a", "99999999999999999999 a"})
        EXPECT_FALSE(parse_lease(text)) << text;
}

/// The key, and messages to it that take their time, get lost, or lose their answers.
class Simulation {
public:
    explicit Simulation(std::uint64_t seed) : random_(seed) {
        for (const auto* name : {"a", "b", "c"})
            nodes_.push_back(std::make_unique<Node>(Node{LeaseState(options(name)), false}));
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            feed(i, [&](auto& state, auto& actions) { state.start(now_, actions); });
    }

    void run(std::chrono::seconds length) {
        const Time end = now_ + length;
        while (now_ < end) {
            Time next = events_.empty() ? Time::max() : events_.begin()->first;
            for (const auto& node : nodes_)
                next = std::min(next, std::max(node->state.next_wake(), now_ + 1ms));
            now_ = std::min(next, end);
            while (!events_.empty() && events_.begin()->first <= now_) {
                const auto event = std::move(events_.begin()->second);
                events_.erase(events_.begin());
                event();
            }
            for (std::size_t i = 0; i < nodes_.size(); ++i)
                if (nodes_[i]->state.next_wake() <= now_)
                    feed(i, [&](auto& state, auto& actions) { state.on_time(now_, actions); });
            check();
        }
    }

    int handovers() const { return handovers_; }
    bool violated() const { return violated_; }
    bool led() const { return led_; }
    void set_loss(double loss) { loss_ = loss; }

private:
    struct Node {
        LeaseState state;
        bool leading = false;
    };

    template <class Input>
    void feed(std::size_t index, Input input) {
        Actions actions;
        input(nodes_[index]->state, actions);
        for (const auto& action : actions)
            execute(index, action);
    }

    void execute(std::size_t index, const LeaseState::Action& action) {
        if (std::holds_alternative<LeaseState::Lead>(action)) {
            nodes_[index]->leading = true;
            ++handovers_;
        } else if (std::holds_alternative<LeaseState::Follow>(action)) {
            nodes_[index]->leading = false;
        } else if (std::holds_alternative<LeaseState::Read>(action)) {
            request(index, [this, index](std::uint64_t serial) {
                answer(index, serial, [record = record_, revision = revision_](auto& state, auto now, auto& to) {
                    state.on_read(record, revision, now, to);
                });
            });
        } else if (const auto* write = std::get_if<LeaseState::Write>(&action)) {
            request(index, [this, index, wanted = *write](std::uint64_t serial) {
                if (wanted.revision != revision_)
                    return answer(index, serial, [](auto& state, auto now, auto& to) { state.on_conflict(now, to); });
                record_ = wanted.record;
                ++revision_;
                answer(index, serial, [revision = revision_](auto& state, auto now, auto& to) {
                    state.on_written(revision, now, to);
                });
            });
        }
    }

    /// Something arrives at the broker after a while, perhaps after its sender has given up, or never.
    template <class Work>
    void request(std::size_t index, Work work) {
        const auto serial = ++serials_[index];
        if (now_ >= cut_until_[index]) later(random_.unit() < loss_ ? 4'000ms : 5ms, [work, serial] { work(serial); });
        later_exactly(2'500ms, [this, index, serial] {
            if (serials_[index] != serial) return;
            ++serials_[index];
            feed(index, [&](auto& state, auto& to) { state.on_failed(now_, to); });
        });
    }

    template <class Input>
    void answer(std::size_t index, std::uint64_t serial, Input input) {
        if (random_.unit() < loss_) return;
        // Its last answer for a while.
        if (random_.unit() < loss_ / 5) cut_until_[index] = now_ + 15s;
        later(random_.unit() < loss_ ? 2'000ms : 5ms, [this, index, serial, input] {
            if (serials_[index] != serial) return;
            ++serials_[index];
            feed(index, [&](auto& state, auto& to) { input(state, now_, to); });
        });
    }

    template <class Work>
    void later(std::chrono::milliseconds most, Work work) {
        later_exactly(
            std::chrono::milliseconds(1 + static_cast<int>(random_.unit() * static_cast<double>(most.count()))),
            std::move(work));
    }
    template <class Work>
    void later_exactly(std::chrono::milliseconds delay, Work work) {
        events_.emplace(now_ + delay, std::move(work));
    }

    void check() {
        int leaders = 0;
        for (const auto& node : nodes_)
            leaders += static_cast<int>(node->state.leads(now_));
        if (leaders > 1) violated_ = true;
        if (leaders == 1) led_ = true;
    }

    text::Random random_;
    Time now_ = start_time;
    std::vector<std::unique_ptr<Node>> nodes_;
    std::multimap<Time, std::function<void()>> events_;
    std::map<std::size_t, std::uint64_t> serials_;
    std::map<std::size_t, Time> cut_until_;
    std::optional<LeaseRecord> record_;
    std::uint64_t revision_ = 0;
    double loss_ = 0;
    int handovers_ = 0;
    bool violated_ = false;
    bool led_ = false;
};

TEST(LeaseState, one_leader_stays_while_nothing_fails) {
    Simulation simulation(1);
    simulation.run(600s);
    EXPECT_FALSE(simulation.violated());
    EXPECT_EQ(simulation.handovers(), 1);
}

TEST(LeaseState, two_never_lead_at_once_whatever_is_lost_or_late) {
    int handovers = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Simulation simulation(seed);
        simulation.set_loss(0.4 + 0.5 * static_cast<double>(seed % 10) / 10);
        simulation.run(300s);
        ASSERT_FALSE(simulation.violated()) << seed;
        simulation.set_loss(0);
        simulation.run(30s);
        ASSERT_FALSE(simulation.violated()) << seed;
        ASSERT_TRUE(simulation.led()) << seed;
        handovers += simulation.handovers();
    }
    EXPECT_GT(handovers, 1'000);  // so there was something to go wrong
}

}  // namespace
}  // namespace intent::relay::broker
