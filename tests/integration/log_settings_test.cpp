// The log of a program: its settings in the environment, and what it writes to standard error.
#include "tests/support/temporary_folder.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

namespace intent::log_settings_test {
namespace {

/// Sets the variables of a bot for as long as it lives.
class Variables {
public:
    Variables(const char* levels, const char* format) {
        ::setenv("INTENT_TOKEN", "bot_dGVzdA", 1);
        if (levels) ::setenv("INTENT_LOG", levels, 1);
        if (format) ::setenv("INTENT_LOG_FORMAT", format, 1);
    }
    ~Variables() {
        for (const char* const name : {"INTENT_TOKEN", "INTENT_LOG", "INTENT_LOG_FORMAT"})
            ::unsetenv(name);
    }
    Variables(const Variables&) = delete;
    Variables& operator=(const Variables&) = delete;
};

/// What `work` writes to standard error, which is a file meanwhile.
std::string written_by(const std::function<void()>& work) {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("errors");
    const int before = ::dup(STDERR_FILENO);
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ::dup2(file, STDERR_FILENO);
    work();
    ::dup2(before, STDERR_FILENO);
    ::close(file);
    ::close(before);
    return test::content_of(path);
}

std::string line_of(const char* format) {
    const Variables variables("rest=debug", format);
    return written_by([] {
        const auto log = options_from_env().log;
        log->write({.level = LogLevel::debug, .component = "rest", .text = "sent"});
    });
}

std::string refusal(const char* levels, const char* format) {
    const Variables variables(levels, format);
    try {
        options_from_env();
    } catch (const ConfigError& error) {
        return error.what();
    }
    return {};
}

TEST(LogSettings, levels_come_from_the_environment) {
    {
        const Variables variables("info,gateway=trace", nullptr);
        const auto log = options_from_env().log;
        EXPECT_TRUE(log->enabled(LogLevel::trace, "gateway"));
        EXPECT_TRUE(log->enabled(LogLevel::info, "client"));
        EXPECT_FALSE(log->enabled(LogLevel::debug, "client"));
    }
    for (const char* const levels : {static_cast<const char*>(nullptr), ""}) {
        const Variables variables(levels, nullptr);
        EXPECT_TRUE(options_from_env().log->enabled(LogLevel::warn, "client"));
        EXPECT_FALSE(options_from_env().log->enabled(LogLevel::info, "client"));
    }
}

TEST(LogSettings, that_are_wrong_are_refused_with_the_variable) {
    EXPECT_EQ(refusal("gatway=info", nullptr).rfind("INTENT_LOG: \"gatway=info\": \"gatway\" is not a component; ", 0),
              0u)
        << refusal("gatway=info", nullptr);
    EXPECT_EQ(refusal(nullptr, "xml"),
              "INTENT_LOG_FORMAT: \"xml\" is not a format; formats are automatic, logfmt and json");
}

TEST(LogSettings, lines_are_json_unless_standard_error_is_a_terminal_or_a_format_is_set) {
    for (const char* const format : {static_cast<const char*>(nullptr), "automatic", "json"})
        EXPECT_EQ(line_of(format).substr(35), R"("level":"debug","component":"rest","msg":"sent"})"
                                              "\n")
            << line_of(format);
    EXPECT_EQ(line_of("logfmt").substr(30), "level=debug component=rest msg=\"sent\"\n");
}

}  // namespace
}  // namespace intent::log_settings_test
