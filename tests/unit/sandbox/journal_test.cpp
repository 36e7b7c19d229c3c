#include "sandbox/journal/journal.hpp"

#include "codec/convert.hpp"
#include "codec/frame.hpp"
#include "sandbox/journal/journal_text.hpp"
#include "sandbox/journal/redactor.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace intent::inline v0::sandbox::journal_test {
namespace {

const std::string token = "bot_0123456789abcdefghijABCDEFGHIJ-_";

JournalEntry frame(std::size_t bytes = 10) { return {.connection = 1, .bytes = codec::Bytes(bytes, 0xc0)}; }

JournalEntry request(std::string path = "/servers") {
    return {.kind = JournalKind::request,
            .details = std::make_unique<const JournalDetails>(
                JournalDetails{.method = "GET", .path = std::move(path), .status = 200})};
}

std::vector<std::uint64_t> numbers(const Journal::Page& page) {
    std::vector<std::uint64_t> list;
    for (const auto* entry : page.entries)
        list.push_back(entry->n);
    return list;
}

using Numbers = std::vector<std::uint64_t>;

TEST(Journal, a_page_has_the_newest_entries_after_a_number_and_the_skipped_count) {
    Journal journal;
    for (int i = 0; i < 5; ++i)
        journal.add(frame());
    EXPECT_EQ(numbers(journal.page({.after = 3})), (Numbers{4, 5}));
    const auto few = journal.page({.after = 1, .limit = 2});
    EXPECT_EQ(numbers(few), (Numbers{4, 5}));
    EXPECT_EQ(few.skipped, 2u);
    EXPECT_TRUE(journal.page({.after = 5}).entries.empty());
    EXPECT_TRUE(journal.page({.after = 500}).entries.empty());
    EXPECT_FALSE(journal.has({.after = 5}));
    EXPECT_TRUE(journal.has({.after = 4}));
}

TEST(Journal, entries_are_filtered_by_kind) {
    Journal journal;
    journal.add(frame());
    journal.add(request());
    journal.add(frame());
    EXPECT_EQ(numbers(journal.page({.kinds = Journal::bit(JournalKind::request)})), (Numbers{2}));
    EXPECT_FALSE(journal.has({.kinds = Journal::bit(JournalKind::fault)}));
}

TEST(Journal, the_oldest_entries_are_dropped_beyond_the_maximum) {
    Journal journal;
    for (std::size_t i = 0; i < Journal::max_entries + 10; ++i)
        journal.add(frame(1));
    EXPECT_EQ(journal.size(), Journal::max_entries);
    const auto page = journal.page({.after = 0, .limit = 100'000});
    EXPECT_EQ(page.entries.front()->n, 11u);
    EXPECT_EQ(page.skipped, 10u);
    EXPECT_EQ(journal.last(), Journal::max_entries + 10);
}

TEST(Journal, the_oldest_entries_are_dropped_beyond_the_maximum_size) {
    Journal journal;
    for (int i = 0; i < 100; ++i)
        journal.add(frame(1u << 20));
    EXPECT_LE(journal.bytes(), Journal::max_bytes);
    EXPECT_EQ(journal.size(), 63u);
    EXPECT_EQ(journal.page({}).entries.front()->n, 38u);
}

TEST(Journal, numbers_continue_after_it_is_cleared) {
    Journal journal;
    journal.add(frame());
    journal.clear();
    EXPECT_EQ(journal.size(), 0u);
    EXPECT_EQ(journal.bytes(), 0u);
    journal.add(frame());
    EXPECT_EQ(numbers(journal.page({.after = 1})), (Numbers{2}));
}

TEST(Journal, an_event_for_many_sessions_is_kept_once_and_its_bytes_are_those_sent) {
    Journal journal;
    const auto event =
        std::make_shared<const Event>(Event{.name = "MESSAGE_CREATE", .data = codec::Bytes(100'000, 0xc0)});
    for (std::uint64_t i = 1; i <= 1000; ++i)
        journal.add({.connection = i, .event = event, .seq = i});
    EXPECT_LT(journal.bytes(), 400'000u);
    const auto sent = codec::write_frame(codec::Opcode::dispatch, event->data, event->name, 1000);
    EXPECT_EQ(journal.page({.after = 999}).entries.at(0)->frame(), sent);
}

struct Blotted {
    const char* name;
    std::string before;
    std::string after;
};

class RedactedFrames : public testing::TestWithParam<Blotted> {};

TEST_P(RedactedFrames, contain_no_secret_and_keep_their_length) {
    const JournalRedactor redactor({"s3cret-thing", "short"});
    codec::Bytes bytes = *codec::json_to_msgpack(GetParam().before);
    const auto size = bytes.size();
    redactor.frame(bytes);
    EXPECT_EQ(bytes.size(), size);
    EXPECT_EQ(*codec::msgpack_to_json(bytes), GetParam().after);
    auto json = boost::json::parse(GetParam().before);
    redactor.json(json);
    EXPECT_EQ(boost::json::serialize(json), GetParam().after) << "as a body";
}

INSTANTIATE_TEST_SUITE_P(
    Table, RedactedFrames,
    testing::Values(Blotted{"identify", R"({"op":2,"d":{"token":"x1","properties":{"os":"l"}}})",
                            R"({"op":2,"d":{"token":"**","properties":{"os":"l"}}})"},
                    Blotted{"resume", R"({"op":5,"d":{"token":"abc","session_id":"de","seq":1}})",
                            R"({"op":5,"d":{"token":"***","session_id":"**","seq":1}})"},
                    Blotted{"by_shape", R"({"content":"my token is bot_0123456789abcdefghijABCDEF!"})",
                            R"({"content":"my token is ******************************!"})"},
                    Blotted{"known", R"({"content":"it is s3cret-thing, and short"})",
                            R"({"content":"it is ************, and short"})"},
                    Blotted{"known_and_short", R"({"content":"short"})", R"({"content":"*****"})"},
                    Blotted{"in_a_list", R"({"list":[{"token":"x"},"bot_0123456789abcdefghijABCDEF"],"token":7})",
                            R"({"list":[{"token":"*"},"******************************"],"token":7})"},
                    Blotted{"webhook_url", R"({"url":"http://h/api/v1/webhooks/12/abc-DEF/messages/3"})",
                            R"({"url":"http://h/api/v1/webhooks/12/*******/messages/3"})"},
                    Blotted{"nothing", R"({"content":"a robot_arm and a token ring"})",
                            R"({"content":"a robot_arm and a token ring"})"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(JournalRedactor, finds_secrets_in_text_of_unknown_format) {
    const JournalRedactor redactor({});
    codec::Bytes cut = *codec::json_to_msgpack(R"({"op":2,"d":{"token":"abcdef","x":1}})");
    cut.pop_back();
    redactor.frame(cut);
    EXPECT_EQ(std::string(cut.begin(), cut.end()).find("abcdef"), std::string::npos);
    std::string text = R"({"op":2,"d":{"token": "abcdef", "x)";
    redactor.text(text);
    EXPECT_EQ(text, R"({"op":2,"d":{"token": "******", "x)");
    text = "token=abc&limit=1";
    redactor.text(text);
    EXPECT_EQ(text, "token=***&limit=1");
    text = "token refused; a token ring";
    redactor.text(text);
    EXPECT_EQ(text, "token refused; a token ring");
    text = "/webhooks/12/regenerate-token";
    redactor.text(text);
    EXPECT_EQ(text, "/webhooks/12/regenerate-token");
}

TEST(JournalRedactor, finds_secrets_in_bytes_as_in_text) {
    const JournalRedactor redactor({"s3cret-thing"});
    const auto blotted = [&](std::string_view before) {
        codec::Bytes bytes(before.begin(), before.end());
        redactor.frame(bytes);
        return std::string(bytes.begin(), bytes.end());
    };
    EXPECT_EQ(blotted("\x81\xa5token\xc4\x06"
                      "abcdef"),
              "\x81\xa5token\xc4\x06******");
    EXPECT_EQ(blotted("\x81\xc4\x05token\xa6"
                      "abcdef"),
              "\x81\xc4\x05token\xa6******");
    EXPECT_EQ(blotted("\x92\xc4\x0cs3cret-thing\x01"), "\x92\xc4\x0c************\x01");
    EXPECT_EQ(blotted("\xc7\x0f\x05token=s3cret&x=1"), "\xc7\x0f\x05token=******&x=1");
    EXPECT_EQ(blotted("\x81\xa5token\xd6\x01"
                      "abcd"),
              "\x81\xa5token\xd6\x01****");
    EXPECT_EQ(blotted("\x82\xa5token\xc4\x06"
                      "abcdef"),
              "\x82\xa5token\xc4\x06******")
        << "cut short";
    EXPECT_EQ(blotted("\x92\xc4\x05plain\xd4\x01x"), "\x92\xc4\x05plain\xd4\x01x");
}

TEST(JournalRedactor, finds_a_webhooks_token_in_any_encoding) {
    const JournalRedactor redactor({});
    const auto blotted = [&](std::string text) {
        redactor.text(text);
        return text;
    };
    EXPECT_EQ(blotted("/webhooks/1/%41bc-def"), "/webhooks/1/*********");
    EXPECT_EQ(blotted("/webhooks/1/ab%2Fcd.e/messages/3"), "/webhooks/1/*********/messages/3");
    EXPECT_EQ(blotted("see \"/webhooks/1/a%62\" or /webhooks/2/c%64 there"),
              "see \"/webhooks/1/****\" or /webhooks/2/**** there");
    EXPECT_EQ(blotted("/webhooks/1/a%62?wait=1"), "/webhooks/1/****?wait=1");
    EXPECT_EQ(blotted("/webhooks/1/"), "/webhooks/1/");
}

TEST(JournalText, lines_have_the_documented_shape) {
    Store store{std::string()};
    store.add_user({.user = {.id = UserId{7}, .username = "bot", .display_name = "bot", .created_at = Timestamp{}},
                    .is_bot = true,
                    .password = ""},
                   std::nullopt);
    JournalText text(store);
    const auto event =
        std::make_shared<const Event>(Event{.name = "PING", .data = *codec::json_to_msgpack(R"({"a":1})")});
    JournalEntry out{.connection = 3, .owner = {.session = 2, .user = UserId{7}}, .event = event, .seq = 42};
    out.n = 17;
    out.time = *parse_timestamp("2026-01-15T12:00:00.123456Z");
    const auto line = boost::json::serialize(text.object(out));
    EXPECT_EQ(
        line.rfind(
            R"({"n":17,"time":"2026-01-15T12:00:00.123Z","kind":"frame","direction":"out","connection":3,"session":2,)"
            R"("user":"bot","op":0,"t":"PING","s":42,"size":)",
            0),
        0u)
        << line;
    EXPECT_NE(line.find(R"("data":{"a":1},"bytes":"h)"), std::string::npos) << line;

    const auto broken = text.object({.direction = Direction::in, .connection = 3, .bytes = {0xc1}});
    for (const char* field : {"op", "t", "s", "data", "session", "user"})
        EXPECT_TRUE(broken.at(field).is_null()) << field;
    EXPECT_EQ(broken.at("bytes").as_string(), "wQ==");

    const auto asked =
        text.object({.kind = JournalKind::request,
                     .owner = {.session = 0, .user = UserId{7}},
                     .details = std::make_unique<const JournalDetails>(JournalDetails{.method = "POST",
                                                                                      .path = "/channels/1/messages",
                                                                                      .status = 201,
                                                                                      .milliseconds = 0.4,
                                                                                      .size = 290,
                                                                                      .bucket = "ch:1:msg",
                                                                                      .remaining = 4,
                                                                                      .request = R"({"content":"hi"})",
                                                                                      .response = "<html>"})});
    EXPECT_EQ(
        boost::json::serialize(asked),
        R"({"n":0,"time":"1970-01-01T00:00:00.000Z","kind":"request","user":"bot","method":"POST","path":"/channels/1/messages",)"
        R"("query":null,"status":201,"ms":4E-1,"size":290,"bucket":"ch:1:msg","remaining":4,"request":{"content":"hi"},"response":"<html>","fault":null})");
}

TEST(JournalText, the_newest_lines_that_fit_are_returned_and_the_others_counted) {
    Store store{std::string()};
    JournalText text(store);
    Journal journal;
    for (int i = 0; i < 5; ++i)
        journal.add(frame(100));
    const auto page = journal.page({});
    const std::size_t one = text.line(*page.entries.front()).size();
    const auto two = text.lines(page.entries, 2 * one + one / 2);
    EXPECT_EQ(two.left_out, 3u);
    EXPECT_EQ(two.text, text.line(*page.entries[3]) + text.line(*page.entries[4])) << "oldest first";
    const auto all = text.lines(page.entries, 5 * one);
    EXPECT_EQ(all.left_out, 0u);
    EXPECT_EQ(all.text.size(), 5 * one);
    const auto least = text.lines(page.entries, 1);
    EXPECT_EQ(least.left_out, 4u);
    EXPECT_EQ(least.text, text.line(*page.entries[4]));
    EXPECT_EQ(text.lines({}, 1).text, "");
}

}  // namespace
}  // namespace intent::sandbox::journal_test
