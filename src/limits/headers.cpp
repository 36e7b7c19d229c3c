#include "limits/headers.hpp"

#include "text/ascii.hpp"
#include "text/http_date.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace intent::inline v0::limits {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr std::size_t max_limit_body = 64u << 10;  // a 429's body has about 100 bytes; an HTML page is not parsed
constexpr double max_unix_seconds = 7.2e9;         // the year 2198: fits 64 bits in nanoseconds

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<std::uint32_t> parse_count(std::string_view text) {
    text = text::trimmed(text);
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty() || !is_digit(text.front())) return {};
    return value;
}

std::optional<UnixTime> parse_reset(std::string_view text) {
    auto seconds = parse_seconds(text);
    if (!seconds) return {};
    if (*seconds > max_unix_seconds) *seconds /= 1000;  // milliseconds by mistake
    if (*seconds > max_unix_seconds) return {};
    return UnixTime(nanoseconds(static_cast<std::int64_t>(*seconds * 1e3) * 1'000'000));
}

/// A wait that the server requests, clamped to a reasonable range. The clamp precedes the conversion, which could
/// overflow.
std::optional<nanoseconds> clamped_wait(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return {};
    return nanoseconds(static_cast<std::int64_t>(std::clamp(seconds, 1e-3, 3600.0) * 1e9));
}

void keep_longer(std::optional<nanoseconds>& kept, std::optional<nanoseconds> other) {
    if (other && (!kept || *other > *kept)) kept = other;
}

void read_body(std::string_view body, RateLimitInfo& info) {
    if (body.empty() || body.size() > max_limit_body) return;
    boost::json::error_code error;
    const auto document = boost::json::parse(boost::json::string_view(body.data(), body.size()), error);
    const auto* fields = error ? nullptr : document.if_object();
    if (fields == nullptr) return;
    if (const auto* wait = fields->if_contains("retry_after")) {
        if (wait->is_double()) keep_longer(info.retry_after, clamped_wait(wait->get_double()));
        if (wait->is_int64()) keep_longer(info.retry_after, clamped_wait(static_cast<double>(wait->get_int64())));
        if (wait->is_uint64()) keep_longer(info.retry_after, clamped_wait(static_cast<double>(wait->get_uint64())));
    }
    if (const auto* global = fields->if_contains("global")) {
        if (global->is_bool() && global->get_bool()) info.global = true;
    }
}

std::optional<nanoseconds> parse_retry_after(std::string_view text, UnixTime server_now) {
    if (const auto seconds = parse_seconds(text)) return clamped_wait(*seconds);
    if (const auto date = text::parse_http_date(text::trimmed(text))) {
        return std::clamp<nanoseconds>(*date - server_now, 1ms, 1h);
    }
    return {};
}

}  // namespace

std::optional<double> parse_seconds(std::string_view text) noexcept {
    text = text::trimmed(text);
    if (text.empty() || !(is_digit(text.front()) || text.front() == '.')) return {};
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size()) return {};
    if (error == std::errc::result_out_of_range) return 1e18;
    if (error != std::errc{} || !std::isfinite(value)) return {};
    return std::min(value, 1e18);
}

RateLimitInfo parse_rate_limit(int status, std::span<const std::pair<std::string, std::string>> headers,
                               std::string_view body, std::chrono::system_clock::time_point received) {
    RateLimitInfo info;
    bool retry_after_seen = false;
    for (const auto& [name, value] : headers) {
        if (name == "date") {
            if (!info.date) info.date = text::parse_http_date(text::trimmed(value));
        } else if (name == "retry-after") {
            retry_after_seen = true;
        } else if (name.starts_with("x-ratelimit-")) {
            const auto key = std::string_view(name).substr(12);
            if (key == "limit" && !info.limit) info.limit = parse_count(value);
            if (key == "remaining" && !info.remaining) info.remaining = parse_count(value);
            if (key == "reset" && !info.reset) info.reset = parse_reset(value);
            if (key == "bucket" && info.bucket.empty()) info.bucket = text::trimmed(value);
            if (key == "global" && status == 429)
                info.global = text::equals_ignoring_case(text::trimmed(value), "true");
        }
    }
    if (info.limit && info.remaining && *info.remaining > *info.limit) info.remaining.reset();
    if (status == 429) {
        const auto server_now = info.date.value_or(std::chrono::time_point_cast<nanoseconds>(received));
        if (retry_after_seen) {
            for (const auto& [name, value] : headers) {
                if (name == "retry-after") keep_longer(info.retry_after, parse_retry_after(value, server_now));
            }
        }
        read_body(body, info);
    }
    return info;
}

}  // namespace intent::limits
