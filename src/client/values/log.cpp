#include "net/clock.hpp"
#include "text/display.hpp"

#include <intent/log.hpp>
#include <intent/timestamp.hpp>

#include <cstdio>
#include <string>

namespace intent::inline v0 {

namespace {

const char* name_of(LogLevel level) {
    switch (level) {
        case LogLevel::trace:
            return "trace";
        case LogLevel::debug:
            return "debug";
        case LogLevel::info:
            return "info";
        case LogLevel::warn:
            return "warn";
        case LogLevel::error:
            return "error";
    }
    return "";
}

class StderrLog final : public LogSink {
public:
    explicit StderrLog(LogLevel lowest) : lowest_(lowest) {}
    bool enabled(LogLevel level) const noexcept override { return level >= lowest_; }
    void write(const LogRecord& record) override {
        const auto now = std::chrono::floor<std::chrono::milliseconds>(net::system_now());
        std::string line = format_timestamp(std::chrono::time_point_cast<std::chrono::microseconds>(now));
        line += std::string(" ") + name_of(record.level) + " ";
        line.append(record.component).append(": ").append(text::display(record.text)).push_back('\n');
        std::fwrite(line.data(), 1, line.size(), stderr);  // one call, so that lines of several threads do not mix
    }

private:
    LogLevel lowest_;
};

}  // namespace

std::shared_ptr<LogSink> stderr_log(LogLevel lowest) { return std::make_shared<StderrLog>(lowest); }

}  // namespace intent
