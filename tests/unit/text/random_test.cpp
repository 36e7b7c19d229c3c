// The small random generator.
#include "text/random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace intent::text::random_test {
namespace {

TEST(Random, one_seed_gives_one_sequence_and_two_seeds_two) {
    Random first(7);
    Random again(7);
    Random other(8);
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 100; ++i) {
        const std::uint64_t number = first.next();
        EXPECT_EQ(number, again.next());
        seen.insert(number);
        seen.insert(other.next());
    }
    EXPECT_EQ(seen.size(), 200u);
}

TEST(Random, a_unit_is_never_one) {
    Random random(3);
    double lowest = 1;
    double highest = 0;
    for (int i = 0; i < 10'000; ++i) {
        const double unit = random.unit();
        ASSERT_GE(unit, 0.0);
        ASSERT_LT(unit, 1.0);
        lowest = std::min(lowest, unit);
        highest = std::max(highest, unit);
    }
    EXPECT_LT(lowest, 0.01);
    EXPECT_GT(highest, 0.99);
}

}  // namespace
}  // namespace intent::text::random_test
