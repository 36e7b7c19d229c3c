#include <intent/errors.hpp>
#include <intent/schedule.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace intent::daily_time_test {
namespace {

using namespace std::chrono_literals;

TEST(DailyTimes, are_restricted_to_weekdays_of_their_zone) {
    using namespace std::chrono;
    const auto time = DailyTime("00:30", "Europe/Berlin").on(Monday, Friday).on(Sunday);
    EXPECT_EQ(time.text(), "00:30 Europe/Berlin (Sun, Mon, Fri)");
    Timestamp at = *parse_timestamp("2026-11-26T12:00:00Z");  // a Thursday
    std::vector<std::string> moments;
    for (int i = 0; i < 4; ++i)
        moments.push_back(format_timestamp(at = time.next_after(at)));
    EXPECT_EQ(moments, (std::vector<std::string>{"2026-11-26T23:30:00Z", "2026-11-28T23:30:00Z", "2026-11-29T23:30:00Z",
                                                 "2026-12-03T23:30:00Z"}));
}

TEST(DailyTimes, after_a_fraction_of_a_second_are_in_the_future) {
    const DailyTime time(9h + 30min, "UTC");
    const Timestamp at = *parse_timestamp("2026-01-01T09:30:00Z");
    EXPECT_EQ(time.next_after(at - 1us), at);
    EXPECT_EQ(time.next_after(at), at + 24h);
    EXPECT_EQ(time.next_after(at + 1us), at + 24h);
    EXPECT_EQ(DailyTime("09:30", "UTC").text(), time.text());
}

TEST(DailyTimes, are_read_as_they_are_written) {
    using namespace std::chrono;
    for (const auto& time :
         {DailyTime(), DailyTime("09:30", "Europe/Berlin"), DailyTime("23:59:59", "America/Argentina/Buenos_Aires"),
          DailyTime(TimeOfDay(9h), TimeZone("Asia/Tokyo")).on(Sunday, Monday, Saturday)}) {
        EXPECT_EQ(detail::parse_daily_time(time.text()), time) << time.text();
        EXPECT_EQ(detail::parse_daily_time(time.text()).text(), time.text());
    }
    EXPECT_EQ(DailyTime().text(), "00:00 UTC");
    EXPECT_NE(DailyTime("09:30", "UTC"), DailyTime("09:30", "Europe/Berlin"));
    EXPECT_NE(DailyTime("09:30", "UTC"), DailyTime("09:30", "UTC").on(Monday));
    for (const auto* wrong :
         {"", " ", "09:30", "09:30 ", "UTC 09:30", "09:30 UTC (", "09:30 UTC ()", "09:30 UTC (Mon",
          "09:30 UTC (Mon,Fri)", "09:30 UTC (Mon, )", "09:30 UTC (Mon) x", "09:30 (Mon)", "09:30 UTC x (Mon)"})
        EXPECT_THROW(static_cast<void>(detail::parse_daily_time(wrong)), ConfigError) << wrong;
}

TEST(DailyTimes, consist_of_a_time_of_day_and_a_zone) {
    EXPECT_EQ(TimeOfDay("9:30").text(), "09:30");
    EXPECT_EQ(TimeOfDay("09:30"), TimeOfDay(9h + 30min));
    EXPECT_LT(TimeOfDay(), TimeOfDay("00:00:01"));
    EXPECT_EQ(TimeOfDay("23:59:59").since_midnight(), 24h - 1s);
    EXPECT_EQ(TimeZone().name(), "UTC");
    EXPECT_EQ(TimeZone("UTC"), TimeZone());
    EXPECT_EQ(DailyTime(TimeOfDay("09:30"), TimeZone("Europe/Berlin")), DailyTime("09:30", "Europe/Berlin"));
}

/// The text of the ConfigError that `f` throws.
template <class F>
std::string error_of(F f) {
    try {
        f();
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "no error";
}

TEST(DailyTimes, that_are_wrong_are_refused_with_what_is_allowed) {
    EXPECT_EQ(error_of([] { DailyTime("9.30", "UTC"); }),
              "time of day \"9.30\": must be HH:MM or HH:MM:SS, from 00:00 to 23:59:59");
    EXPECT_EQ(error_of([] { DailyTime(24h, "UTC"); }),
              "time of day of 86400 s since midnight: must be at least 0 s and below 24 h");
    for (const auto* name : {"Europe/Berln", "", "../../etc/passwd", "berlin", "/usr/share/zoneinfo/Europe/Berlin"}) {
        EXPECT_EQ(error_of([&] { DailyTime("09:30", name); }),
                  "time zone \"" + std::string(name) +
                      "\": is not in the system's time zone database; use an IANA name such as Europe/Berlin, or UTC");
    }
    const std::string hostile = error_of([] { DailyTime("09:30", "\x1b[31m" + std::string(1'000, 'x')); });
    EXPECT_LT(hostile.size(), 250u);
    EXPECT_EQ(hostile.find('\x1b'), std::string::npos);
    EXPECT_EQ(error_of([] { static_cast<void>(DailyTime("09:30", "UTC").on(std::chrono::weekday(9))); }),
              "daily: weekday 9: must be one of std::chrono::Sunday to std::chrono::Saturday");
    EXPECT_EQ(error_of([] { static_cast<void>(detail::plan_every(0ms)); }),
              "every: period of 0 ms: must be from 1 ms to 100 years");
    EXPECT_NE(error_of([] { static_cast<void>(detail::plan_every(std::chrono::days(36'526))); }), "no error");
    EXPECT_EQ(error_of([] { static_cast<void>(detail::plan_after(-1ms)); }),
              "after: delay of -1 ms: must be from 0 ms to 100 years");
    EXPECT_NE(error_of([] { static_cast<void>(detail::plan_after(std::chrono::days(36'526))); }), "no error");
    EXPECT_EQ(detail::plan_after(5min).name, "after 5m");
}

}  // namespace
}  // namespace intent::daily_time_test
