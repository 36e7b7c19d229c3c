#include "client/values/log_lines.hpp"

#include "codec/utf8.hpp"
#include "text/display.hpp"

#include <algorithm>
#include <chrono>

namespace intent::client {

namespace {

constexpr std::size_t max_name = 64;

const char* colour_of(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::trace:
        case LogLevel::debug:
            return "2";
        case LogLevel::info:
            return "32";
        case LogLevel::warn:
            return "33";
        case LogLevel::error:
            return "31";
    }
    return "0";
}

/// Always with milliseconds, so that lines align.
std::string time_text(Timestamp time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto fraction = std::chrono::floor<std::chrono::milliseconds>(time - seconds).count();
    std::string text = format_timestamp(seconds);
    text.pop_back();
    return text += '.' + std::to_string(1000 + fraction).substr(1) + 'Z';
}

std::string cut(std::string_view text, std::size_t max_bytes) {
    std::string kept(text::utf8_prefix(text, max_bytes));
    if (kept.size() < text.size()) kept += "…";
    return kept;
}

bool needs_no_quotes(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    });
}

/// A backslash always begins an escape.
void append_quoted(std::string& out, std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        if (c == '"' || c == '\\') escaped += '\\';
        escaped += c;
    }
    out.append("\"").append(text::display(escaped)).append("\"");
}

void append_name(std::string& out, std::string_view name) {
    if (needs_no_quotes(name) && name.size() <= max_name)
        out += name;
    else
        append_quoted(out, cut(name, max_name));
}

}  // namespace

const char* name_of(LogLevel level) noexcept {
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

std::string logfmt_line(Timestamp time, const LogRecord& record, Colours colours) {
    std::string line = "time=" + time_text(time) + " level=";
    if (colours == Colours::on) line.append("\x1b[").append(colour_of(record.level)).append("m");
    line += name_of(record.level);
    if (colours == Colours::on) line += "\x1b[0m";
    line += " component=";
    append_name(line, record.component);
    line += " msg=";
    append_quoted(line, cut(record.text, max_log_text));
    if (!record.trace.empty()) {
        line += " trace=";
        append_name(line, record.trace);
    }
    return line += '\n';
}

std::string json_line(Timestamp time, const LogRecord& record) {
    std::string line = "{\"time\":\"" + time_text(time) + "\",\"level\":\"" + name_of(record.level);
    line += "\",\"component\":";
    codec::append_json_string(line, cut(record.component, max_name));
    line += ",\"msg\":";
    codec::append_json_string(line, cut(record.text, max_log_text));
    if (!record.trace.empty()) {
        line += ",\"trace\":";
        codec::append_json_string(line, cut(record.trace, max_name));
    }
    return text::display_json(line += '}') + '\n';
}

}  // namespace intent::client
