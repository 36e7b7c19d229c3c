// The user's stop, in every state (protocol §5: disconnect by the user).
#include "tests/support/session_script.hpp"

namespace intent::test {
namespace {

using session::State;

TEST(SessionStop, before_the_start) {
    Driver driver;
    EXPECT_EQ(driver.stop(), (Lines{"stopped by_user"}));
    expect_silence(driver);
}

TEST(SessionStop, while_connecting_aborts) {
    Driver driver;
    driver.start();
    EXPECT_EQ(driver.stop(), (Lines{"abort", "stopped by_user"}));
    expect_silence(driver);
}

TEST(SessionStop, in_the_back_off_keeps_the_session_for_the_next_process) {
    Driver driver;
    driver.to_ready("s1");
    driver.event(5);
    driver.closed(1006);
    EXPECT_EQ(driver.stop(), (Lines{"stopped by_user"}));
    expect_silence(driver);
    EXPECT_EQ(driver.machine.session_id(), "s1");
    EXPECT_EQ(driver.machine.seq(), 5u);
}

TEST(SessionStop, on_an_open_socket_closes_with_1000_and_ends_the_session) {
    Driver driver;
    driver.to_ready("s1");
    driver.event(5);
    EXPECT_EQ(driver.stop(), (Lines{"close 1000", "disconnected 1000", "stopped by_user"}));
    EXPECT_EQ(driver.stop(), Lines{}) << "twice";
    expect_silence(driver);
    EXPECT_FALSE(driver.machine.session_id());
}

TEST(SessionStop, while_awaiting_ready_resuming_and_replaying) {
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

}  // namespace
}  // namespace intent::test
