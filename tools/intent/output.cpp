#include "tools/intent/output.hpp"

#include <boost/json.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

namespace tool {

std::string json_string(std::string_view text) { return boost::json::serialize(boost::json::string_view(text)); }

std::string on_one_line(std::string_view json) {
    std::string line;
    line.reserve(json.size());
    bool in_text = false;
    bool escaped = false;
    for (const char c : json) {
        if (in_text) {
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            continue;
        } else {
            in_text = c == '"';
        }
        line += c;
    }
    return line;
}

bool print_line(std::string_view line) {
    const std::string whole = std::string(line) + '\n';
    return std::fwrite(whole.data(), 1, whole.size(), stdout) == whole.size() && std::fflush(stdout) == 0;
}

void complain(std::string_view text) {
    std::string line(text);
    std::ranges::replace(line, '\n', ' ');
    fmt::print(stderr, "intent: {}\n", line);
}

}  // namespace tool
