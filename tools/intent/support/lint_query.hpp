// The clang-query commands of `intent lint`, and the parser of their output. Uses no processes or files.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// The commands of clang-query (14 or later) that find every temporary that g++ 12 destroys twice.
///
/// g++ 12 keeps the temporaries of a full expression with a co_await in the coroutine's frame. A class object that a
/// constructor or a call initialises is destroyed once; the result of a conditional operator, an aggregate and a
/// closure are destroyed twice. The query therefore finds these three, where they have a destructor that does
/// something and their full expression awaits.
std::string_view lint_query();

enum class LintShape {
    conditional,  ///< `ok ? a : b` of class type
    aggregate,    ///< `{…}` or `Type{…}` of a class without constructors
    capture,      ///< a lambda that captures an object by value
};

/// The name in `--json`.
std::string_view name_of(LintShape shape);

/// How the temporary and the co_await are related, which determines the rewrite.
enum class LintPlace {
    operand,  ///< the temporary is in the operand of the co_await
    arms,     ///< the co_await is in a branch of the conditional operator
    beside,   ///< both are in one full expression
};

/// A position in a source file. Lines and columns (bytes) count from 1.
struct SourcePlace {
    std::string file = {};
    std::size_t line = 0;
    std::size_t column = 0;

    friend auto operator<=>(const SourcePlace&, const SourcePlace&) = default;
};

struct LintHit {
    SourcePlace at = {};
    LintShape shape = LintShape::conditional;
    LintPlace place = LintPlace::operand;
    SourcePlace await = {};
};

/// The hits in clang-query's output, sorted by file and line, each position once.
std::vector<LintHit> lint_hits(std::string_view answer);

/// The problem, in one line.
std::string_view lint_text(LintShape shape);

/// The suggested code, one or more lines. `source`: the text of the file with the co_await; empty if unknown.
std::string lint_rewrite(const LintHit& hit, std::string_view source);

/// A line of a text, counted from 1; empty if it does not exist.
std::string_view source_line(std::string_view text, std::size_t line);

/// The operand of the `co_await` at `offset` of `text`, on one line. Empty if there is no co_await, or the operand does
/// not end within 400 bytes.
std::string awaited_operand(std::string_view text, std::size_t offset);

}  // namespace tool
