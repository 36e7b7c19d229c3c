#include "session/identify_pacing.hpp"

#include <gtest/gtest.h>

namespace intent::session::identify_pacing_test {
namespace {

using namespace std::chrono_literals;
constexpr Time start{1000s};

TEST(IdentifyPacing, the_first_may_be_sent_at_once) {
    IdentifyPacing pacing{Schedule{}};
    EXPECT_EQ(pacing.earliest(start, Opening::identify), start);
}

TEST(IdentifyPacing, identify_and_resume_are_spaced_by_five_seconds) {
    IdentifyPacing pacing{Schedule{}};
    pacing.on_sent(start, Opening::resume);
    EXPECT_EQ(pacing.earliest(start + 1s, Opening::identify), start + 5'050ms);
    EXPECT_EQ(pacing.earliest(start + 1s, Opening::resume), start + 5'050ms);
    EXPECT_EQ(pacing.earliest(start + 7s, Opening::resume), start + 7s);
}

TEST(IdentifyPacing, case_024_the_daily_limit_delays_identifies_but_not_resumes) {
    Schedule schedule;
    schedule.identify_budget_limit = 3;
    IdentifyPacing pacing{schedule};
    for (int i = 0; i < 3; ++i)
        pacing.on_sent(start + i * 1h, Opening::identify);
    pacing.on_sent(start + 3h, Opening::resume);
    EXPECT_EQ(pacing.spent(), 3u);
    EXPECT_EQ(pacing.earliest(start + 4h, Opening::identify), start + 24h);
    EXPECT_EQ(pacing.earliest(start + 4h, Opening::resume), start + 4h);

    pacing.on_sent(start + 24h, Opening::identify);
    EXPECT_EQ(pacing.earliest(start + 24h + 10s, Opening::identify), start + 25h);
}

}  // namespace
}  // namespace intent::session::identify_pacing_test
