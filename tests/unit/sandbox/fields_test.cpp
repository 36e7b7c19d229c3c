#include "sandbox/base/fields.hpp"

#include "sandbox/base/problem.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace intent::inline v0::sandbox::fields_test {
namespace {

std::string refusal(const std::function<void()>& read) {
    try {
        read();
        return "";
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.status(), 400);
        return problem.text();
    }
}

std::string embeds_refusal(const std::string& embeds) {
    return refusal([&] { Fields("{\"embeds\":" + embeds + "}").embeds(); });
}

std::string quoted(std::size_t length) { return '"' + std::string(length, 'x') + '"'; }

TEST(Fields, a_body_is_an_object_or_empty) {
    EXPECT_EQ(Fields("").text("name"), std::nullopt);
    for (const auto* body : {"[]", "nil", "{", "{} {}", "\"x\"", "{\"a\":\"\xff\"}", "null"})
        EXPECT_EQ(refusal([&] { Fields fields(body); }), "body: expected a JSON object") << body;
}

TEST(Fields, deep_nesting_is_refused) {
    const std::string deep = std::string(100'000, '[');
    EXPECT_EQ(refusal([&] { Fields fields("{\"a\":" + deep); }), "body: expected a JSON object");
}

TEST(Fields, missing_null_and_wrong_types_are_distinguished) {
    const Fields fields(R"({"name": "x", "none": null, "number": 3, "half": 2.5, "whole": 4.0})");
    EXPECT_EQ(fields.required_text("name"), "x");
    EXPECT_EQ(fields.text("none"), std::nullopt);
    EXPECT_EQ(fields.nullable_text("missing"), std::nullopt);
    EXPECT_EQ(fields.nullable_text("none"), std::make_optional(std::optional<std::string>()));
    EXPECT_EQ(fields.integer("number", 0, 5), 3);
    EXPECT_EQ(fields.integer("whole", 0, 5), 4);
    EXPECT_EQ(refusal([&] { fields.required_text("missing"); }), "missing: required");
    EXPECT_EQ(refusal([&] { fields.text("number"); }), "number: expected text, got a number");
    EXPECT_EQ(refusal([&] { fields.integer("number", 0, 2); }), "number: expected a whole number from 0 to 2");
    EXPECT_EQ(refusal([&] { fields.integer("half", 0, 2); }), "half: expected a whole number from 0 to 2");
    EXPECT_EQ(refusal([&] { fields.integer("name", 0, 2); }), "name: expected a whole number from 0 to 2");
}

TEST(Fields, a_field_that_was_not_read_is_refused_at_the_end) {
    const Fields fields(R"({"a": 1, "match": {"b": [1, "x"], "c": null}, "list": ["x", 1]})");
    EXPECT_EQ(fields.integer("a", 0, 2), 1);
    EXPECT_EQ(refusal([&] { fields.finish(); }), "match: unknown field; allowed: a");
    const auto match = fields.object("match");
    EXPECT_EQ(refusal([&] { match->finish(); }), "match.b: unknown field; no fields are allowed");
    EXPECT_TRUE(match->is_null("c"));
    EXPECT_EQ(match->json("c"), "null");
    EXPECT_EQ(match->json("b"), R"([1,"x"])");
    EXPECT_EQ(refusal([&] { match->numbers("b"); }), "match.b[1]: expected a whole number, got text");
    EXPECT_EQ(refusal([&] { fields.texts("list"); }), "list[1]: expected text, got a number");
    EXPECT_EQ(refusal([&] { fields.required_integer("b", 0, 2); }), "b: required: expected a whole number from 0 to 2");
    EXPECT_EQ(refusal([&] { fields.number("list", 0, 0.5); }), "list: expected a number from 0 to 0.5");
    match->finish();
    fields.finish();
}

TEST(Fields, a_whole_embed_is_read) {
    const Fields fields(R"({"embeds": [{"title": "t", "description": "d", "url": "http://x", "color": 16777215,
        "timestamp": "2024-01-15T12:00:00Z", "footer": {"text": "f"}, "image": {"url": "i"}, "thumbnail": {"url": "j"},
        "author": {"name": "a", "url": "u"}, "fields": [{"name": "n", "value": "v", "inline": true}]}]})");
    const auto embeds = fields.embeds();
    ASSERT_TRUE(embeds && embeds->size() == 1);
    const auto& embed = embeds->front();
    EXPECT_EQ(embed.color, 0xffffffu);
    EXPECT_EQ(embed.footer->text, "f");
    EXPECT_EQ(embed.author->url, "u");
    EXPECT_TRUE(embed.fields.at(0).is_inline);
    EXPECT_EQ(format_timestamp(*embed.timestamp), "2024-01-15T12:00:00Z");
}

TEST(Fields, an_embed_over_its_limits_is_refused_by_name) {
    const std::pair<std::string, std::string> rows[] = {
        {"{}", "embeds: expected a list of objects, got an object"},
        {"[1]", "embeds[0]: expected an object, got a number"},
        {"[{},{},{},{},{},{},{},{},{},{},{}]", "embeds: at most 10 allowed, got 11"},
        {"[{\"title\":" + quoted(257) + "}]", "embeds[0].title: at most 256 characters allowed, got 257"},
        {"[{},{\"description\":" + quoted(4097) + "}]",
         "embeds[1].description: at most 4096 characters allowed, got 4097"},
        {"[{\"color\":16777216}]", "embeds[0].color: expected a whole number from 0 to 16777215"},
        {"[{\"color\":-1}]", "embeds[0].color: expected a whole number from 0 to 16777215"},
        {"[{\"timestamp\":\"yesterday\"}]", "embeds[0].timestamp: expected ISO 8601 in UTC (2024-01-15T12:00:00Z)"},
        {"[{\"footer\":{}}]", "embeds[0].footer.text: required"},
        {"[{\"footer\":{\"text\":" + quoted(2049) + "}}]",
         "embeds[0].footer.text: 1-2048 characters allowed, got 2049"},
        {"[{\"author\":{\"name\":" + quoted(257) + "}}]", "embeds[0].author.name: 1-256 characters allowed, got 257"},
        {"[{\"image\":\"x\"}]", "embeds[0].image: expected an object, got text"},
        {"[{\"fields\":[{\"name\":\"n\"}]}]", "embeds[0].fields[0].value: required"},
        {"[{\"fields\":[{\"name\":\"n\",\"value\":" + quoted(1025) + "}]}]",
         "embeds[0].fields[0].value: 1-1024 characters allowed, got 1025"},
        {"[{\"fields\":[{\"name\":\"n\",\"value\":\"v\",\"inline\":1}]}]",
         "embeds[0].fields[0].inline: expected true or false, got a number"},
    };
    for (const auto& [embeds, expected] : rows)
        EXPECT_EQ(embeds_refusal(embeds), expected);
    std::string fields;
    for (int i = 0; i < 26; ++i)
        fields += std::string(i == 0 ? "" : ",") + R"({"name":"n","value":"v"})";
    EXPECT_EQ(embeds_refusal("[{\"fields\":[" + fields + "]}]"), "embeds[0].fields: at most 25 allowed, got 26");
}

TEST(Query, parameters_are_decoded_and_checked) {
    const Query query("limit=10&before=%31%32&x&after=");
    EXPECT_EQ(query.integer("limit", 1, 100), 10);
    EXPECT_EQ(query.snowflake("before"), 12u);
    EXPECT_EQ(query.integer("missing", 1, 100), std::nullopt);
    EXPECT_EQ(refusal([&] { query.snowflake("after"); }), "after: not a snowflake (decimal digits, at most 64 bits)");
    for (const auto* text :
         {"limit=0", "limit=101", "limit=ten", "limit=1.5", "limit=", "limit=%", "limit=99999999999999999999"})
        EXPECT_EQ(refusal([&] { Query(text).integer("limit", 1, 100); }),
                  "limit: expected a whole number from 1 to 100")
            << text;
}

}  // namespace
}  // namespace intent::sandbox::fields_test
