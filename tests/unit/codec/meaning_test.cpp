// What each shape of a field means, in both formats: the rows are JSON, and nlohmann makes their MessagePack.
#include "codec/convert.hpp"
#include "tests/unit/codec/foreign.hpp"
#include "tests/unit/codec/samples.hpp"

#include <gtest/gtest.h>

namespace intent::codec::meaning_test {
namespace {

using test::at;

/// A failure's text as it reads when the same document came as JSON.
std::string in_json_words(std::string text) {
    const std::pair<std::string, std::string> words[] = {{"a map", "an object"},
                                                         {"a list", "an array"},
                                                         {"got nil", "got null"},
                                                         {"got text", "got a string"},
                                                         {"expected text", "expected a string"}};
    for (const auto& [from, to] : words) {
        for (auto found = text.find(from); found != std::string::npos; found = text.find(from, found + to.size())) {
            text.replace(found, from.size(), to);
        }
    }
    return text;
}

/// Decodes `json` in both formats. The value, which must be the same, or the failure's text.
template <class T>
Result<T> read_both(const std::string& json, Notes* notes = nullptr) {
    const auto packed = from_msgpack_wrapped<T>(test::foreign_msgpack(json), "it", notes);
    const auto text = from_json_wrapped<T>(json, "it");
    EXPECT_EQ(static_cast<bool>(packed), static_cast<bool>(text)) << json;
    if (packed && text) {
        EXPECT_EQ(*packed, *text) << json;
    } else if (!packed && !text) {
        EXPECT_EQ(in_json_words(packed.failure().text()), text.failure().text()) << json;
    }
    return packed;
}

template <class T>
std::string failure_of(const std::string& json) {
    const auto value = read_both<T>(json);
    return value ? "no failure" : value.failure().text();
}

/// A message's JSON with `fields` put in front, so that they stand before the usual ones.
std::string message_with(const std::string& fields) {
    return "{" + fields +
           R"("id":"1","channel_id":"2","author":{"id":"3","username":"ada"},"content":"hi","created_at":"2024-01-15T12:00:00Z"})";
}

TEST(Meaning, case_042_the_error_names_a_required_field_that_is_missing_null_or_wrong) {
    const std::pair<const char*, const char*> table[] = {
        {R"({})", "it.id: missing"},
        {R"({"id":"1"})", "it.channel_id: missing"},
        {R"({"id":null})", "it.id: expected a snowflake, got nil"},
        {R"({"id":[]})", "it.id: expected a snowflake, got a list"},
        {R"({"id":"1","channel_id":true})", "it.channel_id: expected a snowflake, got a bool"},
        {R"({"id":"1","channel_id":"2","author":null})", "it.author: expected a map, got nil"},
        {R"({"id":"1","channel_id":"2","author":"ada"})", "it.author: expected a map, got text"},
        {R"({"id":"1","channel_id":"2","author":{}})", "it.author.id: missing"},
        {R"({"id":"1","channel_id":"2","author":{"id":"x"}})",
         "it.author.id: \"x\" is not a snowflake (decimal digits, at most 64 bits)"},
        {R"({"id":"1","channel_id":"2","author":{"id":"3","username":7}})",
         "it.author.username: expected text, got an integer"},
        {R"({"id":"1","channel_id":"2","author":{"id":"3","username":"a"},"content":7})",
         "it.content: expected text, got an integer"},
        {R"({"id":"1","channel_id":"2","author":{"id":"3","username":"a"}})", "it.created_at: missing"},
        {R"({"id":"1","channel_id":"2","author":{"id":"3","username":"a"},"created_at":null})",
         "it.created_at: expected a value, got nil"},
        {R"({"id":"1","channel_id":"2","author":{"id":"3","username":"a"},"created_at":{}})",
         "it.created_at: expected a timestamp, got a map"},
        {R"([])", "it: expected a map, got a list"},
        {R"(null)", "it: expected a map, got nil"},
        {R"("x")", "it: expected a map, got text"},
        {R"({"it":[]})", "it.id: missing"},
    };
    for (const auto& [json, text] : table) {
        EXPECT_EQ(failure_of<raw::Message>(json), text) << json;
    }
}

TEST(Meaning, an_error_path_contains_list_indices) {
    EXPECT_EQ(
        failure_of<raw::Ready>(
            R"({"user":{"id":"1","username":"a"},"servers":[{"id":"1","name":"n","owner_id":"2"},{"id":"2","name":[]}]})"),
        "it.servers[1].name: expected text, got a list");
    EXPECT_EQ(
        from_json_list<raw::Server>(R"([{"id":"1","name":"n","owner_id":"2"},{"id":"2"}])", "servers").failure().text(),
        "servers[1].name: missing");
    EXPECT_EQ(from_json_list<raw::Server>(R"({"servers":[7]})", "servers").failure().text(),
              "servers[0]: expected an object, got an integer");
    EXPECT_EQ(from_json_list<raw::Server>(R"({"servers":{}})", "servers").failure().text(),
              "servers: expected an array, got an object");
    EXPECT_EQ(from_json_list<raw::Server>("null", "servers").failure().text(), "servers: expected an array, got null");
}

TEST(Meaning, nullable_and_optional_fields_may_be_null_or_missing) {
    const auto missing = read_both<raw::Message>(
        R"({"id":"1","channel_id":"2","author":{"id":"3","username":"ada"},"created_at":"2024-01-15T12:00:00Z"})");
    ASSERT_TRUE(missing);
    EXPECT_EQ(missing->content, "");
    EXPECT_EQ(missing->author.display_name, "ada");
    const auto null = read_both<raw::Message>(
        R"({"id":"1","channel_id":"2","author":{"id":"3","username":"ada","display_name":null,"avatar_url":null,"created_at":null},"content":null,)"
        R"("created_at":"2024-01-15T12:00:00Z","edited_at":null,"attachments":null,"embeds":null,"webhook_id":null})");
    ASSERT_TRUE(null);
    EXPECT_EQ(*null, *missing);
    EXPECT_TRUE(read_both<raw::Ready>(R"({"user":{"id":"1","username":"a"},"servers":null})")->servers.empty());
    EXPECT_TRUE(read_both<raw::Ready>(R"({"user":{"id":"1","username":"a"}})")->servers.empty());
}

TEST(Meaning, case_042_an_unreadable_optional_field_is_absent_and_counted) {
    const auto plain = *read_both<raw::Message>(message_with(""));
    for (const char* fields :
         {R"("edited_at":[1,{"a":2}],)", R"("edited_at":"yesterday",)", R"("edited_at":true,)", R"("attachments":7,)",
          R"("attachments":{},)", R"("attachments":[7],)", R"("attachments":[{"id":"1"}],)", R"("embeds":"x",)",
          R"("webhook_id":"12a",)", R"("webhook_id":-5,)", R"("webhook_id":1.0,)", R"("webhook_id":"007",)",
          R"("webhook_id":"",)", R"("webhook_id":"1234567890123456789012345",)"}) {
        Notes notes;
        const auto message = read_both<raw::Message>(message_with(fields), &notes);
        ASSERT_TRUE(message) << fields << message.failure().text();
        EXPECT_EQ(*message, plain) << fields;
        EXPECT_EQ(notes.ignored_fields, 1u) << fields;
    }
}

TEST(Meaning, each_ignored_field_is_counted_once) {
    Notes notes;
    const auto message = read_both<raw::Message>(
        message_with(
            R"("embeds":[{"title":7,"description":"d","footer":{},"fields":[{"name":"n","value":"v","inline":"x"}]},{"url":[]}],)"),
        &notes);
    ASSERT_TRUE(message);
    EXPECT_EQ(notes.ignored_fields, 4u);
    ASSERT_EQ(message->embeds.size(), 2u);
    EXPECT_EQ(message->embeds[0].description, "d");
    EXPECT_EQ(message->embeds[0].title, std::nullopt);
    EXPECT_EQ(message->embeds[0].footer, std::nullopt);
    EXPECT_EQ(message->embeds[0].fields.at(0).value, "v");
    // The notes add up over calls.
    (void)from_json<raw::Embed>(R"({"title":7})", &notes);
    EXPECT_EQ(notes.ignored_fields, 5u);
}

TEST(Meaning, case_121_snowflakes_are_decimal_text_or_unsigned_integers) {
    const auto id = [](const std::string& value) {
        return read_both<raw::ServerDelete>(R"({"server_id":)" + value + "}");
    };
    EXPECT_EQ(id(R"("18446744073709551615")")->server_id.value, 18446744073709551615u);
    EXPECT_EQ(id("18446744073709551615")->server_id.value, 18446744073709551615u);
    EXPECT_EQ(id("9007199254740993")->server_id.value, 9007199254740993u);
    EXPECT_EQ(id("0")->server_id.value, 0u);
    const std::pair<const char*, const char*> table[] = {
        {R"("12a")", "it.server_id: \"12a\" is not a snowflake (decimal digits, at most 64 bits)"},
        {R"("007")", "it.server_id: \"007\" is not a snowflake (decimal digits, at most 64 bits)"},
        {R"("")", "it.server_id: \"\" is not a snowflake (decimal digits, at most 64 bits)"},
        {R"("18446744073709551616")",
         "it.server_id: \"18446744073709551616\" is not a snowflake (decimal digits, at most 64 bits)"},
        {"-5", "it.server_id: -5 is not a snowflake (decimal digits, at most 64 bits)"},
        {R"("\u001b[31mred\nü")", "it.server_id: \"?[31mred???\" is not a snowflake (decimal digits, at most 64 bits)"},
        {R"("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")",
         "it.server_id: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\" is not a snowflake (decimal digits, at most 64 "
         "bits)"},
        {"1.0", "it.server_id: expected a snowflake, got a float"},
        {"true", "it.server_id: expected a snowflake, got a bool"},
    };
    for (const auto& [value, text] : table) {
        EXPECT_EQ(failure_of<raw::ServerDelete>(std::string(R"({"server_id":)") + value + "}"), text);
    }
    // A signed encoding of a whole number is that number.
    EXPECT_EQ(
        from_msgpack<raw::ServerDelete>(test::hex("81 a9 7365727665725f6964 d3 0000000000000007"))->server_id.value,
        7u);
    EXPECT_FALSE(from_msgpack<raw::ServerDelete>(test::hex("81 a9 7365727665725f6964 d3 8000000000000000")));
}

TEST(Meaning, a_name_precedes_its_aliases_in_any_order) {
    const auto server = [](const std::string& fields) {
        return *read_both<raw::Server>("{" + fields + R"("id":"1","name":"n","owner_id":"2"})");
    };
    EXPECT_EQ(server(R"("icon_hash":"c",)").icon_url, "c");
    EXPECT_EQ(server(R"("icon_hash":"c","icon":"b",)").icon_url, "b");
    EXPECT_EQ(server(R"("icon_hash":"c","icon":"b","icon_url":"a",)").icon_url, "a");
    EXPECT_EQ(server(R"("icon":"b","icon_url":null,)").icon_url, "b");
    EXPECT_EQ(server(R"("icon":null,"icon_hash":"c",)").icon_url, "c");
    EXPECT_EQ(server(R"("icon_url":7,"icon":"b",)").icon_url, "b");

    const auto user = read_both<raw::User>(R"({"id":"1","username":"a","avatar":"x"})");
    EXPECT_EQ(user->avatar_url, "x");
    const std::string start = R"({"id":"1","channel_id":"2","author":{"id":"3","username":"a"})";
    const auto message = read_both<raw::Message>(
        start + R"(,"timestamp":"2024-01-15T12:00:00Z","edited_timestamp":"2024-01-15T13:00:00Z"})");
    ASSERT_TRUE(message) << message.failure().text();
    EXPECT_EQ(message->created_at, at("2024-01-15T12:00:00Z"));
    EXPECT_EQ(message->edited_at, at("2024-01-15T13:00:00Z"));
    EXPECT_EQ(read_both<raw::Message>(start + R"(,"timestamp":[],"created_at":"2024-01-15T12:00:00Z"})")->created_at,
              at("2024-01-15T12:00:00Z"));
    EXPECT_EQ(failure_of<raw::Message>(start + R"(,"timestamp":[]})"),
              "it.timestamp: expected a timestamp, got a list");
    // An embed's timestamp is a field of its own, not another name.
    EXPECT_EQ(read_both<raw::Embed>(R"({"created_at":"2024-01-15T12:00:00Z"})")->timestamp, std::nullopt);
}

TEST(Meaning, numbers_of_any_encoding_are_read_if_they_fit) {
    const auto position = [](const std::string& value) {
        return read_both<raw::Channel>(R"({"id":"1","server_id":"2","name":"n","type":0,"position":)" + value + "}");
    };
    EXPECT_EQ(position("3.0")->position, 3);
    EXPECT_EQ(position("-0.0")->position, 0);
    EXPECT_EQ(position("1e3")->position, 1000);
    EXPECT_EQ(position("-2147483648")->position, -2147483647 - 1);
    for (const char* value : {"2147483648", "-2147483649", "18446744073709551615", "-9223372036854775808"}) {
        EXPECT_EQ(position(value).failure().text(),
                  "it.position: expected a whole number from -2147483648 to 2147483647, got " + std::string(value));
    }
    for (const char* value : {"1.5", "1e300", "-1e300"}) {
        EXPECT_EQ(position(value).failure().text(), "it.position: expected a whole number, got a float");
    }
    EXPECT_EQ(position(R"("5")").failure().text(), "it.position: expected a whole number, got text");
    EXPECT_EQ(read_both<raw::Channel>(R"({"id":"1","server_id":"2","name":"n","type":13,"position":0})")->type,
              static_cast<ChannelType>(13));
}

TEST(Meaning, case_119_bools_may_be_0_or_1) {
    const auto is_inline = [](const std::string& value, Notes& notes) {
        return read_both<raw::EmbedField>(R"({"name":"n","value":"v","inline":)" + value + "}", &notes)->is_inline;
    };
    Notes notes;
    EXPECT_TRUE(is_inline("true", notes));
    EXPECT_TRUE(is_inline("1", notes));
    EXPECT_FALSE(is_inline("0", notes));
    EXPECT_EQ(notes.ignored_fields, 0u);
    EXPECT_FALSE(is_inline("2", notes));
    EXPECT_FALSE(is_inline("-1", notes));
    EXPECT_FALSE(is_inline(R"("true")", notes));
    EXPECT_EQ(notes.ignored_fields, 3u);
}

TEST(Meaning, permissions_are_text_or_a_number_and_written_as_text) {
    const auto role = [](const std::string& value) {
        return read_both<raw::Role>(R"({"id":"1","server_id":"2","name":"n","position":0,"color":0,"permissions":)" +
                                    value + "}");
    };
    EXPECT_EQ(role(R"("1055")")->permissions.bits, 1055u);
    EXPECT_EQ(role("1055")->permissions.bits, 1055u);
    EXPECT_EQ(role("1055.0")->permissions.bits, 1055u);
    EXPECT_EQ(role("18446744073709551615")->permissions.bits, 18446744073709551615u);
    EXPECT_EQ(role(R"("all")").failure().text(),
              "it.permissions: \"all\" is not a permission set (decimal digits, at most 64 bits)");
    EXPECT_EQ(role("null").failure().text(), "it.permissions: expected permissions, got nil");
    EXPECT_NE(to_json(*role("7")).find(R"("permissions":"7")"), std::string::npos);
}

TEST(Meaning, case_119_the_first_of_duplicate_fields_counts) {
    EXPECT_EQ(from_json<raw::ServerDelete>(R"({"server_id":"1","server_id":"2"})")->server_id.value, 1u);
    EXPECT_EQ(from_json<raw::Embed>(R"({"title":null,"title":"x"})")->title, std::nullopt);
    EXPECT_EQ(from_json<raw::ServerDelete>(R"({"server_id":"1","server_id":[{}]})")->server_id.value, 1u);
    EXPECT_EQ(from_msgpack<raw::ServerDelete>(test::hex("82 a9 7365727665725f6964 01 a9 7365727665725f6964 02"))
                  ->server_id.value,
              1u);
    EXPECT_EQ(from_json<raw::Server>(R"({"id":"1","name":"n","owner_id":"2","icon":"a","icon":"b"})")->icon_url, "a");
    EXPECT_EQ(from_json_wrapped<raw::ServerDelete>(R"({"it":{"server_id":"1"},"it":{"server_id":"2"}})", "it")
                  ->server_id.value,
              1u);
}

TEST(Meaning, case_119_non_text_keys_and_unknown_fields_are_skipped) {
    // {1: [], nil: {}, bin "server_id": 5, "what": {"ever": [1]}, "server_id": "7"}, the last key as str16
    const auto value =
        from_msgpack<raw::ServerDelete>(test::hex("85 01 90 c0 80 c4 09 7365727665725f6964 05 a4 77686174 81 a4 "
                                                  "65766572 91 01 da 0009 7365727665725f6964 a1 37"));
    ASSERT_TRUE(value) << value.failure().text();
    EXPECT_EQ(value->server_id.value, 7u);
}

}  // namespace
}  // namespace intent::codec::meaning_test
