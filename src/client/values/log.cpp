#include "client/values/line_log.hpp"
#include "net/environment.hpp"
#include "text/quoted.hpp"

#include <intent/errors.hpp>
#include <intent/log.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace intent::inline v0 {

namespace {

constexpr std::array levels = {LogLevel::trace, LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error};
constexpr std::string_view components[] = {"client", "gateway", "rest", "settings", "sandbox", "relay", "bot"};

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Errors: ConfigError that quotes the part and lists what is allowed.
[[noreturn]] void refuse(std::string_view part, const std::string& problem) {
    std::string text = text::quoted(part) + ": " + problem + "; levels are ";
    for (const LogLevel level : levels)
        text.append(level == levels.front() ? "" : ", ").append(client::name_of(level));
    text += "; components are ";
    for (const std::string_view component : components)
        text.append(component).append(", ");
    throw ConfigError(text + "and names that begin with \"bot.\"; an example: warn,gateway=debug");
}

LogLevel level_of(std::string_view part, std::string_view name) {
    const auto found = std::ranges::find(levels, name, client::name_of);
    if (found == levels.end()) refuse(part, text::quoted(name) + " is not a level");
    return *found;
}

std::string component_of(std::string_view part, std::string_view name) {
    const bool known = std::ranges::find(components, name) != std::end(components);
    if (!known && !name.starts_with("bot.")) refuse(part, text::quoted(name) + " is not a component");
    return std::string(name);
}

}  // namespace

bool LogLevels::enabled(LogLevel level, std::string_view component) const noexcept {
    const auto found = std::find_if(components.rbegin(), components.rend(),
                                    [&](const ComponentLevel& one) { return one.component == component; });
    return level >= (found == components.rend() ? lowest : found->lowest);
}

LogLevels parse_log_levels(std::string_view text, LogLevel lowest) {
    LogLevels result{.lowest = lowest};
    if (trimmed(text).empty()) return result;
    for (;;) {
        const auto end = std::min(text.find(','), text.size());
        const auto part = trimmed(text.substr(0, end));
        const auto equals = part.find('=');
        if (equals == part.npos) {
            result.lowest = level_of(part, part);
        } else {
            const auto level = level_of(part, trimmed(part.substr(equals + 1)));
            result.components.push_back({component_of(part, trimmed(part.substr(0, equals))), level});
        }
        if (end == text.size()) return result;
        text.remove_prefix(end + 1);
    }
}

LogFormat parse_log_format(std::string_view text) {
    const auto name = trimmed(text);
    if (name == "automatic") return LogFormat::automatic;
    if (name == "logfmt") return LogFormat::logfmt;
    if (name == "json") return LogFormat::json;
    throw ConfigError(text::quoted(text) + " is not a format; formats are automatic, logfmt and json");
}

std::shared_ptr<LogSink> stderr_log(const LogOptions& options) {
    client::LineLog::Output output{.write = [](std::string_view lines) {
        // One call, so that lines of several threads do not mix.
        std::fwrite(lines.data(), 1, lines.size(), stderr);
    }};
    const bool is_terminal = net::is_terminal(fileno(stderr));
    output.format = options.format;
    if (options.format == LogFormat::automatic) output.format = is_terminal ? LogFormat::logfmt : LogFormat::json;
    if (is_terminal && net::environment_variable("NO_COLOR").value_or("").empty()) output.colours = client::Colours::on;
    return std::make_shared<client::LineLog>(options, std::move(output));
}

std::shared_ptr<LogSink> stderr_log(LogLevel lowest) { return stderr_log(LogOptions{.levels = {.lowest = lowest}}); }

}  // namespace intent
