#include "relay/wire/subjects.hpp"

#include "relay/wire/token.hpp"

#include <array>
#include <charconv>

namespace intent::relay {

namespace {

template <class Id>
std::string id_token(Id id) {
    return id ? id.str() : "_";
}

template <class Id>
bool read_id(std::string_view token, Id& id) {
    if (token == "_") return true;
    const auto parsed = Id::parse(token);
    if (!parsed || !*parsed) return false;
    id = *parsed;
    return true;
}

bool is_type(std::string_view token) noexcept {
    if (token.empty() || token.size() > max_token) return false;
    for (const char c : token) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '-' && c != '_' && c != '=' && c != '~') return false;
    }
    return true;
}

std::string tail(const EventSubject& subject) {
    std::string text = std::to_string(subject.partition);
    for (const auto& token : {subject.type, id_token(subject.server), id_token(subject.channel)})
        text.append(1, '.').append(token);
    return text;
}

std::optional<EventSubject> parse_tail(std::string_view text) {
    std::array<std::string_view, 4> tokens;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto dot = text.find('.');
        if ((dot == std::string_view::npos) != (i + 1 == tokens.size())) return std::nullopt;
        tokens[i] = text.substr(0, dot);
        text.remove_prefix(dot == std::string_view::npos ? text.size() : dot + 1);
    }
    EventSubject subject;
    const auto [end, error] = std::from_chars(tokens[0].data(), tokens[0].data() + tokens[0].size(), subject.partition);
    const bool canonical = tokens[0].size() == 1 || (tokens[0].size() == 2 && tokens[0][0] != '0');
    if (error != std::errc() || end != tokens[0].data() + tokens[0].size() || !canonical) return std::nullopt;
    if (subject.partition >= partitions || !is_type(tokens[1])) return std::nullopt;
    subject.type = tokens[1];
    if (!read_id(tokens[2], subject.server) || !read_id(tokens[3], subject.channel)) return std::nullopt;
    return subject;
}

/// The rest of `subject` behind "intent.<bot>.<what>."
std::optional<std::string_view> behind(std::string_view subject, const std::string& bot, std::string_view what) {
    for (const std::string_view token : {std::string_view("intent"), std::string_view(bot), what}) {
        if (!subject.starts_with(token) || subject.substr(token.size(), 1) != ".") return std::nullopt;
        subject.remove_prefix(token.size() + 1);
    }
    return subject;
}

}  // namespace

std::string Names::events_of_partition(unsigned partition) const {
    return "intent." + bot_ + ".evt." + std::to_string(partition) + ".>";
}

std::string Names::events_of_type(std::string_view type) const {
    return "intent." + bot_ + ".evt.*." + to_token(type) + ".*.*";
}

std::string Names::gaps() const { return "intent." + bot_ + ".evt.*." + std::string(gap_type) + ".*.*"; }

std::string Names::event(const EventSubject& subject) const { return "intent." + bot_ + ".evt." + tail(subject); }

std::optional<EventSubject> Names::parse_event(std::string_view subject) const {
    const auto rest = behind(subject, bot_, "evt");
    return rest ? parse_tail(*rest) : std::nullopt;
}

std::string Names::dead_letters_of(std::string_view application) const {
    return "intent." + bot_ + ".dlq." + std::string(application) + ".>";
}

std::string Names::dead_letter(std::string_view application, const EventSubject& subject) const {
    return "intent." + bot_ + ".dlq." + std::string(application) + "." + tail(subject);
}

std::optional<Names::DeadLetterSubject> Names::parse_dead_letter(std::string_view subject) const {
    const auto rest = behind(subject, bot_, "dlq");
    if (!rest) return std::nullopt;
    const auto dot = rest->find('.');
    if (dot == std::string_view::npos || !is_name(rest->substr(0, dot))) return std::nullopt;
    auto event = parse_tail(rest->substr(dot + 1));
    if (!event) return std::nullopt;
    return DeadLetterSubject{std::string(rest->substr(0, dot)), *std::move(event)};
}

bool is_inbox(std::string_view subject) noexcept {
    return !subject.empty() && !subject.starts_with('$') && !subject.starts_with("intent.");
}

std::string answer_key(std::string_view idempotency_key) { return to_token(idempotency_key); }

}  // namespace intent::relay
