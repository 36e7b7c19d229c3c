// Timestamps as fields: an event whose time cannot be read is still an event.
#include "codec/convert.hpp"
#include "tests/unit/codec/samples.hpp"

#include <gtest/gtest.h>

namespace intent::codec::times_test {
namespace {

using test::at;
using test::concat;
using test::hex;

/// {"user": {"id": 1, "username": "a"}, "server_id": 2, "joined_at": <time>}
Bytes member(const Bytes& time) {
    return concat(
        {hex("83 a4 75736572 82 a2 6964 01 a8 757365726e616d65 a1 61 a9 7365727665725f6964 02 a9 6a6f696e65645f6174"),
         time});
}

/// {"timestamp": <time>}, of an embed: an optional one
Bytes embed(const Bytes& time) { return concat({hex("81 a9 74696d657374616d70"), time}); }

Bytes text(std::string_view value) {
    Bytes out{0xd9, static_cast<std::uint8_t>(value.size())};
    out.insert(out.end(), value.begin(), value.end());
    return out;
}

TEST(Times, case_123_all_the_ways_to_say_a_time_are_read) {
    const auto noon = at("2024-01-15T12:00:00Z");
    const std::pair<Bytes, Timestamp> table[] = {
        {text("2024-01-15T12:00:00Z"), noon},
        {text("2024-01-15T12:00:00.123456+00:00"), at("2024-01-15T12:00:00.123456Z")},
        {hex("ce 65a51e40"), noon},                                                      // uint32 seconds
        {hex("d2 65a51e40"), noon},                                                      // int32 seconds
        {hex("cb 41d9694790000000"), noon},                                              // float64 seconds
        {hex("cf 0000018d0cfe2a7b"), at("2024-01-15T12:00:00.123Z")},                    // milliseconds
        {hex("d6 ff 65a51e40"), noon},                                                   // extension -1, 32 bits
        {hex("d7 ff 1d6f3400 65a51e40"), at("2024-01-15T12:00:00.123456Z")},             // 30 + 34 bits
        {hex("c7 0c ff 075bca00 0000000065a51e40"), at("2024-01-15T12:00:00.123456Z")},  // 96 bits
        {hex("c7 04 ff 65a51e40"), noon},                                                // 32 bits in a longer header
        {hex("c7 0c ff 00000000 ffffffffffffffff"), at("1969-12-31T23:59:59Z")},
        {hex("00"), Timestamp{}},
        {hex("ff"), at("1969-12-31T23:59:59Z")},
    };
    for (const auto& [bytes, expected] : table) {
        Notes notes;
        const auto value = from_msgpack<raw::Member>(member(bytes), &notes);
        ASSERT_TRUE(value) << test::to_hex(bytes) << value.failure().text();
        EXPECT_EQ(format_timestamp(value->joined_at), format_timestamp(expected)) << test::to_hex(bytes);
        EXPECT_EQ(notes.ignored_fields, 0u);
        EXPECT_EQ(from_msgpack<raw::Embed>(embed(bytes))->timestamp, expected);
    }
}

TEST(Times, case_123_an_unreadable_time_leaves_the_epoch_and_is_counted) {
    const Bytes table[] = {
        text(""),
        text("garbage"),
        text("2024-01-15T12:00:00"),
        hex("cf ffffffffffffffff"),
        hex("d3 8000000000000000"),
        hex("cb 7ff8000000000000"),                 // NaN
        hex("cb 7ff0000000000000"),                 // infinity
        hex("cb 7fefffffffffffff"),                 // the largest float64
        hex("d4 ff 00"),                            // extension -1 of a wrong size
        hex("d7 ff ffffffff ffffffff"),             // nanoseconds over a second
        hex("c7 0c ff 00000000 7fffffffffffffff"),  // seconds beyond all ages
        hex("c7 0c ff 00000000 8000000000000000"),
        hex("cf 0000e677d21fdc00"),                 // milliseconds after the year 9999
        hex("c7 0c ff 00000000 0000003afff44180"),  // the first second after the year 9999
        hex("c7 00 ff"),
    };
    for (const auto& bytes : table) {
        Notes notes;
        const auto value = from_msgpack<raw::Member>(member(bytes), &notes);
        ASSERT_TRUE(value) << test::to_hex(bytes) << value.failure().text();
        EXPECT_EQ(value->joined_at, Timestamp{}) << test::to_hex(bytes);
        EXPECT_EQ(notes.ignored_fields, 1u) << test::to_hex(bytes);
        const auto optional = from_msgpack<raw::Embed>(embed(bytes), &notes);
        ASSERT_TRUE(optional);
        EXPECT_EQ(optional->timestamp, std::nullopt) << test::to_hex(bytes);
        EXPECT_EQ(notes.ignored_fields, 2u) << test::to_hex(bytes);
    }
}

TEST(Times, what_is_no_time_at_all_fails_where_one_is_required) {
    const std::pair<const char*, const char*> table[] = {
        {"c0", "joined_at: expected a timestamp, got nil"},
        {"c3", "joined_at: expected a timestamp, got a bool"},
        {"90", "joined_at: expected a timestamp, got a list"},
        {"c4 00", "joined_at: expected a timestamp, got bytes"},
        {"d6 05 65a51e40", "joined_at: expected a timestamp, got an extension"}};
    for (const auto& [bytes, reason] : table) {
        const auto value = from_msgpack<raw::Member>(member(hex(bytes)));
        ASSERT_FALSE(value) << bytes;
        EXPECT_EQ(value.failure().text(), reason);
    }
}

}  // namespace
}  // namespace intent::codec::times_test
