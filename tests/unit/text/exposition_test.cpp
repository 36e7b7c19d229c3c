#include "text/exposition.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace intent::exposition_test {
namespace {

using text::Exposition;
using Type = Exposition::Type;

TEST(Exposition, a_family_has_its_help_and_type_once_before_its_samples) {
    Exposition out;
    out.family("bot_calls_total", Type::counter, "Calls.");
    out.sample({{"kind", "a"}}, std::uint64_t{1});
    out.sample({{"kind", "b"}, {"place", "here"}}, std::uint64_t{18'446'744'073'709'551'615U});
    out.single("bot_age_seconds", Type::gauge, "Age.", 0.25);
    EXPECT_EQ(out.take(),
              "# HELP bot_calls_total Calls.\n"
              "# TYPE bot_calls_total counter\n"
              "bot_calls_total{kind=\"a\"} 1\n"
              "bot_calls_total{kind=\"b\",place=\"here\"} 18446744073709551615\n"
              "# HELP bot_age_seconds Age.\n"
              "# TYPE bot_age_seconds gauge\n"
              "bot_age_seconds 0.25\n");
}

TEST(Exposition, a_family_without_samples_is_left_out) {
    Exposition out;
    out.family("empty_total", Type::counter, "Never counted.");
    out.single("one", Type::gauge, "One.", std::uint64_t{1});
    EXPECT_EQ(out.take(), "# HELP one One.\n# TYPE one gauge\none 1\n");
}

TEST(Exposition, values_of_labels_are_escaped) {
    Exposition out;
    out.family("x", Type::gauge, "X.");
    out.sample({{"text", "a\\b\"c\nd"}}, std::uint64_t{0});
    EXPECT_EQ(out.take(), "# HELP x X.\n# TYPE x gauge\nx{text=\"a\\\\b\\\"c\\nd\"} 0\n");
}

TEST(Exposition, buckets_are_cumulative_in_order_and_end_with_infinity) {
    Exposition out;
    out.family("t_seconds", Type::histogram, "T.");
    out.histogram({{"event", "E"}}, std::array{0.001, 0.5, 10.0}, std::array<std::uint64_t, 4>{2, 0, 3, 1}, 12.5);
    EXPECT_EQ(out.take(),
              "# HELP t_seconds T.\n"
              "# TYPE t_seconds histogram\n"
              "t_seconds_bucket{event=\"E\",le=\"0.001\"} 2\n"
              "t_seconds_bucket{event=\"E\",le=\"0.5\"} 2\n"
              "t_seconds_bucket{event=\"E\",le=\"10\"} 5\n"
              "t_seconds_bucket{event=\"E\",le=\"+Inf\"} 6\n"
              "t_seconds_sum{event=\"E\"} 12.5\n"
              "t_seconds_count{event=\"E\"} 6\n");
}

TEST(Exposition, numbers_that_are_not_finite_have_the_names_of_the_format) {
    Exposition out;
    out.family("x", Type::gauge, "X.");
    out.sample({}, std::numeric_limits<double>::infinity());
    out.sample({}, -std::numeric_limits<double>::infinity());
    out.sample({}, std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(out.take(), "# HELP x X.\n# TYPE x gauge\nx +Inf\nx -Inf\nx NaN\n");
}

}  // namespace
}  // namespace intent::exposition_test
