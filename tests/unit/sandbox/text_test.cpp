#include "sandbox/base/text.hpp"

#include "sandbox/base/addresses.hpp"
#include "sandbox/base/ids.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/base/secrets.hpp"

#include <gtest/gtest.h>

namespace intent::inline v0::sandbox::text_test {
namespace {

TEST(Text, lengths_count_code_points) {
    EXPECT_EQ(count_code_points(""), 0u);
    EXPECT_EQ(count_code_points("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"), 4u);
    EXPECT_EQ(count_code_points("\xff"), std::nullopt);
    EXPECT_EQ(count_code_points("\xed\xa0\x80"), std::nullopt);
}

TEST(Text, a_length_out_of_range_is_refused_with_the_range) {
    std::string emoji;
    for (int i = 0; i < 101; ++i)
        emoji += "\xf0\x9f\x98\x80";
    EXPECT_NO_THROW(check_length("name", emoji, 2, 101));
    try {
        check_length("name", emoji, 2, 100);
        FAIL();
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.text(), "name: 2-100 characters allowed, got 101");
        EXPECT_EQ(problem.status(), 400);
    }
    EXPECT_THROW(check_length("name", "x", 2, 100), Problem);
    EXPECT_THROW(check_length("name", "x\xff", 0, 100), Problem);
}

TEST(Text, usernames_are_lower_case_letters_digits_and_underscores) {
    for (const auto* good : {"ab", "a_1", "00000000000000000000000000000000"})
        EXPECT_TRUE(is_username(good)) << good;
    for (const auto* bad : {"", "a", "Ab", "a b", "a-b", "\xc3\xa4\xc3\xa4", "000000000000000000000000000000000"})
        EXPECT_FALSE(is_username(bad)) << bad;
}

TEST(Ids, they_rise_within_a_millisecond_and_when_the_clock_goes_back) {
    IdSource ids(0);
    const Timestamp now = *parse_timestamp("2026-01-01T00:00:00Z");
    const auto first = ids.next(now);
    const auto second = ids.next(now);
    const auto earlier = ids.next(now - std::chrono::hours(1));
    const auto later = ids.next(now + std::chrono::milliseconds(1));
    EXPECT_LT(first, second);
    EXPECT_LT(second, earlier);
    EXPECT_LT(earlier, later);
    EXPECT_EQ(later - first, std::uint64_t{1} << 22);
}

TEST(Ids, they_continue_above_the_maximum_in_use) {
    const Timestamp now = *parse_timestamp("2026-01-01T00:00:00Z");
    const auto highest = IdSource(0).next(now + std::chrono::hours(24));
    EXPECT_GT(IdSource(highest).next(now), highest);
}

TEST(Secrets, a_password_matches_only_its_own_hash) {
    const auto hash = hash_password("secret", HashCost::light);
    EXPECT_TRUE(check_password("secret", hash));
    EXPECT_FALSE(check_password("Secret", hash));
    EXPECT_FALSE(check_password("", hash));
    EXPECT_NE(hash, hash_password("secret", HashCost::light));
    EXPECT_EQ(hash.find("secret"), std::string::npos);
}

TEST(Secrets, an_invalid_hash_matches_no_password) {
    for (const auto* hash :
         {"", "secret", "scrypt$", "scrypt$x", "scrypt$1024", "scrypt$1024$", "scrypt$0$a$b", "scrypt$1024$a"})
        EXPECT_FALSE(check_password("secret", hash)) << hash;
}

TEST(Secrets, tokens_are_long_url_safe_and_never_the_same) {
    const auto token = make_token("bot_");
    EXPECT_EQ(token.size(), 4u + 43u);
    EXPECT_EQ(token.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
              std::string::npos);
    EXPECT_NE(token, make_token("bot_"));
}

TEST(Web, addresses_name_a_host_that_can_be_reached) {
    EXPECT_EQ(make_addresses("127.0.0.1", 80, false).gateway, "ws://127.0.0.1:80/gateway");
    EXPECT_EQ(make_addresses("0.0.0.0", 81, true).rest, "https://127.0.0.1:81/api/v1");
    EXPECT_EQ(make_addresses("::1", 82, false).web, "http://[::1]:82/");
}

TEST(Web, dates_are_those_of_http) {
    EXPECT_EQ(http_date(*parse_timestamp("2024-01-15T12:03:09.5Z")), "Mon, 15 Jan 2024 12:03:09 GMT");
}

}  // namespace
}  // namespace intent::sandbox::text_test
