#include "toolkit/core/words.hpp"

#include <utility>

namespace intent::toolkit {

namespace {

constexpr std::string_view white_space = " \t\r\n\v\f";
constexpr std::string_view plain_quote = "\"";
constexpr std::string_view left_quote = "\xe2\x80\x9c";   // “, which telephones write for "
constexpr std::string_view right_quote = "\xe2\x80\x9d";  // ”

/// The quotation mark at the start of `text`; empty if there is another character.
std::string_view quote_at(std::string_view text) noexcept {
    for (const auto quote : {plain_quote, left_quote, right_quote})
        if (text.starts_with(quote)) return quote;
    return {};
}

bool is_white(char c) noexcept { return white_space.find(c) != std::string_view::npos; }

/// Reads a word in quotation marks; `word.begin` is at the opening one.
void read_quoted(std::string_view line, Word& word) {
    std::size_t at = word.begin + quote_at(line.substr(word.begin)).size();
    word.is_quoted = true;
    while (at < line.size()) {
        if (const auto quote = quote_at(line.substr(at)); !quote.empty() && quote != left_quote) {
            word.end = at + quote.size();
            return;
        }
        if (line[at] == '\\') {
            const auto escaped = line.substr(at + 1);
            if (escaped.starts_with('\\') || !quote_at(escaped).empty()) {
                const std::size_t length = escaped.starts_with('\\') ? 1 : quote_at(escaped).size();
                word.text += escaped.substr(0, length);
                at += 1 + length;
                continue;
            }
        }
        word.text += line[at++];
    }
    word.end = at;
    word.is_unclosed = true;
}

void read_plain(std::string_view line, Word& word) {
    std::size_t at = word.begin;
    while (at < line.size() && !is_white(line[at])) {
        if (line[at] == '\\' && !quote_at(line.substr(at + 1)).empty()) ++at;
        word.text += line[at++];
    }
    word.end = at;
}

}  // namespace

std::vector<Word> split_words(std::string_view line) {
    std::vector<Word> words;
    for (std::size_t at = 0; (at = line.find_first_not_of(white_space, at)) != std::string_view::npos;) {
        Word word;
        word.begin = at;
        const auto quote = quote_at(line.substr(at));
        if (quote == plain_quote || quote == left_quote)
            read_quoted(line, word);
        else
            read_plain(line, word);
        at = word.end;
        words.push_back(std::move(word));
    }
    return words;
}

std::size_t trimmed_end(std::string_view line) noexcept {
    const auto last = line.find_last_not_of(white_space);
    return last == std::string_view::npos ? 0 : last + 1;
}

}  // namespace intent::toolkit
