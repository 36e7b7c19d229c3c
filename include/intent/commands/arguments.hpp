// The types that a command's parameters may have, in addition to those of C++ and of the platform.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace intent::inline v0 {

/// All that is left of the line, as it was written, without white space at its ends. Only for the last parameter. In
/// square brackets it may be empty.
class Rest {
public:
    Rest() = default;
    /// This text.
    explicit Rest(std::string text) : text_(std::move(text)) {}

    /// The text.
    const std::string& text() const noexcept { return text_; }
    /// True if nothing was left.
    bool empty() const noexcept { return text_.empty(); }
    /// The text.
    operator const std::string&() const noexcept { return text_; }  // NOLINT(google-explicit-constructor)

private:
    std::string text_ = {};
};

/// A whole number from Min to Max; anything else is refused with a text that names both.
template <std::int64_t Min, std::int64_t Max>
class Range {
public:
    static_assert(Min <= Max, "intent: the minimum of a Range is above its maximum");

    constexpr Range() = default;
    /// This number, which is not checked.
    constexpr explicit Range(std::int64_t value) : value_(value) {}

    /// The number.
    constexpr std::int64_t value() const noexcept { return value_; }
    /// The number.
    constexpr operator std::int64_t() const noexcept { return value_; }  // NOLINT(google-explicit-constructor)

private:
    std::int64_t value_ = Min;
};

/// A name of a value of an enumeration.
template <class E>
struct Choice {
    std::string_view name;  ///< what a person writes
    E value;                ///< what it means
};

/// The names of an enumeration, which make it a type of parameters. ASCII letters are equal in both cases.
///
///     enum class Side { heads, tails };
///     template <>
///     struct intent::Choices<Side> {
///         static constexpr intent::Choice<Side> all[] = {{"heads", Side::heads}, {"tails", Side::tails}};
///     };
template <class E>
struct Choices;

/// How a type of your own is read from a word. Specialize it with two members:
///
///     template <>
///     struct intent::Argument<Color> {
///         static constexpr std::string_view expects = "a color such as #ff8800";
///         static std::optional<Color> parse(std::string_view text);
///     };
///
/// `parse` returns a Color or an `optional`. No value means "expected a color such as #ff8800"; for another text, throw
/// a BadArgument. To look the value up, write a coroutine: `static task<Color> parse(Context ctx, std::string text)`.
/// `Commands::parse` does not call a coroutine and accepts its word unseen.
template <class T>
struct Argument;

}  // namespace intent
