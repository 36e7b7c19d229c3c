// Dates in HTTP headers.
#include "text/http_date.hpp"

#include <gtest/gtest.h>

namespace intent::text::http_date_test {
namespace {

using namespace std::chrono;

TEST(HttpDate, is_read_as_it_is_written) {
    const sys_seconds first{};
    for (int day = 0; day < 80'000; day += 97) {
        const auto time = first + days(day) + seconds(day % 86'400);
        EXPECT_EQ(parse_http_date(format_http_date(time)), time);
    }
}

TEST(HttpDate, has_the_form_that_servers_must_send) {
    const auto time = sys_days(2024y / January / 15) + 12h + 3min + 9s;
    EXPECT_EQ(format_http_date(time), "Mon, 15 Jan 2024 12:03:09 GMT");
    EXPECT_EQ(parse_http_date("Mon, 15 Jan 2024 12:03:09 GMT"), time);
}

TEST(HttpDate, other_forms_and_impossible_dates_are_refused) {
    for (const char* text :
         {"", "Monday, 15-Jan-24 12:03:09 GMT", "Mon Jan 15 12:03:09 2024", "Mon, 31 Feb 2024 12:03:09 GMT",
          "Mon, 15 Jan 2024 24:03:09 GMT", "Mon, 15 Jan 2024 12:03:09 CET", "Mon, 15 Jan 1969 12:03:09 GMT",
          "Mon, 15 Jan 2200 12:03:09 GMT", "Mon, 1x Jan 2024 12:03:09 GMT"})
        EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace
}  // namespace intent::text::http_date_test
