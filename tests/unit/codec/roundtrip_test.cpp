#include "codec/convert.hpp"
#include "tests/unit/codec/foreign.hpp"
#include "tests/unit/codec/samples.hpp"

#include <gtest/gtest.h>

namespace intent::codec::roundtrip_test {
namespace {

/// Calls `check` with one value of each raw type.
template <class Check>
void for_each_sample(Check check) {
    std::apply([&](const auto&... sample) { (check(sample), ...); }, test::samples());
}

TEST(RoundTrip, msgpack_reads_back_as_the_same_value) {
    for_each_sample([]<class T>(const T& sample) {
        Notes notes;
        const auto back = from_msgpack<T>(to_msgpack(sample), &notes);
        ASSERT_TRUE(back) << back.failure().text();
        EXPECT_EQ(*back, sample);
        EXPECT_EQ(notes.ignored_fields, 0u);
    });
}

TEST(RoundTrip, json_reads_back_as_the_same_value) {
    for_each_sample([]<class T>(const T& sample) {
        const auto back = from_json<T>(to_json(sample));
        ASSERT_TRUE(back) << back.failure().text() << to_json(sample);
        EXPECT_EQ(*back, sample);
    });
}

TEST(RoundTrip, json_and_msgpack_have_the_same_content) {
    for_each_sample([](const auto& sample) {
        EXPECT_TRUE(test::same_json(to_json(sample), test::foreign_json(to_msgpack(sample)))) << to_json(sample);
    });
}

TEST(RoundTrip, case_104_wrapped_and_flat_read_the_same) {
    for_each_sample([]<class T>(const T& sample) {
        const auto json = to_json(sample);
        const auto wrapped = R"({"before":[{"thing":{}}],"thing":)" + json + R"(,"behind":{"x":[1]},"thing":7})";
        EXPECT_EQ(*from_json_wrapped<T>(json, "thing"), sample);
        EXPECT_EQ(*from_json_wrapped<T>(wrapped, "thing"), sample);
        EXPECT_EQ(*from_msgpack_wrapped<T>(to_msgpack(sample), "thing"), sample);
        EXPECT_EQ(*from_msgpack_wrapped<T>(test::foreign_msgpack(R"({"thing":)" + json + "}"), "thing"), sample);
    });
}

TEST(RoundTrip, case_104_lists_plain_and_wrapped_read_the_same) {
    for_each_sample([]<class T>(const T& sample) {
        const auto list = "[" + to_json(sample) + "," + to_json(sample) + "]";
        const std::vector<T> expected{sample, sample};
        EXPECT_EQ(*from_json_list<T>(list, "things"), expected);
        EXPECT_EQ(*from_json_list<T>(R"({"things":)" + list + "}", "things"), expected);
        EXPECT_EQ(*from_json_list<T>(R"({"next":"x","things":)" + list + R"(,"total":2})", "things"), expected);
        EXPECT_TRUE(from_json_list<T>("[]", "things")->empty());
    });
}

TEST(RoundTrip, fields_in_any_order_read_the_same) {
    // nlohmann sorts an object's keys; reversing them gives a third order.
    for_each_sample(
        []<class T>(const T& sample) { EXPECT_EQ(*from_msgpack<T>(test::foreign_msgpack(to_json(sample))), sample); });
    const auto reversed = from_json<raw::Channel>(
        R"({"created_at":"2024-02-29T00:00:00Z","parent_id":"76","position":-3,"topic":"topic","type":1,"name":"general","server_id":"42","id":"77"})");
    EXPECT_EQ(*reversed, test::sample_channel());
}

TEST(RoundTrip, unset_optional_fields_are_left_out) {
    EXPECT_EQ(to_json(raw::User{.id = {1}, .username = "ada", .display_name = ""}), R"({"id":"1","username":"ada"})");
    EXPECT_EQ(to_json(raw::Identify{.token = "t"}), R"({"token":"t"})");
    EXPECT_EQ(to_json(raw::Identify{.token = "t", .intents = 0}), R"({"token":"t","intents":0})");
    EXPECT_EQ(to_json(raw::Embed{}), "{}");
    raw::Message message{};
    message.author = {.id = {1}, .username = "a", .display_name = "a"};
    EXPECT_EQ(
        to_json(message),
        R"({"id":"0","channel_id":"0","author":{"id":"1","username":"a","display_name":"a"},"content":"","created_at":"1970-01-01T00:00:00Z"})");
}

}  // namespace
}  // namespace intent::codec::roundtrip_test
