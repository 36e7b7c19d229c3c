#include "tools/intent/support/table.hpp"

#include "text/display.hpp"
#include "tools/intent/support/output.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace tool {

namespace {

/// The number of code points: an approximation of the width in columns.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

bool print_table(std::vector<Row> rows) {
    // Measure the cells as displayed: escapes are wider than the characters they replace.
    for (Row& row : rows)
        for (std::string& text : row)
            text = intent::text::display(text);
    std::vector<std::size_t> widths;
    for (const Row& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    }
    for (const Row& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] - width(row[i]) + 2, ' ');
        }
        if (!print_line(line)) return false;
    }
    return true;
}

std::string cell(const boost::json::value& value) {
    if (value.is_null()) return "-";
    if (value.is_double()) return fmt::format("{:.4g}", value.get_double());
    if (const auto* text = value.if_string()) return {text->data(), text->size()};
    return boost::json::serialize(value);
}

}  // namespace tool
