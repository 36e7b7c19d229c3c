// The types of parameters that need no client: what is read, what is refused, and what the handler gets.
#include "toolkit/core/durations.hpp"

#include <intent/commands.hpp>
#include <intent/schedule.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::plain_types_test {

enum class Side { heads, tails };

struct Color {
    int rgb = 0;
    friend bool operator==(Color, Color) = default;
};

}  // namespace intent::plain_types_test

template <>
struct intent::Choices<intent::plain_types_test::Side> {
    using Side = intent::plain_types_test::Side;
    static constexpr intent::Choice<Side> all[] = {{"heads", Side::heads}, {"tails", Side::tails}};
};

template <>
struct intent::Argument<intent::plain_types_test::Color> {
    static constexpr std::string_view expects = "a color such as #ff8800";
    static std::optional<intent::plain_types_test::Color> parse(std::string_view text) {
        if (text == "ugly") throw BadArgument("this color is ugly");
        if (text.size() != 7 || text[0] != '#') return std::nullopt;
        return intent::plain_types_test::Color{std::stoi(std::string(text.substr(1)), nullptr, 16)};
    }
};

namespace intent::plain_types_test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

template <class T>
std::optional<T> read(std::string_view text) {
    const auto& type = detail::TypeOf<T>::type;
    std::vector<detail::CommandValue> values(1);
    if (!type.read(type, text, values.front())) return std::nullopt;
    return detail::TakeArgument<T>::from(values);
}

template <class T>
std::string expects() {
    return detail::TypeOf<T>::type.expects(detail::TypeOf<T>::type);
}

template <class T>
void expect_limits() {
    using Limits = std::numeric_limits<T>;
    const std::string lowest = std::to_string(Limits::min());
    const std::string highest = std::to_string(Limits::max());
    EXPECT_EQ(read<T>(lowest), Limits::min());
    EXPECT_EQ(read<T>(highest), Limits::max());
    EXPECT_FALSE(read<T>(highest + "0"));
    EXPECT_FALSE(read<T>(std::is_unsigned_v<T> ? "-1" : lowest + "0"));
    EXPECT_EQ(expects<T>(), "a whole number from " + lowest + " to " + highest);
}

TEST(PlainTypes, integers_of_all_widths_have_their_limits) {
    expect_limits<std::int8_t>();
    expect_limits<std::uint8_t>();
    expect_limits<std::int16_t>();
    expect_limits<std::uint16_t>();
    expect_limits<std::int32_t>();
    expect_limits<std::uint32_t>();
    expect_limits<std::int64_t>();
    expect_limits<std::uint64_t>();
    EXPECT_FALSE(read<std::int8_t>("128"));
    EXPECT_FALSE(read<std::int8_t>("-129"));
    EXPECT_FALSE(read<std::uint8_t>("256"));
    EXPECT_FALSE(read<std::uint64_t>("18446744073709551616"));
}

TEST(PlainTypes, whole_numbers_are_decimal_digits_with_a_sign) {
    EXPECT_EQ(read<int>("+7"), 7);
    EXPECT_EQ(read<int>("007"), 7);
    for (const auto text : {""sv, "+"sv, "-"sv, "+-1"sv, "--1"sv, " 1"sv, "1 "sv, "1.0"sv, "1e3"sv, "0x10"sv, "1,000"sv,
                            "1\0"sv, "\xff"sv, "１"sv, "99999999999999999999999999999999"sv})
        EXPECT_FALSE(read<int>(text)) << text;
    EXPECT_FALSE(read<int>(std::string(2'000, '9')));
}

TEST(PlainTypes, a_range_has_the_limits_of_its_type) {
    EXPECT_EQ((read<Range<1, 6>>("1")->value()), 1);
    EXPECT_EQ((read<Range<1, 6>>("6")->value()), 6);
    EXPECT_FALSE((read<Range<1, 6>>("0")));
    EXPECT_FALSE((read<Range<1, 6>>("7")));
    EXPECT_EQ((read<Range<-9, -3>>("-3")->value()), -3);
    EXPECT_FALSE((read<Range<-9, -3>>("-2")));
    EXPECT_EQ((expects<Range<-9, -3>>()), "a whole number from -9 to -3");
}

TEST(PlainTypes, numbers_are_finite) {
    EXPECT_EQ(read<double>("2.5"), 2.5);
    EXPECT_EQ(read<double>("-1e3"), -1000.0);
    EXPECT_EQ(read<float>("+0.5"), 0.5F);
    for (const auto text : {"nan"sv, "inf"sv, "-inf"sv, "1e999"sv, "2.5x"sv, ""sv, "."sv, "0x1p3"sv, "2,5"sv})
        EXPECT_FALSE(read<double>(text)) << text;
    EXPECT_FALSE(read<float>("1e39"));
}

TEST(PlainTypes, truth_values_are_words) {
    for (const auto text : {"yes"sv, "Y"sv, "true"sv, "ON"sv, "1"sv})
        EXPECT_EQ(read<bool>(text), true) << text;
    for (const auto text : {"no"sv, "n"sv, "False"sv, "off"sv, "0"sv})
        EXPECT_EQ(read<bool>(text), false) << text;
    for (const auto text : {""sv, "2"sv, "maybe"sv, "yes "sv})
        EXPECT_FALSE(read<bool>(text)) << text;
}

TEST(PlainTypes, choices_ignore_the_case_of_letters) {
    EXPECT_EQ(read<Side>("heads"), Side::heads);
    EXPECT_EQ(read<Side>("TAILS"), Side::tails);
    EXPECT_FALSE(read<Side>("edge"));
    EXPECT_EQ(expects<Side>(), "heads or tails");
    constexpr std::string_view three[] = {"a", "b", "c"};
    EXPECT_EQ(detail::list_choices(three, 3), "a, b or c");
    EXPECT_EQ(detail::list_choices(three, 1), "a");
}

TEST(PlainTypes, a_type_of_the_bot_reads_itself) {
    EXPECT_EQ(read<Color>("#ff8800"), Color{0xff8800});
    EXPECT_FALSE(read<Color>("red"));
    EXPECT_THROW(read<Color>("ugly"), BadArgument);
    EXPECT_EQ(expects<Color>(), "a color such as #ff8800");
}

struct TimeCase {
    std::string_view text;
    std::optional<std::chrono::milliseconds> time;
};

TEST(PlainTypes, times_have_units_from_the_largest_to_the_smallest) {
    const std::vector<TimeCase> cases{
        {"10s", 10s},
        {"2h30m", 150min},
        {"2H30Min", 150min},
        {"1d 12h", 36h},
        {" 90 s ", 90s},
        {"250ms", 250ms},
        {"1w2d3h4m5s6ms", 168h + 48h + 3h + 4min + 5s + 6ms},
        {"0s", 0s},
        {"36525d", 36'525 * 24h},
        {"36526d", {}},
        {"", {}},
        {"s", {}},
        {"10", {}},
        {"10x", {}},
        {"-1s", {}},
        {"1s1h", {}},
        {"1s1s", {}},
        {"1.5h", {}},
        {"1h,30m", {}},
        {"9999999999999999999s", {}},
        {"9223372036854775807w", {}},
        {"1h\0"sv, {}},
        {"1\xff", {}},
    };
    for (const auto& one : cases)
        EXPECT_EQ(toolkit::parse_duration(one.text), one.time) << one.text;
}

TEST(PlainTypes, a_time_must_be_a_multiple_of_the_unit_of_its_type) {
    EXPECT_EQ(read<std::chrono::milliseconds>("1s5ms"), 1005ms);
    EXPECT_EQ(read<std::chrono::seconds>("2m"), 120s);
    EXPECT_FALSE(read<std::chrono::seconds>("5ms"));
    EXPECT_EQ(read<std::chrono::hours>("1d"), 24h);
    EXPECT_FALSE(read<std::chrono::hours>("90m"));
    EXPECT_EQ(read<std::chrono::nanoseconds>("1ms"), 1ms);
    EXPECT_EQ(read<std::chrono::duration<double>>("1500ms")->count(), 1.5);
    EXPECT_EQ(expects<std::chrono::minutes>(), "a time such as 2h30m, in steps of 1 min");
}

TEST(PlainTypes, times_are_shown_by_their_two_largest_units_and_rounded_up) {
    const std::vector<std::pair<std::chrono::milliseconds, std::string_view>> cases{
        {0ms, "0 s"},          {-5s, "0 s"},     {1ms, "1 ms"},          {999ms, "999 ms"},   {1s, "1 s"},
        {1001ms, "2 s"},       {59s, "59 s"},    {59'001ms, "1 min"},    {90s, "1 min 30 s"}, {3'599'999ms, "1 h"},
        {90min, "1 h 30 min"}, {25h, "1 d 1 h"}, {24h + 1ms, "1 d 1 h"}, {240h, "10 d"},
    };
    for (const auto& [time, text] : cases)
        EXPECT_EQ(toolkit::describe_time(time), text) << time.count();
}

TEST(PlainTypes, ids_are_decimal_digits) {
    EXPECT_EQ(read<ChannelId>("123"), ChannelId{123});
    EXPECT_EQ(read<UserId>("18446744073709551615"), UserId{18446744073709551615U});
    for (const auto text : {""sv, "0"sv, "+1"sv, "-1"sv, "007"sv, "12a"sv, " 1"sv, "#123"sv, "18446744073709551616"sv})
        EXPECT_FALSE(read<MessageId>(text)) << text;
    EXPECT_EQ(expects<WebhookId>(), "an id (decimal digits)");
    EXPECT_EQ(detail::TypeOf<RoleId>::type.resolve, nullptr) << "no look-up";
}

TEST(PlainTypes, times_of_day_are_those_of_a_clock) {
    EXPECT_EQ(read<TimeOfDay>("9:30"), TimeOfDay(9h + 30min));
    EXPECT_EQ(read<TimeOfDay>("23:59:59"), TimeOfDay(24h - 1s));
    for (const auto text : {""sv, "24:00"sv, "930"sv, "9h30m"sv, "9:30pm"sv})
        EXPECT_FALSE(read<TimeOfDay>(text)) << text;
    EXPECT_EQ(expects<TimeOfDay>(), "a time of day from 00:00 to 23:59");
}

/// The text of the BadArgument for a word; empty if there is none.
std::string zone_problem(std::string_view text) {
    try {
        read<TimeZone>(text);
    } catch (const BadArgument& problem) {
        return problem.what();
    }
    return {};
}

TEST(PlainTypes, time_zones_have_the_names_of_the_database_in_either_case) {
    EXPECT_EQ(read<TimeZone>("UTC"), TimeZone());
    EXPECT_EQ(read<TimeZone>("utc"), TimeZone());
    EXPECT_EQ(read<TimeZone>("Europe/Berlin"), TimeZone("Europe/Berlin"));
    EXPECT_EQ(read<TimeZone>("europe/berlin")->name(), "Europe/Berlin");
    EXPECT_EQ(read<TimeZone>("America/New York")->name(), "America/New_York");
    EXPECT_EQ(expects<TimeZone>(), "a time zone such as Europe/Berlin, or UTC");
}

TEST(PlainTypes, a_misspelt_time_zone_is_answered_with_the_one_that_was_meant) {
    EXPECT_EQ(zone_problem("Europe/Berln"), "there is no time zone of this name. Did you mean Europe/Berlin?");
    EXPECT_EQ(zone_problem("berlin"), "there is no time zone of this name. Did you mean Europe/Berlin?");
    EXPECT_EQ(zone_problem("new york"), "there is no time zone of this name. Did you mean America/New_York?");
    EXPECT_EQ(zone_problem("Asia/Toyko"), "there is no time zone of this name. Did you mean Asia/Tokyo?");
    for (const auto text : {"Europe/Atlantis"sv, ""sv, "../../etc/passwd"sv, "/usr/share/zoneinfo/Europe/Berlin"sv}) {
        EXPECT_EQ(zone_problem(text), "") << text;
        EXPECT_FALSE(read<TimeZone>(text)) << text;
    }
    EXPECT_FALSE(read<TimeZone>(std::string(2'000, 'x')));
}

}  // namespace
}  // namespace intent::plain_types_test
