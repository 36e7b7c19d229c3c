#include "toolkit/core/names.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace intent::toolkit {

namespace {

/// The first words as a name, in lower case. Stops at a quoted word.
std::string first_words(std::span<const Word> words, std::size_t count) {
    std::string name;
    for (std::size_t i = 0; i < count && i < words.size() && !words[i].is_quoted; ++i) {
        if (i > 0) name += ' ';
        name += text::lower_case(words[i].text);
    }
    return name;
}

std::size_t words_in(std::string_view name) { return 1 + static_cast<std::size_t>(std::ranges::count(name, ' ')); }

}  // namespace

bool Names::add(std::string_view name, std::size_t command) {
    if (!commands_.emplace(text::lower_case(name), command).second) return false;
    max_words_ = std::max(max_words_, words_in(name));
    return true;
}

void Names::remove(std::size_t command) {
    std::erase_if(commands_, [&](const auto& entry) { return entry.second == command; });
}

std::optional<Names::Match> Names::find(std::span<const Word> words) const {
    std::optional<Match> match;
    std::string name;
    for (std::size_t i = 0; i < words.size() && i < max_words_ && !words[i].is_quoted; ++i) {
        if (i > 0) name += ' ';
        name += text::lower_case(words[i].text);
        if (const auto found = commands_.find(name); found != commands_.end()) match = Match{found->second, i + 1};
    }
    return match;
}

std::optional<std::size_t> Names::find(std::string_view name) const {
    const auto found = commands_.find(text::lower_case(name));
    if (found == commands_.end()) return std::nullopt;
    return found->second;
}

bool Names::begins_a_name(std::string_view name) const {
    const std::string start = text::lower_case(name) + ' ';
    const auto next = commands_.lower_bound(start);
    return next != commands_.end() && next->first.starts_with(start);
}

std::optional<std::string> Names::similar(std::span<const Word> words) const {
    std::optional<std::string> best;
    std::size_t best_distance = 0;
    for (const auto& [name, command] : commands_) {
        const std::string written = first_words(words, words_in(name));
        if (written.empty()) continue;
        const std::size_t distance = edit_distance(written, name);
        // One error in short names, one per three letters in longer ones.
        if (distance > std::max<std::size_t>(1, name.size() / 3) || distance >= name.size()) continue;
        if (best && distance >= best_distance) continue;
        best = name;
        best_distance = distance;
    }
    return best;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    constexpr std::size_t max = 64;
    a = a.substr(0, max);
    b = b.substr(0, max);
    std::array<std::array<std::size_t, max + 1>, 3> rows{};  // the last three
    for (std::size_t j = 0; j <= b.size(); ++j)
        rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i + 2) % 3];
        const auto& two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (is_swap) row[j] = std::min(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a.size() % 3][b.size()];
}

}  // namespace intent::toolkit
