// What the log writes, in which levels, and that hostile text stays text.
#include "client/values/line_log.hpp"
#include "text/display.hpp"
#include "text/utf8.hpp"

#include <intent/errors.hpp>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace intent::client::log_test {
namespace {

using namespace std::chrono_literals;

const Timestamp noon = Timestamp(1705320000123ms);

std::string refusal(const std::function<void()>& call) {
    try {
        call();
    } catch (const ConfigError& error) {
        return error.what();
    }
    return {};
}

TEST(LogLevels, are_read_for_all_components_and_for_single_ones) {
    const auto levels = parse_log_levels("warn, gateway=debug,rest = info,bot.shop=trace");
    EXPECT_TRUE(levels.enabled(LogLevel::debug, "gateway"));
    EXPECT_FALSE(levels.enabled(LogLevel::trace, "gateway"));
    EXPECT_TRUE(levels.enabled(LogLevel::info, "rest"));
    EXPECT_FALSE(levels.enabled(LogLevel::debug, "rest"));
    EXPECT_TRUE(levels.enabled(LogLevel::trace, "bot.shop"));
    EXPECT_FALSE(levels.enabled(LogLevel::info, "client"));
    EXPECT_TRUE(levels.enabled(LogLevel::warn, "client"));
    EXPECT_TRUE(levels.enabled(LogLevel::error, "of nobody"));
}

TEST(LogLevels, without_a_level_for_all_keep_the_default) {
    EXPECT_EQ(parse_log_levels("").lowest, LogLevel::warn);
    EXPECT_EQ(parse_log_levels("  ").lowest, LogLevel::warn);
    EXPECT_EQ(parse_log_levels("gateway=debug", LogLevel::error).lowest, LogLevel::error);
    EXPECT_EQ(parse_log_levels("gateway=debug,trace").lowest, LogLevel::trace);
    EXPECT_TRUE(parse_log_levels("rest=error,rest=debug").enabled(LogLevel::debug, "rest")) << "the last one counts";
}

TEST(LogLevels, that_are_wrong_are_named_with_what_is_allowed) {
    const std::string allowed =
        "; levels are trace, debug, info, warn, error; components are client, gateway, rest, settings, sandbox, relay, "
        "bot, and names that begin with \"bot.\"; an example: warn,gateway=debug";
    struct Row {
        const char* text;
        const char* problem;
    };
    for (const Row& row :
         {Row{"warn,gatway=debug", R"("gatway=debug": "gatway" is not a component)"},
          Row{"loud", R"("loud": "loud" is not a level)"},
          Row{"warn,rest=WARN", R"("rest=WARN": "WARN" is not a level)"}, Row{"warn,", R"("": "" is not a level)"},
          Row{"rest=", R"("rest=": "" is not a level)"}, Row{"=info", R"("=info": "" is not a component)"},
          Row{"bots=info", R"("bots=info": "bots" is not a component)"},
          Row{"rest=info=debug", R"("rest=info=debug": "info=debug" is not a level)"},
          Row{"rest=\x1b[2J", R"("rest=\x1b[2J": "\x1b[2J" is not a level)"}}) {
        EXPECT_EQ(refusal([&] { static_cast<void>(parse_log_levels(row.text)); }), row.problem + allowed);
    }
    EXPECT_LT(refusal([] { static_cast<void>(parse_log_levels(std::string(100'000, 'x'))); }).size(), 1000u);
}

TEST(LogFormat, is_read_or_refused_by_name) {
    EXPECT_EQ(parse_log_format("json"), LogFormat::json);
    EXPECT_EQ(parse_log_format("logfmt "), LogFormat::logfmt);
    EXPECT_EQ(parse_log_format("automatic"), LogFormat::automatic);
    EXPECT_EQ(refusal([] { static_cast<void>(parse_log_format("xml")); }),
              "\"xml\" is not a format; formats are automatic, logfmt and json");
}

TEST(LogLine, in_logfmt) {
    EXPECT_EQ(logfmt_line(noon, {LogLevel::info, "gateway", "ready"}, Colours::off),
              "time=2024-01-15T12:00:00.123Z level=info component=gateway msg=\"ready\"\n");
    EXPECT_EQ(logfmt_line(noon, {LogLevel::warn, "bot.shop", R"(say "hi" \o/)", "0af7"}, Colours::off),
              R"(time=2024-01-15T12:00:00.123Z level=warn component=bot.shop msg="say \"hi\" \\o/" trace=0af7)"
              "\n");
    EXPECT_EQ(logfmt_line(noon, {LogLevel::error, "rest", "x"}, Colours::on),
              "time=2024-01-15T12:00:00.123Z level=\x1b[31merror\x1b[0m component=rest msg=\"x\"\n");
}

TEST(LogLine, in_json) {
    EXPECT_EQ(json_line(noon, {LogLevel::info, "gateway", "ready"}),
              R"({"time":"2024-01-15T12:00:00.123Z","level":"info","component":"gateway","msg":"ready"})"
              "\n");
    EXPECT_EQ(json_line(Timestamp(1705320000s), {LogLevel::trace, "bot", R"(say "hi" \o/)", "0af7"}),
              R"({"time":"2024-01-15T12:00:00.000Z","level":"trace","component":"bot","msg":"say \"hi\" \\o/",)"
              R"("trace":"0af7"})"
              "\n");
}

TEST(LogLine, of_hostile_text_is_one_line_without_control_characters) {
    const std::string hostile =
        std::string("a\nb\rc\td\x1b[2Je\0f\x7fg", 16) + "\xff\xc3" + "h\xe2\x80\xae" + "i\xe2\x80\xa8j";
    const std::string line = logfmt_line(noon, {LogLevel::info, hostile, hostile, hostile}, Colours::off);
    const std::string json = json_line(noon, {LogLevel::info, hostile, hostile, hostile});
    for (const auto& text : {line, json}) {
        EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
        EXPECT_EQ(text.back(), '\n');
        EXPECT_FALSE(text::first_invalid_utf8(text)) << text;
        for (std::string_view rest(text.data(), text.size() - 1); !rest.empty();) {
            const auto step = text::utf8_step(rest);
            EXPECT_FALSE(text::is_active(text::code_point(rest.substr(0, step.length)))) << text;
            rest.remove_prefix(step.length);
        }
    }
    EXPECT_NE(line.find(R"(msg="a b\x0dc d\x1b[2Je\x00f\x7fg\xff\xc3h\u{202e}i\u{2028}j")"), line.npos) << line;
    const auto parsed = boost::json::parse(json).as_object();
    EXPECT_EQ(std::string(parsed.at("msg").as_string()),
              std::string("a\nb\rc\td\x1b[2Je\0f\x7fg", 16) + "\xef\xbf\xbd\xef\xbf\xbdh\xe2\x80\xaei\xe2\x80\xa8j");
}

TEST(LogLine, of_long_text_is_cut_between_characters) {
    std::string text;
    while (text.size() < 1'000'000)
        text += "ü\x1b";
    const LogRecord record{LogLevel::info, text, text, text};
    for (const auto& line : {logfmt_line(noon, record, Colours::off), json_line(noon, record)}) {
        EXPECT_LT(line.size(), 7 * max_log_text);
        EXPECT_NE(line.find("…\""), line.npos);
    }
    static_cast<void>(boost::json::parse(json_line(noon, record)));
}

/// A log that collects its lines.
struct Lines : testing::Test {
    std::shared_ptr<LogSink> make(LogOptions options = {}) {
        LineLog::Output output{.write = [this](std::string_view written) { lines += written; },
                               .format = LogFormat::logfmt};
        return std::make_shared<LineLog>(options, std::move(output), clock);
    }
    std::string messages() const {
        std::string out;
        for (auto at = lines.find("msg="); at != lines.npos; at = lines.find("msg=", at + 1))
            out += lines.substr(at + 4, lines.find('\n', at) - at - 4) + "\n";
        return out;
    }

    TestClock clock{noon};
    std::string lines;
};

TEST_F(Lines, have_the_time_of_the_clock) {
    make()->write({LogLevel::info, "gateway", "ready"});
    EXPECT_EQ(lines, "time=2024-01-15T12:00:00.123Z level=info component=gateway msg=\"ready\"\n");
}

TEST_F(Lines, of_repeats_are_counted_and_the_count_comes_before_the_next_line) {
    const auto log = make({.repeat_limit = 2});
    for (int i = 0; i < 43; ++i)
        log->write({LogLevel::error, "client", "MESSAGE_CREATE seq " + std::to_string(i), "0af7"});
    EXPECT_EQ(messages(), "\"MESSAGE_CREATE seq 0\" trace=0af7\n\"MESSAGE_CREATE seq 1\" trace=0af7\n");
    lines.clear();
    clock.advance(10s);
    log->write({LogLevel::info, "gateway", "ready"});
    EXPECT_EQ(
        lines,
        "time=2024-01-15T12:00:10.123Z level=error component=client msg=\"MESSAGE_CREATE seq 42 (repeated 41 times "
        "in 10 s)\"\ntime=2024-01-15T12:00:10.123Z level=info component=gateway msg=\"ready\"\n");
}

TEST_F(Lines, of_repeats_are_counted_when_the_log_ends) {
    auto log = make({.repeat_limit = 1});
    for (int i = 0; i < 3; ++i)
        log->write({LogLevel::warn, "rest", "failed"});
    clock.advance(2s);
    log.reset();
    EXPECT_EQ(messages(), "\"failed\"\n\"failed (repeated 2 times in 2 s)\"\n");
}

TEST_F(Lines, options_out_of_range_are_refused) {
    EXPECT_EQ(refusal([&] { make({.repeat_interval = 0ms}); }),
              "LogOptions::repeat_interval: 0 ms; must be 1 ms to 24 h");
    EXPECT_EQ(refusal([&] { make({.repeat_interval = 25h}); }),
              "LogOptions::repeat_interval: 90000000 ms; must be 1 ms to 24 h");
    EXPECT_EQ(refusal([&] { stderr_log(LogOptions{.repeat_interval = -1ms}); }),
              "LogOptions::repeat_interval: -1 ms; must be 1 ms to 24 h");
}

TEST_F(Lines, levels_are_those_of_the_options) {
    const auto log = make({.levels = parse_log_levels("error,rest=trace")});
    EXPECT_TRUE(log->enabled(LogLevel::trace, "rest"));
    EXPECT_FALSE(log->enabled(LogLevel::warn, "gateway"));
    const auto standard = stderr_log();
    EXPECT_TRUE(standard->enabled(LogLevel::info, "gateway"));
    EXPECT_FALSE(standard->enabled(LogLevel::debug, "gateway"));
}

}  // namespace
}  // namespace intent::client::log_test
