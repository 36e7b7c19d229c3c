// Globs, times and paths as the command line has them.
#include "tests/support/temporary_folder.hpp"
#include "tools/intent/process/glob.hpp"
#include "tools/intent/support/duration.hpp"
#include "tools/intent/support/shown_path.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace intent::test::words_test {

namespace {

using namespace std::chrono_literals;

TEST(Glob, stars_and_question_marks_match_within_a_name) {
    EXPECT_TRUE(tool::matches_glob("*.py", "bot.py"));
    EXPECT_TRUE(tool::matches_glob("*", ""));
    EXPECT_TRUE(tool::matches_glob("b?t", "bot"));
    EXPECT_TRUE(tool::matches_glob("*a*b*", "xxaxxabx"));
    EXPECT_TRUE(tool::matches_glob("bot", "bot"));
    EXPECT_FALSE(tool::matches_glob("*.py", "bot.pyc"));
    EXPECT_FALSE(tool::matches_glob("b?t", "bt"));
    EXPECT_FALSE(tool::matches_glob("", "x"));
    EXPECT_FALSE(tool::matches_glob("a*b*c", "acb"));
}

TEST(Glob, two_stars_match_any_number_of_folders) {
    const test::TemporaryFolder folder;
    const std::string root = folder.path();
    for (const char* name : {"src/x.py", "src/a/y.py", "src/a/b/z.py", "src/a/z.js", "src/.git/w.py", "x.py"})
        folder.write(name, name);
    const auto found = [&](const std::string& pattern) {
        tool::Globbed result;
        tool::expand_glob(root + pattern, result);
        std::ranges::sort(result.files);
        for (auto& file : result.files)
            file.erase(0, root.size());
        return result.files;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(found("/src/**/*.py"), (Names{"/src/a/b/z.py", "/src/a/y.py", "/src/x.py"}));
    EXPECT_EQ(found("/src/*/*.py"), (Names{"/src/a/y.py"}));
    EXPECT_EQ(found("/*/x.py"), (Names{"/src/x.py"}));
    EXPECT_EQ(found("/src/.g*/*"), (Names{"/src/.git/w.py"}));
    EXPECT_EQ(found("/src/x.py"), (Names{"/src/x.py"}));
    EXPECT_EQ(found("/src/a"), Names{});
    EXPECT_EQ(found("/none/**/*"), Names{});
}

TEST(Duration, has_a_number_and_a_unit) {
    EXPECT_EQ(tool::parsed_duration("250ms"), 250ms);
    EXPECT_EQ(tool::parsed_duration("5s"), 5000ms);
    EXPECT_EQ(tool::parsed_duration("1.5s"), 1500ms);
    EXPECT_EQ(tool::parsed_duration("2m"), 120'000ms);
    EXPECT_EQ(tool::parsed_duration("24h"), 86'400'000ms);
    EXPECT_EQ(tool::parsed_duration("0s"), 0ms);
    for (const char* wrong : {"", "5", "s", "-1s", "5 s", "5sec", "1e3s", "25h", "nans", "infs"})
        EXPECT_EQ(tool::parsed_duration(wrong), std::nullopt) << wrong;
}

TEST(ShownPath, has_no_query_and_no_webhooks_token) {
    EXPECT_EQ(tool::shown_path("/as/alice/webhooks/1/s3cret?wait=true"), "/as/alice/webhooks/1/{token}");
    EXPECT_EQ(tool::shown_path("/webhooks/1/s3%63ret/messages/3"), "/webhooks/1/{token}/messages/3");
    EXPECT_EQ(tool::shown_path("/webhooks/webhooks/1/s3cret").find("s3cret"), std::string::npos);
    for (const char* path :
         {"/webhooks/1", "/webhooks/1/", "/webhooks/1/regenerate-token", "/channels/1/webhooks", "/", ""})
        EXPECT_EQ(tool::shown_path(path), path);
}

}  // namespace

}  // namespace intent::test::words_test
