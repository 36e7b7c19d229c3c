// Scopes: what becomes of coroutines that are suspended, run, or are about to go on when their scope ends.
#include "client/async/scope_state.hpp"

#include "client/async/thread_context.hpp"
#include "tests/support/client_gate.hpp"
#include "tests/support/waiting.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace intent::scope_state_test {
namespace {

using detail::InScope;
using detail::ScopeState;
using test::Door;
using test::Gate;

/// Continues coroutines when it is told to, as a handler thread does.
class LateExecutor final : public detail::Executor {
public:
    void resume(detail::Resumption next, unsigned) noexcept override { waiting.push_back(std::move(next)); }
    void report_dropped(std::exception_ptr, const detail::Origin& origin) noexcept override {
        dropped.emplace_back(origin.name);
    }
    void run_all() {
        for (auto& next : std::exchange(waiting, {}))
            next.run();
    }

    std::vector<detail::Resumption> waiting;
    std::vector<std::string> dropped;
};

struct Steps {
    int begun = 0;
    int ended = 0;
    int destroyed = 0;
};

class Guard {
public:
    explicit Guard(Steps& steps) : steps_(steps) { ++steps_.begun; }
    ~Guard() { ++steps_.destroyed; }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

private:
    Steps& steps_;
};

task<> pass(Gate& gate) { co_await gate; }

task<> wait_at(Gate& gate, Steps& steps) {
    const Guard guard(steps);
    co_await pass(gate);
    ++steps.ended;
}

task<> wait_deep(Gate& gate, Steps& steps, int depth) {
    const Guard guard(steps);
    if (depth > 0) {
        co_await wait_deep(gate, steps, depth - 1);
    } else {
        co_await pass(gate);
    }
    ++steps.ended;
}

class Scopes : public testing::Test {
protected:
    template <class Start>
    void start(Start begin) {
        const InScope stretch(scope);
        ASSERT_TRUE(stretch);
        static_cast<void>(begin());
    }

    std::shared_ptr<ScopeState> scope = std::make_shared<ScopeState>();
    Gate gate;
    Steps steps;
};

TEST_F(Scopes, a_suspended_coroutine_is_destroyed_with_its_locals_before_the_end_returns) {
    start([&] { return wait_at(gate, steps); });
    EXPECT_EQ(steps.destroyed, 0);
    scope->end();
    EXPECT_EQ(steps.destroyed, 1);
    gate.open();
    EXPECT_EQ(steps.ended, 0);
}

TEST_F(Scopes, so_are_the_coroutines_that_it_awaits) {
    start([&] { return wait_deep(gate, steps, 5); });
    scope->end();
    EXPECT_EQ(steps.destroyed, 6);
    gate.open();
    EXPECT_EQ(steps.ended, 0);
}

TEST_F(Scopes, so_are_those_that_it_has_started_and_does_not_await_yet) {
    Gate other;
    start([&]() -> task<> {
        return [](Gate& here, Gate& there, Steps& all) -> task<> {
            auto later = wait_at(there, all);
            co_await wait_at(here, all);
            co_await std::move(later);
        }(gate, other, steps);
    });
    EXPECT_EQ(steps.begun, 2);
    scope->end();
    EXPECT_EQ(steps.destroyed, 2);
    gate.open();
    other.open();
    EXPECT_EQ(steps.ended, 0);
}

TEST_F(Scopes, a_coroutine_goes_on_while_its_scope_lives) {
    start([&] { return wait_deep(gate, steps, 2); });
    gate.open();
    EXPECT_EQ(steps.ended, 3);
    EXPECT_EQ(steps.destroyed, 3);
    scope->end();
    EXPECT_EQ(steps.destroyed, 3);
}

TEST_F(Scopes, coroutines_outside_are_left_alone) {
    auto outside = wait_at(gate, steps);
    scope->end();
    gate.open();
    EXPECT_TRUE(outside.done());
    EXPECT_EQ(steps.ended, 1);
}

TEST_F(Scopes, a_coroutine_that_was_about_to_go_on_does_not) {
    const auto executor = std::make_shared<LateExecutor>();
    {
        const client::ThreadContext here(detail::Place{executor, 0});
        start([&] { return wait_deep(gate, steps, 1); });
    }
    gate.open();  // the inner coroutine is handed to the executor
    ASSERT_EQ(executor->waiting.size(), 1u);
    scope->end();
    EXPECT_EQ(steps.destroyed, 2);
    executor->run_all();
    EXPECT_EQ(steps.ended, 0);
}

TEST_F(Scopes, code_that_ends_its_own_scope_runs_on_to_its_next_wait) {
    bool after_end = false;
    bool after_wait = false;
    start([&]() -> task<> {
        return [](ScopeState& own, Gate& door, Steps& all, bool& ended, bool& waited) -> task<> {
            const Guard guard(all);
            own.end();
            ended = true;
            co_await pass(door);
            waited = true;
        }(*scope, gate, steps, after_end, after_wait);
    });
    EXPECT_TRUE(after_end);
    EXPECT_EQ(steps.destroyed, 1);
    gate.open();
    EXPECT_FALSE(after_wait);
}

TEST_F(Scopes, so_does_a_coroutine_that_ends_it_after_a_wait_or_in_a_coroutine_that_it_awaits) {
    Gate second;
    bool wrong = false;
    start([&]() -> task<> {
        return [](ScopeState& own, Gate& first, Gate& then, Steps& all, bool& went_on) -> task<> {
            const auto end_it = [](ScopeState& scope_of_it, Gate& door, Steps& counts) -> task<> {
                const Guard guard(counts);
                scope_of_it.end();
                co_await pass(door);
            };
            const Guard guard(all);
            co_await pass(first);
            co_await end_it(own, then, all);
            went_on = true;
        }(*scope, gate, second, steps, wrong);
    });
    gate.open();
    EXPECT_EQ(steps.destroyed, 2);
    second.open();
    EXPECT_FALSE(wrong);
}

TEST_F(Scopes, nothing_begins_after_the_end) {
    scope->end();
    const InScope stretch(scope);
    EXPECT_FALSE(stretch);
    scope->end();
}

TEST_F(Scopes, the_end_waits_for_code_that_runs_on_another_thread) {
    Door entered;
    Door leave;
    std::atomic<bool> left = false;
    std::thread other([&] {
        start([&]() -> task<> {
            return [](Door& in, Door& out, std::atomic<bool>& gone, Gate& door, Steps& all) -> task<> {
                const Guard guard(all);
                in.open();
                out.pass();
                gone = true;
                co_await pass(door);
                ++all.ended;
            }(entered, leave, left, gate, steps);
        });
    });
    ASSERT_TRUE(entered.pass());
    std::thread opener([&] { leave.open(); });
    scope->end();
    EXPECT_TRUE(left);
    EXPECT_EQ(steps.destroyed, 1);
    other.join();
    opener.join();
    gate.open();
    EXPECT_EQ(steps.ended, 0);
}

TEST_F(Scopes, two_that_end_it_from_within_at_once_do_not_wait_for_each_other) {
    std::atomic<int> inside = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&] {
            const InScope stretch(scope);
            ++inside;
            while (inside < 2)
                std::this_thread::yield();
            scope->end();
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_TRUE(scope->ended());
}

TEST_F(Scopes, the_end_races_with_the_continuation) {
    for (int round = 0; round < 500; ++round) {
        const auto own = std::make_shared<ScopeState>();
        auto door = std::make_shared<Gate>();
        // What the coroutine uses is gone after the end, as the object around a Scope is.
        auto used = std::make_unique<std::atomic<int>>(0);
        const auto work = [](std::shared_ptr<Gate> opened, std::atomic<int>& mine) -> task<> {
            co_await pass(*opened);
            ++mine;
            co_await pass(*opened);
            ++mine;
        };
        {
            const InScope stretch(own);
            auto running = work(door, *used);
        }
        std::thread other([door] { door->open(); });
        own->end();
        used.reset();
        other.join();
    }
}

TEST_F(Scopes, a_task_that_is_dropped_after_the_end_is_destroyed) {
    std::optional<task<>> held;
    {
        const InScope stretch(scope);
        held.emplace(wait_at(gate, steps));
    }
    scope->end();
    EXPECT_EQ(steps.destroyed, 0) << "it is the owner's";
    held.reset();
    EXPECT_EQ(steps.destroyed, 1);
    gate.open();
    EXPECT_EQ(steps.ended, 0);
}

TEST_F(Scopes, code_of_one_scope_that_lets_code_of_another_go_on_keeps_them_apart) {
    const auto other = std::make_shared<ScopeState>();
    Gate inner;
    {
        const InScope stretch(other);
        auto running = [](Gate& first, Gate& second, Steps& all) -> task<> {
            const Guard guard(all);
            co_await pass(first);
            co_await wait_at(second, all);
        }(inner, gate, steps);
    }
    {
        const InScope stretch(scope);
        inner.open();  // runs the other's code, inside of ours
    }
    scope->end();
    EXPECT_EQ(steps.destroyed, 0);
    other->end();
    EXPECT_EQ(steps.destroyed, 2);
    gate.open();
    EXPECT_EQ(steps.ended, 0);
}

/// Counts how often it was cancelled.
class NotedWait final : public detail::Wait {
public:
    void cancel() noexcept override { ++cancelled; }
    int cancelled = 0;
};

TEST_F(Scopes, waits_are_cancelled_once_unless_they_have_ended) {
    const auto wait = std::make_shared<NotedWait>();
    const auto over = std::make_shared<NotedWait>();
    EXPECT_TRUE(scope->add(wait));
    EXPECT_TRUE(scope->add(over));
    scope->remove(*over);
    scope->remove(*over);
    scope->end();
    scope->end();
    EXPECT_EQ(wait->cancelled, 1);
    EXPECT_EQ(over->cancelled, 0);
    EXPECT_FALSE(scope->add(over));
    EXPECT_EQ(wait.use_count(), 1);
}

}  // namespace
}  // namespace intent::scope_state_test
