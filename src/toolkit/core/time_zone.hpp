// The time zones of the system.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::toolkit {

/// Seconds since 1970-01-01 00:00 of a clock on the wall.
using LocalSeconds = std::chrono::local_seconds;

/// A time zone. The rules of a zone are read once per process and never change.
class TimeZone {
public:
    TimeZone() = default;  ///< UTC, which needs no database
    /// `rules`: from `rules()` of another one.
    explicit TimeZone(const void* rules) noexcept : rules_(rules) {}

    LocalSeconds local(std::chrono::sys_seconds time) const;

    /// The moment when the clock shows `time` for the first time. If it jumps over that time, the moment of the jump.
    std::chrono::sys_seconds moment(LocalSeconds time) const;

    /// Null for UTC.
    const void* rules() const noexcept { return rules_; }

private:
    const void* rules_ = nullptr;
};

struct TimeZoneFound {
    std::optional<TimeZone> zone = {};
    std::string error = {};  ///< if there is no zone: the reason, and what to do
};

/// Finds a zone by its IANA name.
TimeZoneFound find_time_zone(std::string_view name);

/// The names of all zones, "UTC" first. Without a database, it alone.
std::vector<std::string> time_zone_names();

}  // namespace intent::toolkit
