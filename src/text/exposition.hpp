// The text format of Prometheus.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace intent::text {

/// Writes metrics in Prometheus' text format 0.0.4.
///
/// How to drive it: `family`, then the samples of this family; `take` at the end. A family without samples leaves
/// nothing behind. Names and label names are literals of our code; values of labels are escaped.
class Exposition {
public:
    enum class Type { counter, gauge, histogram };
    using Label = std::pair<std::string_view, std::string_view>;
    using Labels = std::initializer_list<Label>;

    /// Begins a family. `name` and `help` must live until the next family.
    void family(std::string_view name, Type type, std::string_view help);

    void sample(Labels labels, std::uint64_t value);
    void sample(Labels labels, double value);

    /// The series of a histogram: `counts` has an element for each bound, for the values between the bound before and
    /// this one, and one more for those above the last bound. The bounds increase.
    void histogram(Labels labels, std::span<const double> bounds, std::span<const std::uint64_t> counts, double sum);

    /// A family with one sample without labels.
    template <class Number>
    void single(std::string_view name, Type type, std::string_view help, Number value) {
        family(name, type, help);
        sample({}, value);
    }

    std::string take() { return std::move(text_); }

private:
    void begin_line(std::string_view suffix, Labels labels, std::string_view bound = {});
    void end_line(std::uint64_t value);
    void end_line(double value);

    std::string text_;
    std::string_view name_;
    std::string_view help_;
    Type type_ = Type::gauge;
    bool headed_ = false;  // the family's HELP and TYPE are written
};

}  // namespace intent::text
