// `intent sandbox fault`, `state`, `sessions`, `reset`, `snapshot`, `restore` on a sandbox that runs.
#include "program.hpp"

#include <intent/sandbox/fault_kinds.hpp>
#include <intent/timestamp.hpp>

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <optional>

namespace intent::test::control_test {

namespace {

class ToolControl : public testing::Test {
protected:
    Outcome sandbox_command(std::vector<std::string> words) {
        words.insert(words.begin(), "sandbox");
        return run("intent", words, sandbox.environment());
    }
    Json one_line(const std::vector<std::string>& words) {
        const auto outcome = sandbox_command(words);
        EXPECT_EQ(outcome.status, 0) << outcome.errors;
        EXPECT_EQ(outcome.errors, "");
        return outcome.lines.size() == 1 ? parse_line(outcome.lines.front()) : Json{};
    }
    boost::json::array faults() { return one_line({"fault", "list", "--json"}).at("faults").as_array(); }

    SandboxProgram sandbox{std::vector<std::string>{"--no-limits"}};
};

TEST_F(ToolControl, a_fault_has_the_fields_of_its_flags) {
    const auto made = one_line({"fault",         "rate_limit", "--path",        "/channels/*/messages",
                                "--method",      "POST",       "--user",        "bot",
                                "--count",       "2",          "--scope",       "global",
                                "--retry-after", "2.5",        "--probability", "1",
                                "--seed",        "7",          "--for",         "1m"});
    EXPECT_EQ(made.at("kind"), "rate_limit");
    EXPECT_EQ(made.at("match").at("path"), "/channels/*/messages");
    EXPECT_EQ(made.at("match").at("method"), "POST");
    EXPECT_EQ(made.at("match").at("user"), "bot");
    EXPECT_EQ(made.at("scope"), "global");
    EXPECT_EQ(made.at("retry_after"), 2.5);
    EXPECT_EQ(made.at("count"), 2);
    EXPECT_EQ(made.at("seed"), 7);
    EXPECT_EQ(made.at("duration_ms"), 60'000);
    ASSERT_EQ(faults().size(), 1u);
    EXPECT_EQ(faults().front().at("id"), made.at("id"));
}

TEST_F(ToolControl, a_fault_applies_until_its_count_is_used_up) {
    one_line({"fault", "add", "status", "--status", "418", "--path", "/users/@me"});
    const auto hit = run("intent", {"get", "/users/@me"}, sandbox.environment());
    EXPECT_EQ(hit.status, 1);
    EXPECT_NE(hit.errors.find("418"), std::string::npos) << hit.errors;
    EXPECT_EQ(run("intent", {"get", "/users/@me"}, sandbox.environment()).status, 0);
    EXPECT_EQ(faults().size(), 0u);
}

TEST_F(ToolControl, every_kind_of_fault_can_be_added_by_its_name) {
    const std::vector<std::vector<std::string>> kinds = {
        {"status", "--status", "503", "--body", "x", "--content-type", "text/plain"},
        {"rate-limit"},
        {"delay", "--delay", "250ms"},
        {"stall"},
        {"drop_request", "--after"},
        {"truncate", "--bytes", "3"},
        {"malformed", "--forever"},
        {"missing_headers"},
        {"drop", "--event", "MESSAGE_CREATE"},
        {"close", "--code", "4000", "--reason", "why"},
        {"reconnect"},
        {"invalid_session", "--resumable"},
        {"bad_msgpack"},
        {"text_frame"},
        {"unknown_op"},
        {"duplicate", "--event", "*"},
        {"skip_sequence", "--by", "3"},
        {"lose"},
        {"no_ack"},
        {"refuse_identify", "--code", "4004"},
    };
    for (auto words : kinds) {
        std::string name = words.front();
        std::ranges::replace(name, '-', '_');
        words.insert(words.begin(), "fault");
        // It matches nothing while it is active.
        words.insert(words.end(), {"--user", "alice"});
        SCOPED_TRACE(name);
        EXPECT_EQ(text(one_line(words), "kind"), name);
    }
    EXPECT_EQ(faults().size(), kinds.size());

    const auto table = sandbox_command({"fault", "list"});
    EXPECT_EQ(table.status, 0);
    ASSERT_EQ(table.lines.size(), kinds.size() + 1);
    EXPECT_TRUE(table.lines.front().starts_with("ID ")) << table.lines.front();
    EXPECT_NE(table.lines[7].find("forever"), std::string::npos) << table.lines[7];
    EXPECT_NE(table.lines[9].find("event=MESSAGE_CREATE"), std::string::npos) << table.lines[9];
}

TEST_F(ToolControl, every_row_of_the_table_of_faults_has_a_command_with_its_flags) {
    const auto list = sandbox_command({"fault", "--help"});
    const auto help_has = [](const Outcome& outcome, std::string_view words) {
        std::string text;
        for (const auto& line : outcome.lines)
            text += line + "\n";
        EXPECT_NE(text.find(words), std::string::npos) << words << " is missing in\n" << text;
    };
    for (const auto& kind : sandbox::fault_kinds) {
        help_has(list, kind.name);
        help_has(list, kind.help);
        std::vector<std::string> add{"fault", std::string(kind.name), "--user", "alice"};
        const auto help = sandbox_command({"fault", add[1], "--help"});
        for (const auto& parameter : sandbox::parameters_of(kind)) {
            std::string flag(parameter.name.substr(0, parameter.name.find("_ms")));
            std::ranges::replace(flag, '_', '-');
            help_has(help, "--" + flag);
            const bool is_time = parameter.type == sandbox::FaultParameterType::milliseconds;
            if (parameter.required)
                add.insert(add.end(), {"--" + flag, std::string(parameter.example) + (is_time ? "ms" : "")});
        }
        EXPECT_EQ(text(one_line(add), "kind"), kind.name);
    }
}

TEST_F(ToolControl, faults_are_removed_by_id_and_all_at_once) {
    const auto first = one_line({"fault", "stall", "--path", "/a"}).at("id");
    one_line({"fault", "stall", "--path", "/b"});
    one_line({"fault", "stall", "--path", "/c"});
    const std::string id = first.is_string() ? std::string(first.as_string().c_str()) : boost::json::serialize(first);
    EXPECT_EQ(sandbox_command({"fault", "remove", id}).status, 0);
    EXPECT_EQ(faults().size(), 2u);
    const auto again = sandbox_command({"fault", "remove", id});
    EXPECT_EQ(again.status, 1);
    EXPECT_EQ(again.error_lines(), 1) << again.errors;
    EXPECT_EQ(sandbox_command({"fault", "remove", "--all"}).status, 0);
    EXPECT_EQ(faults().size(), 0u);
}

TEST_F(ToolControl, a_refusal_of_the_sandbox_is_one_line) {
    const auto outcome = sandbox_command({"fault", "status", "--status", "200"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.lines, std::vector<std::string>{});
    EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
    EXPECT_NE(outcome.errors.find("status"), std::string::npos) << outcome.errors;
    EXPECT_NE(outcome.errors.find("400"), std::string::npos) << outcome.errors;
}

TEST_F(ToolControl, errors_contain_no_webhook_token) {
    const auto outcome = run("intent", {"api", "POST", "/webhooks/1/s3cret", "--as", "alice"}, sandbox.environment());
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.errors.find("POST /as/alice/webhooks/1/{token}: "), std::string::npos) << outcome.errors;
    EXPECT_EQ(outcome.errors.find("s3cret"), std::string::npos) << outcome.errors;
}

TEST_F(ToolControl, state_and_sessions_list_the_connected_users) {
    Program listen("intent", {"listen"}, sandbox.environment());
    ASSERT_TRUE(listen.wait_type("ready")) << listen.errors();
    const auto state = one_line({"state", "--json"});
    EXPECT_EQ(state.at("servers").at(0).at("name"), "Sandbox");
    const auto sessions = one_line({"sessions", "--json"}).at("sessions").as_array();
    ASSERT_EQ(sessions.size(), 1u);
    EXPECT_EQ(sessions.front().at("user"), "bot");
    EXPECT_EQ(sessions.front().at("connected"), true);

    const auto table = sandbox_command({"sessions"});
    ASSERT_EQ(table.lines.size(), 2u) << table.errors;
    EXPECT_NE(table.lines[1].find("bot"), std::string::npos);
    EXPECT_NE(table.lines[1].find("yes"), std::string::npos);
    const auto overview = sandbox_command({"state"});
    EXPECT_TRUE(std::ranges::any_of(overview.lines, [](const auto& line) {
        return line.starts_with("channel") && line.find("general") != line.npos;
    }));
}

TEST_F(ToolControl, a_snapshot_restores_the_state_before_a_reset) {
    const std::string channel = sandbox.general();
    const auto messages = [&] {
        const auto answer =
            run("intent", {"api", "GET", "/channels/" + sandbox.general() + "/messages"}, sandbox.environment());
        return answer.lines.empty() ? answer.errors : answer.lines.front();
    };
    ASSERT_EQ(run("intent", {"send", channel, "remember me"}, sandbox.environment()).status, 0);
    const TemporaryFile file;
    namespace fs = std::filesystem;
    fs::permissions(file.path(), fs::perms::group_read | fs::perms::others_read, fs::perm_options::add);
    EXPECT_EQ(sandbox_command({"snapshot", file.path()}).status, 0);
    EXPECT_TRUE(file.content().starts_with("SQLite format 3"));
    EXPECT_EQ(fs::status(file.path()).permissions(), fs::perms::owner_read | fs::perms::owner_write)
        << "tokens are for their owner alone";

    EXPECT_EQ(sandbox_command({"reset"}).status, 0);
    EXPECT_EQ(messages(), "[]");
    EXPECT_EQ(sandbox_command({"restore", file.path()}).status, 0);
    EXPECT_NE(messages().find("remember me"), std::string::npos);
}

TEST_F(ToolControl, an_invalid_snapshot_is_refused_and_changes_nothing) {
    const TemporaryFile file("a letter\n");
    const auto refused = sandbox_command({"restore", file.path()});
    EXPECT_EQ(refused.status, 2);
    EXPECT_EQ(refused.error_lines(), 1) << refused.errors;
    const auto nowhere = sandbox_command({"snapshot", "/does/not/exist"});
    EXPECT_EQ(nowhere.status, 1);
    const auto device = sandbox_command({"snapshot", "/dev/null"});
    EXPECT_EQ(device.status, 1);
    EXPECT_NE(device.errors.find("/dev/null: not a regular file"), std::string::npos) << device.errors;
    EXPECT_NE(nowhere.errors.find("/does/not/exist: cannot be made: No such file"), std::string::npos)
        << nowhere.errors;
}

TEST(ToolControlClock, a_clock_that_stands_still_moves_on_request) {
    SandboxProgram still(std::vector<std::string>{"--clock"});
    const auto advance = [&](const char* time) {
        const auto outcome = run("intent", {"sandbox", "advance", time}, still.environment());
        EXPECT_EQ(outcome.status, 0) << outcome.errors;
        const auto now = outcome.lines.empty() ? std::nullopt : parse_timestamp(outcome.lines.front());
        return now.value_or(Timestamp());
    };
    const Timestamp begin = advance("0s");
    EXPECT_EQ(advance("2h"), begin + std::chrono::hours(2));

    const auto unmet = run("intent", {"expect", "--send", "x", "--want", "y", "--advance", "1h", "--within", "1ms"},
                           still.environment());
    EXPECT_EQ(unmet.status, 8) << unmet.errors;
    EXPECT_EQ(advance("0s"), begin + std::chrono::hours(3));
    EXPECT_EQ(run("intent", {"sandbox", "advance", "soon"}, still.environment()).status, 2);
}

TEST(ToolControlAway, a_missing_sandbox_is_reported_with_advice) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"sandbox", "reset"},
                                                  {"trigger", "TYPING_START"},
                                                  {"replay", "/dev/null"},
                                                  {"record", "/dev/null"},
                                                  {"expect", "--want", "x"},
                                                  {"api", "GET", "/servers", "--as", "alice"}}) {
        auto all = words;
        all.insert(all.end(), {"--rest", "http://127.0.0.1:1/api/v1"});
        const auto outcome = run("intent", all);
        EXPECT_EQ(outcome.status, 1) << words.front();
        EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
        EXPECT_NE(outcome.errors.find("is `intent sandbox` running?"), std::string::npos) << outcome.errors;
    }
}

}  // namespace

}  // namespace intent::test::control_test
