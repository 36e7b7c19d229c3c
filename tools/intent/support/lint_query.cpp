#include "tools/intent/support/lint_query.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace tool {

namespace {

// `root` is a full expression; its parent is a statement or a declaration. A lambda's body is not part of the enclosing
// expression: expressions in the body have their root in the body. `r1` and `r2` are the roots of the temporary and of
// the co_await; the query compares them by binding.
constexpr std::string_view query = R"(set output diag
set bind-root false
let root expr(unless(hasParent(expr())))
let owning hasType(hasUnqualifiedDesugaredType(recordType(hasDeclaration(cxxRecordDecl(hasMethod(cxxDestructorDecl(anyOf(unless(isDefaulted()), hasBody(stmt())))))))))
let value ignoringParenCasts(expr(anyOf(cxxBindTemporaryExpr(), coawaitExpr())))
let arm expr(anyOf(coawaitExpr().bind("arm"), hasDescendant(coawaitExpr().bind("arm"))))
let conditional conditionalOperator(owning, anyOf(hasTrueExpression(value), hasFalseExpression(value)), optionally(hasTrueExpression(arm)), optionally(hasFalseExpression(arm))).bind("conditional")
let aggregate initListExpr(owning).bind("aggregate")
let capture lambdaExpr(owning).bind("capture")
let same allOf(hasAncestor(expr(root).bind("r2")), hasAncestor(expr(equalsBoundNode("r1"), equalsBoundNode("r2"))))
let operand allOf(hasAncestor(expr(root).bind("r1")), hasAncestor(coawaitExpr(same).bind("operand")))
let beside allOf(hasAncestor(expr(root).bind("r1")), hasAncestor(expr(equalsBoundNode("r1"), hasDescendant(coawaitExpr(same).bind("beside")))))
let whole allOf(expr(root).bind("r1"), hasDescendant(coawaitExpr(same).bind("beside")))
match expr(unless(isExpansionInSystemHeader()), anyOf(conditional, aggregate, capture), anyOf(operand, beside, whole))
)";

struct Note {
    SourcePlace place = {};
    std::string name = {};
};

/// `FILE:LINE:COLUMN: note: "NAME" binds here`. A file's name may hold colons.
std::optional<Note> note_of(std::string_view line) {
    constexpr std::string_view before = ": note: \"";
    constexpr std::string_view after = "\" binds here";
    if (!line.ends_with(after)) return std::nullopt;
    line.remove_suffix(after.size());
    const auto mark = line.rfind(before);
    if (mark == std::string_view::npos) return std::nullopt;
    Note note{.name = std::string(line.substr(mark + before.size()))};
    auto place = line.substr(0, mark);
    for (std::size_t* number : {&note.place.column, &note.place.line}) {
        const auto colon = place.rfind(':');
        if (colon == std::string_view::npos) return std::nullopt;
        const auto digits = place.substr(colon + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *number);
        if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
        place = place.substr(0, colon);
    }
    note.place.file = place;
    return note;
}

/// The bindings of one match.
using Match = std::map<std::string, SourcePlace, std::less<>>;

std::optional<LintHit> hit_of(const Match& match) {
    LintHit hit;
    for (const auto shape : {LintShape::conditional, LintShape::aggregate, LintShape::capture}) {
        const auto found = match.find(name_of(shape));
        if (found == match.end()) continue;
        hit.shape = shape;
        hit.at = found->second;
    }
    const auto operand = match.find("operand");
    const auto beside = match.find("beside");
    const auto await = operand != match.end() ? operand : beside;
    if (hit.at.line == 0 || await == match.end()) return std::nullopt;
    hit.await = await->second;
    if (await == operand) {
        hit.place = LintPlace::operand;
    } else if (match.contains("arm")) {
        hit.place = LintPlace::arms;
    } else {
        hit.place = LintPlace::beside;
    }
    // A default argument of a header: report the call that uses it.
    if (hit.at.file != hit.await.file) hit.at = hit.await;
    return hit;
}

}  // namespace

std::string_view lint_query() { return query; }

std::string_view name_of(LintShape shape) {
    switch (shape) {
        case LintShape::aggregate:
            return "aggregate";
        case LintShape::capture:
            return "capture";
        case LintShape::conditional:
            break;
    }
    return "conditional";
}

std::vector<LintHit> lint_hits(std::string_view answer) {
    std::map<SourcePlace, LintHit> found;
    Match match;
    const auto finish = [&] {
        if (const auto hit = hit_of(match)) {
            // Clang visits some expressions several times. The nearest co_await, the one that awaits the temporary,
            // gives the best rewrite.
            const auto [known, is_new] = found.try_emplace(hit->at, *hit);
            if (!is_new && hit->place < known->second.place) known->second = *hit;
        }
        match.clear();
    };
    while (!answer.empty()) {
        const auto line = answer.substr(0, answer.find('\n'));
        answer.remove_prefix(std::min(line.size() + 1, answer.size()));
        if (line.starts_with("Match #")) finish();
        if (auto note = note_of(line)) match.try_emplace(std::move(note->name), std::move(note->place));
    }
    finish();

    std::vector<LintHit> hits;
    hits.reserve(found.size());
    for (auto& [place, hit] : found)
        hits.push_back(std::move(hit));
    return hits;
}

std::string_view lint_text(LintShape shape) {
    switch (shape) {
        case LintShape::aggregate:
            return "g++ 12 destroys this aggregate twice, because its expression awaits";
        case LintShape::capture:
            return "g++ 12 destroys what this lambda captures twice, because its expression awaits";
        case LintShape::conditional:
            break;
    }
    return "g++ 12 destroys the result of this ?: twice, because its expression awaits";
}

std::string_view source_line(std::string_view text, std::size_t line) {
    for (; line > 1; --line) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

std::string lint_rewrite(const LintHit& hit, std::string_view source) {
    if (hit.place == LintPlace::arms) return "if and else, with each co_await in a statement of its own";
    const auto line = source_line(source, hit.await.line);
    const auto column = std::min(hit.await.column, line.size() + 1);
    std::string operand;
    if (column > 0 && !line.empty()) {
        const auto offset = static_cast<std::size_t>(line.data() - source.data()) + column - 1;
        operand = awaited_operand(source, offset);
    }
    if (hit.place == LintPlace::beside) {
        return "auto value = co_await " + (operand.empty() ? "…" : operand) +
               ";\nstd::move(value) in place of the co_await";
    }
    if (operand.empty()) return "name the task in a statement of its own, then co_await std::move(its name)";
    return "auto pending = " + operand + ";\nco_await std::move(pending);";
}

}  // namespace tool
