#include "limits/table.hpp"

#include <intent/limits.hpp>

#include <algorithm>
#include <array>

namespace intent::inline v0::limits {
namespace {

using namespace std::chrono_literals;

// The refill of POST (1/s after the burst of 5) is treated as a window of 5 in 5 s: see Budget.
constexpr std::array<TableRow, 18> rows = {{
    {"POST /channels/#/messages", message_writes, message_window, Family::message_writes},
    {"PATCH /channels/#/messages/#", message_writes, message_window, Family::message_writes},
    {"DELETE /channels/#/messages/#", message_writes, message_window, Family::message_writes},
    {"PATCH /messages/#", message_writes, message_window},
    {"DELETE /messages/#", message_writes, message_window},
    {"GET /channels/#/messages", message_reads, read_window, Family::message_reads},
    {"GET /channels/#/messages/#", message_reads, read_window, Family::message_reads},
    {"POST /servers", 1, 600s},
    {"PATCH /servers/#", 10, 60s},
    {"POST /servers/#/channels", 10, 60s},
    {"PATCH /channels/#", 10, 60s},
    {"GET /servers/#", 100, 60s},
    {"GET /channels/#", 100, 60s},
    {"POST /auth/login", 5, 300s},
    {"POST /auth/register", 3, 3600s},
    {"POST /oauth/token", 10, 60s},
    {"POST /webhooks/#", 5, 2s, Family::none, 30, 60s},
    {"POST /webhooks/#/{token}", 5, 2s, Family::none, 30, 60s},
}};

/// Removes the text up to the next slash from the front and returns it.
std::string_view next_segment(std::string_view& text) {
    const auto end = text.find('/');
    const auto segment = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return segment;
}

bool has_shape(std::string_view key, std::string_view shape) {
    while (!key.empty() && !shape.empty()) {
        const auto wanted = next_segment(shape);
        const auto found = next_segment(key);
        if (wanted == "#" ? found.empty() : wanted != found) return false;
    }
    return key.empty() && shape.empty();
}

}  // namespace

const TableRow* table_row(std::string_view bucket_key) noexcept {
    for (const auto& row : rows) {
        if (has_shape(bucket_key, row.shape)) return &row;
    }
    return nullptr;
}

std::string_view family_key(std::string_view bucket_key) noexcept {
    const auto path = bucket_key.substr(std::min(bucket_key.find('/'), bucket_key.size()));
    return path.substr(0, path.find("/messages"));
}

}  // namespace intent::limits
