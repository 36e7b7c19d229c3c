// A struct that is not the codec's own gets to both formats through its table.
#include "codec/describe.hpp"

#include <gtest/gtest.h>

namespace intent::codec {
namespace {

enum class Mood : std::uint8_t { calm = 1, cross = 2 };

struct Inner {
    std::string name;
    friend bool operator==(const Inner&, const Inner&) = default;
};

struct Fickle {
    std::optional<int> number = {};
    std::string text = {};
    std::vector<int> list = {};
    bool flag = false;
    std::optional<int> telling = {};
    friend bool operator==(const Fickle&, const Fickle&) = default;
};

struct Everything {
    bool flag = false;
    std::int8_t small = 0;
    std::uint64_t large = 0;
    double ratio = 0;
    Mood mood = Mood::calm;
    std::optional<ChannelId> channel_id = {};
    std::vector<std::string> words = {};
    std::vector<Inner> inner = {};
    std::vector<bool> bits = {};
    Any any = {};
    raw::User user = {};
    std::optional<std::vector<RoleId>> roles = {};
    friend bool operator==(const Everything&, const Everything&) = default;
};

}  // namespace

template <>
struct Fields<Inner> {
    static constexpr std::tuple table{required("name", &Inner::name, "old_name", "older_name")};
};

template <>
struct Fields<Fickle> {
    static constexpr std::tuple table{
        optional("number", &Fickle::number), optional("text", &Fickle::text),      optional("list", &Fickle::list),
        optional("flag", &Fickle::flag),     omitted("telling", &Fickle::telling),
    };
};

template <>
struct Fields<Everything> {
    static constexpr std::tuple table{
        required("flag", &Everything::flag),   required("small", &Everything::small),
        required("large", &Everything::large), optional("ratio", &Everything::ratio),
        optional("mood", &Everything::mood),   nullable("channel_id", &Everything::channel_id),
        nullable("words", &Everything::words), optional("inner", &Everything::inner),
        optional("bits", &Everything::bits),   optional("any", &Everything::any),
        required("user", &Everything::user),   optional("roles", &Everything::roles),
    };
};

namespace {

TEST(Describe, a_struct_survives_a_round_trip_in_both_formats) {
    Everything value{.flag = true,
                     .small = -128,
                     .large = ~std::uint64_t{0},
                     .ratio = 0.5,
                     .mood = Mood::cross,
                     .channel_id = ChannelId{7}};
    value.words = {"a", ""};
    value.inner = {{"x"}, {"y"}};
    value.bits = {true, false};
    value.any.bytes = *json_to_msgpack(R"({"a":[1,null]})");
    value.user = {.id = {1}, .username = "ada", .display_name = "Ada"};
    value.roles = {{RoleId{5}}};
    const char* json =
        R"({"flag":true,"small":-128,"large":18446744073709551615,"ratio":0.5,"mood":2,"channel_id":"7","words":["a",""],)"
        R"("inner":[{"name":"x"},{"name":"y"}],"bits":[true,false],"any":{"a":[1,null]},)"
        R"("user":{"id":"1","username":"ada","display_name":"Ada"},"roles":["5"]})";
    EXPECT_EQ(to_json(value), json);
    EXPECT_EQ(*from_json<Everything>(json), value);
    EXPECT_EQ(*from_msgpack<Everything>(to_msgpack(value)), value);
}

TEST(Describe, a_malformed_any_is_written_to_json_as_null) {
    Everything value;
    value.any.bytes = {0xc1};
    EXPECT_NE(to_json(value).find(R"("any":null,)"), std::string::npos);
}

TEST(Describe, nullable_fields_are_written_as_nil_and_optional_ones_left_out) {
    Everything value;
    value.user.username = value.user.display_name = "a";
    EXPECT_EQ(
        to_json(value),
        R"({"flag":false,"small":0,"large":0,"mood":1,"channel_id":null,"words":[],"user":{"id":"0","username":"a","display_name":"a"}})");
    EXPECT_EQ(*from_json<Everything>(to_json(value)), value);
}

TEST(Describe, a_server_writes_unset_optional_fields_as_nil_except_omitted_ones) {
    EXPECT_EQ(to_json(Fickle{}), "{}");
    const std::string all = R"({"number":null,"text":null,"list":[],"flag":false})";
    EXPECT_EQ(to_json(Fickle{}, Unset::nil), all);
    EXPECT_EQ(*msgpack_to_json(to_msgpack(Fickle{}, Unset::nil)), all);
    EXPECT_EQ(*from_json<Fickle>(all), Fickle{});
    EXPECT_EQ(to_json(std::vector<Fickle>{{.number = 1, .text = "a", .list = {2}, .flag = true, .telling = 3}, {}},
                      Unset::nil),
              R"([{"number":1,"text":"a","list":[2],"flag":true,"telling":3},)" + all + "]");
    raw::Message message;
    message.id = MessageId{1};
    message.author.username = message.author.display_name = "hook";
    EXPECT_EQ(to_json(message, Unset::nil),
              R"({"id":"1","channel_id":"0","author":{"id":"0","username":"hook","display_name":"hook",)"
              R"("avatar_url":null},"content":"","created_at":"1970-01-01T00:00:00Z","edited_at":null,)"
              R"("attachments":[],"embeds":[]})")
        << "the author of a webhook's message has no created_at, and other messages no webhook_id";
}

TEST(Describe, an_omitted_field_is_read_as_leniently_as_an_optional_one) {
    Notes notes;
    EXPECT_EQ(from_json<Fickle>(R"({"telling":"three"})", &notes)->telling, std::nullopt);
    EXPECT_EQ(notes.ignored_fields, 1u);
    EXPECT_EQ(from_json<Fickle>(R"({"telling":3})")->telling, 3);
}

TEST(Describe, a_nullable_field_of_a_wrong_type_fails) {
    EXPECT_EQ(from_json<Everything>(R"({"channel_id":[]})").failure().text(),
              "channel_id: expected a snowflake, got an array");
    EXPECT_EQ(from_json<Everything>(R"({"words":["a",7]})").failure().text(),
              "words[1]: expected a string, got an integer");
    EXPECT_EQ(from_json<Everything>(R"({"small":200})").failure().text(),
              "small: expected a whole number from -128 to 127, got 200");
    EXPECT_EQ(from_json<Everything>(R"({"large":-1})").failure().text(),
              "large: expected a whole number from 0 to 18446744073709551615, got -1");
}

TEST(Describe, a_required_field_is_read_under_each_of_its_aliases) {
    EXPECT_EQ(from_json<Inner>(R"({"older_name":"c"})")->name, "c");
    EXPECT_EQ(from_json<Inner>(R"({"older_name":"c","old_name":"b"})")->name, "b");
    EXPECT_EQ(from_json<Inner>(R"({"old_name":null,"older_name":"c"})")->name, "c");
    EXPECT_EQ(from_json<Inner>(R"({"old_name":null})").failure().text(), "name: expected a value, got null");
    EXPECT_EQ(from_json<Inner>(R"({})").failure().text(), "name: missing");
}

TEST(Describe, lists_of_described_structs_are_read_and_written) {
    EXPECT_EQ(from_json_list<Inner>(R"({"inner":[{"name":"x"}]})", "inner")->at(0).name, "x");
    EXPECT_EQ(to_json(std::vector<Inner>{{"x"}, {"y"}}), R"([{"name":"x"},{"name":"y"}])");
    EXPECT_EQ(to_json(std::vector<raw::MessageDelete>{}), "[]");
}

}  // namespace
}  // namespace intent::codec
