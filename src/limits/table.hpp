// The limits that protocol §10 lists, by the shape of a bucket key.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace intent::limits {

struct TableRow {
    std::string_view shape;  ///< "POST /channels/#/messages": `#` is one path segment
    std::uint32_t limit;
    std::chrono::milliseconds window;
    std::uint32_t second_limit = 0;  ///< 0: there is no second limit
    std::chrono::milliseconds second_window = {};
};

/// The row for a key such as "POST /channels/123/messages"; null if the table lists none.
const TableRow* table_row(std::string_view bucket_key) noexcept;

}  // namespace intent::limits
