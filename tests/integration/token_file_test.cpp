// A token from a file: what is accepted, and refusals that name the variable and the file, never the text.
#include "tests/support/temporary_folder.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>
#include <intent/token.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace intent::token_file_test {
namespace {

namespace fs = std::filesystem;

constexpr auto owner = fs::perms::owner_read | fs::perms::owner_write;

class TokenFile : public ::testing::Test {
protected:
    ~TokenFile() override {
        for (const char* name : {"INTENT_TOKEN", "INTENT_TOKEN_FILE", "CREDENTIALS_DIRECTORY"})
            ::unsetenv(name);
    }

    std::string path() const { return folder.file("token"); }

    void write(const std::string& content, fs::perms rights = owner) const {
        test::write_content(path(), content);
        fs::permissions(path(), rights);
        ::setenv("INTENT_TOKEN_FILE", path().c_str(), 1);
    }

    static std::string refusal() {
        try {
            static_cast<void>(token_from_env());
        } catch (const ConfigError& error) {
            return error.what();
        }
        return {};
    }

    const test::TemporaryFolder folder;
};

TEST_F(TokenFile, is_read_without_the_line_break_at_its_end) {
    for (const char* content : {"bot_c2VjcmV0", "bot_c2VjcmV0\n", "bot_c2VjcmV0\r\n"}) {
        write(content);
        EXPECT_EQ(token_from_env().reveal(), "bot_c2VjcmV0");
        EXPECT_EQ(options_from_env().token.reveal(), "bot_c2VjcmV0");
    }
    ::setenv("OTHER_FILE", path().c_str(), 1);
    EXPECT_EQ(token_from_env("OTHER").reveal(), "bot_c2VjcmV0");
    ::unsetenv("OTHER_FILE");
}

TEST_F(TokenFile, is_refused_if_other_users_have_access_to_it) {
    write("bot_c2VjcmV0", owner | fs::perms::group_read);
    EXPECT_EQ(refusal(), "");
    for (const auto right : {fs::perms::others_read, fs::perms::others_write}) {
        write("bot_c2VjcmV0", owner | right);
        EXPECT_EQ(refusal(),
                  "INTENT_TOKEN_FILE: " + path() + ": other users have access to it; run: chmod o-rwx " + path());
    }
    ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
    EXPECT_EQ(refusal(), "") << "the service manager protects the folder";
    ::setenv("CREDENTIALS_DIRECTORY", folder.file("other").c_str(), 1);
    EXPECT_NE(refusal(), "");
    fs::create_directory(folder.file("other"));
    ::setenv("INTENT_TOKEN_FILE", folder.file("other/../token").c_str(), 1);
    EXPECT_NE(refusal(), "");
}

TEST_F(TokenFile, refusals_name_the_variable_and_the_file_and_not_the_text) {
    const std::string named = "INTENT_TOKEN_FILE: " + path() + ": ";
    write("bot_c2VjcmV0 and more");
    EXPECT_EQ(refusal().find(named + "contains white space"), 0u) << refusal();
    EXPECT_EQ(refusal().find("c2Vj"), std::string::npos);
    write("bot_c2VjcmV0\n\n");
    EXPECT_EQ(refusal().find(named + "contains white space"), 0u) << refusal();
    write("\n");
    EXPECT_EQ(refusal(), named + "empty");
    write(std::string(100'000, 'x'));
    EXPECT_EQ(refusal(), named + "is larger than 65536 bytes");
    fs::remove(path());
    EXPECT_EQ(refusal(), named + "does not exist");
    fs::create_directory(path());
    EXPECT_EQ(refusal().find(named), 0u) << refusal();
    ::setenv("INTENT_TOKEN_FILE", "", 1);
    EXPECT_EQ(refusal(), "INTENT_TOKEN: not set; set it to the bot's token");
}

TEST_F(TokenFile, and_a_token_in_the_environment_exclude_each_other) {
    write("bot_c2VjcmV0");
    ::setenv("INTENT_TOKEN", "bot_b3RoZXI", 1);
    EXPECT_EQ(refusal(), "INTENT_TOKEN and INTENT_TOKEN_FILE: both are set; unset one of them");
}

}  // namespace
}  // namespace intent::token_file_test
