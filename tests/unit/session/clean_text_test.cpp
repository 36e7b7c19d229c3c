#include "session/clean_text.hpp"

#include <gtest/gtest.h>

namespace intent::session {
namespace {

TEST(CleanText, keeps_what_is_harmless) {
    EXPECT_EQ(clean_text("going away: großes Update ✓", {}), "going away: großes Update ✓");
    EXPECT_EQ(clean_text("", {}), "");
}

TEST(CleanText, strips_control_bytes_and_escape_sequences_lose_their_teeth) {
    EXPECT_EQ(clean_text("a\r\nb\x1b[31mc\x7f", {}), "ab[31mc");
    EXPECT_EQ(clean_text("a\xc2\x9b"
                         "b",
                         {}),
              "ab");
    EXPECT_EQ(clean_text(std::string_view("a\0b", 3), {}), "ab");
}

TEST(CleanText, marks_what_is_no_utf8) {
    EXPECT_EQ(clean_text("\xff\xfe", {}), "??");
    EXPECT_EQ(clean_text("\xed\xa0\x80", {}), "???") << "a lone surrogate";
    EXPECT_EQ(clean_text("\xc0\xaf", {}), "??") << "overlong";
    EXPECT_EQ(clean_text("\xe2\x9c", {}), "??") << "cut";
    EXPECT_EQ(clean_text("\xf4\x90\x80\x80", {}), "????") << "beyond U+10FFFF";
}

TEST(CleanText, is_cut_at_the_limit_and_never_inside_a_character) {
    EXPECT_EQ(clean_text(std::string(500, 'x'), {}).size(), 200u);
    std::string text(199, 'x');
    EXPECT_EQ(clean_text(text + "ß", {}), text);
}

TEST(CleanText, hides_the_token_that_was_sent) {
    const SecretPrint secret("own server's shape");
    EXPECT_EQ(clean_text("refused own server's shape here", secret), "refused *** here");
    EXPECT_EQ(clean_text("own server's shap", secret), "own server's shap");
}

TEST(CleanText, hides_whatever_looks_like_a_token_even_the_front_of_one) {
    EXPECT_EQ(clean_text("bad token bot_abc-DEF_123, sorry", {}), "bad token ***, sorry");
    EXPECT_EQ(clean_text("usr_x", {}), "***");
    EXPECT_EQ(clean_text(std::string(198, 'x') + "bot_abc", {}).size(), 200u);
}

}  // namespace
}  // namespace intent::session
