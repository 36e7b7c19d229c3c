#include "text/trace.hpp"

#include <cstddef>

namespace intent::text {

namespace {

void append_hex(std::string& out, std::uint64_t number) {
    for (int shift = 60; shift >= 0; shift -= 4)
        out += "0123456789abcdef"[number >> shift & 15];
}

/// Reads lowercase hexadecimal digits from the start of a text, and a dash behind them.
class HexReader {
public:
    explicit HexReader(std::string_view text) : rest_(text) {}

    bool failed() const noexcept { return failed_; }
    std::string_view rest() const noexcept { return rest_; }

    std::uint64_t number(std::size_t digits) noexcept {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const char c = next();
            const bool is_decimal = c >= '0' && c <= '9';
            if (!is_decimal && (c < 'a' || c > 'f')) failed_ = true;
            number = number << 4 | static_cast<std::uint64_t>(is_decimal ? c - '0' : c - 'a' + 10);
        }
        return number;
    }
    void dash() noexcept {
        if (next() != '-') failed_ = true;
    }

private:
    char next() noexcept {
        if (rest_.empty()) return '\0';
        const char first = rest_.front();
        rest_.remove_prefix(1);
        return first;
    }

    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace

std::string traceparent(const Trace& trace, std::uint64_t span) {
    std::string out = "00-" + trace.id() + "-";
    append_hex(out, span);
    return out += trace.sampled ? "-01" : "-00";
}

}  // namespace intent::text

namespace intent::inline v0 {

std::string Trace::id() const {
    std::string out;
    if (empty()) return out;
    text::append_hex(out, high);
    text::append_hex(out, low);
    return out;
}

std::optional<Trace> parse_traceparent(std::string_view header) noexcept {
    text::HexReader reader(header);
    const auto version = reader.number(2);
    reader.dash();
    Trace trace;
    trace.high = reader.number(16);
    trace.low = reader.number(16);
    reader.dash();
    const auto span = reader.number(16);
    reader.dash();
    const auto flags = reader.number(2);
    if (reader.failed() || version == 0xff || trace.empty() || span == 0) return std::nullopt;
    // A later version may have further parts, after a dash.
    if (!reader.rest().empty() && (version == 0 || reader.rest().front() != '-')) return std::nullopt;
    trace.sampled = (flags & 1) != 0;
    return trace;
}

}  // namespace intent
