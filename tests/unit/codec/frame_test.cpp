#include "codec/frame.hpp"

#include "codec/convert.hpp"
#include "tests/unit/codec/samples.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace intent::codec::frame_test {
namespace {

using test::concat;
using test::hex;
using test::to_hex;

Bytes packed(std::string_view json) { return *json_to_msgpack(json); }

TEST(Frame, the_envelope_is_read_in_any_order_and_encoding) {
    const char* table[] = {
        "84 a26f70 00 a164 91c3 a174 a158 a173 07",  // as the specification writes it
        "84 a173 07 a174 a158 a164 91c3 a26f70 00",  // backwards
        "de0004 d9026f70 cc00 da000164 91c3 db0000000174 d90158 a173 cf0000000000000007",
        "df00000004 a26f70 d000 a164 91c3 a174 da000158 a173 cb401c000000000000",  // map32, int8, float64
        "84 a26f70 cb8000000000000000 a164 91c3 a174 a158 a173 ca40e00000",        // -0.0, float32
        "85 a26f70 00 a164 91c3 a178 8101 c0 a174 a158 a173 d30000000000000007",   // an unknown key
        "86 a26f70 00 a26f70 05 a164 91c3 a164 c0 a174 a158 a173 07",              // the first of two counts
    };
    for (const char* text : table) {
        const Bytes bytes = hex(text);
        const auto frame = peek_frame(bytes);
        ASSERT_TRUE(frame) << text << frame.failure().text();
        EXPECT_EQ(frame->op, 0u) << text;
        EXPECT_EQ(frame->type, "X") << text;
        EXPECT_EQ(frame->seq, 7u) << text;
        EXPECT_EQ(to_hex(frame->data), "91c3") << text;
    }
}

TEST(Frame, parts_that_are_missing_nil_or_of_a_wrong_type_are_unset) {
    for (const char* json :
         {R"({})", R"({"op":null,"t":null,"s":null})", R"({"op":"0","t":5,"s":"7"})", R"({"op":-1,"t":[],"s":-7})",
          R"({"op":1.5,"t":{},"s":0.5})", R"({"op":true,"t":false,"s":false})", R"({"op":[0],"s":{"a":[1]}})",
          R"({"op":1e300,"s":-1e300})", R"({"op":null,"op":1,"t":null,"t":"X","s":"1","s":1})"}) {
        const Bytes bytes = packed(json);
        const auto frame = peek_frame(bytes);
        ASSERT_TRUE(frame) << json << frame.failure().text();
        EXPECT_EQ(frame->op, std::nullopt) << json;
        EXPECT_EQ(frame->type, std::nullopt) << json;
        EXPECT_EQ(frame->seq, std::nullopt) << json;
        EXPECT_TRUE(frame->data.empty());
    }
    EXPECT_EQ(peek_frame(packed(R"({"s":18446744073709551615})"))->seq, 18446744073709551615u);
    EXPECT_EQ(peek_frame(hex("81 a173 cb43f0000000000000"))->seq, std::nullopt) << "2^64";
    EXPECT_EQ(peek_frame(hex("81 a173 cb7ff8000000000000"))->seq, std::nullopt) << "NaN";
    EXPECT_EQ(to_hex(peek_frame(hex("81 a164 c0"))->data), "c0");
}

// Usual frames are read on a way of their own. A map16's head in place of a fixmap's leads the same frame the long way.
TEST(Frame, the_fast_and_the_full_reader_agree_also_on_damaged_frames) {
    const Bytes usual[] = {
        hex("84 a26f70 00 a164 83a2696494a131a132c2c3a3666f6f93ce00010203d0ffca3f800000a36261720a a174 a158 a173 "
            "cd0102"),
        hex("84 a26f70 0b a164 c0 a174 c0 a173 c0"),
        hex("84 a26f70 00 a174 a24142 a173 cf0000000000000007 a164 d903 616263"),
        hex("82 a26f70 01 a164 cc07"),
    };
    const auto compare = [](const Bytes& bytes) {
        if (bytes.empty() || (bytes[0] & 0xf0) != 0x80) return;
        Bytes wide{0xde, 0, static_cast<std::uint8_t>(bytes[0] & 0x0f)};
        wide.insert(wide.end(), bytes.begin() + 1, bytes.end());
        const auto one = peek_frame(bytes);
        const auto other = peek_frame(wide);
        ASSERT_EQ(static_cast<bool>(one), static_cast<bool>(other)) << to_hex(bytes);
        if (!one) return;
        EXPECT_EQ(one->op, other->op) << to_hex(bytes);
        EXPECT_EQ(one->type, other->type) << to_hex(bytes);
        EXPECT_EQ(one->seq, other->seq) << to_hex(bytes);
        EXPECT_EQ(to_hex(one->data), to_hex(other->data)) << to_hex(bytes);
    };
    for (const Bytes& frame : usual) {
        ASSERT_TRUE(peek_frame(frame)) << to_hex(frame);
        for (std::size_t size = 0; size < frame.size(); ++size)
            compare(Bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)));
        for (std::size_t at = 0; at < frame.size(); ++at) {
            for (unsigned value = 0; value < 256; ++value) {
                Bytes damaged = frame;
                damaged[at] = static_cast<std::uint8_t>(value);
                compare(damaged);
            }
        }
    }
    for (unsigned depth = 60; depth < 70; ++depth) {
        Bytes nested = hex("82 a26f70 00 a164");
        nested.insert(nested.end(), depth, 0x91);
        nested.push_back(0xc0);
        compare(nested);
    }
}

TEST(Frame, anything_but_one_map_with_text_keys_is_refused) {
    const std::pair<const char*, const char*> table[] = {
        {"", "expected a map, got the end of the data"},
        {"c0", "expected a map, got nil"},
        {"05", "expected a map, got an integer"},
        {"90", "expected a map, got a list"},
        {"a0", "expected a map, got text"},
        {"81 01 02", "expected text, got an integer"},
        {"81 c0 02", "expected text, got nil"},
        {"81 c4026f70 00", "expected text, got bytes"},
        {"81 a26f70 00 00", "1 bytes behind the value (at byte 5)"},
        {"81 a26f70", "op: expected a value, got the end of the data"},
        {"81 a164 91", "d: a list announces 1 elements, more than there are bytes left (at byte 3)"},
        {"81 a164 d9", "d: the data ends inside text (at byte 3)"},
        {"81 a164 91c1", "d: expected a value, got byte 0xc1, which is not MessagePack (at byte 4)"},
        {"81 a173 cf000000", "s: the data ends inside an integer (at byte 3)"},
        {"81 a174 a5 58", "t: the data ends inside text (at byte 3)"},
    };
    for (const auto& [bytes, reason] : table) {
        const auto frame = peek_frame(hex(bytes));
        ASSERT_FALSE(frame) << bytes;
        EXPECT_EQ(frame.failure().text(), reason) << bytes;
    }
}

TEST(Frame, heartbeats_have_the_bytes_of_the_protocol) {
    EXPECT_EQ(to_hex(write_heartbeat({})), "82a26f7001a164c0");
    EXPECT_EQ(to_hex(write_heartbeat(0)), "82a26f7001a16400");
    EXPECT_EQ(to_hex(write_heartbeat(300)), "82a26f7001a164cd012c");
    EXPECT_EQ(to_hex(write_heartbeat(~std::uint64_t{0})), "82a26f7001a164cfffffffffffffffff");
}

TEST(Frame, commands_contain_the_given_data) {
    EXPECT_EQ(*msgpack_to_json(write_identify({.token = "bot_x"})), R"({"op":2,"d":{"token":"bot_x"}})");
    EXPECT_EQ(*msgpack_to_json(write_identify(
                  {.token = "bot_x", .intents = 0, .properties = raw::IdentifyProperties{"a", "b", "c"}})),
              R"({"op":2,"d":{"token":"bot_x","intents":0,"properties":{"os":"a","browser":"b","device":"c"}}})");
    EXPECT_EQ(*msgpack_to_json(write_resume({.token = "bot_x", .session_id = "s", .seq = 42})),
              R"({"op":5,"d":{"token":"bot_x","session_id":"s","seq":42}})");
    EXPECT_EQ(*msgpack_to_json(write_command(Opcode::presence_update, packed("{}"))), R"({"op":10,"d":{}})");
    EXPECT_EQ(*msgpack_to_json(write_command(Opcode::heartbeat, {})), R"({"op":1,"d":null})");
}

TEST(Frame, a_servers_frame_has_all_four_keys) {
    EXPECT_EQ(*msgpack_to_json(write_frame(Opcode::reconnect, {})), R"({"op":6,"t":null,"s":null,"d":null})");
    const auto data = packed(R"({"a":1})");
    const auto frame = write_frame(Opcode::dispatch, data, "X", 9);
    const auto peeked = peek_frame(frame);
    EXPECT_EQ(peeked->op, 0u);
    EXPECT_EQ(peeked->type, "X");
    EXPECT_EQ(peeked->seq, 9u);
    EXPECT_EQ(to_hex(peeked->data), to_hex(data));
}

TEST(Frame, the_heartbeat_interval_is_read_in_any_encoding_and_unchecked) {
    const auto interval = [](std::string_view json) { return peek_heartbeat_interval(packed(json)); };
    EXPECT_EQ(interval(R"({"heartbeat_interval":41250})"), 41250.0);
    EXPECT_EQ(interval(R"({"user":{"heartbeat_interval":1},"heartbeat_interval":0.5,"heartbeat_interval":7})"), 0.5);
    EXPECT_EQ(interval(R"({"heartbeat_interval":-1})"), -1.0);
    EXPECT_EQ(interval(R"({"heartbeat_interval":9223372036854775808})"), 9223372036854775808.0);
    EXPECT_TRUE(std::isnan(*peek_heartbeat_interval(
        concat({hex("81 b2"), hex("6865617274626561745f696e74657276616c"), hex("cb 7ff8000000000000")}))));
    for (const char* json : {R"({})", R"({"heartbeat_interval":null})", R"({"heartbeat_interval":"41250"})",
                             R"({"heartbeat_interval":true})", R"({"heartbeat_interval":"x","heartbeat_interval":1})",
                             "null", "[]", "41250"}) {
        EXPECT_EQ(interval(json), std::nullopt) << json;
    }
    EXPECT_EQ(peek_heartbeat_interval({}), std::nullopt);
}

TEST(Frame, a_bool_may_be_0_or_1) {
    EXPECT_EQ(peek_bool(hex("c3")), true);
    EXPECT_EQ(peek_bool(hex("c2")), false);
    EXPECT_EQ(peek_bool(hex("01")), true);
    EXPECT_EQ(peek_bool(hex("cc 00")), false);
    for (const char* bytes : {"", "c0", "02", "ff", "a4 74727565", "90", "c1", "c3 c3"}) {
        EXPECT_EQ(peek_bool(hex(bytes)), std::nullopt) << bytes;
    }
}

TEST(Frame, the_views_point_into_the_message) {
    const Bytes bytes = packed(R"({"op":0,"t":"NAME","d":[1,2,3]})");
    const auto frame = peek_frame(bytes);
    EXPECT_GE(frame->data.data(), bytes.data());
    EXPECT_LE(frame->data.data() + frame->data.size(), bytes.data() + bytes.size());
    EXPECT_EQ(frame->data.size(), 4u);
    EXPECT_GE(reinterpret_cast<const std::uint8_t*>(frame->type->data()), bytes.data());
}

}  // namespace
}  // namespace intent::codec::frame_test
