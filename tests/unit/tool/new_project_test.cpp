// `intent new`: names, places, and what is left when the files cannot be written.
#include "tools/intent/support/new_project.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tools/intent/support/command.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace intent::test::new_project_test {

namespace {

namespace fs = std::filesystem;

/// The names in a folder.
std::vector<std::string> names_in(const TemporaryFolder& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder.path()))
        names.push_back(entry.path().filename().string());
    return names;
}

using Names = std::vector<std::string>;

std::string refusal_of(const fs::path& path) {
    try {
        tool::create_project(path);
    } catch (const tool::WrongUsage& error) {
        return error.what();
    }
    return {};
}

TEST(NewProject, names_are_a_letter_then_letters_digits_hyphens_and_underscores) {
    for (const std::string& name :
         {std::string("b"), std::string("my-bot"), std::string("My_Bot2"), std::string(64, 'a')})
        EXPECT_TRUE(tool::is_project_name(name)) << name;
    for (const std::string& name :
         {std::string(), std::string("2bots"), std::string("-bot"), std::string("_bot"), std::string("my bot"),
          std::string("bot.cpp"), std::string("."), std::string(".."), std::string("a/b"), std::string("b\xc3\xb6t"),
          std::string("a;b"), std::string("a$b"), std::string("a\0b", 3), std::string(65, 'a')})
        EXPECT_FALSE(tool::is_project_name(name)) << name;
}

TEST(NewProject, has_every_file_of_the_template_with_the_name) {
    const TemporaryFolder folder;
    tool::create_project(folder.file("my-bot"));
    const fs::path source = INTENT_SOURCE_DIR "/tools/intent/templates/bot";
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(source)) {
        if (!entry.is_regular_file()) continue;
        std::string expected = content_of(entry.path().string());
        for (std::size_t at = 0; (at = expected.find("@NAME@", at)) != std::string::npos;)
            expected.replace(at, 6, "my-bot");
        const auto file = fs::path(folder.file("my-bot")) / fs::relative(entry.path(), source);
        EXPECT_EQ(content_of(file.string()), expected) << file;
        ++count;
    }
    EXPECT_EQ(tool::template_files().size(), count);
    EXPECT_EQ(names_in(folder), Names{"my-bot"});
    // Readable as every other new folder.
    fs::create_directory(folder.file("other"));
    EXPECT_EQ(fs::status(folder.file("my-bot")).permissions(), fs::status(folder.file("other")).permissions());
}

TEST(NewProject, is_created_in_an_empty_folder_and_with_a_slash_at_its_end) {
    const TemporaryFolder folder;
    fs::create_directory(folder.file("bot"));
    tool::create_project(folder.file("bot/"));
    EXPECT_TRUE(fs::exists(folder.file("bot/src/main.cpp")));
    EXPECT_EQ(names_in(folder), Names{"bot"});
}

TEST(NewProject, an_invalid_name_and_an_occupied_place_are_refused_and_nothing_changes) {
    const TemporaryFolder folder;
    EXPECT_NE(refusal_of(folder.file("my bot")).find("my bot: expected a letter, then letters, digits, - and _"),
              std::string::npos);
    EXPECT_NE(refusal_of("..").find("NAME ..: expected"), std::string::npos);
    EXPECT_NE(refusal_of(folder.file("missing/bot")).find("there is no folder " + folder.file("missing")),
              std::string::npos);
    EXPECT_EQ(names_in(folder), Names{});

    folder.write("full/notes", "mine");
    EXPECT_NE(refusal_of(folder.file("full")).find("full: the folder exists and is not empty"), std::string::npos);
    EXPECT_NE(refusal_of(folder.file("full/notes")).find("notes: exists and is not a folder"), std::string::npos);
    fs::create_directory_symlink("nowhere", folder.file("full/link"));
    EXPECT_NE(refusal_of(folder.file("full/link")).find("link: exists and is not a folder"), std::string::npos);
    EXPECT_EQ(content_of(folder.file("full/notes")), "mine");
    EXPECT_EQ(names_in(folder), Names{"full"});
}

TEST(NewProject, an_error_while_writing_leaves_nothing) {
    const TemporaryFolder folder;
    const tool::TemplateFile files[] = {{"src", "a file"}, {"src/bot.cpp", "below a file"}};
    EXPECT_THROW(tool::create_project(folder.file("bot"), files), std::runtime_error);
    EXPECT_EQ(names_in(folder), Names{});
}

}  // namespace

}  // namespace intent::test::new_project_test
