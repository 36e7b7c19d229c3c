// Which words of a line belong to which parameter.
#pragma once

#include "toolkit/core/pattern.hpp"
#include "toolkit/core/words.hpp"

#include <intent/detail/command_parameter.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace intent::toolkit {

/// What is wrong with a line, and where.
struct ArgumentFault {
    std::string parameter;  ///< empty if the fault belongs to no parameter
    std::string what;
    std::size_t begin = 0;  ///< in the line; at its end if something is missing
    std::size_t end = 0;
};

/// Assigns words to parameters. A machine, because a conversion may need a request. How to drive it:
///
///     while (const auto* next = reader.next()) {
///         convert(*next) ? reader.accepted() : reader.refused("expected …");
///     }
///     if (reader.fault()) …
///
/// An optional parameter that refuses a word leaves it to the next parameter, if there is one. A vector takes words
/// until one is refused.
///
/// Lifetime: pattern, types and line outlive the reader.
class ArgumentReader {
public:
    struct Conversion {
        std::size_t parameter = 0;
        std::string text = {};
        bool is_fallback = false;
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    /// `words` are those of `line`; the first `used` are the name of the command.
    ArgumentReader(const Pattern& pattern, std::span<const detail::ParameterType> types, std::string_view line,
                   std::vector<Word> words, std::size_t used);

    /// The next conversion; null if all parameters have their values or a fault was found. The same again until it is
    /// answered.
    const Conversion* next();
    void accepted();
    void refused(std::string why);

    const std::optional<ArgumentFault>& fault() const noexcept { return fault_; }

private:
    using Form = detail::ParameterType::Form;

    bool word_follows() const noexcept { return word_ < words_.size(); }
    const Parameter& parameter() const noexcept { return pattern_.parameters[parameter_]; }
    bool may_be_skipped() const noexcept;
    void go_on();
    void convert_word();
    void convert_rest();
    void convert_fallback();
    void without_word();
    void fail(ArgumentFault fault);

    const Pattern& pattern_;
    std::span<const detail::ParameterType> types_;
    std::string_view line_;
    std::vector<Word> words_;
    std::size_t word_;
    std::size_t parameter_ = 0;
    std::size_t taken_ = 0;  // words of the current parameter, a vector
    std::optional<Conversion> pending_ = {};
    std::optional<ArgumentFault> skipped_ = {};  // why an optional parameter refused the current word
    std::optional<ArgumentFault> fault_ = {};
};

}  // namespace intent::toolkit
