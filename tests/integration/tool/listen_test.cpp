// `intent listen`, `send` and `get` against the sandbox and against a platform that shares no code with the SDK.
#include "program.hpp"
#include "tests/support/peer_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

namespace intent::test::listen_test {

namespace {

Json message_of(const Json& line) { return line.at("data").at("message").as_object(); }

/// Lines of dispatches are those with a number.
std::vector<Json> dispatches(const std::vector<std::string>& lines) {
    std::vector<Json> found;
    for (const auto& line : lines)
        if (auto parsed = parse_line(line); parsed.contains("data")) found.push_back(std::move(parsed));
    return found;
}

class ToolDialects : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(ToolDialects, listen_prints_what_send_wrote_in_one_shape) {
    SandboxProgram sandbox(GetParam());
    const std::string channel = sandbox.general();
    Program listen("intent", {"listen"}, sandbox.environment());
    const auto ready = listen.wait_type("ready");
    ASSERT_TRUE(ready) << listen.errors();
    EXPECT_EQ(ready->at("user").at("username"), "bot");
    EXPECT_EQ(ready->at("servers").at(0).at("name"), "Sandbox");
    EXPECT_TRUE(ready->contains("session"));

    const auto sent = run("intent", {"send", channel, "héllo \"you\""}, sandbox.environment());
    ASSERT_EQ(sent.status, 0) << sent.errors;
    ASSERT_EQ(sent.lines.size(), 1u);
    const auto written = parse_line(sent.lines.front());

    const auto line = listen.wait_type("MESSAGE_CREATE");
    ASSERT_TRUE(line);
    EXPECT_EQ(message_of(*line).at("content"), "héllo \"you\"");
    EXPECT_EQ(message_of(*line).at("id"), written.at("id"));
    EXPECT_EQ(text(message_of(*line), "channel_id"), channel);
    EXPECT_GT(line->at("seq").as_int64(), 0);

    listen.signal(SIGTERM);
    EXPECT_EQ(listen.wait(), 0);
    EXPECT_EQ(listen.errors(), "");
}

INSTANTIATE_TEST_SUITE_P(Dialects, ToolDialects,
                         testing::Values(std::vector<std::string>{"--dialect", "spec"},
                                         std::vector<std::string>{"--dialect", "web"},
                                         std::vector<std::string>{"--dialect", "flat"},
                                         std::vector<std::string>{"--hello"},
                                         std::vector<std::string>{"--no-resume", "--no-limits"}));

TEST(ToolGet, prints_the_answer_on_one_line) {
    SandboxProgram sandbox;
    const auto outcome = run("intent", {"get", "/users/@me"}, sandbox.environment());
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    ASSERT_EQ(outcome.lines.size(), 1u);
    EXPECT_EQ(parse_line(outcome.lines.front()).at("username"), "bot");
}

TEST(ToolGet, takes_the_token_from_a_file_and_addresses_from_flags) {
    SandboxProgram sandbox;
    const TemporaryFile token(text(sandbox.addresses, "bot_token") + "\r\n");
    const auto outcome =
        run("intent", {"get", "/users/@me", "--token-file", token.path(), "--rest", text(sandbox.addresses, "rest")},
            {"INTENT_TOKEN=bot_wrong", "INTENT_REST_URL=http://127.0.0.1:1/"});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
}

Environment to(const Peer& peer) {
    return {"INTENT_TOKEN=" + peer.token, "INTENT_GATEWAY_URL=" + peer.gateway, "INTENT_REST_URL=" + peer.rest};
}

bool is_the_end(const std::string& line) { return line.find("\"the end\"") != std::string::npos; }

TEST(ToolListen, case_148_frames_that_cannot_be_decoded_are_lines_of_type_error) {
    SandboxProgram sandbox;
    Program listen("intent", {"listen"}, sandbox.environment());
    ASSERT_TRUE(listen.wait_type("ready")) << listen.errors();
    const auto outcome = run("intent", {"sandbox", "fault", "bad_msgpack"}, sandbox.environment());
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
    const auto line = listen.wait_type("error");
    ASSERT_TRUE(line);
    EXPECT_TRUE(text(*line, "message").starts_with("gateway: a frame could not be decoded: "))
        << text(*line, "message");
}

TEST(ToolListen, prints_every_event_of_a_foreign_platform_in_one_shape) {
    Peer peer({"--script", "events"});
    Program listen("intent", {"listen"}, to(peer));
    ASSERT_TRUE(listen.lines().wait_value(is_the_end)) << listen.errors();
    listen.signal(SIGTERM);
    EXPECT_EQ(listen.wait(), 0);

    std::vector<std::string> types;
    std::vector<Json> lines;
    for (const auto& line : listen.lines().all()) {
        lines.push_back(parse_line(line));
        types.push_back(text(lines.back(), "type"));
    }
    const std::vector<std::string> expected{"ready",          "MESSAGE_CREATE", "MESSAGE_CREATE", "POLL_CLOSED",
                                            "MESSAGE_UPDATE", "error",          "MESSAGE_CREATE", "SERVER_CREATE",
                                            "CHANNEL_CREATE", "MESSAGE_DELETE", "error",          "SERVER_DELETE",
                                            "TYPING_START",   "MESSAGE_CREATE", "MESSAGE_CREATE"};
    types.resize(std::min(types.size(), expected.size()));  // a disconnect may follow
    ASSERT_EQ(types, expected);

    EXPECT_EQ(message_of(lines[1]).at("content"), "wrapped");
    EXPECT_EQ(message_of(lines[2]).at("content"), "flat");
    EXPECT_EQ(lines[3].at("data").at("blob"), "AQID");
    const auto older = message_of(lines[4]);
    EXPECT_EQ(older.at("author").at("avatar_url"), "https://example.invalid/a.png");
    EXPECT_TRUE(older.contains("created_at"));
    EXPECT_TRUE(older.contains("edited_at"));
    EXPECT_FALSE(older.contains("timestamp"));
    EXPECT_FALSE(older.contains("future"));

    // An event that cannot be decoded is reported, and later ones still arrive.
    EXPECT_EQ(lines[5].at("event"), "MESSAGE_CREATE");
    EXPECT_TRUE(text(lines[5], "message").starts_with("message.author")) << text(lines[5], "message");
    EXPECT_EQ(message_of(lines[6]).at("webhook_id"), "5001");
    EXPECT_EQ(lines[8].at("data").at("channel").at("type"), 13);
    // The server's event named "error" is an event, not the session's own line.
    EXPECT_EQ(lines[10].at("data").at("message"), "an event with the name of something else");
    EXPECT_EQ(lines[12].at("data").at("timestamp"), 1705320000);
    EXPECT_EQ(message_of(lines[13]).at("id"), "18446744073709551615");

    std::int64_t last = 0;
    for (const auto& line : lines) {
        if (!line.contains("seq")) continue;
        EXPECT_EQ(line.at("seq").to_number<std::int64_t>(), last + 1);
        last = line.at("seq").to_number<std::int64_t>();
    }
    ASSERT_TRUE(peer.wait_records("close", 1));
    EXPECT_EQ(Peer::number(peer.records("close").front(), "code"), 1000);
}

TEST(ToolListen, raw_prints_payloads_as_they_came) {
    Peer peer({"--script", "events"});
    Program listen("intent", {"listen", "--raw"}, to(peer));
    ASSERT_TRUE(listen.lines().wait_value(is_the_end)) << listen.errors();
    const auto events = dispatches(listen.lines().all());
    ASSERT_EQ(events.size(), 14u);
    EXPECT_EQ(events[1].at("data").at("content"), "flat");
    EXPECT_TRUE(events[3].at("data").at("message").as_object().contains("future"));
    EXPECT_TRUE(events[4].at("data").at("message").at("author").is_null());
    listen.signal(SIGINT);
    EXPECT_EQ(listen.wait(), 0);
}

TEST(ToolListen, event_and_count_select_the_printed_events) {
    Peer peer({"--script", "events"});
    const auto outcome =
        run("intent", {"listen", "--event", "MESSAGE_DELETE", "--event", "SERVER_DELETE", "--count", "2"}, to(peer));
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    const auto events = dispatches(outcome.lines);
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(text(events[0], "type"), "MESSAGE_DELETE");
    EXPECT_EQ(events[0].at("data").at("id"), "4999");
    EXPECT_EQ(text(events[1], "type"), "SERVER_DELETE");

    const auto named = run("intent", {"listen", "--raw", "--event", "POLL_CLOSED", "--count", "1"}, to(peer));
    EXPECT_EQ(named.status, 0) << named.errors;
    EXPECT_EQ(dispatches(named.lines).size(), 1u);
}

TEST(ToolListen, reports_a_lost_connection_and_the_replay) {
    Peer peer({"--script", "resume", "--lifecycle", "newer"});
    Program listen("intent", {"listen"}, to(peer));
    ASSERT_TRUE(listen.lines().wait_value(is_the_end)) << listen.errors();
    const auto cut = listen.wait_type("disconnect");
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->at("code"), 1006);
    EXPECT_EQ(cut->at("will_resume"), true);
    const auto again = listen.wait_type("reconnecting");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->at("attempt"), 1);
    EXPECT_GT(again->at("delay_ms").as_int64(), 0);
    const auto resumed = listen.wait_type("resumed");
    ASSERT_TRUE(resumed);
    EXPECT_GT(resumed->at("replayed").as_int64(), 0);

    std::vector<std::string> contents;
    for (const auto& event : dispatches(listen.lines().all()))
        if (text(event, "type") == "MESSAGE_CREATE") contents.push_back(text(message_of(event), "content"));
    std::vector<std::string> expected;
    for (int i = 1; i <= 10; ++i)
        expected.push_back("number " + std::to_string(i));
    expected.emplace_back("the end");
    EXPECT_EQ(contents, expected);
}

TEST(ToolListen, ends_when_its_reader_ends) {
    Peer peer({"--script", "events"});
    const auto variables = to(peer);
    std::vector<std::string> words{"env"};
    words.insert(words.end(), variables.begin(), variables.end());
    const std::string tool = INTENT_BINARY_DIR "/intent";
    words.insert(words.end(), {"bash", "-c", tool + " listen | head -n 1; echo ${PIPESTATUS[0]}"});
    Process shell(words, "/");
    EXPECT_EQ(shell.wait(), 0);
    const auto lines = shell.lines.all();
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[1], "1");
}

}  // namespace

}  // namespace intent::test::listen_test
