// What `intent lint` looks for, as a query of clang-query, and how it reads the answer. No process, no file.
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
/// closure are destroyed once more. The query therefore finds these three, where they have a destructor that does
/// something and their full expression awaits.
std::string_view lint_query();

enum class LintShape {
    conditional,  ///< `ok ? a : b` of class type
    aggregate,    ///< `{…}` or `Type{…}` of a class without constructors
    capture,      ///< a lambda that captures an object by value
};

/// The name in `--json`.
std::string_view name_of(LintShape shape);

/// How the temporary and the co_await belong together, which decides about the rewrite.
enum class LintPlace {
    operand,  ///< the temporary stands in what is awaited
    arms,     ///< the co_await stands in a branch of the conditional operator
    beside,   ///< both stand in one full expression
};

/// A place in a source file. Lines and columns (bytes) count from 1.
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

/// The hits in clang-query's answer, in the order of files and lines, each place once.
std::vector<LintHit> lint_hits(std::string_view answer);

/// One line: what is wrong.
std::string_view lint_text(LintShape shape);

/// What to write instead, in lines. `source`: the text of the file that has the co_await; empty if it is unknown.
std::string lint_rewrite(const LintHit& hit, std::string_view source);

/// A line of a text, counted from 1; empty if there is no such line.
std::string_view source_line(std::string_view text, std::size_t line);

/// The operand of the `co_await` at `offset` of `text`, on one line. Empty if none stands there, or its end is not
/// found within 400 bytes.
std::string awaited_operand(std::string_view text, std::size_t offset);

}  // namespace tool
