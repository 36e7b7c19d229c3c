// The program of `make run SCALE=1`: real processes, of which two are killed.
#include "tests/integration/tool/program.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

namespace intent::test::scale_demo_test {

namespace {

TEST(ScaleDemo, a_conversation_loses_nothing_when_a_worker_and_the_leader_are_killed) {
    INTENT_NEEDS_NATS();
    const auto outcome = run("intent_scale_demo", {});
    std::string text;
    for (const auto& line : outcome.lines)
        text += line + "\n";
    EXPECT_EQ(outcome.status, 0) << text << outcome.errors;
    EXPECT_NE(text.find("kill -9 worker-1"), std::string::npos) << text;
    EXPECT_NE(text.find("relay-2  leads"), std::string::npos) << text;
    EXPECT_NE(text.find("  lost                       0\n"), std::string::npos) << text;
}

TEST(ScaleDemo, a_missing_broker_is_named_with_its_package) {
    const auto outcome = run("intent_scale_demo", {}, {"NATS_SERVER=/does/not/exist"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.errors.find("apt-get install nats-server"), std::string::npos) << outcome.errors;
}

}  // namespace

}  // namespace intent::test::scale_demo_test
