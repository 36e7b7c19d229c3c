// Repeated log records are counted, and the count is reported: nothing disappears.
#include "client/values/log_repeats.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace intent::client::log_repeats_test {
namespace {

using namespace std::chrono_literals;

struct Repeats : testing::Test {
    /// Whether the record is written.
    bool feed(std::string_view text, std::string_view component = "client", LogLevel level = LogLevel::warn) {
        std::vector<LogRepeats::Count> due;
        const bool write = machine.on_record(now, {level, component, text}, due);
        note(due);
        return write;
    }
    void finish() { note(machine.finish(now)); }
    void note(const std::vector<LogRepeats::Count>& due) {
        for (const auto& count : due) {
            reported += count.times;
            lines.push_back(count.component + ": " + text_of(count));
        }
    }

    LogRepeats machine{3, 10s};
    LogRepeats::Time now{};
    std::vector<std::string> lines;
    std::uint64_t reported = 0;
};

TEST_F(Repeats, writes_the_first_ones_and_counts_the_rest_until_the_interval_ends) {
    for (int i = 0; i < 44; ++i, now += 100ms)
        EXPECT_EQ(feed("MESSAGE_CREATE seq " + std::to_string(i) + ": failed"), i < 3) << i;
    EXPECT_TRUE(lines.empty());
    now = LogRepeats::Time{} + 10s - 1ms;
    EXPECT_TRUE(feed("another"));
    EXPECT_TRUE(lines.empty());
    now += 1ms;
    EXPECT_TRUE(feed("another"));
    EXPECT_EQ(lines, std::vector<std::string>{"client: MESSAGE_CREATE seq 43: failed (repeated 41 times in 10 s)"});
    EXPECT_TRUE(feed("MESSAGE_CREATE seq 100: failed")) << "a new interval begins";
}

TEST_F(Repeats, texts_that_differ_in_more_than_numbers_are_not_alike) {
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(feed("seq 1 a"));
    EXPECT_FALSE(feed("seq 22 a"));
    EXPECT_TRUE(feed("seq 1 b"));
    EXPECT_TRUE(feed("seq 1 a", "gateway"));
    EXPECT_TRUE(feed("seq 1 a", "client", LogLevel::error));
    EXPECT_TRUE(feed("seq x a"));
    EXPECT_TRUE(feed("seq 1 1 a"));
}

TEST_F(Repeats, errors_are_limited_like_all_others) {
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(feed("failed", "client", LogLevel::error), i < 3);
    finish();
    EXPECT_EQ(lines, std::vector<std::string>{"client: failed (repeated 7 times in 0 s)"});
}

TEST_F(Repeats, finish_reports_what_no_interval_has) {
    for (int i = 0; i < 4; ++i)
        feed("once more");
    now += 1500ms;
    finish();
    EXPECT_EQ(lines, std::vector<std::string>{"client: once more (repeated 1 time in 1500 ms)"});
    finish();
    EXPECT_EQ(lines.size(), 1u);
}

TEST_F(Repeats, nothing_disappears_from_a_flood_of_many_kinds) {
    std::uint64_t written = 0;
    constexpr int records = 20'000;
    for (int i = 0; i < records; ++i, now += 1ms) {
        const std::string kind(1 + static_cast<std::size_t>(i * 7919 % 500), 'x');
        written += feed(i % 3 == 0 ? "always the same" : kind) ? 1 : 0;
    }
    finish();
    EXPECT_EQ(written + reported, static_cast<std::uint64_t>(records));
    EXPECT_GT(reported, 1000u);
}

TEST_F(Repeats, the_first_record_of_a_kind_is_written_however_many_kinds_there_are) {
    for (std::size_t i = 0; i < 3 * LogRepeats::max_kinds; ++i)
        EXPECT_TRUE(feed(std::string(i + 1, 'x')));
}

TEST_F(Repeats, long_texts_are_compared_and_kept_in_part) {
    const std::string start(LogRepeats::max_text, 'x');
    for (int i = 0; i < 4; ++i)
        feed(start + std::string(static_cast<std::size_t>(i), 'y'));
    finish();
    EXPECT_EQ(lines, std::vector<std::string>{"client: " + start + "… (repeated 1 time in 0 s)"});
}

TEST_F(Repeats, a_limit_of_0_writes_everything) {
    LogRepeats all(0, 10s);
    std::vector<LogRepeats::Count> due;
    for (int i = 0; i < 100; ++i)
        EXPECT_TRUE(all.on_record(now, {LogLevel::warn, "client", "same"}, due));
    EXPECT_TRUE(due.empty());
    EXPECT_TRUE(all.finish(now).empty());
}

}  // namespace
}  // namespace intent::client::log_repeats_test
