#include "text/exposition.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace intent::text {

namespace {

/// The format escapes these three in values of labels, and the same without the quote in HELP.
void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (c == '\\')
            out += "\\\\";
        else if (c == '"')
            out += "\\\"";
        else if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
}

template <class Number>
std::string shortest(Number value) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

std::string number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    return shortest(value);
}

std::string_view name_of(Exposition::Type type) {
    switch (type) {
        case Exposition::Type::counter:
            return "counter";
        case Exposition::Type::gauge:
            return "gauge";
        case Exposition::Type::histogram:
            break;
    }
    return "histogram";
}

}  // namespace

void Exposition::family(std::string_view name, Type type, std::string_view help) {
    name_ = name;
    help_ = help;
    type_ = type;
    headed_ = false;
}

void Exposition::begin_line(std::string_view suffix, Labels labels, std::string_view bound) {
    if (!headed_) {
        headed_ = true;
        text_.append("# HELP ").append(name_).append(" ").append(help_);
        text_.append("\n# TYPE ").append(name_).append(" ").append(name_of(type_)).append("\n");
    }
    text_.append(name_).append(suffix);
    char separator = '{';
    const auto add = [&](std::string_view name, std::string_view value) {
        text_ += separator;
        text_.append(name).append("=\"");
        append_escaped(text_, value);
        text_ += '"';
        separator = ',';
    };
    for (const auto& [name, value] : labels)
        add(name, value);
    if (!bound.empty()) add("le", bound);
    if (separator == ',') text_ += '}';
    text_ += ' ';
}

void Exposition::end_line(std::uint64_t value) { text_.append(shortest(value)).append("\n"); }
void Exposition::end_line(double value) { text_.append(number(value)).append("\n"); }

void Exposition::sample(Labels labels, std::uint64_t value) {
    begin_line("", labels);
    end_line(value);
}

void Exposition::sample(Labels labels, double value) {
    begin_line("", labels);
    end_line(value);
}

void Exposition::histogram(Labels labels, std::span<const double> bounds, std::span<const std::uint64_t> counts,
                           double sum) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        total += counts[i];
        begin_line("_bucket", labels, i < bounds.size() ? number(bounds[i]) : "+Inf");
        end_line(total);
    }
    begin_line("_sum", labels);
    end_line(sum);
    begin_line("_count", labels);
    end_line(total);
}

}  // namespace intent::text
