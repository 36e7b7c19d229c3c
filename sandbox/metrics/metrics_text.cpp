#include "sandbox/metrics/metrics_text.hpp"

#include <charconv>

namespace intent::inline v0::sandbox {
namespace {

/// Escapes what ends a line or a label's value.
void append_escaped(std::string& text, std::string_view value) {
    for (const char c : value) {
        if (c == '\n') {
            text += "\\n";
            continue;
        }
        if (c == '\\' || c == '"') text += '\\';
        text += c;
    }
}

}  // namespace

void MetricsText::family(std::string_view name, Type type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name).append(type == Type::counter ? " counter\n" : " gauge\n");
}

void MetricsText::sample(double value, Labels labels) {
    char digits[32];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
    line({digits, static_cast<std::size_t>(end - digits)}, labels);
}

void MetricsText::line(std::string_view value, Labels labels) {
    text_ += name_;
    char before = '{';
    for (const auto& [name, content] : labels) {
        text_ += std::exchange(before, ',');
        text_.append(name).append("=\"");
        append_escaped(text_, content);
        text_ += '"';
    }
    if (before == ',') text_ += '}';
    text_.append(" ").append(value).append("\n");
}

}  // namespace intent::sandbox
