#include "relay/relay/session_cell.hpp"

#include "relay/wire/subjects.hpp"

#include <intent/errors.hpp>

#include <charconv>

namespace intent::relay {

std::string format_session(const SessionRecord& record) { return std::to_string(record.term) + " " + record.content; }

std::optional<SessionRecord> parse_session(std::string_view text) {
    SessionRecord record;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), record.term);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || digits == text.size() || text[digits] != ' ') return std::nullopt;
    record.content = text.substr(digits + 1);
    return record;
}

bool SessionCell::lead(std::uint64_t term, const std::function<bool()>& goes_on) {
    bool reported = false;
    while (goes_on()) {
        try {
            const auto entry = bucket_->get(session_key);
            const std::lock_guard lock(mutex_);
            term_ = term;
            superseded_ = false;
            revision_ = entry ? entry->revision : 0;
            content_.clear();
            if (!entry) return true;
            if (auto record = parse_session(entry->value)) {
                content_ = std::move(record->content);
            } else {
                log_(LogLevel::warn, "the saved session on the broker is not readable; a new session begins");
            }
            return true;
        } catch (const Error& error) {
            if (!std::exchange(reported, true))
                log_(LogLevel::warn, std::string("the saved session cannot be read yet: ") + error.what());
        }
    }
    return false;
}

std::string SessionCell::read() {
    const std::lock_guard lock(mutex_);
    return content_;
}

void SessionCell::write(const std::string& content) {
    constexpr int attempts = 4;  // after a conflict, or a write whose outcome is unknown
    const std::lock_guard lock(mutex_);
    if (superseded_) return;
    std::string problem = "it changes all the time";
    for (int attempt = 0; attempt < attempts; ++attempt) {
        try {
            if (const auto written = bucket_->update(session_key, format_session({term_, content}), revision_)) {
                revision_ = *written;
                return;
            }
            const auto entry = bucket_->get(session_key);
            if (!entry) {  // somebody has deleted it
                revision_ = bucket_->create(session_key, format_session({term_, content})).value_or(0);
                if (revision_ > 0) return;
                continue;
            }
            const auto record = parse_session(entry->value);
            if (record && record->term > term_) {
                superseded_ = true;
                return log_(LogLevel::info, "another relay leads and has saved the session; this one saves it no more");
            }
            revision_ = entry->revision;
        } catch (const TimeoutError& error) {
            problem = error.what();  // the outcome is unknown: the next attempt finds a conflict
        }
    }
    throw NetworkError("the session could not be saved on the broker: " + problem);
}

}  // namespace intent::relay
