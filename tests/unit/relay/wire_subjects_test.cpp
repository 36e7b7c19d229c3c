// The names on the broker: tokens, subjects, partitions. They are stored there, so their literal values are asserted.
#include "codec/convert.hpp"
#include "relay/wire/event_ids.hpp"
#include "relay/wire/subjects.hpp"
#include "relay/wire/token.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace intent::relay::wire_subjects_test {
namespace {

codec::Bytes packed(std::string_view json) { return *codec::json_to_msgpack(json); }

TEST(WireToken, plain_names_stay_as_they_are) {
    EXPECT_EQ(to_token("MESSAGE_CREATE"), "MESSAGE_CREATE");
    EXPECT_EQ(to_token("a-Z_09"), "a-Z_09");
}

TEST(WireToken, every_byte_that_a_subject_gives_a_meaning_is_escaped) {
    EXPECT_EQ(to_token(""), "=");
    EXPECT_EQ(to_token("a.b"), "a=2Eb");
    EXPECT_EQ(to_token("*"), "=2A");
    EXPECT_EQ(to_token(">"), "=3E");
    EXPECT_EQ(to_token("a b\r\n"), "a=20b=0D=0A");
    EXPECT_EQ(to_token("="), "=3D");
    EXPECT_EQ(to_token(std::string(1, '\0')), "=00");
    EXPECT_EQ(to_token("\xff"), "=FF");
}

TEST(WireToken, no_name_gives_a_token_of_the_relay_itself) {
    EXPECT_EQ(to_token("_GAP"), "=5FGAP");
    EXPECT_EQ(to_token("_"), "=5F");
    EXPECT_EQ(from_token("=5FGAP"), "_GAP");
}

TEST(WireToken, a_token_becomes_its_text_again) {
    std::string all;
    for (int c = 0; c < 256; ++c) {
        const std::string text(1, static_cast<char>(c));
        EXPECT_EQ(from_token(to_token(text)), text) << c;
        const std::string within = "a" + text + "b";
        EXPECT_EQ(from_token(to_token(within)), within) << c;
    }
    EXPECT_EQ(from_token(to_token("")), "");
    EXPECT_EQ(from_token("a=b"), "a=b");
    EXPECT_EQ(from_token("=4"), "=4");
    EXPECT_EQ(from_token("=zz"), "=zz");
}

TEST(WireToken, long_text_is_cut_and_stays_different_from_other_text) {
    const std::string first = to_token(std::string(500, 'x') + "1");
    const std::string second = to_token(std::string(500, 'x') + "2");
    EXPECT_LE(first.size(), max_token);
    EXPECT_NE(first, second);
    EXPECT_TRUE(first.starts_with("xxxxxxxx"));
    EXPECT_EQ(to_token(std::string(max_token, 'x')), std::string(max_token, 'x'));
    for (std::size_t size = 20; size < 200; ++size) {
        const std::string token = to_token(std::string(size, '.'));
        EXPECT_LE(token.size(), max_token);
        EXPECT_EQ(from_token(token).find_first_not_of('.'), std::string::npos) << token;
    }
}

TEST(WireToken, names_of_bots_are_restricted) {
    for (const auto* good : {"a", "bot", "my-bot_2", "0123456789abcdef0123456789abcdef"})
        EXPECT_TRUE(is_name(good)) << good;
    for (const auto* bad : {"", "Bot", "a.b", "a b", "a*", ">", "0123456789abcdef0123456789abcdef0", "b\xc3\xb6t"})
        EXPECT_FALSE(is_name(bad)) << bad;
}

TEST(WireSubjects, names_of_a_bot) {
    const Names names("echo");
    EXPECT_EQ(names.stream(), "INTENT_echo");
    EXPECT_EQ(names.dead_letter_stream(), "INTENT_echo_DLQ");
    EXPECT_EQ(names.bucket(), "INTENT_echo");
    EXPECT_EQ(names.answer_bucket(), "INTENT_echo_REST");
    EXPECT_EQ(names.work_bucket(), "INTENT_echo_WORK");
    EXPECT_EQ(names.events(), "intent.echo.evt.>");
    EXPECT_EQ(names.events_of_partition(3), "intent.echo.evt.3.>");
    EXPECT_EQ(names.events_of_type("MESSAGE_CREATE"), "intent.echo.evt.*.MESSAGE_CREATE.*.*");
    EXPECT_EQ(names.gaps(), "intent.echo.evt.*._GAP.*.*");
    EXPECT_EQ(names.dead_letters(), "intent.echo.dlq.>");
    EXPECT_EQ(names.dead_letters_of("app"), "intent.echo.dlq.app.>");
    EXPECT_EQ(names.rest(), "intent.echo.rest");
    EXPECT_EQ(names.gateway(), "intent.echo.gw");
    EXPECT_EQ(Names::consumer("app"), "app");
    EXPECT_EQ(Names::consumer("app", 15), "app_P15");
    EXPECT_FALSE(is_name(Names::consumer("app", 1))) << "an application could have the name of this consumer";
    EXPECT_EQ(answer_key("mc:42/1"), "mc=3A42=2F1");
}

TEST(WireSubjects, an_event_has_partition_type_server_and_channel) {
    const Names names("echo");
    EXPECT_EQ(names.event({5, "MESSAGE_CREATE", {}, ChannelId{7}}), "intent.echo.evt.5.MESSAGE_CREATE._.7");
    EXPECT_EQ(names.event({15, "MEMBER_ADD", ServerId{9}, {}}), "intent.echo.evt.15.MEMBER_ADD.9._");
    EXPECT_EQ(names.event({0, std::string(gap_type)}), "intent.echo.evt.0._GAP._._");
    EXPECT_EQ(names.dead_letter("app", {5, "MESSAGE_CREATE", {}, ChannelId{7}}),
              "intent.echo.dlq.app.5.MESSAGE_CREATE._.7");
}

TEST(WireSubjects, a_subject_is_parsed_back) {
    const Names names("echo");
    for (const EventSubject& subject :
         {EventSubject{5, "MESSAGE_CREATE", {}, ChannelId{7}}, EventSubject{15, "A=2EB", ServerId{9}, {}},
          EventSubject{0, std::string(gap_type)}, EventSubject{10, "X", ServerId{~0ULL}, ChannelId{1}}}) {
        EXPECT_EQ(names.parse_event(names.event(subject)), subject);
        const auto letter = names.parse_dead_letter(names.dead_letter("app", subject));
        ASSERT_TRUE(letter);
        EXPECT_EQ(letter->application, "app");
        EXPECT_EQ(letter->event, subject);
    }
}

TEST(WireSubjects, other_subjects_are_refused) {
    const Names names("echo");
    for (const auto* bad :
         {"", "intent.echo.evt.", "intent.echo.evt.1", "intent.echo.evt.1.A.2", "intent.echo.evt.1.A.2.3.4",
          "intent.echo.evt.16.A.2.3", "intent.echo.evt.-1.A.2.3", "intent.echo.evt.01.A.2.3", "intent.echo.evt.x.A.2.3",
          "intent.echo.evt.1..2.3", "intent.echo.evt.1.A.0.3", "intent.echo.evt.1.A.x.3", "intent.echo.evt.1.A.2.",
          "intent.other.evt.1.A.2.3", "intent.echo.dlq.1.A.2.3", "intent.echo.evt.99999999999.A.2.3",
          "intent.echo.evt.1.A*.2.3", "intent.echo.rest"})
        EXPECT_FALSE(names.parse_event(bad)) << bad;
    for (const auto* bad : {"intent.echo.dlq.App.1.A.2.3", "intent.echo.dlq.app", "intent.echo.dlq.app.1.A.2",
                            "intent.echo.evt.app.1.A.2.3"})
        EXPECT_FALSE(names.parse_dead_letter(bad)) << bad;
}

TEST(WireSubjects, answers_go_to_inboxes_alone) {
    for (const auto* good : {"_INBOX.abc.1", "_INBOX_app.abc.1", "answers.here", "intents.1"})
        EXPECT_TRUE(is_inbox(good)) << good;
    for (const auto* bad : {"", "$KV.INTENT_bot.leader", "$JS.API.STREAM.DELETE.INTENT_bot", "$SYS.x",
                            "intent.bot.rest", "intent.bot.evt.0.MESSAGE_CREATE._._"})
        EXPECT_FALSE(is_inbox(bad)) << bad;
}

TEST(WirePartition, the_hash_is_fixed) {
    const auto of = [](std::uint64_t channel) { return partition_of("MESSAGE_CREATE", {{}, ChannelId{channel}, {}}); };
    EXPECT_EQ(of(0), 0U);
    EXPECT_EQ(of(1), 5U);
    EXPECT_EQ(of(2), 10U);
    EXPECT_EQ(of(1000), 7U);
    EXPECT_EQ(of(175928847299117063), 0U);
    EXPECT_EQ(of(~0ULL), 11U);
}

TEST(WirePartition, consecutive_ids_use_all_partitions) {
    std::vector<int> counts(partitions);
    for (std::uint64_t id = 1; id <= 1600; ++id)
        ++counts[partition_of("MESSAGE_CREATE", {{}, ChannelId{id << 22}, {}})];
    for (const int count : counts) {
        EXPECT_GT(count, 60);
        EXPECT_LT(count, 140);
    }
}

TEST(WirePartition, channel_comes_before_server_except_for_voice) {
    const EventIds both{ServerId{5}, ChannelId{1}, {}};
    const EventIds channel{{}, ChannelId{1}, {}};
    const EventIds server{ServerId{5}, {}, {}};
    ASSERT_NE(partition_of("X", channel), partition_of("X", server));
    EXPECT_EQ(partition_of("TYPING_START", both), partition_of("X", channel));
    EXPECT_EQ(partition_of("VOICE_STATE_UPDATE", both), partition_of("X", server));
    EXPECT_EQ(partition_of("VOICE_STATE_UPDATE", server), partition_of("X", server));
    EXPECT_EQ(partition_of("VOICE_SERVER_UPDATE", both), partition_of("X", server));
}

struct IdsRow {
    const char* type;
    const char* json;
    EventIds ids;
};

TEST(WireIds, are_read_from_wrapped_and_flat_objects) {
    const std::vector<IdsRow> rows{
        {"MESSAGE_CREATE", R"({"message":{"id":"3","channel_id":"2","author":{"id":"9"}}})", {{}, {2}, {3}}},
        {"MESSAGE_CREATE", R"({"id":"3","channel_id":"2","author":{"id":"9"},"message":null})", {{}, {2}, {3}}},
        {"MESSAGE_UPDATE", R"({"message":{"channel_id":2,"server_id":"1","id":3}})", {{1}, {2}, {3}}},
        {"MESSAGE_DELETE", R"({"id":"3","channel_id":"2"})", {{}, {2}, {3}}},
        {"SERVER_CREATE", R"({"server":{"id":"1","name":"x"}})", {{1}, {}, {}}},
        {"SERVER_CREATE", R"({"id":"1","name":"x"})", {{1}, {}, {}}},
        {"SERVER_DELETE", R"({"server_id":"1"})", {{1}, {}, {}}},
        {"CHANNEL_CREATE", R"({"channel":{"id":"2","server_id":"1"}})", {{1}, {2}, {}}},
        {"CHANNEL_CREATE", R"({"id":"2","server_id":null,"type":3})", {{}, {2}, {}}},
        {"CHANNEL_DELETE", R"({"channel_id":"2","server_id":"1"})", {{1}, {2}, {}}},
        {"MEMBER_ADD", R"({"server_id":"1","user":{"id":"9"}})", {{1}, {}, {}}},
        {"TYPING_START", R"({"channel_id":"2","user_id":"9"})", {{}, {2}, {}}},
        {"VOICE_STATE_UPDATE", R"({"user_id":"9","server_id":"1","channel_id":"2"})", {{1}, {2}, {}}},
        {"SOMETHING_NEW", R"({"id":"77","server_id":"1"})", {{1}, {}, {}}},
        {"SOMETHING_NEW", R"({"server_id":"x","channel_id":["2"]})", {}},
        {"PRESENCE_UPDATE", R"({"user_id":"9","status":"idle"})", {}},
        {"ODD", R"([1,2])", {}},
        {"ODD", R"(null)", {}},
    };
    for (const auto& row : rows)
        EXPECT_EQ(event_ids(row.type, packed(row.json)), row.ids) << row.type << " " << row.json;
    EXPECT_EQ(event_ids("MESSAGE_CREATE", {}), EventIds{});
    EXPECT_EQ(event_ids("MESSAGE_CREATE", codec::Bytes{0x81, 0xa2}), EventIds{});
}

TEST(WireDeduplication, what_happens_once_has_an_id_of_its_content) {
    const EventIds ids{ServerId{1}, ChannelId{2}, MessageId{3}};
    EXPECT_EQ(deduplication_id("MESSAGE_CREATE", ids, "s", 9), "mc:3");
    EXPECT_EQ(deduplication_id("MESSAGE_DELETE", ids, "s", 9), "md:3");
    EXPECT_EQ(deduplication_id("CHANNEL_CREATE", ids, "s", 9), "cc:2");
    EXPECT_EQ(deduplication_id("CHANNEL_DELETE", ids, "s", 9), "cd:2");
}

TEST(WireDeduplication, what_can_happen_again_has_an_id_of_its_session) {
    const EventIds ids{ServerId{1}, ChannelId{2}, MessageId{3}};
    for (const auto* type : {"MESSAGE_UPDATE", "SERVER_CREATE", "SERVER_DELETE", "MEMBER_ADD", "MEMBER_REMOVE",
                             "TYPING_START", "VOICE_STATE_UPDATE", "CHANNEL_UPDATE", "SOMETHING_NEW"}) {
        EXPECT_EQ(deduplication_id(type, ids, "s", 9), "s:9") << type;
        EXPECT_NE(deduplication_id(type, ids, "s", 10), deduplication_id(type, ids, "s", 9)) << type;
        EXPECT_NE(deduplication_id(type, ids, "t", 9), deduplication_id(type, ids, "s", 9)) << type;
    }
    const EventIds direct{{}, ChannelId{2}, {}};
    EXPECT_EQ(deduplication_id("CHANNEL_CREATE", direct, "s", 9), "s:9");
    EXPECT_EQ(deduplication_id("MESSAGE_CREATE", {}, "s", 9), "s:9");
}

TEST(WireDeduplication, nothing_is_dropped_without_a_session_or_a_number) {
    const EventIds ids{ServerId{1}, ChannelId{2}, {}};
    EXPECT_EQ(deduplication_id("TYPING_START", ids, "", 9), "");
    EXPECT_EQ(deduplication_id("TYPING_START", ids, "s", 0), "");
}

TEST(WireDeduplication, a_session_cannot_change_the_meaning_of_an_id) {
    EXPECT_EQ(deduplication_id("X", {}, "mc:3\r\nA: b", 9), "mc=3A3=0D=0AA=3A=20b:9");
    const std::string long_id = deduplication_id("X", {}, std::string(4000, 's'), 9);
    EXPECT_LT(long_id.size(), 128U);
    EXPECT_NE(long_id, deduplication_id("X", {}, std::string(4001, 's'), 9));
}

}  // namespace
}  // namespace intent::relay::wire_subjects_test
