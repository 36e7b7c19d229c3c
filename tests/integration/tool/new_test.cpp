// `intent new`: what it prints. tests/consumer builds what it creates.
#include "program.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace intent::test::new_test {

namespace {

bool has(const std::vector<std::string>& lines, const std::string& line) {
    return std::ranges::find(lines, line) != lines.end();
}

TEST(ToolNew, prints_the_files_and_the_next_three_commands) {
    const TemporaryFolder folder;
    const auto outcome = run("intent", {"new", folder.file("my-bot")});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
    EXPECT_TRUE(has(outcome.lines, "    src/bot.cpp"));
    EXPECT_TRUE(has(outcome.lines, "    .github/workflows/ci.yml"));
    ASSERT_GE(outcome.lines.size(), 3u);
    const std::vector<std::string> last(outcome.lines.end() - 3, outcome.lines.end());
    EXPECT_EQ(last, (std::vector<std::string>{"    cd " + folder.file("my-bot"), "    make test", "    make run"}));
    EXPECT_TRUE(std::filesystem::exists(folder.file("my-bot/CMakeLists.txt")));
}

TEST(ToolNew, quotes_the_path_for_the_shell) {
    const TemporaryFolder folder;
    folder.write("a b/c", "");
    const auto outcome = run("intent", {"new", folder.file("a b/bot")});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_TRUE(has(outcome.lines, "    cd '" + folder.file("a b/bot") + "'"));
}

TEST(ToolNew, prints_one_json_object) {
    const TemporaryFolder folder;
    const auto outcome = run("intent", {"new", "--json", folder.file("bot")});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    ASSERT_EQ(outcome.lines.size(), 1u);
    const auto object = parse_line(outcome.lines.front());
    EXPECT_EQ(text(object, "folder"), folder.file("bot"));
    for (const auto& file : object.at("files").as_array())
        EXPECT_TRUE(std::filesystem::exists(folder.file("bot/" + std::string(std::string_view(file.as_string())))));
}

TEST(ToolNew, a_folder_that_cannot_be_created_is_a_failure_in_one_line) {
    const auto outcome = run("intent", {"new", "/proc/bot"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.lines, std::vector<std::string>{});
    EXPECT_EQ(outcome.error_lines(), 1);
    EXPECT_NE(outcome.errors.find("/proc/bot: "), std::string::npos) << outcome.errors;
}

}  // namespace

}  // namespace intent::test::new_test
