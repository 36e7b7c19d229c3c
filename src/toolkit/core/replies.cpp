#include "toolkit/core/replies.hpp"

#include "text/display.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace intent::toolkit {

namespace {

constexpr std::size_t points_before_fault = 60;
constexpr std::size_t points_of_fault = 60;
constexpr std::size_t points_after_fault = 20;
constexpr std::size_t points_of_reason = 300;

std::string first_shown(std::string_view text, std::size_t max_points) {
    const auto start = text::first_code_points(text, max_points);
    return start.size() == text.size() ? std::string(text) : std::string(start) + "…";
}

std::string last_shown(std::string_view text, std::size_t max_points) {
    const std::size_t all = text::count_code_points(text);
    if (all <= max_points) return std::string(text);
    return "…" + std::string(text.substr(text::first_code_points(text, all - max_points).size()));
}

}  // namespace

std::string usage_of(const Pattern& pattern, std::span<const detail::ParameterType> types) {
    using Form = detail::ParameterType::Form;
    std::string usage = pattern.name;
    for (std::size_t i = 0; i < pattern.parameters.size(); ++i) {
        const Parameter& one = pattern.parameters[i];
        const bool takes_several = types[i].form == Form::many || types[i].form == Form::rest;
        usage += one.is_required ? " <" : " [";
        usage += one.name;
        if (takes_several) usage += "…";
        if (one.fallback) usage += "=" + *one.fallback;
        usage += one.is_required ? '>' : ']';
    }
    return usage;
}

std::string quoted_text(std::string_view text, std::size_t max_points) {
    return first_shown(text::display(text::first_code_points(text, max_points + 1)), max_points);
}

std::string fault_text(std::string_view prefix, std::string_view line, const ArgumentFault& fault,
                       std::string_view usage) {
    line = line.substr(0, trimmed_end(line));
    const std::size_t begin = std::min(fault.begin, line.size());
    const std::size_t end = std::clamp(fault.end, begin, line.size());
    const bool is_missing = begin == line.size();
    std::string before = last_shown(text::display(line.substr(0, begin)), points_before_fault);
    if (is_missing) before += ' ';
    const std::string wrong = first_shown(text::display(line.substr(begin, end - begin)), points_of_fault);
    const std::string after = first_shown(text::display(line.substr(end)), points_after_fault);
    const std::string shown_prefix = text::display(prefix);

    std::string reply = shown_prefix + before + wrong + after + "\n";
    reply.append(text::count_code_points(shown_prefix) + text::count_code_points(before), ' ');
    reply.append(std::max<std::size_t>(text::count_code_points(wrong), 1), '^');
    reply += ' ';
    if (!fault.parameter.empty()) reply += fault.parameter + (fault.what.starts_with("is ") ? " " : ": ");
    reply += quoted_text(fault.what, points_of_reason);
    if (!usage.empty()) reply.append("\nusage: ").append(shown_prefix).append(usage);
    return reply;
}

std::string help_list(std::string_view prefix, const std::vector<HelpEntry>& entries) {
    std::vector<std::string_view> sections{""};
    for (const auto& entry : entries)
        if (std::ranges::find(sections, entry.section) == sections.end()) sections.push_back(entry.section);

    std::string text;
    for (const auto section : sections) {
        if (!section.empty()) text.append(text.empty() ? "" : "\n").append(section).append("\n");
        for (const auto& entry : entries) {
            if (entry.section != section) continue;
            text.append(prefix).append(entry.usage);
            if (!entry.help.empty()) text.append(" - ").append(entry.help);
            text += '\n';
        }
    }
    if (!text.empty()) text.pop_back();
    return text;
}

}  // namespace intent::toolkit
