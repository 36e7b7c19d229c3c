// The user's stop, in every state (protocol §5: disconnect by the user).
#include "tests/support/session_script.hpp"

namespace intent::test::session_stop_test {
namespace {

using session::State;

TEST(SessionStop, case_073_before_the_start) {
    Driver driver;
    EXPECT_EQ(driver.stop(), (Lines{"stopped by_user"}));
    expect_silence(driver);
}

TEST(SessionStop, case_072_while_connecting_aborts) {
    Driver driver;
    driver.start();
    EXPECT_EQ(driver.stop(), (Lines{"abort", "stopped by_user"}));
    expect_silence(driver);
}

TEST(SessionStop, case_072_in_the_back_off_keeps_the_session_for_the_next_process) {
    Driver driver;
    driver.to_ready("s1");
    driver.event(5);
    driver.closed(1006);
    EXPECT_EQ(driver.stop(), (Lines{"stopped by_user"}));
    expect_silence(driver);
    EXPECT_EQ(driver.machine.session_id(), "s1");
    EXPECT_EQ(driver.machine.seq(), 5u);
}

TEST(SessionStop, case_072_077_on_an_open_socket_closes_with_1000_and_ends_the_session) {
    Driver driver;
    driver.to_ready("s1");
    driver.event(5);
    EXPECT_EQ(driver.stop(), (Lines{"close 1000", "disconnected 1000", "stopped by_user"}));
    EXPECT_EQ(driver.stop(), Lines{}) << "twice";
    expect_silence(driver);
    EXPECT_FALSE(driver.machine.session_id());
}

TEST(SessionStop, case_072_while_awaiting_ready_resuming_and_replaying) {
    const Lines closing{"close 1000", "disconnected 1000", "stopped by_user"};
    Driver awaiting;
    awaiting.to_awaiting_ready();
    EXPECT_EQ(awaiting.stop(), closing);
    expect_silence(awaiting);

    Driver resuming;
    resuming.to_ready();
    resuming.closed(1006);
    resuming.reopen();
    ASSERT_EQ(resuming.state(), State::awaiting_resumed);
    Driver replaying = resuming;
    EXPECT_EQ(resuming.stop(), closing);
    expect_silence(resuming);

    replaying.event(1);
    ASSERT_EQ(replaying.state(), State::replaying);
    EXPECT_EQ(replaying.stop(), closing);
    expect_silence(replaying);
}

TEST(SessionStop, keeping_the_session_closes_with_4000_if_it_can_be_resumed) {
    session::Settings settings;
    settings.at_stop = session::AtStop::keep_session;
    const Lines keeping{"close 4000", "disconnected 4000", "stopped by_user"};
    const Lines ending{"close 1000", "disconnected 1000", "stopped by_user"};

    Driver ready(settings);
    ready.to_ready("s1");
    ready.event(5);
    Driver resuming = ready;
    EXPECT_EQ(ready.stop(), keeping);
    EXPECT_EQ(ready.machine.session_id(), "s1");
    EXPECT_EQ(ready.machine.seq(), 5u);
    expect_silence(ready);

    resuming.closed(1006);
    resuming.reopen();
    Driver replaying = resuming;
    EXPECT_EQ(resuming.stop(), keeping);
    replaying.event(6);
    EXPECT_EQ(replaying.stop(), keeping);
    EXPECT_EQ(replaying.machine.seq(), 6u);

    Driver nameless(settings);
    nameless.to_ready("");
    EXPECT_EQ(nameless.stop(), ending) << "without an id there is nothing to keep";
    Driver awaiting(settings);
    awaiting.to_awaiting_ready();
    EXPECT_EQ(awaiting.stop(), ending);
}

TEST(SessionStop, case_023_a_new_machine_keeps_the_spacing_of_the_previous_one) {
    Driver old;
    old.to_ready();
    old.advance(2s);
    old.stop();

    session::Settings settings;
    settings.openings = old.machine.openings();
    Driver next(settings);
    next.now = old.now;
    EXPECT_EQ(next.start(), Lines{"notice"});
    EXPECT_EQ(next.state(), State::waiting);
    EXPECT_EQ(next.until_wake(), 3'050ms);
    EXPECT_EQ(next.start(), Lines{}) << "twice";
    Driver stopped = next;
    EXPECT_EQ(stopped.stop(), Lines{"stopped by_user"});
    expect_silence(stopped);
    EXPECT_EQ(next.advance(3'049ms), Lines{});
    EXPECT_EQ(next.advance(1ms), Lines{"open"});
    EXPECT_EQ(next.open(), Lines{"send identify"});

    Driver later(settings);
    later.now = old.now + 10s;
    EXPECT_EQ(later.start(), Lines{"open"});
}

TEST(SessionStop, case_024_a_new_machine_counts_the_identifies_of_the_previous_one) {
    session::Settings settings;
    settings.schedule.identify_budget_limit = 2;
    Driver old(settings);
    old.to_ready("");
    old.closed(1006);
    old.reopen();
    old.stop();
    settings.openings = old.machine.openings();
    Driver next(settings);
    next.now = old.now;
    EXPECT_EQ(next.start(), Lines{"notice"});
    EXPECT_GT(*next.until_wake(), 23h);
}

}  // namespace
}  // namespace intent::test::session_stop_test
