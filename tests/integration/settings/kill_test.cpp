// A bot that is killed in the middle of its changes.
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <intent/settings.hpp>

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace intent::settings_kill_test {
namespace {

TEST(SettingsKill, nothing_that_was_committed_is_lost_and_nothing_is_torn) {
    const Setting<std::int64_t> number("number");
    const Setting<std::string> text("text");
    const test::TemporaryFolder folder;
    const std::string file = folder.file("db");
    std::int64_t last = 0;
    for (std::size_t round = 0; round < 20; ++round) {
        {
            test::Process writer({INTENT_BINARY_DIR "/tests/intent_settings_writer", file}, folder.path());
            const std::size_t lines = 1 + round * 7;  // at different moments of its work
            ASSERT_TRUE(writer.lines.wait_count(lines));
            writer.signal(SIGKILL);
            ASSERT_EQ(writer.wait(), 128 + SIGKILL);
            last = std::strtoll(writer.lines.all().back().c_str(), nullptr, 10);
        }
        Settings settings(file);
        const auto reached = settings.get(number);
        EXPECT_GE(reached, last) << "printed after its commit";
        EXPECT_EQ(settings.get(number, UserId{2}), reached);
        EXPECT_EQ(settings.get(number, UserId{1}), -reached);
        EXPECT_EQ(settings.get(text), std::string(20'000, static_cast<char>('a' + reached % 26)));
        EXPECT_GE(settings.get(number, ServerId{1}), last);
        EXPECT_EQ(settings.database().row<std::string>("PRAGMA integrity_check"), "ok");
    }
}

}  // namespace
}  // namespace intent::settings_kill_test
