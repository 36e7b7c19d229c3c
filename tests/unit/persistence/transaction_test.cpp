// Transactions, and the calls after changes.
#include <intent/errors.hpp>
#include <intent/settings.hpp>
#include <intent/task.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace intent::settings_transaction_test {
namespace {

const Setting<std::int64_t> coins("coins");
const Setting<std::string> note("note", "-");
const UserId alice{1};
const UserId bob{2};

static_assert(detail::CoroutineResult<task<>>);
static_assert(detail::CoroutineResult<task<int>>);
static_assert(!detail::CoroutineResult<void>);
static_assert(!detail::CoroutineResult<std::string>);

TEST(SettingsTransaction, commits_all_changes_and_returns_what_the_function_returns) {
    Settings settings(":memory:");
    settings.set(coins, alice, 10);
    const std::string result = settings.transaction([](Settings::Transaction& t) -> std::string {
        t.add(coins, alice, -4);
        t.add(coins, bob, 4);
        EXPECT_EQ(t.get(coins, alice), 6);
        t.set(note, alice, "paid");
        EXPECT_EQ(t.all(coins).size(), 2u);
        return "done";
    });
    EXPECT_EQ(result, "done");
    EXPECT_EQ(settings.get(coins, alice), 6);
    EXPECT_EQ(settings.get(coins, bob), 4);
    EXPECT_EQ(settings.get(note, alice), "paid");
}

TEST(SettingsTransaction, an_exception_undoes_everything_also_in_the_cache) {
    Settings settings(":memory:", SettingsOptions().migration(1, "CREATE TABLE notes (text TEXT)"));
    settings.set(coins, alice, 10);
    settings.set(note, bob, "x");
    EXPECT_THROW(settings.transaction([](Settings::Transaction& t) {
        t.add(coins, alice, -4);
        t.set(coins, bob, 4);
        t.reset(note, bob);
        t.database().run("INSERT INTO notes VALUES ('y')");
        throw std::runtime_error("no");
    }),
                 std::runtime_error);
    EXPECT_EQ(settings.get(coins, alice), 10);
    EXPECT_EQ(settings.find(coins, bob), std::nullopt);
    EXPECT_EQ(settings.get(note, bob), "x");
    EXPECT_TRUE(settings.database().rows<std::string>("SELECT text FROM notes").empty());
}

TEST(SettingsTransaction, the_settings_are_refused_inside_a_transaction_and_usable_after_it) {
    Settings settings(":memory:");
    settings.set(coins, alice, 1);
    settings.transaction([&](Settings::Transaction& t) {
        EXPECT_THROW(settings.get(coins, alice), UsageError);
        EXPECT_THROW(settings.set(coins, alice, 2), UsageError);
        EXPECT_THROW(settings.transaction([](Settings::Transaction&) {}), UsageError);
        t.set(coins, alice, 3);
    });
    settings.update(note, alice, [&](std::string text) {
        EXPECT_THROW(settings.get(note, alice), UsageError);
        return text;
    });
    EXPECT_EQ(settings.get(coins, alice), 3);
}

TEST(SettingsTransaction, concurrent_additions_lose_nothing) {
    Settings settings(":memory:", SettingsOptions().cached_values(1));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&settings] {
            for (int n = 0; n < 250; ++n) {
                settings.add(coins, alice, 1);
                settings.update(coins, bob, [](std::int64_t value) { return value + 2; });
                settings.get(coins, alice);
                settings.get(coins, bob);
            }
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(settings.get(coins, alice), 1000);
    EXPECT_EQ(settings.get(coins, bob), 2000);
}

TEST(SettingsTransaction, readers_see_a_transfer_as_a_whole) {
    Settings settings(":memory:");
    settings.set(coins, alice, 100);
    settings.set(coins, bob, 0);
    std::thread writer([&settings] {
        for (int n = 0; n < 300; ++n)
            settings.transaction([](Settings::Transaction& t) {
                t.add(coins, alice, -1);
                t.add(coins, bob, 1);
            });
    });
    for (int n = 0; n < 300; ++n) {
        std::int64_t sum = 0;
        settings.for_each(coins, [&](SettingOwner, std::int64_t value) { sum += value; });
        EXPECT_EQ(sum, 100);
    }
    writer.join();
    EXPECT_EQ(settings.get(coins, bob), 300);
}

TEST(SettingsChange, functions_are_called_after_the_commit_in_order_with_the_new_value) {
    Settings settings(":memory:");
    std::vector<std::string> calls;
    const auto watch = settings.on_change(note, [&](SettingOwner owner, const std::string& text) {
        calls.push_back(owner.str() + " " + text + " " + settings.get(note, owner));  // committed, and no lock is held
    });
    settings.set(note, alice, "a");
    settings.set(coins, alice, 5);
    settings.transaction([&](Settings::Transaction& t) {
        t.set(note, alice, "b");
        t.set(note, bob, "c");
        EXPECT_EQ(calls.size(), 1u);
    });
    settings.reset(note, alice);
    settings.reset(note, alice);
    EXPECT_THROW(settings.transaction([](Settings::Transaction& t) {
        t.set(note, alice, "d");
        throw 1;
    }),
                 int);
    settings.forget(bob);
    EXPECT_EQ(calls, (std::vector<std::string>{"user 1 a a", "user 1 b b", "user 2 c c", "user 1 - -", "user 2 - -"}));
}

TEST(SettingsChange, a_watch_ends_with_its_object_and_may_end_inside_a_call) {
    Settings settings(":memory:");
    int calls = 0;
    {
        const auto watch = settings.on_change(coins, [&](SettingOwner, std::int64_t) { ++calls; });
        settings.set(coins, alice, 1);
    }
    settings.set(coins, alice, 2);
    EXPECT_EQ(calls, 1);

    SettingWatch second;
    SettingWatch first = settings.on_change(coins, [&](SettingOwner, std::int64_t) {
        ++calls;
        first.end();
        second.end();
    });
    second = settings.on_change(coins, [&](SettingOwner, std::int64_t) { calls += 100; });
    settings.set(coins, alice, 3);
    settings.set(coins, alice, 4);
    EXPECT_EQ(calls, 2);
}

TEST(SettingsChange, a_function_may_change_settings_and_its_calls_come_afterwards) {
    Settings settings(":memory:");
    std::vector<std::int64_t> seen;
    const auto watch = settings.on_change(coins, [&](SettingOwner owner, std::int64_t value) {
        seen.push_back(value);
        if (value < 3) settings.set(coins, owner, value + 1);
        seen.push_back(-value);
    });
    settings.set(coins, alice, 1);
    EXPECT_EQ(seen, (std::vector<std::int64_t>{1, -1, 2, -2, 3, -3}));
}

/// Keeps the lines.
class Lines final : public LogSink {
public:
    bool enabled(LogLevel level, std::string_view) const noexcept override { return level >= LogLevel::error; }
    void write(const LogRecord& record) override { lines.push_back(std::string(record.text)); }
    std::vector<std::string> lines;
};

TEST(SettingsChange, what_a_function_throws_is_logged_and_the_others_are_called) {
    const auto log = std::make_shared<Lines>();
    Settings settings(":memory:", SettingsOptions().log(log));
    int calls = 0;
    const auto bad = settings.on_change(coins, [](SettingOwner, std::int64_t) { throw std::runtime_error("oops"); });
    const auto good = settings.on_change(coins, [&](SettingOwner, std::int64_t) { ++calls; });
    settings.set(coins, alice, 1);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(log->lines, std::vector<std::string>{"a function of on_change(\"coins\") threw: oops"});
}

TEST(SettingsChange, the_last_call_has_the_last_value_whatever_the_threads_do) {
    Settings settings(":memory:");
    std::int64_t last = 0;
    int calls = 0;
    {
        const auto watch = settings.on_change(coins, [&](SettingOwner, std::int64_t value) {
            EXPECT_EQ(value, last + 1);
            last = value;
            ++calls;
        });
        std::vector<std::thread> threads;
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([&settings] {
                for (int n = 0; n < 200; ++n)
                    settings.add(coins, alice, 1);
            });
        for (auto& thread : threads)
            thread.join();
    }
    EXPECT_EQ(calls, 600);
    EXPECT_EQ(last, 600);
}

}  // namespace
}  // namespace intent::settings_transaction_test
