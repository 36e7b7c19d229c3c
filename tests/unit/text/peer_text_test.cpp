#include "text/peer_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace intent::text::peer_text_test {
namespace {

const std::string token = "bot_c2VjcmV0LXRva2Vu";

Redactor of(std::string_view secret) {
    Redactor secrets;
    secrets.set_token(secret);
    return secrets;
}

TEST(PeerText, keeps_what_is_harmless) {
    EXPECT_EQ(peer_text("going away: großes Update ✓", {}), "going away: großes Update ✓");
    EXPECT_EQ(peer_text("two  spaces", {}), "two  spaces");
    EXPECT_EQ(peer_text("", {}), "");
}

TEST(PeerText, control_characters_become_a_space_and_escape_sequences_lose_their_teeth) {
    EXPECT_EQ(peer_text("\ta\r\nb\x1b[31mc\x7f", {}), "a b [31mc");
    EXPECT_EQ(peer_text("a\xc2\x9b"
                        "b",
                        {}),
              "a b");
    EXPECT_EQ(peer_text(std::string_view("a\0b", 3), {}), "a b");
    EXPECT_EQ(peer_text("a\xe2\x80\x8b\xe2\x80\xae\xef\xbb\xbf"
                        "b",
                        {}),
              "ab")
        << "zero width, right-to-left override, byte order mark";
}

TEST(PeerText, marks_what_is_not_utf8) {
    const std::string mark = "\xef\xbf\xbd";
    EXPECT_EQ(peer_text("\xff\xfe", {}), mark + mark);
    EXPECT_EQ(peer_text("\xed\xa0\x80", {}), mark + mark + mark) << "a lone surrogate";
    EXPECT_EQ(peer_text("\xc0\xaf", {}), mark + mark) << "overlong";
    EXPECT_EQ(peer_text("\xe2\x9c", {}), mark) << "cut";
}

TEST(PeerText, is_cut_at_the_limit_and_never_inside_a_character) {
    EXPECT_EQ(peer_text(std::string(200, 'x'), {}), std::string(200, 'x'));
    EXPECT_EQ(peer_text(std::string(201, 'x'), {}), std::string(200, 'x') + "…");
    EXPECT_EQ(peer_text(std::string(1'000'000, 'x'), {}, 10), "xxxxxxxxxx…");
    EXPECT_EQ(peer_text(std::string(199, 'x') + "ßx", {}), std::string(199, 'x') + "…");
}

TEST(PeerText, case_160_a_token_is_hidden_before_the_text_is_cut_so_that_no_part_of_it_is_left) {
    const Redactor secrets = of(token);
    for (std::size_t before = 150; before < 220; ++before) {
        const std::string text = peer_text(std::string(before, '.') + token, secrets);
        EXPECT_EQ(text.find("bot_"), std::string::npos) << text;
    }
    EXPECT_EQ(peer_text("bad b\x01ot_c2Vjc\nmV0LXRva2Vu!", secrets), "bad ***!");
    EXPECT_EQ(peer_text(R"({"error":"b\u006ft_c2VjcmV0LXRva2Vu)", secrets), R"({"error":"***)");
}

TEST(PeerText, hides_whatever_looks_like_a_token) {
    EXPECT_EQ(peer_text("bad token usr_0123456789-DEF_123, sorry", {}), "bad token ***, sorry");
    EXPECT_EQ(peer_text("bot_0123456789abcdef", {}), "***");
    EXPECT_EQ(peer_text("no user bot_helper in robot_0123456789abcdef", {}),
              "no user bot_helper in robot_0123456789abcdef");
}

}  // namespace
}  // namespace intent::text::peer_text_test
