// Pseudo-random documents: the codec and nlohmann::json must see the same.
#include "codec/convert.hpp"
#include "tests/unit/codec/foreign.hpp"
#include "tests/unit/codec/samples.hpp"

#include <gtest/gtest.h>

namespace intent::codec::differential_test {
namespace {

constexpr std::uint64_t documents = 400;

TEST(Differential, foreign_msgpack_prints_as_the_same_json) {
    for (std::uint64_t seed = 0; seed < documents; ++seed) {
        const auto bytes = test::foreign_msgpack(test::random_json(seed));
        const auto json = msgpack_to_json(bytes);
        ASSERT_TRUE(json) << "seed " << seed << ": " << json.failure().text();
        ASSERT_TRUE(test::same_json(*json, test::foreign_json(bytes))) << "seed " << seed;
    }
}

TEST(Differential, our_msgpack_reads_the_same_in_a_foreign_decoder) {
    for (std::uint64_t seed = 0; seed < documents; ++seed) {
        const auto json = test::random_json(seed);
        const auto bytes = json_to_msgpack(json);
        ASSERT_TRUE(bytes) << "seed " << seed << ": " << bytes.failure().text();
        ASSERT_TRUE(test::same_json(test::foreign_json(*bytes), json)) << "seed " << seed;
    }
}

TEST(Differential, json_through_msgpack_and_back_keeps_its_meaning) {
    for (std::uint64_t seed = documents; seed < 2 * documents; ++seed) {
        const auto json = test::random_json(seed);
        const auto back = msgpack_to_json(*json_to_msgpack(json));
        ASSERT_TRUE(back);
        ASSERT_TRUE(test::same_json(*back, json)) << "seed " << seed;
    }
}

}  // namespace
}  // namespace intent::codec::differential_test
