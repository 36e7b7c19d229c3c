// `intent record` and `intent replay`.
#include "program.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <sstream>
#include <utility>

namespace intent::test::record_test {

namespace {

bool says(const Program& program, std::string_view part) {
    return eventually([&] { return program.errors().find(part) != std::string::npos; });
}

std::vector<Json> entries(const std::string& content) {
    std::vector<Json> all;
    std::istringstream lines(content);
    for (std::string line; std::getline(lines, line);)
        all.push_back(parse_line(line));
    return all;
}

bool has_event(const std::string& content, std::string_view name) {
    return content.find("\"t\":\"" + std::string(name) + "\"") != std::string::npos;
}

TEST(ToolRecord, writes_what_goes_over_the_wire_from_its_start_to_its_end) {
    SandboxProgram sandbox;
    ASSERT_EQ(run("intent", {"get", "/servers"}, sandbox.environment()).status, 0);
    const TemporaryFile file;
    Program record("intent", {"record", file.path()}, sandbox.environment());
    ASSERT_TRUE(says(record, "recording http://")) << record.errors();
    ASSERT_EQ(run("intent", {"get", "/users/@me"}, sandbox.environment()).status, 0);
    ASSERT_TRUE(eventually([&] { return file.content().find("/users/@me") != std::string::npos; }));
    record.signal(SIGINT);
    EXPECT_EQ(record.wait(), 0);
    const auto all = entries(file.content());
    ASSERT_FALSE(all.empty());
    for (const auto& entry : all) {
        const bool request = text(entry, "kind") == "request";
        EXPECT_FALSE(request && text(entry, "path") == "/servers");
    }
    ASSERT_EQ(record.lines().count(), 1u);
    const auto told = parse_line(record.lines().all().front());
    EXPECT_EQ(told.at("recorded"), static_cast<std::int64_t>(all.size()));
    EXPECT_EQ(told.at("missing"), 0);
    EXPECT_EQ(file.content().find(text(sandbox.addresses, "bot_token")), std::string::npos);
}

TEST(ToolRecord, only_the_owner_can_read_a_new_file_and_an_existing_one_keeps_its_mode) {
    namespace fs = std::filesystem;
    constexpr auto owner = fs::perms::owner_read | fs::perms::owner_write;
    SandboxProgram sandbox;
    const TemporaryFolder folder;
    folder.write("old", "");
    fs::permissions(folder.file("old"), owner | fs::perms::group_read);
    for (const char* name : {"new", "old"}) {
        Program record("intent", {"record", folder.file(name)}, sandbox.environment());
        ASSERT_TRUE(says(record, "recording http://")) << record.errors();
        record.signal(SIGINT);
        EXPECT_EQ(record.wait(), 0);
    }
    EXPECT_EQ(fs::status(folder.file("new")).permissions(), owner);
    EXPECT_EQ(fs::status(folder.file("old")).permissions(), owner | fs::perms::group_read);
}

TEST(ToolRecord, all_and_kind_select_the_written_entries) {
    SandboxProgram sandbox;
    ASSERT_EQ(run("intent", {"get", "/servers"}, sandbox.environment()).status, 0);
    Program record("intent", {"record", "-", "--all", "--kind", "request"}, sandbox.environment());
    ASSERT_TRUE(record.lines().wait_value([](const std::string& line) { return line.find("/servers") != line.npos; }));
    record.signal(SIGTERM);
    EXPECT_EQ(record.wait(), 0);
    for (const auto& line : record.lines().all())
        EXPECT_EQ(parse_line(line).at("kind"), "request");
}

TEST(ToolRecord, continues_when_the_sandbox_restarts) {
    const TemporaryFile file;
    auto sandbox = std::make_unique<SandboxProgram>();
    const std::string web = text(sandbox->addresses, "web");
    const std::string port = web.substr(web.rfind(':') + 1, web.size() - web.rfind(':') - 2);
    Program record("intent", {"record", file.path()}, sandbox->environment());
    ASSERT_TRUE(says(record, "recording")) << record.errors();
    for (int i = 0; i < 5; ++i)
        ASSERT_EQ(run("intent", {"get", "/servers"}, sandbox->environment()).status, 0);
    ASSERT_TRUE(eventually([&] { return file.content().find("/servers") != std::string::npos; }));
    sandbox->program().signal(SIGTERM);
    ASSERT_EQ(sandbox->program().wait(), 0);
    ASSERT_TRUE(says(record, "retrying")) << record.errors();

    Program again("intent", {"sandbox", "--json", "--port", port});
    ASSERT_TRUE(again.lines().wait_count(1)) << again.errors();
    const auto addresses = parse_line(again.lines().all().front());
    ASSERT_TRUE(says(record, "is back")) << record.errors();
    ASSERT_EQ(run("intent", {"get", "/users/@me"},
                  {"INTENT_TOKEN=" + text(addresses, "bot_token"), "INTENT_REST_URL=" + text(addresses, "rest")})
                  .status,
              0);
    EXPECT_TRUE(eventually([&] { return file.content().find("/users/@me") != std::string::npos; })) << record.errors();
    record.signal(SIGINT);
    EXPECT_EQ(record.wait(), 0);
}

TEST(ToolRecord, a_file_that_cannot_be_written_is_a_failure) {
    SandboxProgram sandbox;
    const auto outcome = run("intent", {"record", "/does/not/exist"}, sandbox.environment());
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
}

TEST(ToolReplay, replays_each_recorded_event_once_and_in_order) {
    const TemporaryFile file;
    SandboxProgram sandbox;
    {
        // Two sessions of one bot: each event goes over the wire twice.
        Program one("intent", {"listen"}, sandbox.environment());
        Program two("intent", {"listen"}, sandbox.environment());
        ASSERT_TRUE(one.wait_type("ready")) << one.errors();
        ASSERT_TRUE(two.wait_type("ready")) << two.errors();
        Program record("intent", {"record", file.path(), "--kind", "frame"}, sandbox.environment());
        ASSERT_TRUE(says(record, "recording")) << record.errors();
        for (const char* text : {"first", "second", "second"})
            ASSERT_EQ(run("intent", {"send", sandbox.general(), text}, sandbox.environment()).status, 0);
        ASSERT_EQ(run("intent", {"trigger", "TYPING_START"}, sandbox.environment()).status, 0);
        ASSERT_TRUE(eventually([&] { return has_event(file.content(), "TYPING_START"); })) << file.content();
        record.signal(SIGINT);
        EXPECT_EQ(record.wait(), 0);
        for (Program* program : {&one, &two}) {
            program->signal(SIGTERM);
            EXPECT_EQ(program->wait(), 0);
        }
    }
    SandboxProgram other;
    Program listen("intent", {"listen", "--count", "4"}, other.environment());
    ASSERT_TRUE(listen.wait_type("ready")) << listen.errors();
    const auto outcome = run("intent", {"replay", file.path(), "--speed", "max"}, other.environment());
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
    const auto told = parse_line(outcome.lines.at(0));
    EXPECT_EQ(told.at("recorded"), 4);
    EXPECT_EQ(told.at("dispatched"), 4);
    EXPECT_EQ(told.at("unheard"), 0);
    EXPECT_EQ(listen.wait(), 0);
    std::vector<std::string> got;
    for (const auto& line : listen.lines().all()) {
        const auto event = parse_line(line);
        if (!event.contains("seq")) continue;
        const auto* message = event.at("data").as_object().if_contains("message");
        got.push_back(message ? std::string(message->at("content").as_string().c_str()) : text(event, "type"));
    }
    EXPECT_EQ(got, (std::vector<std::string>{"first", "second", "second", "TYPING_START"}));
}

/// A frame of a recording.
std::string frame(int seconds, std::string_view user, int session, int sequence, std::string_view event) {
    const std::string time = "2026-01-15T12:00:0" + std::to_string(seconds) + ".000Z";
    return R"({"n":1,"time":")" + time + R"(","kind":"frame","direction":"out","session":)" + std::to_string(session) +
           R"(,"user":")" + std::string(user) + R"(","op":0,"t":")" + std::string(event) + R"(","s":)" +
           std::to_string(sequence) + R"(,"data":{"n":)" + std::to_string(sequence) + "}}\n";
}

TEST(ToolReplay, keeps_the_recorded_times_at_the_given_speed) {
    SandboxProgram sandbox;
    const TemporaryFile file(frame(0, "bot", 1, 1, "ONE") + frame(9, "bot", 1, 2, "TWO") +
                             R"({"n":3,"kind":"request","path":"/x"})" + "\n" + frame(9, "bot", 1, 2, "TWO"));
    const auto outcome = run("intent", {"replay", file.path(), "--speed", "100x"}, sandbox.environment());
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
    const auto told = parse_line(outcome.lines.at(0));
    EXPECT_EQ(told.at("dispatched"), 2);
    EXPECT_EQ(told.at("unheard"), 2);
    EXPECT_GE(told.at("ms").as_int64(), 90);
    EXPECT_LT(told.at("ms").as_int64(), 9000);
}

TEST(ToolReplay, events_of_unknown_users_need_a_recipient) {
    SandboxProgram sandbox;
    const TemporaryFile file(frame(0, "stranger", 1, 1, "ONE") + frame(0, "friend", 2, 1, "ONE"));
    const auto refused = run("intent", {"replay", file.path()}, sandbox.environment());
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.errors.find("--to"), std::string::npos) << refused.errors;
    const auto given = run("intent", {"replay", file.path(), "--to", "bot"}, sandbox.environment());
    EXPECT_EQ(given.status, 0) << given.errors;
    EXPECT_EQ(parse_line(given.lines.at(0)).at("dispatched"), 1);
}

TEST(ToolReplay, invalid_arguments_are_refused) {
    SandboxProgram sandbox;
    const TemporaryFile letter("a letter\n");
    const std::pair<std::vector<std::string>, const char*> rows[] = {
        {{"/dev/null", "--speed", "fast"}, "--speed fast"},
        {{"/dev/null", "--speed", "0x"}, "--speed 0x"},
        {{"/does/not/exist"}, "No such file"},
        {{letter.path()}, "line 1"},
        {{"/dev/null", "--to", "bott"}, "did you mean bot?"},
    };
    for (auto [words, part] : rows) {
        words.insert(words.begin(), "replay");
        const auto outcome = run("intent", words, sandbox.environment());
        EXPECT_EQ(outcome.status, 2) << part;
        EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
        EXPECT_NE(outcome.errors.find(part), std::string::npos) << outcome.errors;
    }
}

TEST(ToolReplay, a_pause_beyond_the_range_of_the_clock_is_awaited) {
    SandboxProgram sandbox;
    const auto frame = [](int number, const std::string& time) {
        return R"({"n":)" + std::to_string(number) + R"(,"time":")" + time +
               R"(","kind":"frame","direction":"out","op":0,"t":"SOMETHING","s":)" + std::to_string(number) +
               R"(,"session":1,"user":"bot","data":{"n":)" + std::to_string(number) + "}}\n";
    };
    const TemporaryFile file(frame(1, "0001-01-01T00:00:00Z") + frame(2, "9999-01-01T00:00:00Z"));
    Program listening("intent", {"listen", "--raw", "--count", "1", "--event", "SOMETHING"}, sandbox.environment());
    ASSERT_TRUE(listening.wait_type("ready"));
    // In nanoseconds the pause is a number that wraps round to one below 0.
    Program replaying("intent", {"replay", file.path(), "--speed", "0.013x"}, sandbox.environment());
    EXPECT_EQ(listening.wait(), 0);
    replaying.signal(SIGTERM);
    EXPECT_EQ(replaying.wait(), 0);
    ASSERT_EQ(replaying.lines().count(), 1u) << replaying.errors();
    EXPECT_LT(parse_line(replaying.lines().all().front()).at("dispatched").as_int64(), 2);
}

}  // namespace

}  // namespace intent::test::record_test
