// Headers and messages of the relay: what is written is read again, other versions and everything malformed are refused
// with a reason.
#include "codec/convert.hpp"
#include "relay/wire/event_headers.hpp"
#include "relay/wire/gap_payload.hpp"
#include "relay/wire/rest_messages.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace intent::relay::wire_messages_test {
namespace {

using namespace std::chrono_literals;

codec::Bytes packed(std::string_view json) { return *codec::json_to_msgpack(json); }

EventHeaders event() {
    EventHeaders event;
    event.type = "MESSAGE_CREATE";
    event.session = "abc";
    event.seq = 42;
    event.received = Timestamp(1'700'000'000'123ms);
    event.source = DeliverySource::replay;
    event.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    return event;
}

TEST(WireHeaders, of_an_event) {
    const Headers expected{{"Intent-Schema", "1"},
                           {"Intent-Type", "MESSAGE_CREATE"},
                           {"Intent-Session", "abc"},
                           {"Intent-Seq", "42"},
                           {"Intent-Received", "1700000000123"},
                           {"Intent-Source", "replay"},
                           {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}};
    EXPECT_EQ(write_event_headers(event()), expected);
    const auto read = read_event_headers(expected);
    ASSERT_TRUE(read) << read.failure().text();
    EXPECT_EQ(*read, event());
}

TEST(WireHeaders, of_a_gap_and_of_a_dispatch_with_the_same_name_differ) {
    EventHeaders gap;
    gap.is_gap = true;
    EXPECT_EQ(*read_event_headers(write_event_headers(gap)), gap);
    EventHeaders dispatch;
    dispatch.type = "_GAP";
    const auto read = read_event_headers(write_event_headers(dispatch));
    EXPECT_FALSE(read->is_gap);
    EXPECT_EQ(*read, dispatch);
}

TEST(WireHeaders, text_of_the_server_cannot_add_a_header) {
    EventHeaders hostile;
    hostile.type = "A\r\nNats-Rollup: all";
    hostile.session = "\r\n\r\nbody";
    const auto headers = write_event_headers(hostile);
    for (const auto& [name, value] : headers)
        EXPECT_EQ(value.find_first_of("\r\n"), std::string::npos) << name;
    EXPECT_EQ(*read_event_headers(headers), hostile);
}

TEST(WireHeaders, another_schema_is_refused_with_both_versions) {
    auto headers = write_event_headers(event());
    headers[0].second = "2";
    auto read = read_event_headers(headers);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.failure().text(),
              "Intent-Schema: an event has version 2, but this worker supports version 1: update this worker");
    headers[0].second = "x";
    EXPECT_EQ(read_event_headers(headers).failure().text(), "Intent-Schema: missing: this is not an event of a relay");
    EXPECT_FALSE(read_event_headers({}));
    EXPECT_FALSE(read_event_headers({{"Intent-Schema", "1"}}));
}

TEST(WireHeaders, malformed_values_are_unset) {
    const auto read = read_event_headers({{"intent-schema", "1"},
                                          {"INTENT-TYPE", "X"},
                                          {"Intent-Seq", "-1"},
                                          {"Intent-Received", "99999999999999999999"},
                                          {"Intent-Source", "elsewhere"}});
    ASSERT_TRUE(read);
    EventHeaders expected;
    expected.type = "X";
    EXPECT_EQ(*read, expected);
    EXPECT_EQ(
        read_event_headers({{"Intent-Schema", "1"}, {"Intent-Type", "X"}, {"Intent-Received", "9223372036854775"}})
            ->received,
        Timestamp{});
}

TEST(WireHeaders, of_a_dead_letter) {
    auto original = write_event_headers(event());
    original.emplace_back("Nats-Msg-Id", "mc:1");
    const DeadLetter letter{"app", "it broke", 5, 777};
    const auto headers = write_dead_letter_headers(original, letter);
    EXPECT_EQ(*read_event_headers(headers), event());
    EXPECT_EQ(read_dead_letter(headers), letter);
    EXPECT_EQ(header(headers, "nats-msg-id"), "");
    EXPECT_EQ(dead_letter_id("app", 777), "dl:app:777");

    const DeadLetter again{"app", "once more", 6, 778};
    EXPECT_EQ(read_dead_letter(write_dead_letter_headers(headers, again)), again);
}

TEST(WireHeaders, a_dead_letter_leaves_out_names_that_cannot_be_sent_and_has_a_maximum_size) {
    const DeadLetter letter{std::string(32, 'a'), std::string(5'000, 'x'), 4'294'967'295U, ~0ULL};
    const auto headers = write_dead_letter_headers({{"X Y", "1"}, {"\xff", "2"}, {"Kept", "3"}}, letter);
    EXPECT_EQ(headers.size(), 5U);
    EXPECT_EQ(header(headers, "kept"), "3");
    std::size_t added = dead_letter_id(letter.application, letter.stream_seq).size();
    for (const auto& [name, value] : headers)
        added += name.size() + value.size() + 4;
    EXPECT_LT(added, dead_letter_overhead);
}

TEST(WireHeaders, the_error_of_a_dead_letter_is_cleaned_and_cut) {
    const std::string token = "bot_abcdefghijklmnopqrstuvwxyz0123456789";
    const auto headers = write_dead_letter_headers({}, {"app", "a\r\nb " + token + " " + std::string(5000, 'x'), 1, 1});
    const std::string error(header(headers, error_header));
    EXPECT_EQ(error.find_first_of("\r\n"), std::string::npos);
    EXPECT_EQ(error.find(token), std::string::npos);
    EXPECT_LE(error.size(), 410U);
    EXPECT_TRUE(error.starts_with("a"));
}

TEST(WireGap, is_read_again) {
    const GapPayload gap{Timestamp(1'700'000'000s), Timestamp(1'700'000'060s + 5us), "refused"};
    const auto read = read_gap(write_gap(gap));
    ASSERT_TRUE(read) << read.failure().text();
    EXPECT_EQ(*read, gap);
    EXPECT_FALSE(read_gap({}));
    EXPECT_FALSE(read_gap(packed(R"({"v":1,"from":"2024-01-01T00:00:00Z"})")));
    EXPECT_NE(read_gap(packed(R"({"v":2})")).failure().text().find("a gap has version 2"), std::string::npos);
}

RestRequest request() {
    RestRequest request;
    request.method = "POST";
    request.path = "/channels/1/messages";
    request.body = R"({"content":"hi"})";
    request.deadline_ms = 1'700'000'000'000;
    request.key = "mc:5/1";
    request.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    return request;
}

TEST(WireRest, a_request_is_read_again) {
    const auto read = read_rest_request(write_rest_request(request()));
    ASSERT_TRUE(read) << read.failure().text();
    EXPECT_EQ(*read, request());
    EXPECT_EQ(read_rest_request(packed(R"({"v":1,"method":"GET","path":"/servers","new":1})"))->path, "/servers");
}

struct Refused {
    const char* json;
    const char* reason;
};

TEST(WireRest, a_malformed_request_is_refused_with_the_field) {
    const std::vector<Refused> rows{
        {R"([])", "a REST request: expected a map, got a list"},
        {R"({"method":"GET","path":"/servers"})", "a REST request: v: missing"},
        {R"({"v":2})", "a REST request has version 2, but the relay supports version 1: update the relay"},
        {R"({"v":0})", "a REST request has version 0, but the relay supports version 1: update the worker"},
        {R"({"v":1,"path":"/servers"})", "a REST request: method: missing"},
        {R"({"v":1,"method":"GET"})", "a REST request: path: missing"},
        {R"({"v":1,"method":"TRACE","path":"/servers"})",
         "a REST request, method: GET, HEAD, POST, PUT, PATCH and DELETE are allowed"},
        {R"({"v":1,"method":"get","path":"/servers"})",
         "a REST request, method: GET, HEAD, POST, PUT, PATCH and DELETE are allowed"},
        {R"({"v":1,"method":"GET","path":"/servers","deadline":-1})", "a REST request, deadline: negative"},
        {R"({"v":1,"method":"GET","path":"/servers","body":5})", "a REST request: body: expected text, got an integer"},
    };
    for (const auto& row : rows) {
        const auto read = read_rest_request(packed(row.json));
        ASSERT_FALSE(read) << row.json;
        EXPECT_EQ(read.failure().text(), row.reason) << row.json;
    }
}

TEST(WireRest, a_path_stays_below_the_base_url) {
    for (const std::string path : {"", "servers", "http://elsewhere/", "//elsewhere/x", "/a b", "/a\r\nHost: x", "/a#b",
                                   "/../admin", "/a/../../b", "/a/.", "/..", "/a\\b", "/\xc3\xa9", "/a\"b"}) {
        auto bad = request();
        bad.path = path;
        EXPECT_FALSE(read_rest_request(write_rest_request(bad))) << path;
    }
    for (const std::string path :
         {"/servers", "/channels/1/messages?limit=5&before=9", "/a/..b", "/a%20b", "/a?b=/../"}) {
        auto good = request();
        good.path = path;
        EXPECT_TRUE(read_rest_request(write_rest_request(good))) << path;
    }
}

TEST(WireRest, long_fields_are_refused) {
    auto bad = request();
    bad.path = "/" + std::string(RequestLimits::path, 'x');
    EXPECT_EQ(read_rest_request(write_rest_request(bad)).failure().text(),
              "a REST request, path: 4097 bytes, at most 4096 are allowed");
    bad = request();
    bad.key = std::string(RequestLimits::key + 1, 'k');
    EXPECT_EQ(read_rest_request(write_rest_request(bad)).failure().text(),
              "a REST request, key: 129 bytes, at most 128 are allowed");
    bad = request();
    bad.traceparent = std::string(1000, '0');
    EXPECT_EQ(read_rest_request(write_rest_request(bad))->traceparent, "");
}

TEST(WireRest, the_fingerprint_covers_method_path_and_body) {
    const auto first = request();
    EXPECT_EQ(fingerprint(first), 0x5583b9803720d809ULL);
    auto other = first;
    other.deadline_ms += 5;
    other.key = "x";
    EXPECT_EQ(fingerprint(other), fingerprint(first));
    other.method = "PUT";
    EXPECT_NE(fingerprint(other), fingerprint(first));
    other = first;
    other.path += "x";
    EXPECT_NE(fingerprint(other), fingerprint(first));
    other = first;
    other.body += "x";
    EXPECT_NE(fingerprint(other), fingerprint(first));
    other = first;
    std::swap(other.body, other.path);
    EXPECT_NE(fingerprint(other), fingerprint(first));
    EXPECT_TRUE(changes_something(first));
    other.method = "GET";
    EXPECT_FALSE(changes_something(other));
}

RestAnswer answer() {
    RestAnswer answer;
    answer.status = 201;
    answer.headers = {{"content-type", "application/json"}, {"x-ratelimit-limit", "5"}};
    answer.body = "{}";
    return answer;
}

TEST(WireRest, an_answer_is_read_again) {
    EXPECT_EQ(*read_rest_answer(write_rest_answer(answer())), answer());
    RestAnswer failure;
    failure.outcome = RestOutcome::unknown_outcome;
    failure.text = "the relay ended";
    failure.repeated = true;
    EXPECT_EQ(*read_rest_answer(write_rest_answer(failure)), failure);
    EXPECT_EQ(read_rest_answer(packed(R"({"v":1,"outcome":99})")).failure().text(),
              "an answer of the relay, outcome: unknown: update this worker");
    EXPECT_FALSE(read_rest_answer(packed(R"({"v":3,"outcome":0})")));
    EXPECT_FALSE(read_rest_answer(packed(R"({"v":1})")));
}

TEST(WireRest, a_record_is_read_again) {
    RestRecord record;
    record.leader = "relay-1";
    record.fingerprint = ~0ULL;
    EXPECT_EQ(*read_rest_record(write_rest_record(record)), record);
    record.answer = answer();
    EXPECT_EQ(*read_rest_record(write_rest_record(record)), record);
    EXPECT_FALSE(read_rest_record(packed(R"({"v":2})")));
}

TEST(WireRest, truncated_messages_are_refused) {
    for (const auto& bytes : {write_rest_request(request()), write_rest_answer(answer()), write_gap(GapPayload{})}) {
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const codec::ByteView part(bytes.data(), size);
            EXPECT_FALSE(read_rest_request(part));
            EXPECT_FALSE(read_rest_answer(part));
            EXPECT_FALSE(read_rest_record(part));
            EXPECT_FALSE(read_gap(part));
        }
    }
}

TEST(WireCommand, is_read_again) {
    CommandRequest command;
    command.op = 10;
    command.data.bytes = packed(R"({"status":"idle"})");
    command.deadline_ms = 5;
    EXPECT_EQ(*read_command_request(write_command_request(command)), command);
    command.data.bytes.clear();
    EXPECT_EQ(*read_command_request(write_command_request(command)), command);
    const CommandAnswer busy{CommandOutcome::busy, "wait"};
    EXPECT_EQ(*read_command_answer(write_command_answer(busy)), busy);
}

TEST(WireCommand, only_commands_of_bots_are_accepted) {
    for (unsigned op = 0; op < 256; ++op) {
        CommandRequest command;
        command.op = static_cast<std::uint8_t>(op);
        const bool good = op == 4 || op == 7 || op == 10 || op == 12;
        EXPECT_EQ(static_cast<bool>(read_command_request(write_command_request(command))), good) << op;
    }
    CommandRequest command;
    command.op = 12;
    command.data.bytes = packed('"' + std::string(RequestLimits::command, 'x') + '"');
    EXPECT_EQ(read_command_request(write_command_request(command)).failure().text(),
              "a gateway command, d: 65541 bytes, at most 65536 are allowed");
}

}  // namespace
}  // namespace intent::relay::wire_messages_test
