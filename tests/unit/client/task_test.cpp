// Tasks: when they run, who gets their result, and where whoever awaits them goes on.
#include "client/async/scope_state.hpp"
#include "client/async/thread_context.hpp"
#include "tests/support/client_gate.hpp"
#include "tests/support/waiting.hpp"

#include <intent/errors.hpp>
#include <intent/task.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace intent::task_test {
namespace {

using test::Gate;

/// Notes what it is asked to do; resumes nothing by itself.
class NotedExecutor final : public detail::Executor {
public:
    void resume(detail::Resumption next, unsigned lane) noexcept override { resumed.add({next.coroutine, lane}); }
    void report_dropped(std::exception_ptr error, const detail::Origin& origin) noexcept override {
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& exception) {
            dropped.add(std::string(exception.what()) + " in " + origin.name + " " + std::to_string(origin.seq));
        }
    }

    test::Recorder<std::pair<std::coroutine_handle<>, unsigned>> resumed;
    test::Recorder<std::string> dropped;
};

task<int> give(int value) { co_return value; }
task<> fail(std::string text) {
    throw std::runtime_error(text);
    co_return;
}
task<std::string> wait_at(Gate& gate, std::string text) {
    co_await gate;
    co_return text;
}
task<> hold_at(Gate& gate, std::shared_ptr<int> held) {
    co_await gate;
    ++*held;
}
task<> fail_at(Gate& gate, std::string text) {
    co_await gate;
    throw std::runtime_error(text);
}
task<std::string> forward(task<std::string> inner) { co_return co_await std::move(inner); }
task<int> forward_int(task<int> inner) { co_return co_await std::move(inner); }

task<> count_up(int& count) {
    ++count;
    co_return;
}

TEST(Task, runs_as_soon_as_it_is_called_up_to_its_first_wait) {
    int count = 0;
    const auto running = count_up(count);
    EXPECT_EQ(count, 1);
    EXPECT_TRUE(running.done());
}

TEST(Task, get_gives_the_result_or_throws_the_error) {
    EXPECT_EQ(give(7).get(), 7);
    try {
        fail("broken").get();
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "broken");
    }
}

TEST(Task, get_blocks_until_another_thread_has_brought_the_result) {
    Gate gate;
    auto running = wait_at(gate, "done");
    EXPECT_FALSE(running.done());
    std::thread other([&] { gate.open(); });
    EXPECT_EQ(running.get(), "done");
    other.join();
}

TEST(Task, await_takes_the_result_and_the_error_of_the_inner_task) {
    Gate gate;
    auto running = forward(wait_at(gate, "inner"));
    gate.open();
    EXPECT_EQ(running.get(), "inner");

    const auto outer = [](task<> inner) -> task<std::string> {
        try {
            co_await std::move(inner);
        } catch (const std::runtime_error& error) {
            co_return error.what();
        }
        co_return "nothing thrown";
    };
    EXPECT_EQ(outer(fail("inner")).get(), "inner");
    Gate late;
    auto waiting = outer(fail_at(late, "late"));
    late.open();
    EXPECT_EQ(waiting.get(), "late");
}

TEST(Task, a_result_that_only_moves_is_moved_out) {
    const auto make = []() -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(5); };
    EXPECT_EQ(*make().get(), 5);
}

TEST(Task, a_dropped_task_goes_on_and_frees_what_it_holds) {
    Gate gate;
    auto held = std::make_shared<int>(1);
    const auto hold = [](Gate& door, std::shared_ptr<int> value, int& ended) -> task<> {
        co_await door;
        ended += *value;
    };
    int ended = 0;
    { auto running = hold(gate, held, ended); }
    EXPECT_EQ(held.use_count(), 2);
    gate.open();
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Task, an_assignment_drops_the_task_that_was_there) {
    Gate first;
    Gate second;
    auto running = wait_at(first, "first");
    running = wait_at(second, "second");
    first.open();
    second.open();
    EXPECT_EQ(running.get(), "second");
}

TEST(Task, the_error_of_a_dropped_task_goes_to_the_executor_of_its_home) {
    const auto executor = std::make_shared<NotedExecutor>();
    Gate gate;
    {
        const client::ThreadContext here(detail::Place{executor, 0});
        static_cast<void>(fail("at once"));
        static_cast<void>(fail_at(gate, "later"));
    }
    gate.open();
    EXPECT_EQ(executor->dropped.all(), (std::vector<std::string>{"at once in  0", "later in  0"}));
}

TEST(Task, an_error_that_was_thrown_to_somebody_is_not_reported_again) {
    const auto executor = std::make_shared<NotedExecutor>();
    const client::ThreadContext here(detail::Place{executor, 0});
    const auto outer = []() -> task<> {
        try {
            co_await fail("inner");
        } catch (const std::runtime_error&) {
        }
    };
    { const auto running = outer(); }
    EXPECT_EQ(executor->dropped.count(), 0u);
}

TEST(Task, a_detached_handler_reports_its_event_and_keeps_its_captures_until_it_ends) {
    const auto executor = std::make_shared<NotedExecutor>();
    Gate gate;
    auto captures = std::make_shared<int>(0);
    {
        const client::ThreadContext here(detail::Place{executor, 0});
        auto running = fail_at(gate, "handler");
        std::move(running).detach(detail::Origin{"MESSAGE_CREATE", 42}, captures);
    }
    EXPECT_EQ(captures.use_count(), 2);
    gate.open();
    EXPECT_EQ(captures.use_count(), 1);
    EXPECT_EQ(executor->dropped.all(), std::vector<std::string>{"handler in MESSAGE_CREATE 42"});
}

TEST(Task, a_result_is_given_once_and_then_refused) {
    auto running = give(7);
    EXPECT_EQ(running.get(), 7);
    EXPECT_THROW(running.get(), UsageError);
    const auto twice = []() -> task<std::string> {
        auto text = []() -> task<std::string> { co_return "a text that is longer than 15 bytes"; }();
        const auto first = co_await text;
        try {
            co_await text;
        } catch (const UsageError& error) {
            co_return first + error.what();
        }
        co_return "no error";
    };
    EXPECT_EQ(twice().get(),
              "a text that is longer than 15 bytestask: its result was already taken; a task can be awaited once");

    auto failed = fail("broken");
    EXPECT_THROW(failed.get(), std::runtime_error);
    EXPECT_THROW(failed.get(), UsageError) << "its error was taken";
}

TEST(Task, one_that_was_moved_from_is_refused) {
    auto running = give(7);
    auto other = std::move(running);
    EXPECT_FALSE(running.valid());  // NOLINT(bugprone-use-after-move)
    EXPECT_TRUE(running.done());
    EXPECT_THROW(running.get(), UsageError);
    EXPECT_THROW(forward_int(std::move(running)).get(), UsageError);
    EXPECT_EQ(other.get(), 7);
}

TEST(Task, a_second_that_awaits_it_is_refused_and_the_first_gets_the_result) {
    Gate gate;
    auto running = wait_at(gate, "a result");
    const auto await_it = [](task<std::string>& shared) -> task<std::string> { co_return co_await shared; };
    auto first = await_it(running);
    auto second = await_it(running);
    EXPECT_THROW(second.get(), UsageError);
    EXPECT_THROW(running.get(), UsageError);
    gate.open();
    EXPECT_EQ(first.get(), "a result");
}

TEST(Task, a_dropped_call_is_reported_with_the_event_in_whose_handler_it_was_made) {
    const auto executor = std::make_shared<NotedExecutor>();
    Gate gate;
    Gate late;
    const auto handler = [](Gate& first, Gate& second) -> task<> {
        static_cast<void>(fail("before"));
        co_await first;
        co_await wait_at(second, "");
        static_cast<void>(fail("after a wait"));
    };
    const client::ThreadContext here(detail::Place{executor, 0});
    {
        const client::Handling handling(detail::Origin{"MESSAGE_CREATE", 42});
        auto running = handler(gate, late);
    }
    EXPECT_EQ(executor->dropped.all(), std::vector<std::string>{"before in MESSAGE_CREATE 42"});
    gate.open();
    late.open();
    ASSERT_EQ(executor->resumed.count(), 0u);
    EXPECT_EQ(executor->dropped.all(),
              (std::vector<std::string>{"before in MESSAGE_CREATE 42", "after a wait in MESSAGE_CREATE 42"}));
}

TEST(Task, get_is_refused_on_a_thread_of_the_sdk) {
    Gate gate;
    auto running = wait_at(gate, "x");
    {
        const client::ThreadContext here{detail::Place{}};
        EXPECT_THROW(running.get(), UsageError);
        EXPECT_TRUE(client::ThreadContext::here());
    }
    EXPECT_FALSE(client::ThreadContext::here());
    gate.open();
    EXPECT_EQ(running.get(), "x");
}

TEST(Task, a_coroutine_goes_on_in_the_lane_where_it_waited) {
    const auto executor = std::make_shared<NotedExecutor>();
    Gate gate;
    std::optional<task<std::string>> running;
    {
        const client::ThreadContext here(detail::Place{executor, 3});
        running.emplace(forward(wait_at(gate, "there")));
    }
    gate.open();  // on this thread, which is nobody's
    ASSERT_EQ(executor->resumed.count(), 1u);
    const auto [coroutine, lane] = executor->resumed.all().front();
    EXPECT_EQ(lane, 3u);
    EXPECT_FALSE(running->done());
    coroutine.resume();
    EXPECT_EQ(running->get(), "there");
}

TEST(Task, a_coroutine_goes_on_at_once_when_its_lane_is_where_the_result_comes) {
    const auto executor = std::make_shared<NotedExecutor>();
    Gate gate;
    const client::ThreadContext here(detail::Place{executor, 1});
    auto running = forward(wait_at(gate, "here"));
    gate.open();
    EXPECT_TRUE(running.done());
    EXPECT_EQ(executor->resumed.count(), 0u);
}

/// The end of the coroutine races against each way to hold its task.
template <class Use>
void race(int rounds, Use use) {
    for (int round = 0; round < rounds; ++round) {
        auto gate = std::make_shared<Gate>();
        auto running = wait_at(*gate, "raced with a text that is long enough for the heap");
        std::thread other([gate] { gate->open(); });
        use(std::move(running));
        other.join();
    }
}

TEST(Task, get_races_with_the_end) {
    race(500, [](task<std::string> running) { EXPECT_EQ(running.get().substr(0, 5), "raced"); });
}

TEST(Task, dropping_races_with_the_end_and_destroys_the_coroutine) {
    for (int round = 0; round < 500; ++round) {
        Gate gate;
        auto held = std::make_shared<int>();
        const std::weak_ptr<int> alive = held;
        {
            auto running = hold_at(gate, std::move(held));
            std::thread other([&] { gate.open(); });
            { const auto dropped = std::move(running); }
            other.join();
        }
        EXPECT_TRUE(alive.expired()) << "the coroutine was not destroyed";
    }
}

TEST(Task, await_races_with_the_end) {
    race(500, [](task<std::string> running) { EXPECT_EQ(forward(std::move(running)).get().substr(0, 5), "raced"); });
}

TEST(Task, many_threads_each_with_tasks_of_their_own_do_not_meet) {
    std::atomic<int> sum = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 1000; ++k) {
                const auto twice = [](int value) -> task<int> { co_return co_await give(value) * 2; };
                sum += twice(k % 3).get();
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(sum, 4 * 2 * 999);
}

}  // namespace
}  // namespace intent::task_test
