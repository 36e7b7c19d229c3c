#include <intent/presence.hpp>

#include <algorithm>
#include <array>

namespace intent::inline v0 {

namespace {

struct Word {
    PresenceStatus status;
    std::string_view text;
};
constexpr std::array words{
    Word{PresenceStatus::online, "online"},
    Word{PresenceStatus::idle, "idle"},
    Word{PresenceStatus::dnd, "dnd"},
    Word{PresenceStatus::offline, "offline"},
};

}  // namespace

std::string_view to_text(PresenceStatus status) noexcept {
    const auto* const word = std::ranges::find(words, status, &Word::status);
    return word == words.end() ? std::string_view() : word->text;
}

PresenceStatus presence_status(std::string_view text) noexcept {
    const auto* const word = std::ranges::find(words, text, &Word::text);
    return word == words.end() ? PresenceStatus::unknown : word->status;
}

}  // namespace intent
