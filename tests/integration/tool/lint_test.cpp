// `intent lint`: with the real clang-query what it finds, with a program in its place what it does with any answer.
#include "program.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace intent::test::lint_test {

namespace {

namespace fs = std::filesystem;

/// A clang-query that prints its arguments to the file `arguments`, then `answer`.
Environment answering(const TemporaryFolder& folder, const std::string& answer, const std::string& errors = {}) {
    folder.write("answer", answer);
    folder.write("errors", errors);
    const auto program =
        folder.write("bin/clang-query", "#!/bin/sh\nprintf '%s\\n' \"$@\" >" + folder.path() + "/arguments\ncat " +
                                            folder.path() + "/answer\ncat " + folder.path() + "/errors >&2\n");
    chmod(program.c_str(), 0755);
    return {"PATH=" + folder.path() + "/bin:/usr/bin:/bin"};
}

std::string arguments(const TemporaryFolder& folder) { return content_of(folder.file("arguments")); }

bool has_clang_query() { return fs::exists("/usr/bin/clang-query") || fs::exists("/usr/bin/clang-query-14"); }

constexpr std::string_view bot = R"(#include <intent/intent.hpp>
intent::task<> answer(intent::Message message, bool ok, std::string reason) {
    co_await message.reply(ok ? "yes" : "no " + reason);
    auto pending = message.reply(ok ? "yes" : "no " + reason);
    co_await std::move(pending);
}
)";

TEST(Lint, finds_exactly_the_shapes_that_are_destroyed_twice) {
    if (!has_clang_query()) GTEST_SKIP() << "no clang-query here (Debian: clang-tools)";
    const std::string path = INTENT_SOURCE_DIR "/tests/unit/client/awaited_shapes_test.cpp";
    const auto outcome = run("intent", {"lint", "--json", "-p", INTENT_BINARY_DIR, path});
    EXPECT_EQ(outcome.status, 1) << outcome.errors;
    std::set<std::int64_t> found;
    for (const auto& line : outcome.lines)
        found.insert(parse_line(line).at("line").as_int64());

    // An entry of the table begins with its name and goes on up to the next.
    std::ifstream file(path);
    std::vector<std::int64_t> entries;
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t number = 1;
    for (std::string line; std::getline(file, line); ++number) {
        if (line.starts_with("const Shape twice_with_gcc_12[]")) begin = number;
        if (begin != 0 && end == 0 && line.starts_with("    {\"")) entries.push_back(number);
        if (begin != 0 && end == 0 && line == "};") end = number;
    }
    ASSERT_GT(entries.size(), 25u);
    entries.push_back(end);
    for (std::size_t i = 0; i + 1 < entries.size(); ++i) {
        const auto hit = found.lower_bound(entries[i]);
        EXPECT_TRUE(hit != found.end() && *hit < entries[i + 1]) << "nothing found in the shape of line " << entries[i];
    }
    for (const auto line : found)
        EXPECT_TRUE(line > begin && line < end) << "found in line " << line << ", which is right";
}

TEST(Lint, prints_the_place_and_what_to_write_without_a_compilation_database) {
    if (!has_clang_query()) GTEST_SKIP() << "no clang-query here (Debian: clang-tools)";
    const TemporaryFolder folder;
    const auto path = folder.write("bot.cpp", bot);
    const auto outcome = run("intent", {"lint", path});
    EXPECT_EQ(outcome.status, 1) << outcome.errors;
    const std::vector<std::string> expected{
        path.substr(1) + ":3:28: g++ 12 destroys the result of this ?: twice, because its expression awaits",
        "    co_await message.reply(ok ? \"yes\" : \"no \" + reason);",
        "  write: auto pending = message.reply(ok ? \"yes\" : \"no \" + reason);",
        "         co_await std::move(pending);",
    };
    EXPECT_EQ(outcome.lines, expected);
}

TEST(Lint, ends_with_status_2_for_a_file_that_does_not_parse) {
    if (!has_clang_query()) GTEST_SKIP() << "no clang-query here (Debian: clang-tools)";
    const TemporaryFolder folder;
    const auto outcome = run("intent", {"lint", folder.write("bot.cpp", "int x = unknown;\n")});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.error_lines(), 1);
    EXPECT_NE(outcome.errors.find("does not parse"), std::string::npos) << outcome.errors;
    EXPECT_NE(outcome.errors.find("use of undeclared identifier 'unknown'"), std::string::npos) << outcome.errors;
}

TEST(Lint, names_the_package_if_clang_query_is_missing) {
    const TemporaryFolder folder;
    // The shell that starts the tool has to be found, clang-query must not.
    fs::create_symlink("/bin/sh", folder.path() + "/sh");
    const auto outcome = run("intent", {"lint", folder.write("bot.cpp", "")}, {"PATH=" + folder.path()});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.errors.find("apt-get install clang-tools"), std::string::npos) << outcome.errors;
}

TEST(Lint, refuses_a_missing_file_and_folder) {
    const TemporaryFolder folder;
    const auto no_file = run("intent", {"lint", folder.path() + "/bot.cpp"});
    EXPECT_EQ(no_file.status, 2);
    EXPECT_NE(no_file.errors.find("/bot.cpp: no such file"), std::string::npos) << no_file.errors;

    const auto no_database = run("intent", {"lint", "-p", folder.path(), folder.write("bot.cpp", "")});
    EXPECT_EQ(no_database.status, 2);
    EXPECT_NE(no_database.errors.find("no compile_commands.json"), std::string::npos) << no_database.errors;
}

TEST(Lint, takes_the_nearest_compilation_database) {
    const TemporaryFolder folder;
    const auto environment = answering(folder, "0 matches.\n");
    folder.write("project/build/compile_commands.json", "[]");
    const auto near = folder.write("project/src/deep/bot.cpp", "");
    const auto far = folder.write("other/bot.cpp", "");

    EXPECT_EQ(run("intent", {"lint", near}, environment).status, 0);
    EXPECT_NE(arguments(folder).find("-p\n" + folder.path() + "/project/build\n"), std::string::npos);
    EXPECT_EQ(run("intent", {"lint", far}, environment).status, 0);
    EXPECT_EQ(arguments(folder).find("-p\n"), std::string::npos);
    EXPECT_NE(arguments(folder).find("-std=c++20\n"), std::string::npos);
    EXPECT_NE(arguments(folder).find("/include\n"), std::string::npos);
}

TEST(Lint, prints_no_control_bytes_of_sources_and_compilers) {
    const TemporaryFolder folder;
    const auto path = folder.write("bot.cpp", "co_await f(\"\x1b[2J\x9b\x7f\");\n");
    const std::string note = "note: \"conditional\" binds here\n" + path + ":1:1: note: \"operand\" binds here\n";
    const auto hit = run("intent", {"lint", path}, answering(folder, "Match #1:\n" + path + ":1:12: " + note));
    EXPECT_EQ(hit.status, 1);
    const auto broken = run("intent", {"lint", path}, answering(folder, "", path + ":1:1: error: \x1b]0;title\x07\n"));
    EXPECT_EQ(broken.status, 2);
    std::string all = broken.errors;
    for (const auto& line : hit.lines)
        all += line;
    EXPECT_EQ(all.find('\x1b'), std::string::npos) << all;
    EXPECT_EQ(all.find('\x7f'), std::string::npos) << all;
    EXPECT_EQ(all.find('\x07'), std::string::npos) << all;
    EXPECT_EQ(all.find('\x9b'), std::string::npos) << all;
    EXPECT_NE(all.find("auto pending = f("), std::string::npos) << all;
}

TEST(Lint, prints_one_json_object_for_each_place) {
    const TemporaryFolder folder;
    const auto path = folder.write("bot.cpp", "x = {co_await f(), 1};\n");
    const std::string place = path + ":1:";
    const auto outcome = run("intent", {"lint", "--json", path},
                             answering(folder, "Match #1:\n" + place + "5: note: \"aggregate\" binds here\n" + place +
                                                   "6: note: \"beside\" binds here\n"));
    EXPECT_EQ(outcome.status, 1);
    ASSERT_EQ(outcome.lines.size(), 1u);
    const Json line = parse_line(outcome.lines[0]);
    EXPECT_EQ(text(line, "file"), path.substr(1));
    EXPECT_EQ(line.at("line").as_int64(), 1);
    EXPECT_EQ(line.at("column").as_int64(), 5);
    EXPECT_EQ(text(line, "shape"), "aggregate");
    EXPECT_NE(text(line, "text").find("aggregate"), std::string::npos);
    EXPECT_NE(text(line, "rewrite").find("auto value = co_await f();"), std::string::npos);
}

}  // namespace

}  // namespace intent::test::lint_test
