// What `intent run` does when, in virtual time.
#include "tools/intent/process/supervisor.hpp"

#include <gtest/gtest.h>

#include <string>

namespace intent::test::supervisor_test {

namespace {

using namespace std::chrono_literals;
using tool::Supervisor;

class SupervisorTest : public testing::Test {
protected:
    /// The actions that an input leads to, as letters: Start, Ask, Kill, Compare, ReportEnd, Finish.
    template <class Input>
    std::string after(Input input) {
        Supervisor::Actions actions;
        input(actions);
        std::string letters;
        for (const auto& action : actions)
            letters += "SAKCRF"[action.index()];
        return letters;
    }
    std::string begin() {
        return after([&](auto& actions) { supervisor.on_begin(actions); });
    }
    std::string ended() {
        return after([&](auto& actions) { supervisor.on_ended(actions); });
    }
    std::string changed() {
        return after([&](auto& actions) { supervisor.on_changed(now, actions); });
    }
    std::string stop() {
        return after([&](auto& actions) { supervisor.on_stop(now, actions); });
    }
    std::string at(std::chrono::milliseconds time) {
        now = start + time;
        return after([&](auto& actions) { supervisor.on_time(now, actions); });
    }
    void run() {
        ASSERT_EQ(begin(), "S");
        supervisor.on_started();
    }

    const Supervisor::Time start{};
    Supervisor::Time now = start;
    Supervisor supervisor;
};

TEST_F(SupervisorTest, files_are_compared_once_they_have_settled) {
    run();
    supervisor.on_file_event(now);
    EXPECT_EQ(supervisor.next_wake(), start + 200ms);
    EXPECT_EQ(at(150ms), "");
    supervisor.on_file_event(now);
    EXPECT_EQ(at(200ms), "");
    EXPECT_EQ(at(350ms), "C");
    EXPECT_EQ(supervisor.next_wake(), std::nullopt);
}

TEST_F(SupervisorTest, files_are_compared_after_a_second_in_a_folder_that_never_settles) {
    run();
    for (auto time = 0ms; time < 1000ms; time += 100ms) {
        EXPECT_EQ(at(time), "");
        supervisor.on_file_event(now);
    }
    EXPECT_EQ(at(1000ms), "C");
    supervisor.on_file_event(now);
    EXPECT_EQ(supervisor.next_wake(), now + 200ms);
}

TEST_F(SupervisorTest, a_change_ends_the_bot_and_starts_it_once_it_has_ended) {
    run();
    EXPECT_EQ(changed(), "A");
    EXPECT_EQ(changed(), "");  // it is under way
    EXPECT_EQ(ended(), "S");
    supervisor.on_started();
    EXPECT_EQ(supervisor.next_wake(), std::nullopt);
    EXPECT_EQ(ended(), "R");
    EXPECT_EQ(changed(), "S");
}

TEST_F(SupervisorTest, a_bot_that_does_not_end_in_time_is_killed) {
    run();
    EXPECT_EQ(changed(), "A");
    EXPECT_EQ(supervisor.next_wake(), start + 5s);
    EXPECT_EQ(at(4999ms), "");
    EXPECT_EQ(at(5000ms), "K");
    EXPECT_EQ(ended(), "S");
}

TEST_F(SupervisorTest, a_stop_waits_for_the_bot_and_a_second_one_kills_it) {
    run();
    EXPECT_EQ(stop(), "A");
    EXPECT_EQ(stop(), "K");
    EXPECT_EQ(ended(), "F");
}

TEST_F(SupervisorTest, a_stop_while_the_bot_ends_for_a_change_starts_nothing) {
    run();
    EXPECT_EQ(changed(), "A");
    EXPECT_EQ(stop(), "");
    EXPECT_EQ(changed(), "");
    EXPECT_EQ(ended(), "F");
}

TEST_F(SupervisorTest, a_stop_without_a_bot_ends_at_once) {
    run();
    EXPECT_EQ(ended(), "R");
    EXPECT_EQ(stop(), "F");
}

TEST_F(SupervisorTest, a_busy_program_is_retried_and_a_missing_one_is_awaited) {
    ASSERT_EQ(begin(), "S");
    supervisor.on_not_started(now, Supervisor::Why::busy);
    EXPECT_EQ(supervisor.next_wake(), start + 300ms);
    EXPECT_EQ(at(300ms), "S");
    supervisor.on_not_started(now, Supervisor::Why::not_there);
    EXPECT_EQ(supervisor.next_wake(), std::nullopt);
    EXPECT_EQ(changed(), "S");
}

}  // namespace

}  // namespace intent::test::supervisor_test
