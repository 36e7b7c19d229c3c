// Bytes made by npm's @msgpack/msgpack (tests/data/codec/make-golden.mjs).
#include "codec/convert.hpp"
#include "codec/frame.hpp"
#include "tests/unit/codec/foreign.hpp"
#include "tests/unit/codec/samples.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace intent::codec::golden_test {
namespace {

using test::hex;
using test::same_json;
using test::to_hex;

struct Row {
    std::string name, hex, json;
};

std::vector<Row> golden() {
    std::ifstream file(INTENT_SOURCE_DIR "/tests/data/codec/golden.txt");
    std::vector<Row> rows;
    for (Row row; std::getline(std::getline(std::getline(file, row.name, '\t'), row.hex, '\t'), row.json);) {
        rows.push_back(row);
    }
    return rows;
}

TEST(Golden, every_value_of_the_foreign_encoder_is_read_correctly) {
    const auto rows = golden();
    ASSERT_GT(rows.size(), 60u);
    for (const auto& row : rows) {
        const auto json = msgpack_to_json(hex(row.hex));
        ASSERT_TRUE(json) << row.name << ": " << json.failure().text();
        EXPECT_TRUE(same_json(*json, row.json)) << *json << "\n" << row.json;
    }
}

TEST(Golden, json_becomes_the_same_bytes_as_from_the_foreign_encoder) {
    for (const auto& row : golden()) {
        if (row.name == "readable") continue;
        const auto bytes = json_to_msgpack(row.json);
        ASSERT_TRUE(bytes) << bytes.failure().text();
        EXPECT_EQ(to_hex(*bytes), row.hex) << row.json;
    }
}

/// Reads the row as a `T` from both formats; they must agree, and what is written must read back as the same.
template <class T>
void read_as(const Row& row) {
    Notes notes;
    const auto value = from_msgpack<T>(hex(row.hex), &notes);
    ASSERT_TRUE(value) << row.name << ": " << value.failure().text() << "\n" << row.json;
    EXPECT_EQ(notes.ignored_fields, 0u);
    const auto from_text = from_json<T>(row.json);
    ASSERT_TRUE(from_text) << from_text.failure().text();
    EXPECT_EQ(*value, *from_text);
    EXPECT_EQ(*from_msgpack<T>(to_msgpack(*value)), *value);
}

TEST(Golden, every_object_decodes_into_its_raw_type) {
    const std::map<std::string, void (*)(const Row&)> readers = {
        {"User", read_as<raw::User>},
        {"Message", read_as<raw::Message>},
        {"Server", read_as<raw::Server>},
        {"Channel", read_as<raw::Channel>},
        {"Role", read_as<raw::Role>},
        {"Member", read_as<raw::Member>},
        {"Ready", read_as<raw::Ready>},
        {"Embed", read_as<raw::Embed>},
        {"Attachment", read_as<raw::Attachment>},
        {"Identify", read_as<raw::Identify>},
        {"Resume", read_as<raw::Resume>},
        {"MessageDelete", read_as<raw::MessageDelete>},
        {"ServerDelete", read_as<raw::ServerDelete>},
        {"ChannelDelete", read_as<raw::ChannelDelete>},
    };
    std::size_t read = 0;
    for (const auto& row : golden()) {
        const auto reader = readers.find(row.name);
        if (reader == readers.end()) continue;
        reader->second(row);
        ++read;
    }
    EXPECT_GE(read, 20u);
}

TEST(Golden, a_frame_with_a_wrapped_message_is_peeked_and_decoded) {
    for (const auto& row : golden()) {
        if (row.name != "frame" || row.json.find("MESSAGE_CREATE") == std::string::npos) continue;
        const auto bytes = hex(row.hex);
        const auto frame = peek_frame(bytes);
        ASSERT_TRUE(frame) << frame.failure().text();
        EXPECT_EQ(frame->op, 0u);
        EXPECT_EQ(frame->type, "MESSAGE_CREATE");
        EXPECT_EQ(frame->seq, 42u);
        const auto message = from_msgpack_wrapped<raw::Message>(frame->data, "message");
        ASSERT_TRUE(message) << message.failure().text();
        EXPECT_EQ(message->author.username, "ada");
        EXPECT_EQ(message->content,
                  std::string_view("Hello, wörld 👋 – it's a message with \"quotes\" and \0 inside", 64));
        EXPECT_EQ(message->created_at, test::at("2024-01-15T12:00:00.123456Z"));
        return;
    }
    FAIL() << "no such row";
}

TEST(Golden, our_identify_has_the_bytes_of_the_foreign_encoder) {
    const raw::Identify identify{
        .token = "bot_x", .intents = 0, .properties = raw::IdentifyProperties{"linux", "intent", "intent"}};
    for (const auto& row : golden()) {
        if (row.name != "Identify") continue;
        EXPECT_EQ(to_hex(write_identify(identify)), "82a26f7002a164" + row.hex);
    }
}

}  // namespace
}  // namespace intent::codec::golden_test
