// Writes metrics in the text format of Prometheus, version 0.0.4.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace intent::inline v0::sandbox {

/// To use it: `family` once for each metric, followed by its samples. Names and labels are the caller's literals, or
/// values from a fixed set: nothing that a peer chose.
class MetricsText {
public:
    enum class Type { counter, gauge };
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// Begins a metric: its lines `# HELP` and `# TYPE`.
    void family(std::string_view name, Type type, std::string_view help);
    /// A sample of the current family.
    void sample(std::uint64_t value, Labels labels = {}) { line(std::to_string(value), labels); }
    void sample(double value, Labels labels = {});

    /// A family with one sample.
    template <class Value>
    void add(std::string_view name, Type type, std::string_view help, Value value) {
        family(name, type, help);
        sample(value);
    }

    const std::string& text() const noexcept { return text_; }

    static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

private:
    void line(std::string_view value, Labels labels);

    std::string text_;
    std::string name_;
};

}  // namespace intent::sandbox
