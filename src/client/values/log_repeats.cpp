#include "client/values/log_repeats.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace intent::client {

namespace {

/// Equal for records that are alike.
std::string key_of(const LogRecord& record) {
    std::string key(1, static_cast<char>(record.level));
    key.append(record.component.substr(0, LogRepeats::max_text)).push_back('\0');
    bool in_number = false;
    for (const char c : record.text.substr(0, LogRepeats::max_text)) {
        const bool is_digit = c >= '0' && c <= '9';
        if (!is_digit)
            key += c;
        else if (!in_number)
            key += '0';
        in_number = is_digit;
    }
    return key;
}

}  // namespace

bool LogRepeats::on_record(Time now, const LogRecord& record, std::vector<Count>& counts) {
    if (limit_ == 0) return true;
    while (!kinds_.empty() && now - kinds_.front().begun >= interval_)
        end_oldest(now, counts);
    std::string key = key_of(record);
    auto found = by_key_.find(key);
    if (found == by_key_.end()) {
        if (kinds_.size() == max_kinds) end_oldest(now, counts);
        kinds_.push_back({.key = key, .begun = now});
        try {
            found = by_key_.emplace(std::move(key), std::prev(kinds_.end())).first;
        } catch (...) {
            kinds_.pop_back();
            throw;
        }
    }
    Kind& kind = *found->second;
    if (kind.written < limit_) {
        ++kind.written;
        return true;
    }
    if (kind.left_out++ == 0) {
        kind.level = record.level;
        kind.component = record.component;
    }
    kind.text = text::utf8_prefix(record.text, max_text);
    if (kind.text.size() < record.text.size()) kind.text += "…";
    return false;
}

std::vector<LogRepeats::Count> LogRepeats::finish(Time now) {
    std::vector<Count> counts;
    while (!kinds_.empty())
        end_oldest(now, counts);
    return counts;
}

void LogRepeats::end_oldest(Time now, std::vector<Count>& counts) {
    Kind& oldest = kinds_.front();
    if (oldest.left_out > 0) {
        counts.push_back({.level = oldest.level,
                          .component = std::move(oldest.component),
                          .text = std::move(oldest.text),
                          .times = oldest.left_out,
                          .span = std::min(now - oldest.begun, interval_)});
    }
    by_key_.erase(oldest.key);
    kinds_.pop_front();
}

std::string text_of(const LogRepeats::Count& count) {
    const auto span = std::chrono::ceil<std::chrono::milliseconds>(count.span).count();
    const std::string time = span % 1000 == 0 ? std::to_string(span / 1000) + " s" : std::to_string(span) + " ms";
    const char* const times = count.times == 1 ? " time in " : " times in ";
    return count.text + " (repeated " + std::to_string(count.times) + times + time + ")";
}

}  // namespace intent::client
