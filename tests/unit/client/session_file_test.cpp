// What is left for the next process, and what of it is believed.
#include "client/resume/session_file.hpp"

#include "net/file.hpp"
#include "session/saved_file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/waiting.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace intent::client::session_file_test {
namespace {

using namespace std::chrono_literals;

constexpr const char* token = "bot_c2VjcmV0";

Timestamp at(int second) { return Timestamp(std::chrono::seconds(second)); }

struct World {
    SessionFile::Settings settings(const char* with_token = token) {
        return {.path = folder.file("session"),
                .gateway = "wss://gateway.example/",
                .token = [with_token] { return Token(with_token); },
                .log = [this](LogLevel, const std::string& text) { log.add(text); },
                .pause = 1ms};
    }
    std::string path() const { return folder.file("session"); }

    /// Leaves a session at a number, as a process does that ends in an orderly way.
    void leave(std::string id, std::uint64_t seq) {
        SessionFile file(settings());
        file.start();
        file.progress().begin(std::move(id), at(1));
        file.progress().accept(seq, at(100)).reset();
    }

    /// What a new process finds.
    std::optional<session::SavedSession> found(const char* with_token = token) {
        SessionFile file(settings(with_token));
        const auto session = file.load(Token(with_token));
        file.start();  // its thread reports what was wrong with the file
        return session;
    }

    bool logged(std::string_view text) const {
        for (const auto& line : log.all())
            if (line.find(text) != std::string::npos) return true;
        return false;
    }

    test::TemporaryFolder folder;
    test::Recorder<std::string> log;
};

TEST(SessionFile, what_one_process_leaves_the_next_one_finds) {
    World world;
    EXPECT_FALSE(world.found()) << "a first start";
    world.leave("s1", 42);
    EXPECT_EQ(world.found(), (session::SavedSession{"s1", 42}));
    SessionFile file(world.settings());
    file.load(Token(token));
    EXPECT_EQ(file.loaded_time(), at(100));
    EXPECT_EQ(file.progress().position(), (Position{"s1", 42, at(100)}));
    EXPECT_EQ(world.log.count(), 0u);

    const auto rights = std::filesystem::status(world.path()).permissions();
    EXPECT_EQ(rights, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_FALSE(std::filesystem::exists(world.path() + ".new"));
}

TEST(SessionFile, what_was_handled_behind_the_position_is_found_too) {
    World world;
    {
        SessionFile file(world.settings());
        file.start();
        file.progress().begin("s1", at(1));
        auto first = file.progress().accept(1, at(2));
        auto second = file.progress().accept(2, at(2));
        file.progress().accept(3, at(2)).reset();
        file.progress().accept(4, at(2)).reset();
        auto fifth = file.progress().accept(5, at(2));
        file.progress().accept(6, at(2)).reset();
        for (const auto& pending : {first, second, fifth})
            pending->abandon();
    }
    EXPECT_NE(test::content_of(world.path()).find(R"("version":1)"), std::string::npos) << "older builds read it";
    EXPECT_NE(test::content_of(world.path()).find(R"("handled":[2,2,1,1])"), std::string::npos);
    SessionFile file(world.settings());
    EXPECT_EQ(file.load(Token(token)), (session::SavedSession{"s1", 0}));
    EXPECT_EQ(file.progress().position(), (Position{"s1", 0, at(1), {{3, 4}, {6, 6}}}));
    for (std::uint64_t seq = 1; seq <= 7; ++seq) {
        const bool handled = seq == 3 || seq == 4 || seq == 6;
        EXPECT_EQ(file.progress().handled_before(seq), handled) << seq;
        if (!handled) file.progress().accept(seq, at(3)).reset();
    }
    EXPECT_EQ(file.progress().position(), (Position{"s1", 7, at(3)}));
}

TEST(SessionFile, of_an_older_build_is_read_and_invalid_runs_are_not) {
    World world;
    world.leave("s1", 42);
    const auto content = test::content_of(world.path());
    const auto with = [&](const std::string& runs) {
        auto text = content;
        const std::string member = R"("handled":[])";
        const auto place = text.find(member);
        EXPECT_NE(place, std::string::npos) << text;
        if (place == std::string::npos) return text;
        return text.replace(place, member.size(), runs);
    };
    auto older = with("");
    older.erase(older.find_last_of(','), 1);
    std::string many;
    for (std::size_t i = 0; i <= session::SavedFile::max_runs; ++i)
        many += (i == 0 ? "1" : ",1");
    struct Row {
        std::string content;
        std::string problem;
    };
    const std::vector<Row> rows{
        {older, ""},
        {with(R"("handled":[1,18446744073709551600])"), "handled: sequence numbers exceed 64 bits"},
        {with(R"("handled":[1])"), "handled: an odd number of runs"},
        {with(R"("handled":[0,1])"), "handled: a run of 0 events"},
        {with(R"("handled":[1,-1])"), "handled"},
        {with(R"("handled":{})"), "handled"},
        {with(R"("handled":[)" + many + "]"), "handled: 16385 runs; must be at most 16384"},
    };
    for (const auto& row : rows) {
        test::write_content(world.path(), row.content);
        EXPECT_EQ(world.found().has_value(), row.problem.empty()) << row.content.substr(0, 400);
        if (!row.problem.empty()) {
            EXPECT_NE(world.log.all().back().find("ignored: " + row.problem), std::string::npos)
                << world.log.all().back();
        }
    }
}

TEST(SessionFile, it_is_written_while_events_flow_and_not_for_what_is_not_done) {
    World world;
    SessionFile file(world.settings());
    file.start();
    file.progress().begin("s1", at(1));
    EXPECT_TRUE(test::eventually([&] { return world.found() == session::SavedSession{"s1", 0}; }));
    auto slow = file.progress().accept(1, at(2));
    file.progress().accept(2, at(3)).reset();
    slow.reset();
    EXPECT_TRUE(test::eventually([&] { return world.found() == session::SavedSession{"s1", 2}; }));
    auto never = file.progress().accept(3, at(4));
    file.finish();
    EXPECT_EQ(world.found(), (session::SavedSession{"s1", 2}));
}

TEST(SessionFile, many_changes_are_few_writings) {
    World world;
    auto settings = world.settings();
    settings.pause = 10min;
    SessionFile file(std::move(settings));
    file.start();
    file.progress().begin("s1", at(1));
    EXPECT_TRUE(test::eventually([&] { return world.found().has_value(); }));
    const auto before = test::content_of(world.path());
    for (std::uint64_t seq = 1; seq <= 1000; ++seq)
        file.progress().accept(seq, at(2)).reset();
    EXPECT_EQ(test::content_of(world.path()), before);
    file.finish();
    EXPECT_EQ(world.found(), (session::SavedSession{"s1", 1000})) << "the end waits for no pause";
}

TEST(SessionFile, the_token_is_not_in_it_and_another_one_finds_nothing) {
    World world;
    world.leave("s1", 42);
    const auto content = test::content_of(world.path());
    EXPECT_EQ(content.find("c2VjcmV0"), std::string::npos);
    EXPECT_FALSE(world.found("bot_b3RoZXI"));
    EXPECT_TRUE(world.logged("another token"));
    world.leave("s1", 42);
    const auto again = session::read_saved_file(test::content_of(world.path()));
    ASSERT_TRUE(again);
    EXPECT_NE(again->fingerprint, session::read_saved_file(content)->fingerprint) << "a new salt each time";
}

TEST(SessionFile, another_gateways_is_ignored) {
    World world;
    world.leave("s1", 42);
    auto settings = world.settings();
    settings.gateway = "ws://localhost:8080/gateway";
    SessionFile file(std::move(settings));
    EXPECT_FALSE(file.load(Token(token)));
    file.start();
    file.finish();
    EXPECT_TRUE(world.logged("another gateway"));
    EXPECT_FALSE(file.progress().position());
}

TEST(SessionFile, cut_at_any_byte_it_is_ignored_with_a_warning) {
    World world;
    world.leave("s1", 42);
    const auto whole = test::content_of(world.path());
    for (std::size_t length = 0; length + 1 < whole.size(); ++length) {  // without its line break it is whole
        test::write_content(world.path(), whole.substr(0, length));
        const auto before = world.log.count();
        EXPECT_FALSE(world.found()) << length;
        EXPECT_EQ(world.log.count(), before + 1) << length;
    }
}

TEST(SessionFile, nonsense_another_version_and_a_huge_one_are_ignored_and_replaced) {
    World world;
    world.leave("s1", 42);
    auto future = *session::read_saved_file(test::content_of(world.path()));
    future.version = 2;
    for (const auto& content : std::vector<std::string>{session::write_saved_file(future), "[]", "\xff\xfe", "{}",
                                                        std::string(1 << 20, ' ')}) {
        test::write_content(world.path(), content);
        const auto before = world.log.count();
        EXPECT_FALSE(world.found()) << content.substr(0, 100);
        EXPECT_EQ(world.log.count(), before + 1);
        world.leave("s2", 7);
        EXPECT_EQ(world.found(), (session::SavedSession{"s2", 7}));
    }
}

TEST(SessionFile, a_place_that_cannot_be_written_is_told_of_and_harms_nothing) {
    World world;
    auto settings = world.settings();
    settings.path = world.folder.file("missing/session");
    SessionFile file(std::move(settings));
    EXPECT_FALSE(file.load(Token(token)));
    file.start();
    file.progress().begin("s1", at(1));
    EXPECT_TRUE(world.log.wait_for([&](const auto& lines) {
        return !lines.empty() && lines.back().find("cannot be made: No such file") != std::string::npos;
    }));
    file.finish();

    auto folder = world.settings();
    folder.path = world.folder.file("");
    SessionFile no_file(std::move(folder));
    EXPECT_FALSE(no_file.load(Token(token)));
    no_file.start();
    no_file.finish();
    EXPECT_TRUE(world.logged("not a regular file"));
}

TEST(File, is_replaced_whole_whatever_an_earlier_crash_left) {
    test::TemporaryFolder folder;
    const auto path = folder.file("f");
    EXPECT_FALSE(net::read_file(path, 100).content);
    EXPECT_EQ(net::read_file(path, 100).problem, "");
    test::write_content(path + ".new", "half of it");
    EXPECT_EQ(net::replace_file(path, "one"), "");
    EXPECT_EQ(net::replace_file(path, "two"), "");
    EXPECT_EQ(net::read_file(path, 3).content, "two");
    EXPECT_NE(net::read_file(path, 2).problem, "");

    test::write_content(folder.file("other"), "somebody's");
    std::filesystem::create_symlink(folder.file("other"), path + ".new");
    EXPECT_EQ(net::replace_file(path, "three"), "");
    EXPECT_EQ(test::content_of(folder.file("other")), "somebody's");
    EXPECT_EQ(test::content_of(path), "three");
}

std::string refusal(SessionFile& file) {
    try {
        file.lock();
        return "";
    } catch (const UsageError& error) {
        return error.what();
    }
}

TEST(SessionFile, is_locked_until_it_is_written_for_the_last_time) {
    World world;
    SessionFile first(world.settings());
    EXPECT_EQ(refusal(first), "");
    std::string process = test::content_of(world.path() + ".lock");
    process.pop_back();  // the line break
    const std::string in_use = "session_file " + world.path() + ": in use by process " + process +
                               "; end that client first, or give each client a file of its own";
    first.start();
    first.progress().begin("s1", at(1));
    first.progress().accept(42, at(2)).reset();

    SessionFile second(world.settings());
    EXPECT_EQ(refusal(second), in_use);
    std::filesystem::create_symlink(world.folder.path(), world.folder.file("again"));
    auto settings = world.settings();
    settings.path = world.folder.file("again/session");
    SessionFile other_path(std::move(settings));
    EXPECT_NE(refusal(other_path), "");

    first.finish();
    EXPECT_EQ(refusal(second), "");
    EXPECT_EQ(second.load(Token(token)), (session::SavedSession{"s1", 42}));
    EXPECT_EQ(refusal(first), in_use);
}

TEST(SessionFile, is_whole_and_free_after_a_log_sink_on_its_own_thread_has_finished_it) {
    World world;
    test::write_content(world.path(), "nonsense");
    SessionFile* finishing = nullptr;
    std::latch started(1);
    test::Recorder<std::string> seen;
    auto settings = world.settings();
    settings.log = [&](LogLevel, const std::string&) {
        started.wait();
        finishing->finish();
        SessionFile next(world.settings());
        seen.add(refusal(next));
        seen.add(next.load(Token(token)).value_or(session::SavedSession{}).session_id);
    };
    SessionFile file(std::move(settings));
    finishing = &file;
    EXPECT_EQ(refusal(file), "");
    EXPECT_FALSE(file.load(Token(token)));
    file.progress().begin("s1", at(1));
    file.progress().accept(42, at(2)).reset();
    file.start();
    started.count_down();
    ASSERT_TRUE(seen.wait_count(2));
    EXPECT_EQ(seen.all(), (std::vector<std::string>{"", "s1"}));
}

class MemoryStore final : public SessionStore {
public:
    std::string read() override {
        if (fails) throw std::runtime_error("no connection");
        return content;
    }
    void write(const std::string& text) override {
        if (fails) throw std::runtime_error("no connection");
        content = text;
    }
    std::string content;
    bool fails = false;
};

TEST(SessionFile, a_store_takes_its_place) {
    World world;
    const auto store = std::make_shared<MemoryStore>();
    auto settings = world.settings();
    settings.path = "";
    settings.store = store;
    {
        SessionFile file(settings);
        file.lock();
        EXPECT_FALSE(file.load(Token(token)));
        file.start();
        file.progress().begin("s1", at(1));
        file.progress().accept(42, at(2)).reset();
    }
    EXPECT_EQ(store->content.find(token), std::string::npos);
    SessionFile next(settings);
    EXPECT_EQ(next.load(Token(token)), (session::SavedSession{"s1", 42}));
    EXPECT_EQ(world.log.count(), 0u);

    store->fails = true;
    SessionFile without(settings);
    EXPECT_FALSE(without.load(Token(token)));
    without.start();
    without.progress().begin("s2", at(1));
    without.finish();
    EXPECT_TRUE(world.logged("session_store: ignored: cannot be read: no connection"));
    EXPECT_TRUE(world.logged("session_store: cannot be written: no connection"));
}

TEST(SessionFile, is_used_with_a_warning_where_it_cannot_be_locked) {
    World world;
    world.leave("s1", 42);
    std::filesystem::create_directory(world.path() + ".lock");  // as on a file system that does not support it
    SessionFile file(world.settings());
    EXPECT_EQ(refusal(file), "");
    EXPECT_EQ(file.load(Token(token)), (session::SavedSession{"s1", 42}));
    file.start();
    file.finish();
    EXPECT_TRUE(world.logged("nothing keeps two clients from using it"));
}

}  // namespace
}  // namespace intent::client::session_file_test
