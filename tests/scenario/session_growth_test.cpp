// The memory of a session machine after many reconnects.
#include "tests/support/growth.hpp"
#include "tests/support/session_driver.hpp"

namespace intent::test::session_growth_test {
namespace {

TEST(Growth, case_132_ten_thousand_reconnects_leave_nothing) {
    Driver driver;
    driver.to_ready();
    std::uint64_t seq = 0;
    const auto reconnect = [&](int times) {
        for (int i = 0; i < times; ++i) {
            driver.event(++seq);
            driver.closed(1006);
            driver.reopen();
            driver.resumed(++seq);
            ASSERT_EQ(driver.state(), session::State::ready) << i;
            driver.log.clear();
        }
    };
    reconnect(100);
    const auto heap = heap_in_use();
    reconnect(9'900);
    EXPECT_LE(heap_in_use(), heap + 64 * 1024);
}

}  // namespace
}  // namespace intent::test::session_growth_test
