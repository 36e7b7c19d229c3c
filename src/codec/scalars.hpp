// Values that are text or a number on the wire and have their own type here.
#pragma once

#include "codec/digits.hpp"
#include "codec/reader.hpp"

#include <intent/permissions.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace intent::codec {

/// An id: a decimal string or a whole non-negative integer. Floats fail, because they lose digits (protocol §2).
bool read_snowflake_slow(Reader& reader, std::uint64_t& out);
[[gnu::always_inline]] inline bool read_snowflake(Reader& reader, std::uint64_t& out) {
    std::string_view text;
    if (reader.peek_short_text(text) && read_usual_id(text, out)) {
        reader.take_short(text.size());
        return true;
    }
    return read_snowflake_slow(reader, out);
}

/// A permission set: decimal text or a number (protocol §15).
bool read_permissions(Reader& reader, Permissions& out);

/// A timestamp: ISO 8601 text (protocol §2), a number in unix seconds (milliseconds above 10^11), or MessagePack's own
/// timestamp extension. Anything else fails. `readable` must be true before; it becomes false if the value is of one
/// of these types but not a valid time.
bool read_timestamp_slow(Reader& reader, Timestamp& out, bool& readable);
inline bool read_timestamp(Reader& reader, Timestamp& out, bool& readable) {
    std::string_view text;
    std::int64_t micros = 0;
    if (reader.peek_short_text(text) && read_usual_time(text, micros)) {
        reader.take_short(text.size());
        out = Timestamp{std::chrono::microseconds{micros}};
        return true;
    }
    return read_timestamp_slow(reader, out, readable);
}

/// The decimal digits of a number, as ids and permissions are written.
class Decimal {
public:
    explicit Decimal(std::uint64_t value) noexcept
        : size_(static_cast<std::size_t>(std::to_chars(digits_, digits_ + sizeof digits_, value).ptr - digits_)) {}
    std::string_view text() const noexcept { return {digits_, size_}; }

private:
    char digits_[20];
    std::size_t size_;
};

}  // namespace intent::codec
