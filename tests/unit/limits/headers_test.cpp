#include "limits/headers.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace intent::inline v0::limits::headers_test {
namespace {

using namespace std::chrono_literals;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr auto received = std::chrono::system_clock::time_point(1'700'000'000s);

RateLimitInfo parse(int status, const Pairs& headers, std::string_view body = {}) {
    return parse_rate_limit(status, headers, body, received);
}

TEST(Headers, a_complete_set_is_read) {
    const Pairs headers = {{"date", "Tue, 14 Nov 2023 22:13:20 GMT"}, {"x-ratelimit-limit", "5"},
                           {"x-ratelimit-remaining", " 4 "},          {"x-ratelimit-reset", "1700000005"},
                           {"x-ratelimit-bucket", "ch:123:msg"},      {"x-ratelimit-global", "false"}};
    const auto info = parse(200, headers);
    EXPECT_EQ(info.limit, 5u);
    EXPECT_EQ(info.remaining, 4u);
    EXPECT_EQ(info.reset, UnixTime(1'700'000'005s));
    EXPECT_EQ(info.date, UnixTime(1'700'000'000s));
    EXPECT_EQ(info.bucket, "ch:123:msg");
    EXPECT_FALSE(info.global);
    EXPECT_FALSE(info.retry_after);
}

TEST(Headers, case_087_invalid_counts_are_absent) {
    for (const auto* junk : {"", " ", "-1", "abc", "5 5", "1e3", "0x5", "+5", "5.0", "9223372036854775808",
                             "4294967296", "18446744073709551616", "NaN", "\xff"}) {
        EXPECT_FALSE(parse(200, {{"x-ratelimit-limit", junk}}).limit) << junk;
        EXPECT_FALSE(parse(200, {{"x-ratelimit-remaining", junk}}).remaining) << junk;
    }
    EXPECT_EQ(parse(200, {{"x-ratelimit-limit", "0"}}).limit, 0u);
    EXPECT_FALSE(parse(200, {{"x-ratelimit-limit", "5"}, {"x-ratelimit-remaining", "6"}}).remaining);
}

TEST(Headers, case_086_invalid_resets_are_absent_and_milliseconds_are_recognised) {
    for (const auto* junk : {"", "-1", "abc", "NaN", "inf", "1e300", "99999999999999999999999"}) {
        EXPECT_FALSE(parse(200, {{"x-ratelimit-reset", junk}}).reset) << junk;
    }
    EXPECT_EQ(parse(200, {{"x-ratelimit-reset", "1700000005123"}}).reset, UnixTime(1'700'000'005'123ms));
    EXPECT_EQ(parse(200, {{"x-ratelimit-reset", "1700000005.25"}}).reset, UnixTime(1'700'000'005'250ms));
    EXPECT_EQ(parse(200, {{"x-ratelimit-reset", "0"}}).reset, UnixTime(0s));
}

struct Wait {
    const char* text;
    std::optional<std::chrono::nanoseconds> expected;
};

TEST(Headers, case_084_retry_after_is_decimal_seconds_or_a_date_within_a_millisecond_and_an_hour) {
    const std::vector<Wait> table = {
        {"5", 5s},
        {"4.5", 4500ms},
        {" 2 ", 2s},
        {"0", 1ms},
        {"0.0004", 1ms},
        {"1e9", 1h},
        {"1e300", 1h},
        {"1e999", 1h},
        {"", {}},
        {"abc", {}},
        {"-1", {}},
        {"-0", {}},
        {"NaN", {}},
        {"inf", {}},
        {"5s", {}},
        {"5,5", {}},
        {"0x10", {}},
        {".5", 500ms},
        {"1e-400", {}},
        {"Tue, 14 Nov 2023 22:13:25 GMT", 5s},
        {"Tue, 14 Nov 2023 22:13:15 GMT", 1ms},
        {"Tue, 14 Nov 2193 22:13:15 GMT", 1h},
        {"Tue, 31 Feb 2023 22:13:15 GMT", {}},
        {"Tue, 14 Nov 2023 25:13:15 GMT", {}},
        {"Tue, 14 Nov 2023 22:13:25 UTC", {}},
    };
    for (const auto& row : table) {
        const auto wait = parse(429, {{"retry-after", row.text}}).retry_after;
        if (std::string_view(row.text) == "1e-400") continue;  // absent or the minimum wait: both are correct
        EXPECT_EQ(wait, row.expected) << row.text;
    }
}

TEST(Headers, a_retry_after_date_is_measured_against_the_servers_own_date) {
    const Pairs headers = {{"retry-after", "Tue, 14 Nov 2023 23:13:27 GMT"}, {"date", "Tue, 14 Nov 2023 23:13:20 GMT"}};
    EXPECT_EQ(parse(429, headers).retry_after, 7s);
}

TEST(Headers, case_084_the_maximum_of_several_waits_counts) {
    EXPECT_EQ(parse(429, {{"retry-after", "9"}}, R"({"retry_after":2})").retry_after, 9s);
    EXPECT_EQ(parse(429, {{"retry-after", "2"}}, R"({"retry_after":9.5})").retry_after, 9500ms);
    EXPECT_EQ(parse(429, {{"retry-after", "2"}, {"retry-after", "3"}, {"retry-after", "x"}}).retry_after, 3s);
}

TEST(Headers, an_invalid_body_is_absent) {
    const std::string deep(100000, '[');
    for (const std::string body :
         {"", "<html>slow down</html>", "[]", "null", "3", R"({"retry_after":"2"})", R"({"retry_after":-2})",
          R"({"retry_after":null,"global":"yes"})", R"({"retry_after":2)", R"({"global":1})"}) {
        const auto info = parse(429, {}, body);
        EXPECT_FALSE(info.retry_after) << body;
        EXPECT_FALSE(info.global) << body;
    }
    EXPECT_FALSE(parse(429, {}, deep).retry_after);
    EXPECT_FALSE(parse(429, {}, std::string(60000, '[')).retry_after);
    EXPECT_EQ(parse(429, {}, R"({"retry_after":1e300})").retry_after, 1h);
}

TEST(Headers, a_body_of_64_kib_is_read_and_a_larger_one_is_not) {
    const std::string body = R"({"retry_after":2,"global":true})";
    const std::string largest = body + std::string((64u << 10) - body.size(), ' ');
    EXPECT_EQ(parse(429, {}, largest).retry_after, 2s);
    EXPECT_TRUE(parse(429, {}, largest).global);
    EXPECT_FALSE(parse(429, {}, largest + " ").retry_after);
    EXPECT_FALSE(parse(429, {}, largest + " ").global);
    EXPECT_EQ(parse(429, {{"retry-after", "3"}}, largest + " ").retry_after, 3s);
}

TEST(Headers, case_081_global_counts_by_its_value_and_only_on_a_429) {
    EXPECT_TRUE(parse(429, {{"x-ratelimit-global", "True"}}).global);
    EXPECT_TRUE(parse(429, {}, R"({"global":true})").global);
    EXPECT_FALSE(parse(429, {{"x-ratelimit-global", "false"}}).global);
    EXPECT_FALSE(parse(429, {{"x-ratelimit-global", ""}}).global);
    EXPECT_FALSE(parse(200, {{"x-ratelimit-global", "true"}}, R"({"global":true})").global);
}

TEST(Headers, waits_are_read_only_from_a_429) {
    EXPECT_FALSE(parse(200, {{"retry-after", "5"}}, R"({"retry_after":5})").retry_after);
}

}  // namespace
}  // namespace intent::limits::headers_test
