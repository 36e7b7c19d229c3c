// Secrets of any shape, spelled in any way that a server may echo them.
#include "text/redactor.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace intent::text::redactor_test {
namespace {

const std::string token = "bot_c2VjcmV0LXRva2Vu";

Redactor of(std::string_view secret) {
    Redactor secrets;
    secrets.set_token(secret);
    return secrets;
}

std::string hex_of(char c, const char* before) {
    constexpr std::string_view digits = "0123456789aBcDeF";
    const auto byte = static_cast<unsigned char>(c);
    return before + std::string{digits[byte >> 4], digits[byte & 15]};
}

TEST(Redactor, case_159_hides_a_token_wherever_it_stands_and_nothing_else) {
    const Redactor secrets = of(token);
    EXPECT_EQ(secrets.redact(token), "***");
    EXPECT_EQ(secrets.redact("refused " + token + " here"), "refused *** here");
    EXPECT_EQ(secrets.redact(token + token + "x" + token), "***x***");
    EXPECT_EQ(secrets.redact("Bearer " + token + "\n"), "Bearer ***\n");
    EXPECT_EQ(secrets.redact("the bot_ of another, 50% of it, a\\b"), "the bot_ of another, 50% of it, a\\b");
    EXPECT_EQ(secrets.redact(""), "");
    EXPECT_EQ(Redactor().redact(token), token);
}

TEST(Redactor, case_160_hides_it_percent_encoded_and_json_escaped_and_both_in_part_or_whole) {
    const std::string odd = "a+b/c\"d\\e&f=%20\xc3\xa9";
    const Redactor secrets = of(odd);
    EXPECT_EQ(secrets.redact("x " + odd + " y"), "x *** y");
    EXPECT_EQ(secrets.redact("?t=a%2Bb%2fc%22d%5Ce%26f%3D%2520%C3%A9&u"), "?t=***&u");
    EXPECT_EQ(secrets.redact(R"({"t":"a+b\/c\"d\\e&f=%20\u00e9"})"), R"({"t":"***"})");
    EXPECT_EQ(secrets.redact(R"("a%2Bb\/c%22d%5Ce%26f%3D%2520%C3%A9")"), R"("***")");

    std::string all_percent, all_json;
    for (const char c : token) {
        all_percent += hex_of(c, "%");
        all_json += hex_of(c, "\\u00");
    }
    EXPECT_EQ(of(token).redact("<" + all_percent + ">"), "<***>");
    EXPECT_EQ(of(token).redact("<" + all_json + ">"), "<***>");
    EXPECT_EQ(of("pa\xf0\x9f\x8e\x89ss").redact(R"("pa\ud83c\udf89ss")"), R"("***")");
}

TEST(Redactor, case_160_finds_it_through_what_does_not_show) {
    const Redactor secrets = of(token);
    for (const std::string between : {"\x01", "\x1b", "\r\n", "\x7f", "\xc2\x9b", "\xe2\x80\x8b", "\xe2\x80\xae",
                                      "\xff", " ", "?", "\xef\xbf\xbd", "\\n", "\\u0000", "%00"}) {
        for (const std::size_t at : {std::size_t{1}, std::size_t{4}, token.size() - 1}) {
            const std::string split = token.substr(0, at) + between + token.substr(at);
            EXPECT_EQ(secrets.redact("<" + split + ">"), "<***>") << split;
        }
    }
}

TEST(Redactor, case_160_finds_the_front_that_a_limit_has_left) {
    const Redactor secrets = of(token);
    for (std::size_t length = 8; length < token.size(); ++length) {
        EXPECT_EQ(secrets.redact("was " + token.substr(0, length)), "was ***") << length;
        EXPECT_EQ(secrets.redact("was " + token.substr(0, length) + "..., sorry"), "was ***..., sorry") << length;
    }
    EXPECT_EQ(secrets.redact("was " + token.substr(0, 7)), "was " + token.substr(0, 7));
    EXPECT_EQ(secrets.redact("bot_c2bot_c2" + token.substr(6)), "bot_c2***") << "a front that is none goes before it";
}

TEST(Redactor, case_161_knows_the_token_and_the_one_before_but_no_older_one) {
    Redactor secrets = of("first-token");
    secrets.set_token("second-token");
    secrets.set_token("second-token");
    EXPECT_EQ(secrets.redact("first-token second-token"), "*** ***");
    secrets.set_token("third-token");
    EXPECT_EQ(secrets.redact("first-token second-token third-token"), "first-token *** ***");
    EXPECT_EQ(secrets.with("of-a-webhook").redact("second-token third-token of-a-webhook"), "*** *** ***");
    EXPECT_EQ(secrets.with("a%2Bwebhook").redact("a+webhook a%2Bwebhook"), "*** ***");
}

TEST(Redactor, a_secret_that_is_too_short_is_not_looked_for) {
    EXPECT_EQ(of("abc").redact("abc"), "abc");
    EXPECT_TRUE(of("").empty());
    EXPECT_EQ(of("abcd").redact("xabcdx"), "x***x");
    EXPECT_EQ(of("aaaa").redact("aaaaaaa b"), "*** b");
}

TEST(Redactor, takes_time_in_proportion_to_a_text_of_fronts) {
    std::string fronts;
    while (fronts.size() < 1'000'000)
        fronts += token.substr(0, 7) + "%5C\\u0062";
    EXPECT_EQ(of(token).redact(fronts + token).size(), fronts.size() + 3);
}

}  // namespace
}  // namespace intent::text::redactor_test
