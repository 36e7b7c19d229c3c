// Control requests about the journal, the clock and the store of a running sandbox.
#include "sandbox/store/database.hpp"
#include "sandbox/store/store_schema.hpp"
#include "tests/support/control_client.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>

namespace intent::control_journal_test {
namespace {

using namespace std::chrono_literals;
using test::ControlClient;

std::string text(const boost::json::value& value) { return std::string(value.as_string()); }

class Journaled : public testing::Test {
protected:
    void connect() {
        client.start();
        ASSERT_TRUE(diary.wait_ready());
    }

    Sandbox sandbox;
    ControlClient control{sandbox};
    const ChannelId general = sandbox.general();
    Client client{test::options_for(sandbox)};
    test::Diary diary{client};
};

TEST_F(Journaled, records_a_bot_without_its_token) {
    connect();
    sandbox.say("alice", general, "hi");
    client.rest().create_message(general, MessageBody("pong")).get();
    ASSERT_TRUE(diary.messages().wait_contains("pong"));
    const auto answer = control.get("/journal");
    EXPECT_EQ(answer.body.find(sandbox.bot_token().reveal()), std::string::npos);
    std::vector<std::string> story;
    for (const auto& line : answer.lines()) {
        const std::string kind = text(line.at("kind"));
        if (kind == "connection") story.push_back(text(line.at("what")));
        if (kind == "frame" && line.at("op").as_int64() != 1 && line.at("op").as_int64() != 11)
            story.push_back(text(line.at("direction")) + " " + std::to_string(line.at("op").as_int64()));
        if (kind == "request") story.push_back(text(line.at("method")) + " " + text(line.at("path")));
    }
    EXPECT_EQ(story, (std::vector<std::string>{"opened", "in 2", "out 3", "identified", "out 0", "out 0",
                                               "POST /channels/" + general.str() + "/messages"}));
    const auto requests = control.get("/journal?kind=request").lines();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(text(requests[0].at("user")), "bot");
    EXPECT_EQ(requests[0].at("status").as_int64(), 201);
    EXPECT_EQ(text(requests[0].at("bucket")), "ch:" + general.str() + ":msg");
    EXPECT_EQ(requests[0].at("remaining").as_int64(), 4);
    EXPECT_EQ(text(requests[0].at("request").at("content")), "pong");
    EXPECT_EQ(text(requests[0].at("response").at("content")), "pong");
}

TEST_F(Journaled, contains_no_secret_in_any_encoding) {
    const std::string token(sandbox.bot_token().reveal());
    connect();
    sandbox.say("alice", general, "my token is " + token);
    ASSERT_TRUE(diary.messages().wait_contains("my token is " + token));
    test::TestHttp http;
    http.send({.method = "POST",
               .url = sandbox.rest_url() + "/auth/login",
               .headers = {{"Authorization", "Bearer " + token}},
               .body = R"({"username_or_email":"alice","password":"alice"})"});
    http.send(
        {.method = "POST", .url = sandbox.rest_url() + "/auth/login?token=" + token, .body = "{\"token\": \"" + token});
    const std::string alice(sandbox.user_token("alice").reveal());
    const auto journal = control.get("/journal");
    EXPECT_EQ(journal.body.find(token.substr(4)), std::string::npos);
    EXPECT_EQ(journal.body.find(alice.substr(4)), std::string::npos);
    for (const auto& line : journal.lines()) {
        if (text(line.at("kind")) != "request" || !line.at("request").is_object()) continue;
        EXPECT_EQ(text(line.at("request").at("password")), "*****");
    }
    EXPECT_EQ(sandbox.transcript().find(token.substr(4)), std::string::npos);
}

TEST_F(Journaled, a_reader_can_wait_for_new_entries) {
    const auto empty = control.get("/journal?after=0&wait_ms=1");
    EXPECT_EQ(empty.status, 200);
    EXPECT_EQ(empty.body, "");
    auto waiting = std::async(std::launch::async, [&] {
        ControlClient other(sandbox);
        return other.get("/journal?kind=request&wait_ms=30000");
    });
    connect();
    client.rest().get_channel(general).get();
    const auto got = waiting.get().lines();
    ASSERT_FALSE(got.empty());
    EXPECT_EQ(text(got[0].at("path")), "/channels/" + general.str());
}

TEST_F(Journaled, a_reader_of_an_earlier_run_is_answered_at_once) {
    connect();
    const auto own = control.get("/journal").run;
    const auto asked = std::chrono::steady_clock::now();
    const auto ahead = control.get("/journal?after=1000000&wait_ms=30000");
    EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(20)) << "it was waited for";
    EXPECT_EQ(ahead.body, "");
    EXPECT_EQ(ahead.run, own);
    const Sandbox other;
    EXPECT_NE(ControlClient(other).get("/journal").run, own);
}

TEST_F(Journaled, a_limit_returns_the_newest_lines_and_counts_the_rest) {
    connect();
    for (int i = 0; i < 10; ++i)
        sandbox.say("alice", general, "m" + std::to_string(i));
    const auto all = control.get("/journal?limit=5000&kind=frame").lines();
    const auto last = control.get("/journal?limit=2&kind=frame");
    ASSERT_EQ(last.lines().size(), 2u);
    EXPECT_GE(last.lines()[0].at("n").as_int64(), all[all.size() - 2].at("n").as_int64());
    EXPECT_GE(std::stoul(last.skipped), all.size() - 2);
    std::vector<std::string> said;
    for (const auto& line : all)
        if (line.at("t").is_string()) said.push_back(text(line.at("data").at("message").at("content")));
    EXPECT_EQ(said.size(), 10u);
    EXPECT_EQ(said.back(), "m9");
    EXPECT_EQ(control.get("/journal?kind=frames").status, 400);
    EXPECT_EQ(control.get("/journal?limit=0").status, 400);
    EXPECT_EQ(control.remove("/journal").status, 204);
    EXPECT_EQ(control.get("/journal?kind=frame&after=1").lines().size(), 0u);
}

TEST_F(Journaled, a_page_of_large_entries_ends_at_its_bytes_and_counts_the_rest) {
    connect();
    const std::string large = "\"" + std::string(1u << 20, 'x') + "\"";
    constexpr int count = 20;
    const auto last = sandbox.journal().back().number;
    for (int i = 0; i < count; ++i)
        sandbox.dispatch("LARGE", large);
    const auto page = control.get("/journal?limit=5000&kind=frame&after=" + std::to_string(last));
    EXPECT_LE(page.body.size(), 32u << 20);
    EXPECT_GT(page.body.size(), 16u << 20);
    const auto lines = page.lines();
    ASSERT_FALSE(lines.empty());
    const auto number = [](const auto& line) { return line.at("n").as_int64(); };
    EXPECT_EQ(number(lines.back()) - number(lines.front()) + 1, static_cast<std::int64_t>(lines.size()));
    EXPECT_GE(lines.size() + std::stoul(page.skipped), static_cast<std::size_t>(count));
    EXPECT_NE(page.skipped, "0");
}

TEST_F(Journaled, an_advanced_clock_fills_the_buckets_and_keeps_the_connection) {
    connect();
    for (int i = 0; i < 5; ++i)
        client.rest().create_message(general, MessageBody("hi")).get();
    const auto buckets = control.get("/buckets").json().at("buckets").as_array();
    ASSERT_EQ(buckets.size(), 1u);
    EXPECT_EQ(text(buckets[0].at("id")), "ch:" + general.str() + ":msg");
    EXPECT_EQ(text(buckets[0].at("user")), "bot");
    EXPECT_EQ(buckets[0].at("limit").as_int64(), 5);
    EXPECT_LT(buckets[0].at("remaining").as_int64(), 5);
    const auto before = parse_timestamp(text(control.get("/clock").json().at("now")));
    const auto clock = control.post("/clock", R"({"advance_ms":86400000})").json();
    EXPECT_EQ(clock.at("offset_ms").as_int64(), 86'400'000);
    EXPECT_GE(*parse_timestamp(text(clock.at("now"))) - *before, 24h);
    EXPECT_TRUE(control.get("/buckets").json().at("buckets").as_array().empty());
    EXPECT_EQ(sandbox.connections(), 1u);
    EXPECT_EQ(control.post("/clock", R"({"advance_ms":-1})").status, 400);
    sandbox.say("alice", general, "tomorrow");
    EXPECT_TRUE(diary.messages().wait_contains("tomorrow"));
    EXPECT_GT(sandbox.messages(general).back().created_at - sandbox.messages(general).front().created_at, 23h);
}

TEST_F(Journaled, tokens_of_people_expire_when_the_clock_advances) {
    const auto first = sandbox.user_token("alice");
    sandbox.advance(std::chrono::hours(24 * 8));
    EXPECT_NE(sandbox.user_token("alice"), first);
}

TEST_F(Journaled, a_reset_restores_the_initial_state_and_bots_keep_their_tokens) {
    connect();
    const auto token = sandbox.bot_token();
    const auto alice = sandbox.user_id("alice");
    control.post("/users", R"({"username":"bob"})");
    sandbox.say("alice", general, "hi");
    sandbox.fault(sandbox::fault::stall().always());
    EXPECT_EQ(control.post("/reset").status, 204);
    EXPECT_TRUE(diary.life().wait_contains("disconnect 1012 resumable"));
    EXPECT_EQ(sandbox.bot_token(), token);
    EXPECT_EQ(sandbox.user_id("alice"), alice);
    EXPECT_EQ(sandbox.general(), general);
    EXPECT_TRUE(sandbox.messages(general).empty());
    EXPECT_EQ(control.get("/users").json().at("users").as_array().size(), 2u);
    EXPECT_TRUE(control.get("/faults").json().at("faults").as_array().empty());
    ASSERT_TRUE(diary.wait_ready(2)) << "the client comes back by itself";
    sandbox.say("alice", general, "again");
    EXPECT_TRUE(diary.messages().wait_contains("again"));
}

TEST_F(Journaled, the_clock_can_advance_by_at_most_ten_years) {
    sandbox.advance(std::chrono::days(3650) - 1s);
    const auto refused = control.post("/clock", R"({"advance_ms":1001})");
    EXPECT_EQ(refused.status, 400) << refused.body;
    EXPECT_EQ(refused.code(), "INVALID_FIELD");
    EXPECT_NE(refused.error().find("at most 10 years"), std::string::npos) << refused.error();
    EXPECT_EQ(control.post("/clock", R"({"advance_ms":1000})").status, 200);
}

TEST_F(Journaled, a_snapshot_restores_its_state) {
    sandbox.say("alice", general, "kept");
    const auto snapshot = control.get("/snapshot");
    ASSERT_EQ(snapshot.status, 200);
    ASSERT_EQ(snapshot.body.substr(0, 15), "SQLite format 3");
    sandbox.say("alice", general, "lost");
    sandbox.add_user("late");
    const auto restored = control.post("/restore", snapshot.body);
    ASSERT_EQ(restored.status, 204) << restored.body;
    ASSERT_EQ(sandbox.messages(general).size(), 1u);
    EXPECT_EQ(sandbox.messages(general)[0].content, "kept");
    EXPECT_THROW(sandbox.user_id("late"), ConfigError);
    EXPECT_TRUE(sandbox.say("alice", general, "new"));

    Sandbox other;
    other.restore(snapshot.body);
    EXPECT_EQ(other.messages(other.general()).at(0).content, "kept");
}

TEST_F(Journaled, a_foreign_damaged_or_newer_snapshot_is_refused_and_changes_nothing) {
    sandbox.say("alice", general, "kept");
    const std::string good = sandbox.snapshot();
    const auto refused = [&](const std::string& bytes) {
        const auto answer = control.post("/restore", bytes);
        EXPECT_EQ(answer.status, 400);
        return answer.status == 400 ? answer.error() : answer.body;
    };
    EXPECT_NE(refused("").find("not a SQLite file"), std::string::npos);
    EXPECT_NE(refused("<html>").find("not a SQLite file"), std::string::npos);
    std::string foreign = good;
    foreign[68] = 0x12;  // application_id
    EXPECT_NE(refused(foreign).find("another program"), std::string::npos);
    std::string newer = good;
    newer[63] = 0x7f;  // user_version
    EXPECT_NE(refused(newer).find("newer version"), std::string::npos);
    EXPECT_NE(refused(good.substr(0, good.size() / 2)).find("damaged"), std::string::npos);
    EXPECT_EQ(sandbox.messages(general).size(), 1u);
    EXPECT_TRUE(sandbox.say("alice", general, "still here"));
}

TEST_F(Journaled, a_reset_and_a_restore_reset_every_counter) {
    const std::string snapshot = sandbox.snapshot();
    test::TestHttp http;
    const auto request = [&] { http.get(sandbox.rest_url() + "/servers"); };
    request();
    EXPECT_EQ(sandbox.requests(), 1u);
    control.post("/restore", snapshot);
    EXPECT_EQ(sandbox.requests(), 0u);
    request();
    control.post("/reset");
    EXPECT_EQ(sandbox.requests(), 0u);

    connect();
    EXPECT_EQ(sandbox.identifies(), 1u);
    client.stop();
    control.post("/restore", snapshot);
    const auto counters = control.get("/state").json().at("counters").as_object();
    for (const char* name : {"requests", "identifies", "heartbeats", "frames_in", "frames_out"})
        EXPECT_EQ(counters.at(name).as_int64(), 0) << name;
}

TEST_F(Journaled, a_snapshot_that_only_claims_to_be_ours_ends_no_session) {
    sandbox.say("alice", general, "kept");
    connect();
    const auto refused = [&](const std::string& sql) {
        const auto changed = sandbox::open_image(sandbox.snapshot());
        changed->execute("PRAGMA foreign_keys = OFF");
        changed->execute(sql);
        const auto answer = control.post("/restore", sandbox::image_of(*changed));
        EXPECT_EQ(answer.status, 400) << answer.body;
        EXPECT_EQ(answer.code(), "BAD_SNAPSHOT");
        return answer.error();
    };
    EXPECT_NE(refused("DROP INDEX tokens_by_user").find("its index tokens_by_user is missing"), std::string::npos);
    EXPECT_NE(refused("DROP TABLE tokens").find("is missing"), std::string::npos);
    EXPECT_NE(refused("ALTER TABLE roles RENAME COLUMN hoist TO lift").find("its table roles is defined differently"),
              std::string::npos);
    EXPECT_NE(refused("PRAGMA user_version = -1").find("version is -1"), std::string::npos);
    EXPECT_NE(refused("PRAGMA user_version = 0").find("which the sandbox does not create"), std::string::npos);
    EXPECT_NE(refused("INSERT INTO member_roles SELECT server_id, user_id, 99 FROM members").find("damaged"),
              std::string::npos)
        << "a role that is not there";
    EXPECT_NE(refused("UPDATE users SET is_bot = 0").find("a user has this name"), std::string::npos);
    sandbox::Database wide(":memory:");
    wide.execute("PRAGMA page_size = 8192");
    sandbox::prepare_schema(wide, "");
    const auto answer = control.post("/restore", sandbox::image_of(wide));
    EXPECT_EQ(answer.code(), "BAD_SNAPSHOT") << answer.body;
    EXPECT_NE(answer.error().find("page size"), std::string::npos) << answer.error();

    EXPECT_EQ(sandbox.messages(general).at(0).content, "kept");
    EXPECT_TRUE(sandbox.closes().empty());
    sandbox.say("alice", general, "still here");
    EXPECT_TRUE(diary.messages().wait_contains("still here"));
}

TEST_F(Journaled, case_181_a_snapshot_with_anything_that_a_sandbox_does_not_make_is_refused) {
    const auto refused = [&](const std::string& sql) {
        const auto changed = sandbox::open_image(sandbox.snapshot());
        changed->execute(sql);
        const auto answer = control.post("/restore", sandbox::image_of(*changed));
        if (answer.status != 400) return "taken, with status " + std::to_string(answer.status);
        EXPECT_EQ(answer.code(), "BAD_SNAPSHOT") << answer.body;
        return answer.error();
    };
    const std::pair<const char*, const char*> rows[] = {
        {"CREATE TRIGGER spy AFTER INSERT ON messages BEGIN DELETE FROM tokens; END", "the trigger spy"},
        {"CREATE TRIGGER sqlite AFTER INSERT ON messages BEGIN DELETE FROM tokens; END", "the trigger sqlite"},
        {"CREATE VIEW everything AS SELECT * FROM tokens", "the view everything"},
        {"CREATE TABLE more (x)", "the table more"},
        {"CREATE INDEX slow ON messages (content)", "the index slow"},
        {"CREATE VIRTUAL TABLE find USING fts5 (x)", "the table find"},
        {"DROP INDEX messages_by_channel; CREATE UNIQUE INDEX messages_by_channel ON messages (channel_id)",
         "its index messages_by_channel is defined differently"},
        {"ALTER TABLE users ADD COLUMN more TEXT DEFAULT 7", "its table users is defined differently"},
        {"ALTER TABLE users ADD COLUMN more TEXT AS (username) VIRTUAL", "its table users is defined differently"},
    };
    for (const auto& [sql, says] : rows) {
        const std::string why = refused(sql);
        ASSERT_NE(why.find(says), std::string::npos) << sql << ": " << why;
    }
    EXPECT_TRUE(sandbox.say("alice", general, "still here"));

    // What looking into the file with SQLite's own tool leaves is no harm.
    const auto looked_at = sandbox::open_image(sandbox.snapshot());
    looked_at->execute("ANALYZE");
    EXPECT_EQ(control.post("/restore", sandbox::image_of(*looked_at)).status, 204);
}

}  // namespace
}  // namespace intent::control_journal_test
