// The limits that protocol §10 lists, by the shape of a bucket key.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace intent::inline v0::limits {

/// Routes that the table lists as one limit ("POST, PATCH, DELETE of messages, per channel").
enum class Family : std::uint8_t { none, message_writes, message_reads };

struct TableRow {
    std::string_view shape;  ///< "POST /channels/#/messages": `#` is one path segment
    std::uint32_t limit;
    std::chrono::milliseconds window;
    Family family = Family::none;
    std::uint32_t second_limit = 0;  ///< 0: no second limit
    std::chrono::milliseconds second_window = {};
};

/// The row for a key such as "POST /channels/123/messages"; null if the table has no row for it.
const TableRow* table_row(std::string_view bucket_key) noexcept;

/// The part that keys of one family with the same major id share: "/channels/123".
std::string_view family_key(std::string_view bucket_key) noexcept;

}  // namespace intent::limits
