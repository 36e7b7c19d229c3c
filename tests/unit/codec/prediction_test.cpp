// Fields are expected in the table's order with short keys. Any other order, and keys written otherwise, must give the
// same: a key with a two-byte header is never predicted, so it takes the long way.
#include "codec/convert.hpp"
#include "codec/digits.hpp"
#include "codec/frame.hpp"
#include "codec/reader.hpp"
#include "codec/writer.hpp"

#include <intent/raw/message.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace intent::codec::prediction_test {
namespace {

struct Entry {
    std::string key;
    Bytes value;
};
using Entries = std::vector<Entry>;

enum class Keys { usual, wide };

Bytes text(std::string_view value) {
    Bytes bytes;
    Writer{bytes}.text(value);
    return bytes;
}

Bytes map_of(const Entries& entries, Keys keys = Keys::usual) {
    Bytes bytes;
    Writer writer{bytes};
    writer.map(entries.size());
    for (const auto& [key, value] : entries) {
        if (keys == Keys::usual) {
            writer.text(key);
        } else {
            bytes.push_back(0xd9);
            bytes.push_back(static_cast<std::uint8_t>(key.size()));
            bytes.insert(bytes.end(), key.begin(), key.end());
        }
        writer.encoded(value);
    }
    return bytes;
}

Entries user() {
    return {{"id", text("1110000033554432000")},
            {"username", text("grace1000008")},
            {"display_name", text("Grace")},
            {"avatar_url", text("https://cdn.intent.chat/avatars/1110000033554432000.png")},
            {"created_at", text("2024-01-15T12:00:00.123Z")}};
}

Entries message(Keys keys = Keys::usual) {
    return {{"id", text("1120000176160768000")},
            {"channel_id", text("11300001761607680")},
            {"author", map_of(user(), keys)},
            {"content", text("Has anyone tried the new build on arm64 yet?")},
            {"created_at", text("2024-02-29T23:59:60.999Z")},
            {"edited_at", {0xc0}},
            {"attachments", {0x90}},
            {"embeds", {0x90}},
            {"webhook_id", text("12")},
            {"mls_ciphertext", text("aGk=")}};
}

using Outcome = Result<raw::Message>;

Outcome decode(const Bytes& bytes, Notes* notes = nullptr) {
    return from_msgpack_wrapped<raw::Message>(Bytes(bytes), "message", notes);
}

/// What a document gives must not depend on how its keys are written.
void expect_same(const Entries& entries) {
    Notes usual_notes, wide_notes;
    const auto usual = decode(map_of(entries), &usual_notes);
    const auto wide = decode(map_of(entries, Keys::wide), &wide_notes);
    ASSERT_EQ(static_cast<bool>(usual), static_cast<bool>(wide)) << usual.failure().text() << wide.failure().text();
    EXPECT_EQ(*usual, *wide);
    EXPECT_EQ(usual.failure().path, wide.failure().path);
    EXPECT_EQ(usual_notes.ignored_fields, wide_notes.ignored_fields);
}

TEST(Prediction, fields_in_any_order_give_the_same_object) {
    const auto expected = decode(map_of(message()));
    ASSERT_TRUE(expected) << expected.failure().text();
    EXPECT_EQ(expected->id, MessageId{1120000176160768000});
    EXPECT_EQ(expected->author.display_name, "Grace");
    std::mt19937 random(1);
    for (int i = 0; i < 500; ++i) {
        auto author = user(), entries = message();
        std::ranges::shuffle(author, random);
        std::ranges::shuffle(entries, random);
        for (auto& entry : entries)
            if (entry.key == "author") entry.value = map_of(author, i % 3 == 0 ? Keys::wide : Keys::usual);
        const auto shuffled = decode(map_of(entries, i % 2 == 0 ? Keys::usual : Keys::wide));
        ASSERT_TRUE(shuffled) << shuffled.failure().text();
        ASSERT_EQ(*shuffled, *expected);
    }
}

TEST(Prediction, each_field_may_be_missing_nil_or_of_any_type) {
    const Bytes others[] = {{0xc0},
                            {0x07},
                            {0xc3},
                            {0x80},
                            {0x90},
                            {0x91, 0xc0},
                            {0x81, 0xa1, 'x', 0x01},
                            {0xa0},
                            text("2024"),
                            {0xc1},
                            text("id"),
                            text("channel_id")};
    for (std::size_t i = 0; i < message().size(); ++i) {
        auto without = message();
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        expect_same(without);
        for (const Bytes& other : others) {
            auto changed = message();
            changed[i].value = other;
            expect_same(changed);
        }
    }
}

TEST(Prediction, the_first_of_two_counts) {
    const auto expected = *decode(map_of(message()));
    for (std::size_t i = 0; i < message().size(); ++i) {
        for (std::size_t at = i + 1; at <= message().size(); ++at) {
            for (const Bytes& second : {text("77"), Bytes{0xc0}, Bytes{0x80}, Bytes{0xc1}}) {
                auto entries = message();
                entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(at), {entries[i].key, second});
                expect_same(entries);
                const auto value = decode(map_of(entries));
                ASSERT_EQ(static_cast<bool>(value), second != Bytes{0xc1}) << entries[i].key;
                if (value) {
                    EXPECT_EQ(*value, expected) << entries[i].key << " at " << at;
                }
            }
        }
    }
}

TEST(Prediction, unknown_keys_and_keys_that_are_nearly_known_are_passed_over) {
    const auto expected = *decode(map_of(message()));
    for (const char* key : {"", "i", "idx", "iD", "channel_ix", "channel_id_", "authos", "type", "timestamp",
                            "a_key_that_is_longer_than_31_bytes_of_text"}) {
        for (std::size_t at = 0; at <= message().size(); ++at) {
            auto entries = message();
            entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(at),
                           {key, map_of({{"id", text("5")}, {"x", {0x92, 0x01, 0x80}}})});
            expect_same(entries);
            const auto value = decode(map_of(entries));
            ASSERT_TRUE(value) << key << ": " << value.failure().text();
            EXPECT_EQ(*value, expected) << key;
        }
    }
}

TEST(Prediction, an_alias_counts_only_without_its_name) {
    auto entries = message();
    entries[4].key = "timestamp";
    EXPECT_EQ(*decode(map_of(entries)), *decode(map_of(message())));
    entries.push_back({"created_at", text("2025-01-01T00:00:00.000Z")});
    EXPECT_EQ(decode(map_of(entries))->created_at, parse_timestamp("2025-01-01T00:00:00Z"));
    expect_same(entries);
}

TEST(Prediction, a_key_that_is_no_text_is_passed_over) {
    Bytes bytes = map_of(message());
    bytes[0] = 0x8b;
    for (const Bytes& key :
         {Bytes{0x05}, Bytes{0xc0}, Bytes{0xc4, 0x02, 'i', 'd'}, Bytes{0x92, 0xa2, 'i', 'd', 0x01}}) {
        Bytes with(bytes.begin(), bytes.begin() + 1);
        with.insert(with.end(), key.begin(), key.end());
        with.push_back(0xc0);
        with.insert(with.end(), bytes.begin() + 1, bytes.end());
        const auto value = decode(with);
        ASSERT_TRUE(value) << value.failure().text();
        EXPECT_EQ(*value, *decode(map_of(message())));
    }
}

TEST(Prediction, cut_anywhere_it_fails_and_reads_nothing_behind_the_end) {
    for (const Keys keys : {Keys::usual, Keys::wide}) {
        const Bytes whole = map_of({{"message", map_of(message(keys), keys)}}, keys);
        ASSERT_TRUE(decode(whole));
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_FALSE(decode(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)))) << size;
    }
}

TEST(Prediction, any_wrong_byte_of_a_text_gives_the_same_both_ways) {
    for (std::size_t i = 0; i < message().size(); ++i) {
        if (message()[i].key == "author") continue;
        // Behind the header, which decides where the next key begins.
        for (std::size_t at = message()[i].value[0] == 0xd9 ? 2 : 1; at < message()[i].value.size(); ++at) {
            for (unsigned wrong = 0; wrong < 256; wrong += 7) {
                auto entries = message();
                entries[i].value[at] = static_cast<std::uint8_t>(wrong);
                const auto usual = decode(map_of(entries)), wide = decode(map_of(entries, Keys::wide));
                ASSERT_EQ(static_cast<bool>(usual), static_cast<bool>(wide)) << entries[i].key << ' ' << at;
                ASSERT_EQ(*usual, *wide) << entries[i].key << ' ' << at;
            }
        }
    }
}

TEST(Prediction, envelopes_in_any_order_agree_with_the_full_reader) {
    const Entries parts = {
        {"op", {0x00}}, {"d", map_of(message())}, {"t", text("MESSAGE_CREATE")}, {"s", {0xce, 0x00, 0x0f, 0x42, 0x40}}};
    std::vector<std::size_t> order = {0, 1, 2, 3};
    do {
        Entries entries;
        for (const std::size_t i : order)
            entries.push_back(parts[i]);
        const Bytes usual = map_of(entries), wide = map_of(entries, Keys::wide);
        Frame fast;
        ASSERT_TRUE(peek_usual_frame(usual, fast));
        EXPECT_FALSE(peek_usual_frame(wide, fast));
        const auto full = peek_frame(wide);
        ASSERT_TRUE(full);
        ASSERT_TRUE(peek_usual_frame(usual, fast));
        EXPECT_EQ(fast.op, full->op);
        EXPECT_EQ(fast.type, full->type);
        EXPECT_EQ(fast.seq, 1'000'000u);
        EXPECT_EQ(fast.seq, full->seq);
        EXPECT_TRUE(std::ranges::equal(fast.data, full->data));
        for (std::size_t size = 0; size < usual.size(); ++size)
            EXPECT_FALSE(
                peek_usual_frame(Bytes(usual.begin(), usual.begin() + static_cast<std::ptrdiff_t>(size)), fast));
        for (std::size_t i = 0; i < entries.size(); ++i) {
            auto doubled = entries;
            doubled.push_back(entries[i]);
            EXPECT_FALSE(peek_usual_frame(map_of(doubled), fast)) << entries[i].key;
            EXPECT_TRUE(peek_frame(map_of(doubled))) << entries[i].key;
        }
    } while (std::ranges::next_permutation(order).found);
}

TEST(Prediction, an_expected_event_is_the_frame_that_the_full_reader_sees) {
    for (const Bytes& number : {Bytes{0x07}, Bytes{0xcc, 0xff}, Bytes{0xcd, 0xa1, 's'},
                                Bytes{0xce, 0xa1, 's', 0xa1, 's'}, Bytes{0xce, 0x00, 0x0f, 0x42, 0x40}}) {
        for (const Bytes& data : {map_of(message()), Bytes{0x80}, Bytes{0xc0}, text("t")}) {
            const Bytes bytes = map_of({{"op", {0x00}}, {"d", data}, {"t", text("MESSAGE_CREATE")}, {"s", number}});
            const auto full = peek_frame(bytes);
            Frame expected;
            ASSERT_TRUE(expect_message(bytes, expected));
            EXPECT_EQ(expected.op, full->op);
            EXPECT_EQ(expected.type, full->type);
            EXPECT_EQ(expected.seq, full->seq);
            EXPECT_TRUE(std::ranges::equal(expected.data, full->data));
            for (const std::string_view other : {"MESSAGE_UPDATE", "ESSAGE_CREATE", "NMESSAGE_CREATE"}) {
                EXPECT_FALSE(
                    expect_message(map_of({{"op", {0x00}}, {"d", data}, {"t", text(other)}, {"s", number}}), expected))
                    << other;
            }
            for (std::size_t size = 0; size < bytes.size(); ++size) {
                const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
                EXPECT_FALSE(expect_message(cut, expected)) << size;
            }
        }
    }
    Frame frame;
    const Entry type{"t", text("MESSAGE_CREATE")};
    EXPECT_FALSE(expect_message(map_of({{"op", {0x00}}, type, {"s", {0x01}}, {"d", {0xc0}}}), frame));
    EXPECT_FALSE(expect_message(map_of({{"op", {0x01}}, {"d", {0xc0}}, type, {"s", {0x01}}}), frame));
    EXPECT_FALSE(expect_message(map_of({{"op", {0x00}}, {"d", {0xc0}}, type, {"s", {0xc0}}}), frame));
    EXPECT_FALSE(expect_message(map_of({{"op", {0x00}}, {"d", {0xc0}}, type, {"q", {0x01}}}), frame));
}

/// The walk over a whole frame and the decoding of its `d` alone must agree on what is nested too deep.
TEST(Prediction, decoding_ahead_counts_the_frame_around_it) {
    for (unsigned lists = 1; lists <= max_depth + 1; ++lists) {
        Bytes deep(lists - 1, 0x91);
        deep.push_back(0x90);
        auto entries = message();
        entries.push_back({"unknown", deep});
        const Bytes data = map_of(entries);
        raw::Message out;
        Failure failure;
        EXPECT_EQ(decode_wrapped(data, "message", out, failure, 1),
                  static_cast<bool>(peek_frame(map_of({{"op", {0x00}}, {"d", data}}))))
            << lists;
    }
}

TEST(Prediction, ids_of_a_usual_length_read_as_any_others) {
    for (const std::string_view id : {"12345678901234567", "123456789012345678", "1234567890123456789",
                                      "9999999999999999999", "10000000000000000", "01234567890123456"}) {
        for (std::size_t at = 0; at <= id.size(); ++at) {
            for (unsigned byte = 0; byte < 256; ++byte) {
                std::string text(id);
                if (at < text.size()) text[at] = static_cast<char>(byte);
                std::uint64_t value = 0;
                const auto expected = parse_snowflake(text);
                ASSERT_EQ(read_usual_id(text, value), expected.has_value()) << text;
                if (expected) {
                    ASSERT_EQ(value, *expected) << text;
                }
            }
        }
    }
    std::uint64_t value = 0;
    EXPECT_FALSE(read_usual_id("1234567890123456", value));
    EXPECT_FALSE(read_usual_id("12345678901234567890", value));
}

TEST(Prediction, times_of_the_usual_form_read_as_any_others) {
    for (const std::string_view time :
         {"2024-01-15T12:00:00.123Z", "0000-01-01T00:00:00.000Z", "9999-12-31T23:59:60.999Z",
          "2024-02-29T01:02:03.045Z", "2023-02-29T01:02:03.045Z", "1969-12-31T23:59:59.999Z"}) {
        for (std::size_t at = 0; at <= time.size(); ++at) {
            for (unsigned byte = 0; byte < 256; ++byte) {
                std::string text(time);
                if (at < text.size()) text[at] = static_cast<char>(byte);
                std::int64_t micros = 0;
                const bool read = read_usual_time(text, micros);
                const auto expected = parse_timestamp(text);
                ASSERT_EQ(read, expected.has_value()) << text;
                if (expected) {
                    ASSERT_EQ(micros, expected->time_since_epoch().count()) << text;
                }
            }
        }
    }
    std::int64_t micros = 0;
    EXPECT_FALSE(read_usual_time("2024-01-15T12:00:00Z", micros));
    EXPECT_FALSE(read_usual_time("2024-01-15T12:00:00.1234Z", micros));
}

}  // namespace
}  // namespace intent::codec::prediction_test
