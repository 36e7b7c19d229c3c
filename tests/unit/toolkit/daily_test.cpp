#include "toolkit/core/daily.hpp"

#include <intent/timestamp.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::daily_test {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;
using std::chrono::sys_seconds;

sys_seconds utc(std::string_view text) { return std::chrono::floor<seconds>(parse_timestamp(text).value()); }

toolkit::TimeZone zone(std::string_view name) { return toolkit::find_time_zone(name).zone.value(); }

/// The moments of `time` that follow `after`.
struct Days {
    std::string_view what;
    std::string_view zone;
    std::string_view time;
    std::string_view after;
    std::vector<std::string_view> moments;
};

TEST(Daily, times_come_once_a_day_also_when_the_clocks_change) {
    const std::vector<Days> table{
        {"UTC", "UTC", "00:00", "2026-02-27T23:59:59Z", {"2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z"}},
        {"an offset with minutes",
         "Asia/Kathmandu",
         "09:30:15",
         "2026-01-01T03:45:14Z",
         {"2026-01-01T03:45:15Z", "2026-01-02T03:45:15Z"}},
        {"a day of 23 h",
         "Europe/Berlin",
         "09:30",
         "2026-03-28T08:29:00Z",
         {"2026-03-28T08:30:00Z", "2026-03-29T07:30:00Z", "2026-03-30T07:30:00Z"}},
        {"a day of 25 h",
         "Europe/Berlin",
         "09:30",
         "2026-10-24T07:29:00Z",
         {"2026-10-24T07:30:00Z", "2026-10-25T08:30:00Z", "2026-10-26T08:30:00Z"}},
        {"does not exist",
         "Europe/Berlin",
         "02:30",
         "2026-03-28T01:29:00Z",
         {"2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"}},
        {"the end of what does not exist",
         "Europe/Berlin",
         "03:00",
         "2026-03-28T01:59:00Z",
         {"2026-03-28T02:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T01:00:00Z"}},
        {"exists twice",
         "Europe/Berlin",
         "02:30",
         "2026-10-24T00:29:00Z",
         {"2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
        {"between the two", "Europe/Berlin", "02:30", "2026-10-25T01:00:00Z", {"2026-10-26T01:30:00Z"}},
        {"does not exist in America",
         "America/New_York",
         "02:30",
         "2026-03-07T07:29:00Z",
         {"2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"}},
        {"exists twice in America",
         "America/New_York",
         "01:30",
         "2026-10-31T05:29:00Z",
         {"2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"}},
        {"a jump of 30 min",
         "Australia/Lord_Howe",
         "02:15",
         "2026-10-02T15:44:00Z",
         {"2026-10-02T15:45:00Z", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"}},
        {"back by 30 min",
         "Australia/Lord_Howe",
         "01:45",
         "2026-04-03T14:44:00Z",
         {"2026-04-03T14:45:00Z", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"}},
        {"a jump at midnight",
         "America/Sao_Paulo",
         "00:00",
         "2018-11-03T02:59:00Z",
         {"2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"}},
        {"a jump over a day",
         "Pacific/Apia",
         "09:30",
         "2011-12-29T19:29:00Z",
         {"2011-12-29T19:30:00Z", "2011-12-30T10:00:00Z", "2011-12-30T19:30:00Z"}},
    };
    for (const auto& row : table) {
        SCOPED_TRACE(row.what);
        sys_seconds time = utc(row.after);
        for (const auto expected : row.moments) {
            time = toolkit::next_daily(zone(row.zone), toolkit::parse_time_of_day(row.time).value(), 0, time);
            EXPECT_EQ(format_timestamp(time), expected);
        }
    }
}

TEST(Daily, no_day_of_four_years_is_left_out_or_repeated) {
    for (const auto* name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"}) {
        SCOPED_TRACE(name);
        const auto in = zone(name);
        for (const seconds time : std::vector<seconds>{0s, 1h + 45min, 2h + 30min, 23h + 59min + 59s}) {
            sys_seconds moment = toolkit::next_daily(in, time, 0, utc("2023-06-01T00:00:00Z"));
            auto day = std::chrono::floor<std::chrono::days>(in.local(moment));
            for (int i = 0; i < 1'461; ++i) {
                moment = toolkit::next_daily(in, time, 0, moment);
                day += std::chrono::days(1);
                ASSERT_EQ(std::chrono::floor<std::chrono::days>(in.local(moment)), day) << format_timestamp(moment);
            }
        }
    }
}

TEST(Daily, times_of_day_are_read_strictly) {
    EXPECT_EQ(toolkit::parse_time_of_day("00:00"), 0s);
    EXPECT_EQ(toolkit::parse_time_of_day("09:30"), 9h + 30min);
    EXPECT_EQ(toolkit::parse_time_of_day("9:30"), 9h + 30min);
    EXPECT_EQ(toolkit::parse_time_of_day("9:30:15"), 9h + 30min + 15s);
    EXPECT_EQ(toolkit::parse_time_of_day("23:59:59"), 24h - 1s);
    for (const auto* wrong : {"",      ":30",   "9:3",   "9",        "9:",      "009:30",   "09:3",
                              "0930",  "09:60", "24:00", "09:30:60", "09:30:1", "09:30:",   "09.30",
                              "-1:30", "+9:30", " 9:30", "09:30 ",   "09:30am", "09:30-15", "09:30:15Z"})
        EXPECT_EQ(toolkit::parse_time_of_day(wrong), std::nullopt) << wrong;
    EXPECT_EQ(toolkit::format_time_of_day(9h + 5min), "09:05");
    EXPECT_EQ(toolkit::format_time_of_day(23h + 59min + 1s), "23:59:01");
}

}  // namespace
}  // namespace intent::daily_test
