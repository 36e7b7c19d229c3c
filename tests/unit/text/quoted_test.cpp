#include "text/quoted.hpp"

#include <gtest/gtest.h>

#include <string>

namespace intent::text::quoted_test {
namespace {

TEST(Quoted, shows_active_characters_on_one_line) {
    EXPECT_EQ(text::quoted("Europe/Berlin"), "\"Europe/Berlin\"");
    EXPECT_EQ(text::quoted(""), "\"\"");
    EXPECT_EQ(text::quoted("a\nb\x1b[31m"), "\"a b\\x1b[31m\"");
    EXPECT_EQ(text::quoted("\xff"), "\"\\xff\"");
}

TEST(Quoted, cuts_between_characters) {
    EXPECT_EQ(text::quoted(std::string(64, 'x')), '"' + std::string(64, 'x') + '"');
    EXPECT_EQ(text::quoted(std::string(65, 'x')), '"' + std::string(64, 'x') + "…\"");
    EXPECT_EQ(text::quoted("aéé", 4), "\"aé…\"");
    EXPECT_EQ(text::quoted("aéé", 5), "\"aéé\"");
}

}  // namespace
}  // namespace intent::text::quoted_test
