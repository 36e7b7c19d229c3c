// Hostile bytes: lengths that lie, nesting without end, keys without number.
#include "codec/convert.hpp"
#include "codec/frame.hpp"
#include "tests/unit/codec/samples.hpp"

#include <gtest/gtest.h>

namespace intent::codec::bombs_test {
namespace {

using test::concat;
using test::hex;
using test::repeat;

/// Hands the bytes to every way in, as the whole document, as an unknown field and as fields of each kind. None may
/// succeed.
void refused_everywhere(const Bytes& bomb) {
    const Bytes title = concat({hex("81 a5 7469746c65"), bomb});
    const Bytes fields = concat({hex("81 a6 6669656c6473"), bomb});
    const Bytes footer = concat({hex("81 a6 666f6f746572"), bomb});
    const Bytes unknown = concat({hex("81 a1 78"), bomb});
    const Bytes frame = concat({hex("82 a2 6f70 00 a1 64"), bomb});
    for (const Bytes& bytes : {bomb, title, fields, footer, unknown, frame}) {
        EXPECT_FALSE(msgpack_to_json(bytes));
        EXPECT_FALSE(peek_frame(bytes));
        EXPECT_FALSE(from_msgpack<raw::Embed>(bytes));
        EXPECT_FALSE(from_msgpack_wrapped<raw::Embed>(bytes, "x"));
        (void)peek_heartbeat_interval(bytes);
        EXPECT_EQ(peek_bool(bytes), std::nullopt);
    }
}

TEST(Bombs, case_116_lengths_beyond_the_end_are_refused_before_memory_is_reserved) {
    for (const char* bytes :
         {"dd ffffffff", "df ffffffff", "db ffffffff", "c6 ffffffff", "c9 ffffffff 05", "dc ffff",    "de ffff",
          "da ffff",     "d9 ff",       "c5 ffff",     "c4 ff",       "c8 ffff 05",     "c7 ff 05",   "9f",
          "8f",          "bf",          "dd 00000001", "df 00000001", "df 00000001 00", "d6 ff 0000", "d8 05 00"}) {
        refused_everywhere(hex(bytes));
    }
    const auto text = from_msgpack<raw::Ready>(
        hex("82 a4 75736572 82 a2 6964 01 a8 757365726e616d65 a1 61 a7 73657276657273 dd ffffffff"));
    EXPECT_EQ(text.failure().text(),
              "servers: a list announces 4294967295 elements, more than there are bytes left (at byte 30)");
}

TEST(Bombs, case_117_nested_long_lists_are_refused) {
    refused_everywhere(repeat(hex("dc ffff"), 21800));
    refused_everywhere(repeat(hex("dd 0000ffff"), 16000));
    refused_everywhere(repeat(hex("de 4000"), 21800));
}

TEST(Bombs, case_118_nesting_deeper_than_64_is_refused) {
    refused_everywhere(concat({repeat(hex("91"), 60000), hex("c0")}));
    refused_everywhere(concat({repeat(hex("81 a1 61"), 1000), hex("c0")}));
    refused_everywhere(concat({repeat(hex("81 c0"), 1000), hex("c0")}));
    refused_everywhere(concat({repeat(hex("dc 0001"), 1000), hex("c0")}));
    // Maps as keys of maps: the key is as deep as the value.
    refused_everywhere(concat({repeat(hex("81"), 30000), repeat(hex("c0"), 30001)}));
}

TEST(Bombs, a_depth_of_64_is_accepted_and_65_is_refused) {
    EXPECT_TRUE(msgpack_to_json(concat({repeat(hex("91"), 63), hex("90")})));
    EXPECT_FALSE(msgpack_to_json(concat({repeat(hex("91"), 64), hex("90")})));
    EXPECT_TRUE(msgpack_to_json(concat({repeat(hex("91"), 64), hex("c0")})));
    EXPECT_TRUE(peek_frame(concat({hex("81 a1 64"), repeat(hex("91"), 63), hex("c0")})));
    EXPECT_FALSE(peek_frame(concat({hex("81 a1 64"), repeat(hex("91"), 64), hex("c0")})));
    const auto deep = from_msgpack<raw::Embed>(concat({hex("81 a1 78"), repeat(hex("91"), 64), hex("c0")}));
    EXPECT_EQ(deep.failure().text(), "x: nested deeper than 64 (at byte 66)");
    const std::string open(64, '['), close(64, ']');
    EXPECT_TRUE(json_to_msgpack(open + close));
    EXPECT_FALSE(json_to_msgpack("[" + open + close + "]"));
    EXPECT_FALSE(json_to_msgpack(std::string(100000, '[')));
    std::string maps;
    for (int i = 0; i < 100000; ++i) {
        maps += R"({"a":)";
    }
    EXPECT_FALSE(json_to_msgpack(maps));
}

TEST(Bombs, a_list_of_tiny_objects_cannot_use_many_times_its_size_in_memory) {
    constexpr std::size_t count = 1 << 20;
    const Bytes bytes = concat({hex("81 a6 656d62656473 dd 00100000"), repeat(hex("80"), count)});
    EXPECT_TRUE(peek_frame(bytes)) << "it is well-formed";
    Notes notes;
    const auto message = from_msgpack<raw::Message>(
        concat({hex("86 a2 6964 01 aa 6368616e6e656c5f6964 02 a6 617574686f72 82 a2 6964 03 a8 757365726e616d65 a1 61 "
                    "aa 637265617465645f6174 00 a7 636f6e74656e74 c0"),
                Bytes(bytes.begin() + 1, bytes.end())}),
        &notes);
    ASSERT_TRUE(message) << message.failure().text();
    EXPECT_TRUE(message->embeds.empty());
    EXPECT_EQ(notes.ignored_fields, 1u);

    std::string json = "[{}";
    for (int i = 0; i < 100000; ++i) {
        json += ",{}";
    }
    EXPECT_EQ(from_json_list<raw::Embed>(json + "]", "embeds").failure().text(),
              "embeds: the lists have too many elements for the size of the data");
    EXPECT_EQ(from_json_list<raw::Embed>("[{},{},{},{},{},{},{},{},{},{}]", "embeds")->size(), 10u);
}

TEST(Bombs, case_122_a_hundred_thousand_unknown_keys_are_skipped) {
    std::string json = R"({"title":"t")";
    for (int i = 0; i < 100000; ++i) {
        json += R"(,"unknown)" + std::to_string(i) + R"(":1)";
    }
    json += R"(,"description":"d"})";
    const auto embed = from_json<raw::Embed>(json);
    ASSERT_TRUE(embed);
    EXPECT_EQ(embed->title, "t");
    EXPECT_EQ(embed->description, "d");
}

TEST(Bombs, case_122_a_hundred_thousand_known_keys_count_once) {
    const Bytes bytes =
        concat({hex("df 000186a1"), repeat(hex("a5 7469746c65 c0"), 100000), hex("a5 7469746c65 a1 78")});
    const auto embed = from_msgpack<raw::Embed>(bytes);
    ASSERT_TRUE(embed) << embed.failure().text();
    EXPECT_EQ(embed->title, std::nullopt);
}

TEST(Bombs, nested_keys_do_not_become_gigabytes_of_json) {
    // {{{…: nil}: nil}: nil}: each level would escape the quotes of the one inside
    const auto json = msgpack_to_json(concat({repeat(hex("81"), 60), hex("a1 22"), repeat(hex("c0"), 60)}));
    ASSERT_TRUE(json) << json.failure().text();
    EXPECT_EQ(*json, R"({"[map]":null})");
}

TEST(Bombs, case_115_invalid_messagepack_is_refused) {
    refused_everywhere(hex("c1"));
    refused_everywhere(hex(""));
    refused_everywhere(hex("91 c1"));
    refused_everywhere(hex("81 c1 00"));
    refused_everywhere(hex("81 a1 61 c1"));
    EXPECT_EQ(from_msgpack<raw::Embed>(hex("81 a1 61 c1")).failure().text(),
              "a: expected a value, got byte 0xc1, which is not MessagePack (at byte 3)");
    EXPECT_EQ(from_msgpack<raw::Embed>(hex("81 a5 7469746c65 c1")).failure().text(),
              "title: expected a value, got byte 0xc1, which is not MessagePack (at byte 7)");
    EXPECT_EQ(from_msgpack<raw::Embed>(hex("")).failure().text(), "expected a map, got the end of the data");
    EXPECT_EQ(from_msgpack<raw::Embed>(hex("80 c0")).failure().text(), "1 bytes behind the value (at byte 1)");
}

}  // namespace
}  // namespace intent::codec::bombs_test
