#include "relay/worker/attempt_text.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace intent::relay {

namespace {

using State = AttemptRecord::State;

constexpr std::array<std::pair<State, std::string_view>, 3> attempt_states{{
    {State::begun, "begun"},
    {State::failed, "failed"},
    {State::put_back, "put_back"},
}};

template <class T>
bool read_number(std::string_view text, T& value) {
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && rest == end;
}

}  // namespace

std::string format_attempts(const AttemptRecord& record, std::int64_t stored) {
    std::string text = std::to_string(record.attempts) + ' ';
    for (const auto& [state, name] : attempt_states)
        if (state == record.state) text += name;
    return text + ' ' + std::to_string(stored);
}

std::optional<AttemptRecord> parse_attempts(std::string_view text, std::int64_t stored) {
    const auto first = text.find(' ');
    const auto last = text.rfind(' ');
    if (first == std::string_view::npos || first == last) return std::nullopt;
    AttemptRecord record;
    std::int64_t time = 0;
    if (!read_number(text.substr(0, first), record.attempts) || !read_number(text.substr(last + 1), time) ||
        time != stored)
        return std::nullopt;
    for (const auto& [state, name] : attempt_states) {
        if (name != text.substr(first + 1, last - first - 1)) continue;
        record.state = state;
        return record;
    }
    return std::nullopt;
}

}  // namespace intent::relay
