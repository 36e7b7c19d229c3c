// Reads single values from the text format of Prometheus.
#pragma once

#include <string_view>

namespace tool {

/// The value of a series, as `name` or `name{label="value"}`, rounded down; 0 if it is missing.
inline long long metric_value(std::string_view text, std::string_view series) {
    for (std::size_t at = text.find(series); at != text.npos; at = text.find(series, at + 1)) {
        const std::size_t end = at + series.size();
        if ((at != 0 && text[at - 1] != '\n') || end >= text.size() || text[end] != ' ') continue;
        long long value = 0;
        for (std::size_t i = end + 1; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i)
            value = value * 10 + (text[i] - '0');
        return value;
    }
    return 0;
}

}  // namespace tool
