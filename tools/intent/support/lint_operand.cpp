// Finds the end of a co_await's operand, for the rewrite that `intent lint` prints.
#include "tools/intent/support/lint_query.hpp"

#include <algorithm>
#include <cctype>

namespace tool {

namespace {

constexpr std::size_t max_operand = 400;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Scans an operand: prefix operators, a primary expression and its postfix parts. Understands brackets and literals,
/// but does not resolve names.
class Walk {
public:
    explicit Walk(std::string_view text) : text_(text) {}

    /// The length of the operand; 0 if it does not end within the text.
    std::size_t operand() {
        skip_space();
        while (at_ < text_.size() && std::string_view("*&!~-+").find(text_[at_]) != std::string_view::npos)
            ++at_;
        skip_space();
        if (!primary()) return 0;
        while (chained()) {
        }
        return at_ < text_.size() && !failed_ ? end_ : 0;
    }

private:
    char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool looking_at(std::string_view word) const { return text_.substr(at_).starts_with(word); }

    void skip_space() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])))
            ++at_;
    }

    bool primary() {
        if (here() == '[') return lambda();
        if (here() == '(') return bracketed();
        if (looking_at("::")) at_ += 2;
        return name();
    }

    bool name() {
        skip_space();
        const auto begin = at_;
        while (is_word(here()))
            ++at_;
        end_ = at_;
        return at_ > begin;
    }

    /// `[…](…) -> task<> {…}`
    bool lambda() {
        if (!bracketed()) return false;
        while (at_ < text_.size() && here() != '{') {
            if (here() == '(') {
                if (!bracketed()) return false;
            } else {
                ++at_;
            }
        }
        return bracketed();
    }

    /// `.name`, `->name`, `::name`, `(…)`, `[…]`, `{…}`, `<…>`
    bool chained() {
        const auto before = at_;
        const bool spaced = std::isspace(static_cast<unsigned char>(here()));
        skip_space();
        for (const std::string_view joint : {"::", "->", "."}) {
            if (!looking_at(joint)) continue;
            at_ += joint.size();
            return name();
        }
        if (!spaced && here() == '<' && template_arguments()) return true;
        const bool opens = here() == '(' || here() == '[' || (here() == '{' && !spaced);
        if (opens && bracketed()) return true;
        at_ = opens ? at_ : before;
        return false;
    }

    bool template_arguments() {
        const auto begin = at_;
        int depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '<') ++depth;
            if (c == '>' && --depth == 0) {
                end_ = ++at_;
                return true;
            }
            if (!is_word(c) && std::string_view("<>:,*& ").find(c) == std::string_view::npos) break;
        }
        at_ = begin;
        return false;
    }

    /// A bracket and everything up to its end.
    bool bracketed() {
        int depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"' || (c == '\'' && !(at_ > 0 && is_word(text_[at_ - 1])))) {
                literal(c);
                continue;
            }
            ++at_;
            if (c == '(' || c == '[' || c == '{') ++depth;
            if ((c == ')' || c == ']' || c == '}') && --depth == 0) {
                end_ = at_;
                return true;
            }
        }
        failed_ = true;
        return false;
    }

    void literal(char quote) {
        for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
            if (text_[at_] == '\\') ++at_;
        }
        at_ = std::min(at_ + 1, text_.size());
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    bool failed_ = false;
};

/// Each line break, with the indentation after it, as one space.
std::string joined_lines(std::string_view text) {
    std::string line;
    bool indented = false;
    for (const char c : text) {
        if (c == '\n') {
            if (!indented && !line.empty() && line.back() != '(') line += ' ';
            indented = true;
        } else if (!indented || !std::isspace(static_cast<unsigned char>(c))) {
            indented = false;
            line += c;
        }
    }
    return line;
}

}  // namespace

std::string awaited_operand(std::string_view text, std::size_t offset) {
    constexpr std::string_view keyword = "co_await";
    if (offset > text.size() || !text.substr(offset).starts_with(keyword)) return {};
    const auto rest = text.substr(offset + keyword.size(), max_operand);
    const auto begin = std::min(rest.find_first_not_of(" \t\r\n"), rest.size());
    const auto length = Walk(rest).operand();
    return length > begin ? joined_lines(rest.substr(begin, length - begin)) : std::string();
}

}  // namespace tool
