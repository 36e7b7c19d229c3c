// The current trace follows coroutines, not threads.
#include <intent/task.hpp>
#include <intent/trace.hpp>

#include <gtest/gtest.h>

#include <coroutine>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace intent::trace_test {
namespace {

/// Suspends the coroutine that awaits it, until `resume`.
struct Pause {
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) noexcept { waiting = handle; }
    void await_resume() const noexcept {}
    void resume() { std::exchange(waiting, nullptr).resume(); }
    std::coroutine_handle<> waiting = nullptr;
};

task<> inner(Pause& pause) { co_await pause; }

task<> outer(Pause& pause, std::vector<Trace>& seen) {
    seen.push_back(current_trace());
    co_await inner(pause);
    seen.push_back(current_trace());
    co_await inner(pause);
    seen.push_back(current_trace());
}

TEST(CurrentTrace, is_empty_outside_of_traces_and_restored_behind_them) {
    const Trace trace = new_trace();
    EXPECT_TRUE(current_trace().empty());
    in_trace(trace, [&] {
        EXPECT_EQ(current_trace(), trace);
        in_trace({1, 2, true}, [] { EXPECT_EQ(current_trace(), (Trace{1, 2, true})); });
        EXPECT_EQ(current_trace(), trace);
    });
    EXPECT_TRUE(current_trace().empty());
    EXPECT_EQ(in_trace(trace, [] { return 5; }), 5);
}

TEST(CurrentTrace, of_coroutines_that_interleave_is_that_in_which_each_started) {
    const Trace first = new_trace();
    const Trace second = new_trace();
    Pause pauses[2];
    std::vector<Trace> seen[2];
    auto one = in_trace(first, [&] { return outer(pauses[0], seen[0]); });
    auto two = in_trace(second, [&] { return outer(pauses[1], seen[1]); });
    for (int i = 0; i < 2; ++i) {
        in_trace(second, [&] { pauses[0].resume(); });
        in_trace({}, [&] { pauses[1].resume(); });
    }
    EXPECT_TRUE(one.done());
    EXPECT_TRUE(two.done());
    EXPECT_EQ(seen[0], std::vector<Trace>(3, first));
    EXPECT_EQ(seen[1], std::vector<Trace>(3, second));
    EXPECT_TRUE(current_trace().empty());
}

TEST(CurrentTrace, is_the_coroutines_also_on_another_thread) {
    const Trace trace = new_trace();
    Pause pause;
    std::vector<Trace> seen;
    auto running = in_trace(trace, [&] { return outer(pause, seen); });
    std::thread([&] { pause.resume(); }).join();
    std::thread([&] { pause.resume(); }).join();
    EXPECT_TRUE(running.done());
    EXPECT_EQ(seen, std::vector<Trace>(3, trace));
}

TEST(NewTrace, has_an_id_and_requests_have_spans_that_no_other_has) {
    std::set<std::string> ids;
    for (int i = 0; i < 1000; ++i)
        ids.insert(new_trace().id());
    std::thread([&] {
        for (int i = 0; i < 1000; ++i)
            ids.insert(new_trace().id());
    }).join();
    EXPECT_EQ(ids.size(), 2000u);
    EXPECT_TRUE(new_trace(true).sampled);
    EXPECT_FALSE(new_trace().sampled);

    const Trace trace = new_trace(true);
    std::set<std::string> headers;
    for (int i = 0; i < 1000; ++i) {
        headers.insert(trace.traceparent());
        EXPECT_EQ(parse_traceparent(*headers.rbegin()), trace);
    }
    EXPECT_EQ(headers.size(), 1000u);
    EXPECT_EQ(Trace().traceparent(), "");
}

}  // namespace
}  // namespace intent::trace_test
